//! The raw limit that the race of parsers is held against: each line of a file parsed to a value and written again, by a
//! JSON library and nothing else. No schema, no time, no indicator, no check.
//!
//! `limit serde_json|sonic-rs FILE >/dev/null`; the count of lines goes to stderr as `{"lines":N}`.
#![forbid(unsafe_code)]

use std::{
    env,
    error::Error,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::Path,
};

/// Read and written at once: as much as makes system calls too few to count.
const CHUNK_BYTES: usize = 1024 * 1024;

type Outcome = Result<(), Box<dyn Error>>;

/// Parses a line and appends it, written again, to the output.
type Again = fn(&[u8], &mut Vec<u8>) -> Outcome;

fn main() -> Outcome {
    let words: Vec<String> = env::args().skip(1).collect();
    let [library, file] = words.as_slice() else {
        return Err("usage: limit serde_json|sonic-rs FILE".into());
    };
    let again = match library.as_str() {
        "serde_json" => by_serde_json,
        "sonic-rs" => by_sonic,
        other => return Err(format!("no library `{other}`: serde_json or sonic-rs").into()),
    };
    let lines = every_line(Path::new(file), again)?;
    Ok(writeln!(io::stderr(), "{{\"lines\":{lines}}}")?)
}

fn by_serde_json(line: &[u8], output: &mut Vec<u8>) -> Outcome {
    let value: serde_json::Value = serde_json::from_slice(line)?;
    Ok(serde_json::to_writer(output, &value)?)
}

fn by_sonic(line: &[u8], output: &mut Vec<u8>) -> Outcome {
    let value: sonic_rs::Value = sonic_rs::from_slice(line)?;
    Ok(sonic_rs::to_writer(output, &value)?)
}

/// Lines of blanks are none.
fn every_line(file: &Path, again: Again) -> Result<u64, Box<dyn Error>> {
    let mut input = BufReader::with_capacity(CHUNK_BYTES, File::open(file)?);
    let mut screen = io::stdout().lock();
    let (mut line, mut output, mut lines) = (Vec::new(), Vec::with_capacity(2 * CHUNK_BYTES), 0);
    while input.read_until(b'\n', &mut line)? > 0 {
        if !line.trim_ascii().is_empty() {
            again(line.trim_ascii(), &mut output)?;
            output.push(b'\n');
            lines += 1;
        }
        if output.len() >= CHUNK_BYTES {
            screen.write_all(&output)?;
            output.clear();
        }
        line.clear();
    }
    screen.write_all(&output)?;
    Ok(lines)
}
