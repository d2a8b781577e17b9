//! `manifest.json` and `SHA256SUMS`: what is in a release, how it was made, and how to check it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the manifest in the folder of zips.
pub const MANIFEST: &str = "manifest.json";

/// Name of the checksum file, in the form that `sha256sum --check` reads.
pub const CHECKSUMS: &str = "SHA256SUMS";

/// The content of `manifest.json`. Later versions only add fields.
#[derive(Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the toolkit.
    pub version: String,
    /// Commit it was built from; `-dirty` marks changed files.
    pub commit: String,
    /// The time that archives and binaries carry, in seconds since 1970.
    pub source_date_epoch: i64,
    /// Cargo profile of the build.
    pub profile: String,
    /// What built it: name of each part and its version.
    pub toolchain: BTreeMap<String, String>,
    /// One per tool and pair.
    pub zips: Vec<ZipEntry>,
    /// The second archive of a release, absent where no packaged binary runs on the building machine.
    pub extras: Option<FileEntry>,
}

/// A zip with one program.
#[derive(Debug, Serialize, Deserialize)]
pub struct ZipEntry {
    /// `darwin`, `linux` or `windows`.
    pub os: String,
    /// `amd64` or `arm64`.
    pub arch: String,
    /// Name of the tool.
    pub tool: String,
    /// The Rust target.
    pub target: String,
    /// Version of the tool.
    pub version: String,
    /// Commit of the tool.
    pub commit: String,
    /// The zip.
    pub zip: FileEntry,
    /// Its only member.
    pub binary: FileEntry,
}

/// Name, size and checksum of a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct FileEntry {
    /// File name.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
}

impl FileEntry {
    /// Describes content under a name.
    pub fn of(name: &str, content: &[u8]) -> Self {
        Self { name: name.to_owned(), bytes: content.len() as u64, sha256: sha256(content) }
    }
}

impl Manifest {
    /// Every archive that the manifest names.
    fn archives(&self) -> impl Iterator<Item = &FileEntry> {
        self.zips.iter().map(|entry| &entry.zip).chain(self.extras.as_ref())
    }

    /// Writes the manifest, and the checksums of all files beside it and of itself.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        let own = FileEntry::of(MANIFEST, text.as_bytes());
        let sums: String =
            self.archives().chain([&own]).map(|file| format!("{}  {}\n", file.sha256, file.name)).collect();
        write(&folder.join(MANIFEST), text.as_bytes())?;
        write(&folder.join(CHECKSUMS), sums.as_bytes())
    }

    /// Removes what an earlier run left in the folder, as far as its manifest names it, so that zips, manifest and
    /// checksums always tell of the same run. Files of others stay.
    pub fn remove_earlier(folder: &Path) -> Result<()> {
        let Ok(text) = std::fs::read_to_string(folder.join(MANIFEST)) else {
            return Ok(());
        };
        let earlier: Self = serde_json::from_str(&text).with_context(|| {
            format!("`{}` is not a manifest of ours; empty the folder", folder.join(MANIFEST).display())
        })?;
        let named = earlier.archives().map(|file| file.name.as_str()).chain([CHECKSUMS, MANIFEST]);
        for name in named.filter_map(|name| Path::new(name).file_name()) {
            match std::fs::remove_file(folder.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot remove `{}`", name.display()));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Writes a file and names it when that fails.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    std::fs::write(path, content).with_context(|| format!("cannot write `{}`", path.display()))
}

fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            version: "1.2.3".to_owned(),
            commit: "0123456789ab".to_owned(),
            source_date_epoch: 1_767_225_600,
            profile: "release".to_owned(),
            toolchain: BTreeMap::from([("rustc".to_owned(), "rustc 1.96.0".to_owned())]),
            zips: vec![ZipEntry {
                os: "linux".to_owned(),
                arch: "amd64".to_owned(),
                tool: "requeue".to_owned(),
                target: "x86_64-unknown-linux-musl".to_owned(),
                version: "1.2.3".to_owned(),
                commit: "0123456789ab".to_owned(),
                zip: FileEntry::of("linux-amd64-requeue.zip", b"zip"),
                binary: FileEntry::of("requeue", b"binary"),
            }],
            extras: Some(FileEntry::of("opstools-1.2.3-extras.zip", b"extras")),
        }
    }

    #[test]
    fn checksums_are_those_of_sha256sum() {
        // `printf abc | sha256sum`
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(FileEntry::of("x", b"abc").sha256, expected);
    }

    #[test]
    fn the_checksum_file_names_every_archive_and_the_manifest_itself() {
        let folder = tempfile::tempdir().unwrap();
        manifest().write(folder.path()).unwrap();
        let sums = std::fs::read_to_string(folder.path().join(CHECKSUMS)).unwrap();
        let names: Vec<_> = sums.lines().map(|line| line.split_once("  ").unwrap().1).collect();
        assert_eq!(names, ["linux-amd64-requeue.zip", "opstools-1.2.3-extras.zip", MANIFEST]);
        let written = std::fs::read(folder.path().join(MANIFEST)).unwrap();
        assert!(sums.contains(&sha256(&written)));
    }

    #[test]
    fn a_new_run_removes_what_the_last_one_made_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        manifest().write(folder.path()).unwrap();
        for name in ["linux-amd64-requeue.zip", "holiday.zip"] {
            std::fs::write(folder.path().join(name), b"zip").unwrap();
        }
        Manifest::remove_earlier(folder.path()).unwrap();
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["holiday.zip"]);
    }

    #[test]
    fn a_foreign_manifest_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(MANIFEST), "{}").unwrap();
        assert!(Manifest::remove_earlier(folder.path()).is_err());
        assert!(folder.path().join(MANIFEST).exists());
    }
}
