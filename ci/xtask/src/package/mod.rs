//! `cargo xtask package`: from sources to the zips of a release.

mod archive;
mod compile;
mod extras;
mod manifest;
mod targets;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use self::archive::{EXECUTABLE, Member};
use self::compile::{Build, Kind, Toolchain};
use self::manifest::{FileEntry, Manifest, ZipEntry};
use self::targets::{Target, Targets};
use crate::console;
use crate::project::Project;

/// What to package.
#[derive(clap::Args)]
pub struct Arguments {
    /// Which compiler builds
    #[arg(long, value_enum, default_value = "release")]
    toolchain: Kind,
    /// Only this pair (linux-amd64) or triple of dist/targets.toml; may be given several times
    #[arg(long)]
    target: Vec<String>,
    /// Only this tool; may be given several times
    #[arg(long)]
    tool: Vec<String>,
    /// Where the zips go, relative to the project
    #[arg(long, default_value = "dist/zips")]
    out: PathBuf,
    /// Cargo profile
    #[arg(long, default_value = "release")]
    profile: String,
}

/// Builds and zips; prints one line per archive.
pub fn run(project: &Project, arguments: &Arguments) -> Result<()> {
    let cargo = project.cargo_manifest()?;
    let tools = selected_tools(cargo.bins.iter().map(|bin| bin.name.as_str()), &arguments.tool)?;
    let targets = Targets::read(project)?.select(arguments.toolchain == Kind::Stock, &arguments.target)?;
    let toolchain = Toolchain::prepare(arguments.toolchain, project)?;
    let commit = project.commit();
    let build = Build {
        project,
        profile: &arguments.profile,
        tools: &tools,
        commit: &commit,
        epoch: project.source_date_epoch()?,
    };
    let mut release = Release {
        folder: project.path(&arguments.out),
        build: &build,
        manifest: Manifest {
            version: cargo.version().to_owned(),
            commit: commit.clone(),
            source_date_epoch: build.epoch,
            profile: arguments.profile.clone(),
            toolchain: toolchain.versions().clone(),
            zips: Vec::new(),
            extras: None,
        },
    };
    release.start()?;
    for target in &targets {
        console::progress(format_args!("building {} for {}", tools.join(", "), target.rust));
        let programs = toolchain.build(&build, target)?;
        release.add(target, &programs)?;
    }
    release.finish()
}

/// The named tools in the order of `Cargo.toml`; all when none was named.
fn selected_tools<'a>(offered: impl Iterator<Item = &'a str>, wanted: &[String]) -> Result<Vec<String>> {
    let offered: Vec<_> = offered.collect();
    if let Some(unknown) = wanted.iter().find(|name| !offered.contains(&name.as_str())) {
        bail!("no tool `{unknown}` in Cargo.toml; there are: {}", offered.join(", "));
    }
    let chosen = offered.into_iter().filter(|name| wanted.is_empty() || wanted.iter().any(|tool| tool == name));
    Ok(chosen.map(str::to_owned).collect())
}

/// A folder of archives in the making.
struct Release<'a> {
    folder: PathBuf,
    build: &'a Build<'a>,
    manifest: Manifest,
}

impl Release<'_> {
    fn start(&self) -> Result<()> {
        std::fs::create_dir_all(&self.folder).with_context(|| format!("cannot make `{}`", self.folder.display()))?;
        Manifest::remove_earlier(&self.folder)
    }

    /// Zips the programs of a target, and makes the extras from them when they run on this machine.
    fn add(&mut self, target: &Target, programs: &[PathBuf]) -> Result<()> {
        for (tool, program) in self.build.tools.iter().zip(programs) {
            let binary = std::fs::read(program).with_context(|| format!("cannot read `{}`", program.display()))?;
            let executable = target.executable(tool);
            let entry = FileEntry::of(&executable, &binary);
            let member = Member { name: executable, mode: EXECUTABLE, bytes: binary };
            let zip = self.write_archive(&format!("{}-{tool}.zip", target.pair()), &[member])?;
            self.manifest.zips.push(ZipEntry {
                os: target.os.clone(),
                arch: target.arch.clone(),
                tool: tool.clone(),
                target: target.rust.clone(),
                version: self.manifest.version.clone(),
                commit: self.manifest.commit.clone(),
                zip,
                binary: entry,
            });
        }
        if target.runs_here() {
            let members = extras::members(self.build.project, self.build.tools, programs)?;
            let name = format!("opstools-{}-extras.zip", self.manifest.version);
            self.manifest.extras = Some(self.write_archive(&name, &members)?);
        }
        Ok(())
    }

    fn write_archive(&self, name: &str, members: &[Member]) -> Result<FileEntry> {
        let bytes = archive::zip(members, self.build.epoch)?;
        manifest::write(&self.folder.join(name), &bytes)?;
        console::result(format_args!("{:>11} {}", bytes.len(), self.folder.join(name).display()));
        Ok(FileEntry::of(name, &bytes))
    }

    fn finish(self) -> Result<()> {
        if self.manifest.extras.is_none() {
            console::progress("no extras archive: none of the chosen targets runs on this machine");
        }
        self.manifest.write(&self.folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(wanted: &[&str]) -> Result<Vec<String>> {
        let wanted: Vec<_> = wanted.iter().map(ToString::to_string).collect();
        selected_tools(["requeue", "s3queue"].into_iter(), &wanted)
    }

    #[test]
    fn all_tools_are_packaged_unless_some_are_named() {
        assert_eq!(select(&[]).unwrap(), ["requeue", "s3queue"]);
        assert_eq!(select(&["s3queue"]).unwrap(), ["s3queue"]);
    }

    #[test]
    fn an_unknown_tool_is_refused_with_the_known_ones() {
        let error = select(&["s3list"]).unwrap_err().to_string();
        assert!(error.contains("`s3list`") && error.contains("requeue, s3queue"), "{error}");
    }
}
