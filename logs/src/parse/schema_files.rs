//! Schema files as a command line names them: found in folders, read, their mistakes told at their places.
//!
//! A tool that *uses* schemas refuses to start with one that has a mistake ([`SchemaFile::usable`], [`super::log_types`]); one that looks for
//! mistakes goes on with what [`SchemaFile::read`] gives.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::{Failure, near};
use crate::schema::{
    Located, Mode, Problem, Reading, Schema, SchemaDocument, is_test_file, log_type_of_file, read_bytes,
};

use super::judgement::JUDGEMENT;

/// Mistakes of a file that are shown when it was to be used: the first ones cause many of the others.
const SHOWN: usize = 10;

/// A schema file that was read.
pub struct SchemaFile {
    /// Its path.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
    /// What it holds.
    pub reading: Reading,
}

impl SchemaFile {
    /// Reads a file, whatever is wrong in it.
    ///
    /// # Errors
    /// It cannot be read at all.
    pub fn read(path: &Path) -> io::Result<Self> {
        let bytes = bytes_of(path)?;
        let reading = read_bytes(&path.to_string_lossy(), &bytes, Mode::Public, &JUDGEMENT);
        Ok(Self { path: path.to_owned(), text: String::from_utf8_lossy(&bytes).into_owned(), reading })
    }

    /// Reads a file that is to be used.
    ///
    /// # Errors
    /// It cannot be read, or has a mistake.
    pub fn usable(path: &Path) -> Result<Self, Failure> {
        let file = Self::read(path).map_err(|error| unreadable(path, &error))?;
        match file.reading.errors().count() {
            0 => Ok(file),
            count => Err(mistakes(&format!("the schema file `{}` cannot be used", path.display()), count, &file)),
        }
    }

    /// Its schemas, each with a name: its own, or that of the file.
    pub fn schemas(&self) -> impl Iterator<Item = Schema> {
        let named = |document: &SchemaDocument| Schema { name: self.log_type(document), ..document.schema.clone() };
        self.reading.documents.iter().map(named)
    }

    /// What to think about in it, each on lines of its own.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        let in_short = |text: String| text.strip_prefix("warning: ").map(str::to_owned).unwrap_or(text);
        self.reading.warnings().map(move |problem| in_short(problem.to_string()))
    }

    /// The file's name, for messages.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The name of a document's log type: its own, or that of the file.
    pub fn log_type(&self, document: &SchemaDocument) -> String {
        match document.schema.name.as_str() {
            "" => log_type_of_file(&self.path),
            name => name.to_owned(),
        }
    }

    /// A document, to tell something of its parts.
    pub fn located<'f>(&'f self, name: &'f str, document: &SchemaDocument) -> Located<'f> {
        Located { file: name, text: &self.text, line: document.line }
    }
}

/// How often an empty file is looked at again: who saves a file in place empties it first, and fills it in the next moment.
const LOOKS: usize = 5;

/// The pause before each further look.
const PAUSE: Duration = Duration::from_millis(20);

/// Bytes of the largest file that is read as one of schemas or their tests: far above any that people write, so that a slip
/// (a log, a device) does not fill the memory.
const LARGEST: u64 = 64 << 20;

/// All of a file of schemas or of their tests.
///
/// # Errors
/// It cannot be read, or is larger than any such file.
pub fn bytes_of(path: &Path) -> io::Result<Vec<u8>> {
    let whole = || {
        let mut bytes = Vec::new();
        fs::File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > LARGEST {
            true => Err(io::Error::other(format!("it is larger than {} MiB, as no schema is", LARGEST >> 20))),
            false => Ok(bytes),
        }
    };
    // What is no file, a pipe for one, has an end that is final.
    if path.is_file() { filled(whole) } else { whole() }
}

/// What a look finds, unless it is nothing and a further look finds something.
fn filled(mut look: impl FnMut() -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    for _ in 0..LOOKS {
        let bytes = look()?;
        if !bytes.is_empty() {
            return Ok(bytes);
        }
        thread::sleep(PAUSE);
    }
    look()
}

fn mistakes(doing: &str, count: usize, file: &SchemaFile) -> Failure {
    let mut told: Vec<String> = file.reading.errors().take(SHOWN).map(Problem::to_string).collect();
    let noun = if count == 1 { "mistake" } else { "mistakes" };
    told.extend((count > SHOWN).then(|| format!("and {} more", count - SHOWN)));
    Failure::usage(doing)
        .because(format!("{count} {noun}\n{}", told.join("\n")))
        .hint("`pantherlog validate FILE` also tells what has no effect")
}

/// What stands on the command line and cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::failed(format!("cannot read `{}`", path.display())).because(error);
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let names: Vec<String> = fs::read_dir(beside)
        .map(|entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    match near(&wanted, names.iter().map(String::as_str)).filter(|_| error.kind() == io::ErrorKind::NotFound) {
        Some(name) => failure.hint(format!("did you mean `{}`?", path.with_file_name(name).display())),
        None => failure,
    }
}

/// The schema files that a path means: itself, or all YAML files in a folder and below it that hold no tests.
///
/// # Errors
/// As [`yaml_files`]; a folder without any.
pub fn files_of_schemas(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = yaml_files(&[path.to_owned()])?;
    if path.is_dir() {
        files.retain(|file| !holds_tests(file));
    }
    if files.is_empty() {
        return Err(Failure::usage(format!("there is no schema in `{}`", path.display()))
            .because("no file below it is called .yml or .yaml, test files not counted"));
    }
    Ok(files)
}

/// The YAML files that paths mean: a file is itself, a folder is all YAML files in it and below it, in the order of their names.
///
/// # Errors
/// A path is not there, or a folder cannot be read.
pub fn yaml_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        let kind = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if kind.is_dir() {
            below(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries: io::Result<Vec<fs::DirEntry>> = fs::read_dir(folder).and_then(Iterator::collect);
    let mut entries = entries.map_err(|error| unreadable(folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        // A folder that a link leads to may be one of those above.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            below(&path, found)?;
        } else if is_yaml(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml")
}

/// Whether a file holds tests, by its name.
pub fn holds_tests(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_test_file(&name.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_just_being_saved_is_looked_at_again() {
        let mut looks = 0;
        let late = filled(|| {
            looks += 1;
            Ok(if looks < 3 { Vec::new() } else { b"fields: []".to_vec() })
        });
        assert_eq!(late.expect("read"), b"fields: []");
        assert_eq!(filled(|| Ok(Vec::new())).expect("read"), b"", "in the end it is empty");
        let gone = filled(|| Err(io::ErrorKind::NotFound.into()));
        assert_eq!(gone.expect_err("gone").kind(), io::ErrorKind::NotFound);
    }
}
