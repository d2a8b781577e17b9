//! The project that is worked on: where it lies, what it contains, and which commit it is.
//!
//! Everything is read from files at run time, so that the tests can lay out a small project of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Timestamp of archives when neither `SOURCE_DATE_EPOCH` nor git tells one: 2026-01-01T00:00:00Z.
const FALLBACK_EPOCH: i64 = 1_767_225_600;

/// A checkout, or an unpacked source archive, of the toolkit.
pub struct Project {
    root: PathBuf,
}

/// The parts of the root `Cargo.toml` that packaging and the register need.
#[derive(Deserialize)]
pub struct CargoManifest {
    workspace: Workspace,
    /// The `[[bin]]` stanzas in their order.
    #[serde(default, rename = "bin")]
    pub bins: Vec<Bin>,
}

#[derive(Deserialize)]
struct Workspace {
    package: WorkspacePackage,
}

#[derive(Deserialize)]
struct WorkspacePackage {
    version: String,
}

/// One `[[bin]]` stanza: a tool.
#[derive(Debug, Deserialize)]
pub struct Bin {
    /// Name of the binary, which is the tool's.
    pub name: String,
    /// Its main file, relative to the root.
    pub path: String,
}

impl CargoManifest {
    /// Version of the toolkit; all tools share it.
    pub fn version(&self) -> &str {
        &self.workspace.package.version
    }
}

impl Project {
    /// The project that this program was built from.
    pub fn here() -> Result<Self> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.ancestors().nth(2).context("ci/xtask lies two folders below the root")?;
        Ok(Self::at(root))
    }

    /// The project at a folder.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The project's top folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// The text of a file below the root.
    pub fn read(&self, relative: &str) -> Result<String> {
        let path = self.path(relative);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))
    }

    /// A TOML file below the root.
    pub fn read_toml<T: DeserializeOwned>(&self, relative: &str) -> Result<T> {
        toml::from_str(&self.read(relative)?).with_context(|| format!("in `{relative}`"))
    }

    /// The root `Cargo.toml`.
    pub fn cargo_manifest(&self) -> Result<CargoManifest> {
        self.read_toml("Cargo.toml")
    }

    /// Short commit id, with `-dirty` when tracked files differ from it; `unknown` outside of git.
    /// `OPSTOOLS_COMMIT` overrides, for builds from a source archive.
    pub fn commit(&self) -> String {
        if let Ok(given) = std::env::var("OPSTOOLS_COMMIT") {
            return given;
        }
        let Some(id) = self.git(&["rev-parse", "--short=12", "HEAD"]) else {
            return "unknown".to_owned();
        };
        match self.git(&["status", "--porcelain", "--untracked-files=no"]) {
            Some(changes) if changes.is_empty() => id,
            _ => format!("{id}-dirty"),
        }
    }

    /// Seconds since 1970 that archives carry: `SOURCE_DATE_EPOCH`, else the time of the commit, else a constant.
    /// See <https://reproducible-builds.org/specs/source-date-epoch/>.
    pub fn source_date_epoch(&self) -> Result<i64> {
        if let Ok(given) = std::env::var("SOURCE_DATE_EPOCH") {
            return given.parse().with_context(|| format!("SOURCE_DATE_EPOCH is `{given}`, not seconds since 1970"));
        }
        let committed = self.git(&["log", "-1", "--format=%ct"]);
        Ok(committed.and_then(|seconds| seconds.parse().ok()).unwrap_or(FALLBACK_EPOCH))
    }

    fn git(&self, arguments: &[&str]) -> Option<String> {
        // A source archive may lie inside somebody else's checkout, whose commit would be a lie.
        self.path(".git").exists().then_some(())?;
        let output = Command::new("git").arg("-C").arg(&self.root).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    }
}
