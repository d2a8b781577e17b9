//! `cargo xtask register`: holds the register of tools, `tools.toml`, against everything that names a tool.
//!
//! A tool is named in five places: the register, a `[[bin]]` stanza, a file of `src/bin`, a policy of `dist/iam`, and
//! the README's table. This check makes forgetting one of them impossible. What only a running tool can tell (its help
//! line, its legacy flags, its examples) is held against the register by the integration tests.

mod drift;
mod entry;
mod policy;
mod readme;

use anyhow::{Result, bail};
use serde::Deserialize;

use self::entry::Tool;
use crate::console;
use crate::project::Project;

/// How to check.
#[derive(clap::Args)]
pub struct Arguments {
    /// Rewrite the README's table of tools instead of complaining that it differs
    #[arg(long)]
    write: bool,
}

/// `tools.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Register {
    #[serde(rename = "tool")]
    tools: Vec<Tool>,
}

/// Silent when all is in step; otherwise fails and prints every difference.
pub fn run(project: &Project, arguments: &Arguments) -> Result<()> {
    let tools = project.read_toml::<Register>("tools.toml")?.tools;
    let mut problems = entry::problems(&tools, project.cargo_manifest()?.version());
    problems.extend(drift::problems(project, &tools)?);
    problems.extend(policy::problems(project, &tools));
    problems.extend(if arguments.write {
        readme::rewrite(project, &tools)?
    } else {
        readme::problems(project, &tools)?
    });
    for problem in &problems {
        console::progress(problem);
    }
    if !problems.is_empty() {
        bail!("the register of tools and the rest are out of step ({} found)", problems.len());
    }
    Ok(())
}
