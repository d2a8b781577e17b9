//! `filegen` as it is called: files in folders, objects and messages on the local deployment, manifests and their removal.

mod buckets;
mod folders;
mod queues;
mod refusals;
mod stops;

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::{Home, Tool, tool};

/// One hour of the past, so that nothing depends on the clock.
pub const HOUR: &str = "2026-01-05T08";

/// The tool in this home, for that hour.
pub fn filegen(home: &Home) -> Tool {
    tool("filegen").home(home).folder(home.path()).args(["--end", HOUR])
}

/// All files below a folder, by their path in it.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).expect("the file can be read"));
            }
        }
    }
    found
}

/// What gzip has packed.
pub fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(bytes), &mut text).expect("gzip of text");
    text
}
