//! Tells the tools which commit and target they are: `--version` and every report name both, so that an operator's
//! screenshot is enough to find the source.
//!
//! The commit comes from `OPSTOOLS_COMMIT` (packaging sets it), else from git, else it is `unknown`: a source archive
//! without git must build too. Only the files in which git keeps the current commit make this run again.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=OPSTOOLS_COMMIT");
    let commit = std::env::var("OPSTOOLS_COMMIT").ok().or_else(commit_of_checkout);
    println!("cargo:rustc-env=OPSTOOLS_COMMIT={}", commit.as_deref().unwrap_or("unknown"));
    println!("cargo:rustc-env=OPSTOOLS_TARGET={}", std::env::var("TARGET").unwrap_or_default());
}

/// The short id of the checked-out commit, and a watch on the files that tell it.
fn commit_of_checkout() -> Option<String> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    // A source archive may lie inside somebody else's checkout, whose commit would be a lie.
    root.join(".git").exists().then_some(())?;
    let commit = git(&root, &["rev-parse", "--short=12", "HEAD"])?;
    // The log of HEAD grows with every commit, also where the branch itself is kept among the packed refs.
    for file in ["HEAD", "logs/HEAD", "packed-refs"].map(str::to_owned).into_iter().chain(branch(&root)) {
        watch(&root, &file);
    }
    Some(commit)
}

/// The ref that HEAD follows (`refs/heads/main`), unless it is detached.
fn branch(root: &Path) -> Option<String> {
    git(root, &["symbolic-ref", "--quiet", "HEAD"])
}

/// Watches one of git's own files, wherever a worktree keeps it. A file that does not exist is not watched: cargo
/// would take it for changed at every build.
fn watch(root: &Path, file: &str) {
    let Some(path) = git(root, &["rev-parse", "--git-path", file]) else {
        return;
    };
    let path = root.join(path);
    if path.exists() {
        println!("cargo:rerun-if-changed={}", path.display());
    }
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
