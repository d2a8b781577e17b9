//! What a release is built for: the pairs of operating system and architecture in `dist/targets.toml`.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::project::Project;

/// `dist/targets.toml`: release targets, and those of the stock compiler for the gate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    #[serde(rename = "target")]
    release: Vec<Target>,
    stock: Vec<Target>,
}

/// One pair and the Rust target behind it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// `darwin`, `linux` or `windows`.
    pub os: String,
    /// `amd64` or `arm64`.
    pub arch: String,
    /// The Rust target triple.
    pub rust: String,
    /// What links it.
    pub linker: Linker,
    /// Compiler flags of this target beyond those of every build.
    #[serde(default)]
    pub rustflags: Vec<String>,
    /// Environment of this target beyond that of every build.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// What links a target.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Linker {
    /// zig through cargo-zigbuild, with the toolchain of `ci/toolchain`.
    Zig,
    /// The machine's own, with the compiler at hand.
    Cc,
}

impl Target {
    /// `<os>-<arch>`, as the zips are named.
    pub fn pair(&self) -> String {
        format!("{}-{}", self.os, self.arch)
    }

    /// File name of a tool on this system.
    pub fn executable(&self, tool: &str) -> String {
        if self.os == "windows" { format!("{tool}.exe") } else { tool.to_owned() }
    }

    /// Whether this machine can run what is built for the target.
    pub fn runs_here(&self) -> bool {
        let os = if std::env::consts::OS == "macos" { "darwin" } else { std::env::consts::OS };
        let arch = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        self.os == os && self.arch == arch
    }
}

impl Targets {
    /// Reads `dist/targets.toml`.
    pub fn read(project: &Project) -> Result<Self> {
        project.read_toml("dist/targets.toml")
    }

    /// The targets of a toolchain that were asked for, by pair or triple; all when none was named.
    pub fn select(&self, stock: bool, wanted: &[String]) -> Result<Vec<Target>> {
        let offered = if stock { &self.stock } else { &self.release };
        for name in wanted {
            if !offered.iter().any(|target| target.is_called(name)) {
                let pairs: Vec<_> = offered.iter().map(Target::pair).collect();
                bail!("no target `{name}` in dist/targets.toml for this toolchain; there are: {}", pairs.join(", "));
            }
        }
        let chosen =
            offered.iter().filter(|target| wanted.is_empty() || wanted.iter().any(|name| target.is_called(name)));
        Ok(chosen.cloned().collect())
    }
}

impl Target {
    fn is_called(&self, name: &str) -> bool {
        self.pair() == name || self.rust == name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered() -> Targets {
        Targets::read(&Project::here().unwrap()).unwrap()
    }

    #[test]
    fn a_release_is_six_pairs() {
        let pairs: Vec<_> = registered().select(false, &[]).unwrap().iter().map(Target::pair).collect();
        let expected = ["darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64", "windows-amd64", "windows-arm64"];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn linux_releases_are_musl_and_the_stock_build_is_static_glibc() {
        let linux = registered().select(false, &["linux-amd64".to_owned(), "linux-arm64".to_owned()]).unwrap();
        assert!(linux.iter().all(|target| target.rust.ends_with("-unknown-linux-musl")));
        let stock = registered().select(true, &[]).unwrap();
        assert_eq!(stock.len(), 1);
        assert_eq!(stock[0].rust, "x86_64-unknown-linux-gnu");
        assert_eq!(stock[0].rustflags, ["-Ctarget-feature=+crt-static", "-Crelocation-model=static"]);
    }

    #[test]
    fn a_target_is_named_by_pair_or_triple() {
        let by_pair = registered().select(false, &["windows-arm64".to_owned()]).unwrap();
        let by_triple = registered().select(false, &["aarch64-pc-windows-gnullvm".to_owned()]).unwrap();
        assert_eq!(by_pair, by_triple);
        assert_eq!(by_pair[0].executable("requeue"), "requeue.exe");
    }

    #[test]
    fn an_unknown_target_is_refused_with_the_known_ones() {
        let error = registered().select(true, &["linux-arm64".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`linux-arm64`") && error.contains("there are: linux-amd64"), "{error}");
    }
}
