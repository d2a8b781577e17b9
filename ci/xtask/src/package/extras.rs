//! The second archive of a release: completions, man pages, policies and the report's schema.
//!
//! A packaged program is asked for each of them, so that they tell of exactly what was released.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::archive::{Member, READABLE};
use crate::project::Project;

/// What `--generate` prints per tool, and where it goes in the archive.
const PAGES: [(&str, &str, &str); 5] = [
    ("man", "man/", ".1"),
    ("complete-bash", "completions/bash/", ""),
    // zsh looks functions up by file name, which starts with an underscore.
    ("complete-zsh", "completions/zsh/_", ""),
    ("complete-fish", "completions/fish/", ".fish"),
    ("complete-powershell", "completions/powershell/", ".ps1"),
];

/// The archive's members, from the programs of one target that runs on this machine.
pub fn members(project: &Project, tools: &[String], programs: &[PathBuf]) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    for (tool, program) in tools.iter().zip(programs) {
        for (kind, folder, suffix) in PAGES {
            members.push(text(format!("{folder}{tool}{suffix}"), generate(program, kind)?));
        }
        members.push(text(format!("iam/{tool}.json"), policy(project, tool, program)?));
    }
    members.push(text("schema/report.json".to_owned(), schema(programs)?));
    members.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(members)
}

fn text(name: String, bytes: Vec<u8>) -> Member {
    Member { name, mode: READABLE, bytes }
}

/// The policy of `dist/iam`, which must be what the program itself prints.
fn policy(project: &Project, tool: &str, program: &Path) -> Result<Vec<u8>> {
    let file = format!("dist/iam/{tool}.json");
    let ours: serde_json::Value = serde_json::from_str(&project.read(&file)?)?;
    let printed = generate(program, "iam")?;
    let theirs: serde_json::Value =
        serde_json::from_slice(&printed).with_context(|| format!("`{tool} --generate iam`"))?;
    ensure!(ours == theirs, "`{tool} --generate iam` differs from `{file}`: the program is older than the file");
    Ok(printed)
}

/// The schema of reports, which is one for all tools.
fn schema(programs: &[PathBuf]) -> Result<Vec<u8>> {
    let mut schemas = programs.iter().map(|program| generate(program, "schema"));
    let first = schemas.next().context("no tool was packaged")??;
    for other in schemas {
        ensure!(other? == first, "the tools print different report schemas");
    }
    Ok(first)
}

fn generate(program: &Path, kind: &str) -> Result<Vec<u8>> {
    let call = || format!("`{} --generate {kind}`", program.display());
    let output = Command::new(program).env_clear().args(["--generate", kind]).output().with_context(call)?;
    ensure!(output.status.success(), "{} failed: {}", call(), String::from_utf8_lossy(&output.stderr).trim());
    ensure!(!output.stdout.is_empty(), "{} printed nothing", call());
    Ok(output.stdout)
}
