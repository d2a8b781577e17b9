//! The file of a journal: where it is, who may read it, who holds it, and what a crash may leave at its end.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::error::JournalError;
use super::record::{Entry, PlanKey};
use crate::error::Failure;

/// Hex digits of the plan hash in the default file name: enough that two plans never meet.
const HASH_IN_NAME: usize = 16;

/// Where tools keep their journals by default: `opstools` in the XDG state folder, or its Windows counterpart.
///
/// # Errors
/// There is no home folder.
pub fn state_folder() -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::failed("cannot tell where to keep the journal: there is no home folder")
            .hint("set HOME or XDG_STATE_HOME, or name the file with `--journal FILE`, or give `--no-journal`")
    })?;
    Ok(strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("opstools"))
}

/// Opens a file that only its owner can read, for reading and appending; `anew` empties it first, and takes it from others who
/// could read what was there before.
///
/// # Errors
/// It cannot be opened.
pub fn private_file(path: &Path, anew: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).create(true);
    if anew {
        options.write(true).truncate(true);
    } else {
        options.append(true);
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    if anew && file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(file)
}

pub(super) fn default_path(key: &PlanKey) -> Result<PathBuf, Failure> {
    let hash = key.hash();
    Ok(state_folder()?.join(format!("{}-{}.jsonl", key.tool, &hash[..HASH_IN_NAME])))
}

pub(super) fn open_to_look(path: &Path) -> Result<File, JournalError> {
    File::open(path).map_err(JournalError::io(path))
}

pub(super) fn open_locked(path: &Path, make_folder: bool) -> Result<File, JournalError> {
    if let Some(folder) = path.parent().filter(|_| make_folder) {
        std::fs::create_dir_all(folder).map_err(JournalError::io(folder))?;
    }
    let file = private_file(path, false).map_err(JournalError::io(path))?;
    lock(path, &file)?;
    Ok(file)
}

pub(super) fn lock(path: &Path, file: &File) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(std::fs::TryLockError::WouldBlock) => Err(JournalError::Locked(path.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(JournalError::io(path)(error)),
    }
}

/// The complete lines of a file; a last line without its line feed is torn and left out.
pub(super) fn complete_lines(
    path: &Path,
) -> Result<impl Iterator<Item = Result<(PathBuf, String), JournalError>> + use<>, JournalError> {
    let file = File::open(path).map_err(JournalError::io(path))?;
    let mut reader = BufReader::new(file);
    let path = path.to_owned();
    Ok(std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        match reader.read_until(b'\n', &mut bytes) {
            Err(error) => Some(Err(JournalError::io(&path)(error))),
            Ok(_) if bytes.last() != Some(&b'\n') => None,
            Ok(_) => {
                bytes.pop();
                Some(Ok((path.clone(), String::from_utf8_lossy(&bytes).into_owned())))
            }
        }
    }))
}

/// The records of a journal after its header.
pub(super) fn records(path: &Path) -> Result<impl Iterator<Item = Result<Entry, JournalError>> + use<>, JournalError> {
    Ok(complete_lines(path)?.skip(1).map(|line| {
        let (path, text) = line?;
        serde_json::from_str(&text)
            .map_err(|error| JournalError::Foreign { path, why: format!("has a damaged line: {error}") })
    }))
}

/// Cuts what a crash left after the last line feed, so that the next record starts on a line of its own.
pub(super) fn cut_torn_line(file: &mut File) -> io::Result<()> {
    const STEP: u64 = 64 * 1024;
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(STEP);
        let mut bytes = vec![0; usize::try_from(end - start).unwrap_or_default()];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut bytes)?;
        if let Some(position) = bytes.iter().rposition(|byte| *byte == b'\n') {
            return file.set_len(start + position as u64 + 1);
        }
        end = start;
    }
    file.set_len(0)
}

/// Keeps the journal of the run before as `FILE.previous`, or each of them as `FILE.1`, `FILE.2` and so on, and empties the
/// file, which stays locked.
pub(super) fn keep_previous(path: &Path, file: &mut File, all: bool) -> io::Result<()> {
    if file.metadata()?.len() > 0 {
        let named = |ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let mut numbers = (1_u64..).map(|number| named(&format!(".{number}")));
        let kept = if all { numbers.find(|name| !name.exists()) } else { None };
        let mut previous = private_file(&kept.unwrap_or_else(|| named(".previous")), true)?;
        file.seek(SeekFrom::Start(0))?;
        io::copy(file, &mut previous)?;
        previous.sync_data()?;
        file.set_len(0)?;
    }
    Ok(())
}
