//! Calls cargo for one target so that the same sources and toolchain give the same bytes, wherever they lie.
//!
//! Two toolchains: `release` cross-compiles with what `ci/toolchain` installs (the standard library is built too, with
//! our flags); `stock` is the compiler at hand, for the gate. Both ignore flags and wrappers of the caller's
//! environment, and both hide the paths of this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;

use super::targets::{Linker, Target};
use crate::project::Project;

/// Panics unwind in the tools, so the library built for them must be able to.
const BUILD_STD: &str = "-Zbuild-std=std,panic_unwind";

/// Variables of the caller that would change the bytes or the compiler.
const UNWANTED: [&str; 9] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "MACOSX_DEPLOYMENT_TARGET",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTFLAGS",
    "SDKROOT",
];

/// Which compiler builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// The cross toolchain of `ci/toolchain`: six targets, the zips of a release
    Release,
    /// The compiler at hand, static glibc: one target, quickly, for the gate
    Stock,
}

/// What a build needs beside the target.
pub struct Build<'a> {
    /// The project that is built.
    pub project: &'a Project,
    /// Cargo profile.
    pub profile: &'a str,
    /// Binaries to build.
    pub tools: &'a [String],
    /// Commit that the binaries tell.
    pub commit: &'a str,
    /// Time that linkers write, in seconds since 1970.
    pub epoch: i64,
}

/// An installed toolchain.
pub struct Toolchain {
    kind: Kind,
    /// Where `ci/toolchain` put it; unused by the stock compiler.
    home: PathBuf,
    /// Build artefacts, apart for cross builds: another compiler's would be thrown away at each change.
    target_dir: PathBuf,
    cargo_home: PathBuf,
    versions: BTreeMap<String, String>,
}

impl Toolchain {
    /// Finds the toolchain; the release one is installed first if need be.
    pub fn prepare(kind: Kind, project: &Project) -> Result<Self> {
        let home =
            std::env::var_os("OPSTOOLS_CACHE").map_or_else(|| project.path(".cache"), PathBuf::from).join("toolchain");
        let own_target_dir = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target_dir = match (kind, own_target_dir) {
            (Kind::Stock, given) => given.unwrap_or_else(|| project.path("target")),
            (Kind::Release, Some(given)) => given.join("cross"),
            (Kind::Release, None) => project.path(".cache/cross"),
        };
        let versions = match kind {
            Kind::Release => install(project)?,
            Kind::Stock => stock_versions()?,
        };
        Ok(Self { kind, home, target_dir: std::path::absolute(target_dir)?, cargo_home: cargo_home()?, versions })
    }

    /// Name and version of each part, for the manifest.
    pub fn versions(&self) -> &BTreeMap<String, String> {
        &self.versions
    }

    /// Builds the tools for a target and tells where each program is, in the order of the tools.
    pub fn build(&self, build: &Build, target: &Target) -> Result<Vec<PathBuf>> {
        let fits = match self.kind {
            Kind::Release => target.linker == Linker::Zig,
            Kind::Stock => target.linker == Linker::Cc,
        };
        ensure!(fits, "dist/targets.toml gives `{}` a linker that this toolchain does not have", target.rust);
        let mut command = match self.kind {
            Kind::Release => self.cross_cargo(),
            Kind::Stock => stock_cargo(),
        };
        self.add_arguments(&mut command, build, target);
        for name in UNWANTED {
            command.env_remove(name);
        }
        command.envs(&target.env).env("RUSTFLAGS", self.rustflags(build, target)?);
        if target.os == "darwin" {
            command.env("SDKROOT", self.home.join("sdk"));
        }
        let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
        ensure!(status.success(), "the build for `{}` failed ({status})", target.rust);
        self.collect(build, target)
    }

    fn cross_cargo(&self) -> Command {
        let prefix = self.home.join("prefix/usr");
        let cache = self.home.join("zig-cache");
        let mut command = Command::new(self.home.join("venv/bin/cargo-zigbuild"));
        let path = [prefix.join("bin"), self.home.join("venv/bin"), "/usr/bin".into(), "/bin".into()];
        command
            .arg("zigbuild")
            .arg(BUILD_STD)
            .env("PATH", std::env::join_paths(path).unwrap_or_default())
            .env("LD_LIBRARY_PATH", prefix.join("lib/x86_64-linux-gnu"))
            .env("CARGO", prefix.join("bin/cargo"))
            .env("RUSTC", prefix.join("bin/rustc"))
            .env("RUSTDOC", prefix.join("bin/rustdoc"))
            // Building the standard library is a nightly feature; the compiler is a stable release all the same.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ZIGBUILD_ZIG_PATH", self.home.join("zig/zig"))
            // Kept between builds: zig's first use of a target compiles its C runtime, minutes on a busy machine.
            .env("ZIG_GLOBAL_CACHE_DIR", &cache)
            .env("ZIG_LOCAL_CACHE_DIR", &cache)
            .env("XDG_CACHE_HOME", self.home.join("xdg-cache"))
            .env_remove("RUSTUP_TOOLCHAIN");
        command
    }

    fn add_arguments(&self, command: &mut Command, build: &Build, target: &Target) {
        command
            .args(["--quiet", "--locked", "--package", "opstools", "--profile", build.profile])
            .args(["--target", &target.rust, "--target-dir"])
            .arg(&self.target_dir)
            .args(build.tools.iter().flat_map(|tool| ["--bin", tool]))
            .current_dir(build.project.root())
            .env("CARGO_INCREMENTAL", "0")
            .env("OPSTOOLS_COMMIT", build.commit)
            .env("SOURCE_DATE_EPOCH", build.epoch.to_string());
    }

    /// The target's own flags, and the remapping of every path that would differ on another machine. Of several
    /// prefixes that match, rustc takes the last: the folders that may lie inside of another come later.
    fn rustflags(&self, build: &Build, target: &Target) -> Result<String> {
        let registry = self.cargo_home.join("registry/src");
        let prefix = self.home.join("prefix/usr");
        let folders =
            [(build.project.root(), "/src"), (&self.target_dir, "/target"), (&registry, "/cargo"), (&prefix, "/rust")];
        let mut flags = target.rustflags.clone();
        for (folder, name) in folders {
            let folder = folder.to_str().filter(|text| !text.contains(char::is_whitespace));
            let folder = folder.context("packaging needs paths without white space")?;
            flags.push(format!("--remap-path-prefix={folder}={name}"));
        }
        Ok(flags.join(" "))
    }

    fn collect(&self, build: &Build, target: &Target) -> Result<Vec<PathBuf>> {
        let profile = if build.profile == "dev" { "debug" } else { build.profile };
        let folder = self.target_dir.join(&target.rust).join(profile);
        let programs: Vec<_> = build.tools.iter().map(|tool| folder.join(target.executable(tool))).collect();
        for program in &programs {
            refuse_machine_paths(program, &[build.project.root(), &self.cargo_home, &self.target_dir, &self.home])?;
        }
        Ok(programs)
    }
}

fn stock_cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.arg("build");
    command
}

/// A path of the building machine in a program makes its bytes depend on the machine, and tells about it.
fn refuse_machine_paths(program: &Path, folders: &[&Path]) -> Result<()> {
    let content = std::fs::read(program).with_context(|| format!("cannot read `{}`", program.display()))?;
    for folder in folders {
        let needle = format!("{}/", folder.display());
        if content.windows(needle.len()).any(|window| window == needle.as_bytes()) {
            bail!("`{}` contains the path `{needle}` of this machine: a remapping is missing", program.display());
        }
    }
    Ok(())
}

fn cargo_home() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("CARGO_HOME") {
        return Ok(PathBuf::from(given));
    }
    let home = std::env::home_dir().context("neither CARGO_HOME nor a home folder is known")?;
    Ok(home.join(".cargo"))
}

/// Runs `ci/toolchain`, which is instant when everything is there, and reads the `name=version` lines it prints.
fn install(project: &Project) -> Result<BTreeMap<String, String>> {
    let script = project.path("ci/toolchain");
    let output = Command::new(&script)
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", script.display()))?;
    ensure!(output.status.success(), "`ci/toolchain` failed");
    let lines = String::from_utf8(output.stdout)?;
    Ok(lines
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect())
}

fn stock_versions() -> Result<BTreeMap<String, String>> {
    let programs = [("rustc", "rustc"), ("cargo", "cargo"), ("cc", "cc")];
    programs.into_iter().map(|(name, program)| Ok((name.to_owned(), first_line(program)?))).collect()
}

fn first_line(program: &str) -> Result<String> {
    let output =
        Command::new(program).arg("--version").output().with_context(|| format!("cannot start `{program}`"))?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
