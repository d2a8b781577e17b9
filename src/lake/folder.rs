//! Objects as files that are there as a whole or not at all.
//!
//! A file is written under a name that no reader takes for an object, brought to the disk, and only then renamed. Whatever ends the
//! process before leaves such a name behind, and nothing else.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What stands in front of a name while its file is written; readers of data lakes pass over names with a dot.
const UNFINISHED: &str = ".unfinished-";

/// Writes a file below a folder, with the folders of its key.
pub(super) fn put(root: &Path, key: &str, body: &[u8]) -> io::Result<()> {
    let path = root.join(key);
    let (folder, name) = match (path.parent(), path.file_name().and_then(|name| name.to_str())) {
        (Some(folder), Some(name)) => (folder, name),
        _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "the key names no file")),
    };
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!("{UNFINISHED}{name}"));
    let written = write(&unfinished, body).and_then(|()| fs::rename(&unfinished, &path));
    if written.is_err() {
        // What failed is told; that its remains cannot be removed either adds nothing.
        let _ = fs::remove_file(&unfinished);
        return written;
    }
    sync_folder(folder)
}

fn write(path: &PathBuf, body: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(body)?;
    file.sync_all()
}

/// The new name is only on the disk when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows brings names to the disk by itself, and opens no folders.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_under_its_key_and_nothing_beside_it() {
        let root = tempfile::tempdir().expect("scratch folder");
        put(root.path(), "logs/t/hour=01/a.json.gz", b"body").expect("written");
        let folder = root.path().join("logs/t/hour=01");
        let names: Vec<_> =
            fs::read_dir(&folder).expect("folder").map(|entry| entry.expect("entry").file_name()).collect();
        assert_eq!(names, ["a.json.gz"]);
        assert_eq!(fs::read(folder.join("a.json.gz")).expect("file"), b"body");
    }

    #[test]
    fn a_failed_file_leaves_nothing() {
        let root = tempfile::tempdir().expect("scratch folder");
        fs::create_dir_all(root.path().join("logs/t/taken")).expect("folder");
        fs::write(root.path().join("logs/t/taken/x"), "").expect("file");
        put(root.path(), "logs/t/taken", b"body").expect_err("a folder has that name");
        assert_eq!(fs::read_dir(root.path().join("logs/t")).expect("folder").count(), 1);
    }
}
