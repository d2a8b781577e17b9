//! Who races on the lines of a log type: ours in four ways, the JSON libraries alone, and the peers that can read them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{
    super::{
        FRAMES_PYTHON, Options,
        data::{Data, report},
        measure::{Measured, Runner},
    },
    family::{Family, Form, names},
};

/// Which figure a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Ours to a pipe, as the peers: what they are compared with.
    Piped,
    /// Ours on one core, the log type named.
    One,
    /// Ours on two cores.
    Two,
    /// Ours, classifying among all log types.
    All,
    /// serde_json alone.
    Serde,
    /// sonic-rs alone.
    Sonic,
    /// Anything else: runs once.
    Peer,
}

impl Role {
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Piped | Self::One | Self::Two | Self::All)
    }
}

const PIPE: &str = "pipe";
pub(super) const NOWHERE: &str = "/dev/null";

/// One row of the table.
#[derive(Debug)]
pub(super) struct Contestant {
    pub role: Role,
    pub runner: Runner,
    pub cores: usize,
    /// Where the output goes, as the table says it.
    pub to: &'static str,
    pub data: Data,
}

impl Contestant {
    fn new(role: Role, runner: Runner, cores: usize, to: &'static str, data: &Data) -> Self {
        Self { role, runner: runner.on_cores(cores), cores, to, data: data.clone() }
    }

    /// Whether every log became a line, by the lines or by the runner's own count.
    pub fn is_complete(&self, measured: &Measured) -> bool {
        let rows = Some(self.data.rows);
        match self.role {
            Role::Piped => measured.lines == self.data.rows && is_reported(measured.said.as_bytes(), self.data.rows),
            Role::One | Role::Two | Role::All => is_reported(&measured.output, self.data.rows),
            Role::Serde | Role::Sonic => at(measured.said.as_bytes(), "/lines") == rows,
            Role::Peer => measured.lines == self.data.rows,
        }
    }
}

/// A number of a report.
fn at(said: &[u8], pointer: &str) -> Option<u64> {
    report(said)?.pointer(pointer).and_then(Value::as_u64)
}

/// Whether our report has so many events, and no log that was refused.
pub(super) fn is_reported(said: &[u8], rows: u64) -> bool {
    at(said, "/summary/events") == Some(rows) && at(said, "/summary/failed") == Some(0)
}

/// Ours first, then the limits, then the peers that are here; slow ones read the tenth where there is one.
pub(super) fn contestants(family: &Family, data: &Data, tenth: Option<&Data>, options: &Options) -> Vec<Contestant> {
    let mut all = ours(family, data, options);
    if family.form == Form::Json {
        all.extend(limits(data, options));
    }
    all.extend(filters(family, tenth.unwrap_or(data), options));
    all.extend(miller(family, data, options));
    all.extend(frames(family, data, options));
    all
}

fn ours(family: &Family, data: &Data, options: &Options) -> Vec<Contestant> {
    let file = data.path.display().to_string();
    let runner = |name: &str, named: bool, to: &'static str| {
        let mut words = vec!["parse", "--encoding", "datalake", "--json", file.as_str()];
        words.extend(if named { vec!["--log-types", &family.log_type] } else { vec![] });
        words.extend(if to == NOWHERE { vec!["-o", NOWHERE] } else { vec![] });
        Runner::of_words(name, options.ours("pantherlog"), words).accepting_rejects()
    };
    [
        (Role::Piped, "pantherlog", true, 1, PIPE),
        (Role::One, "pantherlog", true, 1, NOWHERE),
        (Role::Two, "pantherlog", true, 2, NOWHERE),
        (Role::All, "pantherlog, all types", false, 1, NOWHERE),
    ]
    .map(|(role, name, named, cores, to)| Contestant::new(role, runner(name, named, to), cores, to, data))
    .into()
}

/// The JSON libraries alone.
pub(super) fn limits(data: &Data, options: &Options) -> Vec<Contestant> {
    let Some(program) = options.peer("limit") else { return Vec::new() };
    let file = data.path.display().to_string();
    [(Role::Serde, "serde_json"), (Role::Sonic, "sonic-rs")]
        .map(|(role, library)| {
            let runner = Runner::of_words(&format!("limit {library}"), program.clone(), [library, &file]);
            Contestant::new(role, runner.discarding(), 1, NOWHERE, data)
        })
        .into()
}

/// jq and jaq: JSON as it is, and with fields added and renamed; text by a pattern.
fn filters(family: &Family, data: &Data, options: &Options) -> Vec<Contestant> {
    let (programs, flags) = match family.form {
        Form::Json => (vec![("as it is", ".".to_owned()), ("renaming", renaming(family))], "-c"),
        Form::Pattern(pattern) => (vec![("pattern", format!("capture({})", json!(pattern)))], "-cR"),
        Form::Columns { .. } | Form::Text => return Vec::new(),
    };
    let file = data.path.display().to_string();
    let here = ["jq", "jaq"].into_iter().filter_map(|tool| Some((tool, options.peer(tool)?)));
    here.flat_map(|(tool, program)| {
        programs.iter().map(move |(what, text)| (format!("{tool}, {what}"), program.clone(), text.as_str()))
    })
    .map(|(name, program, text)| peer(&name, program, [flags, text, &file], 1, data))
    .collect()
}

/// Two fields added; the time under another name, where its key is known.
fn renaming(family: &Family) -> String {
    let added = format!(r#".p_log_type={}|.p_source_label="race""#, json!(family.log_type));
    match family.time {
        Some(time) => format!("{added}|.p_event_time=.[{key}]|del(.[{key}])", key = json!(time)),
        None => added,
    }
}

/// Miller knows no patterns with names: of text it makes fields between blanks.
fn miller(family: &Family, data: &Data, options: &Options) -> Option<Contestant> {
    let (what, flags) = match family.form {
        Form::Json => ("as it is", "--ijsonl"),
        Form::Columns { header: true } => ("columns", "--icsv --ifs space --allow-ragged-csv-input"),
        Form::Columns { header: false } => {
            ("columns", "--icsv --ifs space --implicit-csv-header --allow-ragged-csv-input")
        }
        Form::Pattern(_) | Form::Text => ("blanks", "--inidx --ifs space"),
    };
    let file = data.path.display().to_string();
    let words = flags.split(' ').chain(["--ojsonl", "cat", &file]);
    Some(peer(&format!("Miller, {what}"), options.peer("mlr")?, words, 1, data))
}

/// DuckDB and polars, on one core and on two, as they are made for several.
fn frames(family: &Family, data: &Data, options: &Options) -> Vec<Contestant> {
    let Some(python) = options.peer(FRAMES_PYTHON) else { return Vec::new() };
    let (form, rest) = match family.form {
        Form::Json => ("json", vec![]),
        Form::Columns { header } => ("csv", vec![if header { "header" } else { "none" }]),
        Form::Pattern(pattern) => ("pattern", [vec![pattern], names(pattern)].concat()),
        Form::Text => return Vec::new(),
    };
    let file = data.path.display().to_string();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("parse");
    let one = |(name, script, cores): (&str, &str, usize)| {
        let script = folder.join(script).display().to_string();
        let words = [script.as_str(), form, &file].into_iter().chain(rest.iter().copied());
        peer(&format!("{name}, {form}"), python.clone(), words, cores, data)
    };
    let [duckdb, polars] = [("DuckDB", "with_duckdb.py"), ("polars", "with_polars.py")];
    [(duckdb, 1), (duckdb, 2), (polars, 1), (polars, 2)]
        .map(|((name, script), cores)| one((name, script, cores)))
        .into()
}

fn peer<'a>(
    name: &str,
    program: PathBuf,
    words: impl IntoIterator<Item = &'a str>,
    cores: usize,
    data: &Data,
) -> Contestant {
    Contestant::new(Role::Peer, Runner::of_words(name, program, words), cores, PIPE, data)
}

#[cfg(test)]
mod tests {
    use super::{super::super::measure::Cost, *};

    /// Two logs are expected.
    fn is_complete(role: Role, lines: u64, output: &str, said: &str) -> bool {
        let data = Data { path: PathBuf::from("logs"), bytes: 10, rows: 2 };
        let runner = Runner::new("a", PathBuf::from("a"), "b");
        let cost = Cost { wall_seconds: 1.0, cpu_seconds: 1.0, peak_rss_bytes: 1, status: Some(0) };
        let measured = Measured { cost, lines, output: output.into(), said: said.to_owned() };
        Contestant::new(role, runner, 1, PIPE, &data).is_complete(&measured)
    }

    #[test]
    fn the_time_is_moved_where_its_key_is_known() {
        let known = Family::of("GitLab.API", Form::Json);
        let expected = r#".p_log_type="GitLab.API"|.p_source_label="race"|.p_event_time=.["time"]|del(.["time"])"#;
        assert_eq!(renaming(&known), expected);
        assert_eq!(renaming(&Family::of("A.B", Form::Json)), r#".p_log_type="A.B"|.p_source_label="race""#);
    }

    #[test]
    fn ours_is_complete_when_each_log_is_an_event_and_none_is_refused() {
        let report =
            |events: u64, failed: u64| json!({ "summary": { "events": events, "failed": failed } }).to_string();
        assert!(is_complete(Role::One, 0, &report(2, 0), ""));
        assert!(!is_complete(Role::Two, 0, &report(1, 1), ""));
        assert!(!is_complete(Role::All, 0, &report(2, 1), ""));
        assert!(!is_complete(Role::One, 0, "", ""));
        assert!(is_complete(Role::Piped, 2, "", &report(2, 0)));
        assert!(!is_complete(Role::Piped, 1, "", &report(2, 0)));
    }

    #[test]
    fn the_limit_counts_for_itself_and_lines_count_for_a_peer() {
        assert!(is_complete(Role::Serde, 0, "", "{\"lines\":2}\n"));
        assert!(!is_complete(Role::Sonic, 2, "", "{\"lines\":1}\n"));
        assert!(is_complete(Role::Peer, 2, "", ""));
        assert!(!is_complete(Role::Peer, 3, "", ""));
    }
}
