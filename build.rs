//! Tells the binaries their commit and target, for `--version`.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=OPSTOOLS_COMMIT");
    println!("cargo:rerun-if-changed=.git/HEAD");
    let target = std::env::var("TARGET").unwrap_or_else(|_| "unknown".to_owned());
    println!("cargo:rustc-env=OPSTOOLS_TARGET={target}");
    let commit = std::env::var("OPSTOOLS_COMMIT").ok().or_else(git_commit).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=OPSTOOLS_COMMIT={commit}");
}

/// The commit of the checkout; none in a tarball.
fn git_commit() -> Option<String> {
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}
