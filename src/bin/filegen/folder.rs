//! Files in a folder: written beside their place, and moved there when they are whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use opstools::aws::upload::Stored;
use opstools::error::Failure;
use opstools::generate::FilePlan;
use opstools::run::{ItemError, Stop};

use crate::book::Made;
use crate::make::{Drawing, Maker};

/// What the name of a file that is not whole yet ends with.
const PARTIAL: &str = ".partial";

/// Bytes of one write.
const CHUNK: usize = 256 << 10;

/// Makes one file.
pub async fn write(maker: &Maker, root: &Path, file: FilePlan, key: String) {
    let (path, drawing) = (root.join(&key), maker.drawing(file));
    let place = path.clone();
    let written = tokio::task::spawn_blocking(move || whole(&drawing, &place)).await;
    match written.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())) {
        Ok(made) => {
            let log_type = &maker.logs.recipes[file.recipe].log_type;
            maker.book.settled(key, log_type, made, Stored::default()).await;
        }
        Err(error) => failed(maker, &path, &error),
    }
}

fn whole(drawing: &Drawing, path: &Path) -> io::Result<Made> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let partial = partial(path);
    let written = File::create(&partial).and_then(|mut file| drawing.draw(CHUNK, |bytes| file.write_all(bytes)));
    match written.and_then(|made| fs::rename(&partial, path).map(|()| made)) {
        Ok(made) => Ok(made),
        Err(error) => {
            // What is half there helps nobody; if it cannot be removed either, the first error says more.
            let _ = fs::remove_file(&partial);
            Err(error)
        }
    }
}

fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(PARTIAL);
    path.with_file_name(name)
}

/// A folder that cannot be written once, cannot be written: that ends the run, unless `--max-errors` says how many failures
/// do.
fn failed(maker: &Maker, path: &Path, error: &io::Error) {
    let stopped = error.kind() == io::ErrorKind::Interrupted;
    let object = path.display().to_string();
    if !stopped {
        let failure = Failure::failed(format!("cannot write `{object}`")).because(error);
        maker.book.remember(failure.hint("the same command with another folder, or with room in this one"));
        if !maker.counts_errors {
            maker.run.cancel.stop(Stop::Fatal);
        }
    }
    let code = if stopped { "Stopped" } else { "Unwritable" };
    maker.run.failed(ItemError { code: code.to_owned(), message: error.to_string(), object });
}
