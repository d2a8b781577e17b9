//! The logs that are raced with: made by our own generator of a fixed seed, so that every machine has the same ones.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::Options;

/// The same bytes in each race.
const SEED: &str = "5";
/// The hour that all rows are of.
const HOUR: &str = "2026-01-31T13";
/// More rows than any file has: one file, with one header where the log type has any.
const ONE_FILE: &str = "1000000000";
/// Rows of a document that holds all of them, as CloudTrail writes files.
const DOCUMENT_ROWS: &str = "1000";
/// The one log type whose files are documents; its lines are what the peers can read.
const DOCUMENTS: &str = "AWS.CloudTrail";
/// Read and written at once.
const CHUNK_BYTES: usize = 1024 * 1024;
/// The generator fills up the last row with blanks to the size asked for; these many bytes hold them.
const TAIL_BYTES: u64 = 16 * 1024;

/// A file of logs, one per line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Data {
    pub path: PathBuf,
    pub bytes: u64,
    /// Lines that are logs: without the header.
    pub rows: u64,
}

/// Bytes, with `K`, `M` or `G` for powers of 1024.
///
/// # Errors
/// When it is no number.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K') => (&text[..text.len() - 1], 10),
        Some(b'M') => (&text[..text.len() - 1], 20),
        Some(b'G') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number: u64 = digits.parse().map_err(|_| format!("`{text}` is no size such as 500000, 64M or 1G"))?;
    number.checked_mul(1 << shift).ok_or_else(|| format!("`{text}` is too large"))
}

/// What every call of the generator has.
pub(super) fn generator_arguments(log_type: &str, bytes: u64) -> Vec<String> {
    let bytes = bytes.to_string();
    ["--log-type", log_type, "--seed", SEED, "--start", HOUR, "--end", HOUR, "--bytes", &bytes, "--compression", "none"]
        .into_iter()
        .chain(["--no-input", "--json", "-q"])
        .map(str::to_owned)
        .collect()
}

/// The file of a log type: made, or found as an earlier race kept it.
///
/// # Errors
/// When the generator cannot be run or fails, or the folder cannot be written.
pub(super) fn make(options: &Options, log_type: &str, bytes: u64) -> Result<Data> {
    fs::create_dir_all(&options.data).with_context(|| format!("cannot make `{}`", options.data.display()))?;
    let path = options.data.join(format!("{log_type}.{bytes}"));
    let card = path.with_added_extension("json");
    let kept = fs::read(&card).ok().and_then(|text| serde_json::from_slice::<Data>(&text).ok());
    if let Some(data) = kept.filter(|data| fs::metadata(&data.path).is_ok_and(|file| file.len() == data.bytes)) {
        return Ok(data);
    }
    let rows = generate(options, log_type, bytes, &path)?;
    if log_type == DOCUMENTS {
        unwrap_documents(&path)?;
    }
    trim_end(&path)?;
    let data = Data { bytes: fs::metadata(&path)?.len(), path, rows };
    fs::write(&card, serde_json::to_vec(&data)?)?;
    Ok(data)
}

/// The number of rows that were written.
fn generate(options: &Options, log_type: &str, bytes: u64, path: &Path) -> Result<u64> {
    let program = options.ours("filegen");
    let output = Command::new(&program)
        .args(generator_arguments(log_type, bytes))
        .args(["--out", "-", "--rows", if log_type == DOCUMENTS { DOCUMENT_ROWS } else { ONE_FILE }])
        .env_clear()
        .env("HOME", &options.data)
        .stdin(Stdio::null())
        .stdout(File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?)
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("cannot run `{}`", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`filegen` failed for `{log_type}`:\n{said}");
    let report = report(said.as_bytes()).with_context(|| format!("`filegen` gave no report: {said}"))?;
    report["summary"]["rows"].as_u64().context("the report of `filegen` has no rows")
}

/// The report in what a tool of ours said with `--json`.
pub(super) fn report(said: &[u8]) -> Option<Value> {
    let begin = said.iter().position(|&byte| byte == b'{')?;
    serde_json::from_slice(&said[begin..]).ok()
}

/// A file as CloudTrail writes it.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "Records")]
    records: Vec<&'a RawValue>,
}

/// Makes lines of the records of documents, one document per line.
fn unwrap_documents(path: &Path) -> Result<()> {
    let unwrapped = path.with_added_extension("lines");
    let mut input = BufReader::with_capacity(CHUNK_BYTES, File::open(path)?);
    let mut output = BufWriter::with_capacity(CHUNK_BYTES, File::create(&unwrapped)?);
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            let document: Document = serde_json::from_slice(&line).context("no document of records")?;
            for record in document.records {
                output.write_all(record.get().as_bytes())?;
                output.write_all(b"\n")?;
            }
        }
        line.clear();
    }
    output.flush()?;
    Ok(fs::rename(unwrapped, path)?)
}

/// Takes away the blanks that fill up the last row: readers of columns take them for more columns.
fn trim_end(path: &Path) -> Result<()> {
    let mut file = File::options().read(true).write(true).open(path)?;
    let length = file.metadata()?.len();
    let begin = length.saturating_sub(TAIL_BYTES);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(begin))?;
    file.read_to_end(&mut tail)?;
    let text = begin + tail.trim_ascii_end().len() as u64;
    file.set_len(text)?;
    file.seek(SeekFrom::Start(text))?;
    Ok(file.write_all(b"\n")?)
}

impl Data {
    /// The first tenth of the lines, for peers that would take an hour for all of them.
    ///
    /// # Errors
    /// When the files cannot be read or written.
    pub fn tenth(&self) -> Result<Self> {
        let path = self.path.with_added_extension("tenth");
        let mut input = BufReader::with_capacity(CHUNK_BYTES, File::open(&self.path)?);
        let mut output = BufWriter::with_capacity(CHUNK_BYTES, File::create(&path)?);
        let (mut line, mut bytes, mut lines) = (Vec::new(), 0, 0);
        while bytes < self.bytes / 10 && input.read_until(b'\n', &mut line)? > 0 {
            output.write_all(&line)?;
            bytes += line.len() as u64;
            lines += 1;
            line.clear();
        }
        output.flush()?;
        Ok(Self { path, bytes, rows: lines - self.header_lines()? })
    }

    /// Lines at the beginning that are no logs.
    fn header_lines(&self) -> Result<u64> {
        let mut first = String::new();
        BufReader::new(File::open(&self.path)?).read_line(&mut first)?;
        Ok(u64::from(first.starts_with("version account-id ")))
    }

    /// Removes the files, what was made of them included; that one is gone already is no matter.
    pub fn remove(&self) {
        for extension in ["json", "tenth"] {
            drop(fs::remove_file(self.path.with_added_extension(extension)));
        }
        drop(fs::remove_file(&self.path));
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn file(text: &str) -> (TempDir, PathBuf) {
        let folder = TempDir::new().expect("a scratch folder can be made");
        let path = folder.path().join("Some.Type.100");
        fs::write(&path, text).expect("a scratch file can be written");
        (folder, path)
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(size("1G"), Ok(1_073_741_824));
        assert_eq!(size("3K"), Ok(3072));
        assert_eq!(size("700"), Ok(700));
        assert!(size("G").is_err() && size("").is_err() && size("1.5G").is_err() && size("99999999999G").is_err());
    }

    #[test]
    fn documents_become_lines_with_every_byte_of_their_records() {
        let (_folder, path) =
            file("{\"Records\":[{\"b\":1.50,\"a\":\"x\"},{\"c\":[]}   ]}\n{\"Records\":[{\"d\":2}]}\n\n");
        unwrap_documents(&path).expect("the documents are well formed");
        let lines = fs::read_to_string(&path).expect("the file is there");
        assert_eq!(lines, "{\"b\":1.50,\"a\":\"x\"}\n{\"c\":[]}\n{\"d\":2}\n");
    }

    #[test]
    fn blanks_at_the_end_are_taken_away_and_those_within_are_not() {
        let (_folder, path) = file("a b\nc  d      \n");
        trim_end(&path).expect("the file can be written");
        assert_eq!(fs::read_to_string(&path).expect("the file is there"), "a b\nc  d\n");
    }

    #[test]
    fn a_tenth_counts_its_rows_without_the_header() {
        let text = format!("version account-id action\n{}", "2 1 ACCEPT\n".repeat(100));
        let (_folder, path) = file(&text);
        let data = Data { path, bytes: text.len() as u64, rows: 100 };
        let tenth = data.tenth().expect("the files can be read and written");
        let lines = fs::read_to_string(&tenth.path).expect("the file is there");
        assert_eq!((tenth.rows, tenth.bytes), (lines.lines().count() as u64 - 1, lines.len() as u64));
        assert!(tenth.bytes >= data.bytes / 10 && tenth.bytes < data.bytes / 10 + 30, "{tenth:?}");
    }

    #[test]
    fn nothing_is_left_of_data_that_was_removed() {
        let (folder, path) = file("a\n");
        let data = Data { path, bytes: 2, rows: 1 };
        data.tenth().expect("the files can be read and written");
        data.remove();
        assert_eq!(fs::read_dir(folder.path()).expect("the folder is there").count(), 0);
    }

    #[test]
    fn a_report_is_found_behind_other_words() {
        let said = b"warning: slow\n{\"summary\":{\"rows\":3}}\n";
        assert_eq!(report(said).map(|report| report["summary"]["rows"].clone()), Some(Value::from(3)));
        assert_eq!(report(b"nothing"), None);
    }
}
