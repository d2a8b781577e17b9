//! A disk without room, to see what a journal and an error file do when writing fails.
//!
//! The real thing is a tiny tmpfs in a mount namespace of its own, held by a sleeping process and reached through
//! `/proc/PID/root`: no root needed where user namespaces are allowed, nothing to unmount, gone with the holder.
//! Where that is refused, the size of files is limited instead (`ulimit -f`), so that writing always fails
//! somewhere. `/dev/full` serves where only a file name is wanted.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A device that takes no byte: every write fails with "no space left on device".
pub const DEV_FULL: &str = "/dev/full";

/// The smallest tmpfs: one page holds nothing, since folders and files are counted in pages.
const PAGE: u64 = 4096;

/// Mounts, says so, and stays until its input ends.
const HOLD: &str = "mount -t tmpfs -o size=$1,mode=0777 tmpfs \"$0\" && echo mounted && exec cat";

/// A folder on a disk of which only so much is free.
pub struct FullDisk {
    folder: PathBuf,
    kind: Kind,
    _scratch: TempDir,
}

enum Kind {
    Tmpfs(Child),
    FileLimit { blocks: u64 },
}

impl FullDisk {
    /// A folder in which about `bytes` can be written, in whole pages. Give it to the command too ([`super::Tool::on_disk`]).
    pub fn with_room(bytes: u64) -> Self {
        let scratch = TempDir::with_prefix("opstools-disk-").expect("the temporary folder is writable");
        match hold_tmpfs(scratch.path(), bytes) {
            Some(holder) => {
                let folder = in_namespace_of(&holder, scratch.path());
                Self { folder, kind: Kind::Tmpfs(holder), _scratch: scratch }
            }
            None => Self::by_file_limit(scratch, bytes),
        }
    }

    /// The second-best kind, also where the first is possible.
    pub fn with_file_limit(bytes: u64) -> Self {
        let scratch = TempDir::with_prefix("opstools-disk-").expect("the temporary folder is writable");
        Self::by_file_limit(scratch, bytes)
    }

    fn by_file_limit(scratch: TempDir, bytes: u64) -> Self {
        let blocks = bytes.div_ceil(512);
        Self { folder: scratch.path().to_owned(), kind: Kind::FileLimit { blocks }, _scratch: scratch }
    }

    /// The folder; it exists for every process of this machine.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// What a failing write says: a full file system and a limited file differ in words only.
    pub fn error_text(&self) -> &'static str {
        match self.kind {
            Kind::Tmpfs(_) => "No space left on device",
            Kind::FileLimit { .. } => "File too large",
        }
    }

    pub(super) fn file_limit_blocks(&self) -> Option<u64> {
        match self.kind {
            Kind::Tmpfs(_) => None,
            Kind::FileLimit { blocks } => Some(blocks),
        }
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        if let Kind::Tmpfs(holder) = &mut self.kind {
            // The namespace and its mount end with the holder.
            drop(holder.kill());
            drop(holder.wait());
        }
    }
}

fn hold_tmpfs(folder: &Path, bytes: u64) -> Option<Child> {
    let size = bytes.div_ceil(PAGE).max(1) * PAGE;
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "--", "/bin/sh", "-c", HOLD]);
    command.arg(folder).arg(size.to_string());
    // The input is a pipe whose other end this process holds: the holder cannot outlive it.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut holder = command.spawn().ok()?;
    let mut said = String::new();
    let output = holder.stdout.take().expect("stdout was asked for");
    let heard = BufReader::new(output).read_line(&mut said);
    let reachable = heard.is_ok() && said == "mounted\n" && in_namespace_of(&holder, folder).is_dir();
    if reachable {
        return Some(holder);
    }
    drop(holder.kill());
    drop(holder.wait());
    None
}

fn in_namespace_of(holder: &Child, folder: &Path) -> PathBuf {
    let inside = folder.strip_prefix("/").expect("a scratch folder is absolute");
    Path::new("/proc").join(holder.id().to_string()).join("root").join(inside)
}
