//! How fast lines are read: `cargo test --release -- --ignored --nocapture speed`.

use super::csv::{Quotes, split};
use super::{Outcome, Row, TextMatcher};
use crate::schema::{Csv, FastMatch, Regex, TextParser, TextRules};

/// So many lines are made, and read so many times.
const LINES: usize = 20_000;
const ROUNDS: usize = 20;

const FAST: &str =
    r#"%{host} %{ident} %{user} [%{time}] "%{method} %{uri} %{protocol}" %{status} %{size} "%{referer}" "%{agent}""#;

const COMBINED: &str = concat!(
    r#"^%{IPORHOST:host} %{USER:ident} %{USER:user} \[%{HTTPDATE:time}\] "#,
    r#""(?:%{WORD:method} %{NOTSPACE:uri}(?: HTTP/%{NUMBER:version})?|%{DATA:raw})" "#,
    r#"%{NUMBER:status} (?:%{NUMBER:size}|-) %{QS:referer} %{QS:agent}"#
);

const PLAIN: &str = concat!(
    r#"^(?P<host>\S+) (?P<ident>\S+) (?P<user>\S+) \[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<uri>\S+) (?P<protocol>[^"]+)" "#,
    r#"(?P<status>\d+) (?P<size>\S+) "(?P<referer>[^"]*)" "(?P<agent>[^"]*)""#
);

fn combined() -> Vec<String> {
    (0..LINES)
        .map(|n| {
            format!(
                "10.{}.{}.{} - user{} [10/Oct/2024:13:{:02}:{:02} +0000] \"GET /assets/{n}/app.js?v={} HTTP/1.1\" {} {} \
                 \"https://www.example.com/page/{}\" \"Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/{}.0\"",
                n % 256,
                n % 251,
                n % 13,
                n % 97,
                n % 60,
                n % 59,
                n * 7,
                200 + n % 300,
                n * 31,
                n % 1000,
                n % 120,
                n % 120
            )
        })
        .collect()
}

/// Processor time of this thread, which other programs on the machine do not lengthen (Linux).
fn processor_seconds() -> f64 {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = statistics.split(' ').next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

fn report(what: &str, lines: &[String], mut read: impl FnMut(&str) -> usize) {
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let start = processor_seconds();
    let mut values = 0;
    for _ in 0..ROUNDS {
        for line in lines {
            values += read(line);
        }
    }
    let seconds = processor_seconds() - start;
    assert_eq!(values % ROUNDS, 0);
    let megabytes = (bytes * ROUNDS) as f64 / 1e6;
    println!("{what}: {:.0} MB/s, {} values a line", megabytes / seconds, values / ROUNDS / lines.len());
}

fn run(what: &str, parser: &TextParser, lines: &[String]) {
    let mut matcher = TextMatcher::new(parser).unwrap();
    let mut row = Row::new();
    report(what, lines, |line| {
        // The lines outlive the closure's call but not its type, so each line has a row of the same memory.
        let mut own = std::mem::take(&mut row).renew();
        assert_eq!(matcher.read(line, &mut own), Ok(Outcome::Event));
        let values = own.values().len();
        row = own.renew();
        values
    });
}

fn regex(part: &str) -> TextParser {
    TextParser::Regex(Regex { parts: vec![part.to_owned()], definitions: Vec::new(), rules: TextRules::default() })
}

#[test]
#[ignore = "a measurement, sensible in a release build only"]
fn speed_of_text_parsers() {
    let lines = combined();
    let fast = FastMatch { patterns: vec![FAST.to_owned()], rules: TextRules::default() };
    run("fastmatch", &TextParser::FastMatch(fast), &lines);
    run("regex, combined log by grok", &regex(COMBINED), &lines);
    run("regex, combined log by plain classes", &regex(PLAIN), &lines);
    let rules = || TextRules { trim_space: true, empty_values: vec!["-".to_owned()], ..TextRules::default() };
    let columns = (0..12).map(|n| format!("c{n}")).collect();
    run("csv by blanks", &TextParser::Csv(Csv { delimiter: ' ', has_header: false, columns, rules: rules() }), &lines);
    let mut values = Vec::new();
    report("csv::split, lazy", &lines, |line| {
        let mut own: Vec<std::borrow::Cow<'_, str>> =
            std::mem::take(&mut values).into_iter().map(|_: std::borrow::Cow<'_, str>| "".into()).collect();
        split(line, ' ', Quotes::Lazy, &mut own).unwrap();
        let count = own.len();
        values = own.into_iter().map(|_| "".into()).collect::<Vec<_>>();
        count
    });
}
