//! Seeds as files, which a target writes itself: nobody else can run the generator of logs here.

use std::path::Path;

use crate::properties::ALL;

/// The folder into which a target writes its seeds before it begins; without it, it writes none.
const FOLDER_VARIABLE: &str = "FUZZ_SEEDS";

/// Writes the seeds of a property, one file each, if somebody asked for them.
///
/// # Panics
/// The folder cannot be written.
pub fn write(name: &str) {
    let Some(folder) = std::env::var_os(FOLDER_VARIABLE) else { return };
    let property = ALL.iter().find(|property| property.name == name).expect("each target is a property");
    for (number, seed) in (property.seeds)().into_iter().enumerate() {
        std::fs::write(Path::new(&folder).join(format!("seed-{number:04}")), seed).expect("the folder of seeds");
    }
}
