//! Parsers of text: no line breaks one, and a second thread that goes on in the same state says the same.

use opstools_logs::parse::catalogue;
use opstools_logs::parse::judgement::JUDGEMENT;
use opstools_logs::parse::text::{Outcome, Row, TextMatcher};
use opstools_logs::schema::{Csv, FastMatch, Regex, Schema, TextParser, TextRules};

use super::choices::Choices;
use super::estate;
use super::subject::{Subject, kept, schema};

/// The built-in types that are text.
const NATIVE: [&str; 20] = [
    "AWS.ALB",
    "AWS.AuroraMySQLAudit",
    "AWS.S3ServerAccess",
    "AWS.VPCFlow",
    "Apache.AccessCombined",
    "Apache.AccessCommon",
    "CiscoUmbrella.CloudFirewall",
    "CiscoUmbrella.DNS",
    "CiscoUmbrella.IP",
    "CiscoUmbrella.Proxy",
    "Fastly.Access",
    "Juniper.Access",
    "Juniper.Audit",
    "Juniper.Firewall",
    "Juniper.MWS",
    "Juniper.Postgres",
    "Juniper.Security",
    "Nginx.Access",
    "Syslog.RFC3164",
    "Syslog.RFC5424",
];

/// Parsers whose patterns are part of the input: csv, fastmatch, regular expression.
const OWN: usize = 3;

const SUBJECTS: usize = NATIVE.len() + estate::TEXTUAL.len() + OWN;

/// What ends the pattern of an input.
const END: char = '\0';

/// Panics if it does not hold.
pub fn holds(data: &[u8]) {
    let mut choices = Choices::new(data);
    let (number, plain) = (choices.below(SUBJECTS), choices.byte().is_multiple_of(2));
    let text = choices.text();
    match number.checked_sub(NATIVE.len() + estate::TEXTUAL.len()) {
        None => kept("text", number, plain, schemas, |subject| lines(subject, &text)),
        Some(own) => own_pattern(own, plain, &text),
    }
}

fn schemas(number: usize) -> Vec<Schema> {
    vec![match number.checked_sub(NATIVE.len()) {
        None => catalogue::built_in(NATIVE[number]).expect("a built-in type"),
        Some(textual) => schema(estate::TEXTUAL[textual]),
    }]
}

/// The lines of one stream; the last is parsed by two.
fn lines(subject: &mut Subject, text: &str) {
    subject.reset();
    let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
    for line in before.split('\n') {
        subject.events(line);
    }
    let mut other = subject.continued();
    assert_eq!(subject.events(last), other.events(last), "a parser that goes on says the same");
}

fn own_pattern(kind: usize, flag: bool, text: &str) {
    let (pattern, text) = text.split_once(END).unwrap_or((text, ""));
    let parser = own_parser(kind, flag, pattern);
    let judged = (JUDGEMENT.text_parser)(&parser);
    let matcher = TextMatcher::new(&parser);
    assert_eq!(judged.is_ok(), matcher.is_ok(), "the judge and the parser agree");
    let Ok(mut matcher) = matcher else { return };
    for line in text.split('\n') {
        let mut row = Row::new();
        match matcher.read(line, &mut row) {
            Ok(Outcome::Event) => {
                let names = matcher.names().len();
                assert!(row.values().iter().all(|(name, _)| *name < names), "each value has a name");
            }
            Ok(Outcome::Nothing) => {}
            Err(mismatch) => assert!(!matcher.explain(line, &mismatch).is_empty()),
        }
    }
}

fn own_parser(kind: usize, flag: bool, pattern: &str) -> TextParser {
    let rules = TextRules {
        skip_prefix: flag.then(|| "#".to_owned()),
        trim_space: flag,
        empty_values: vec!["-".to_owned()],
        expand_fields: vec![("made".to_owned(), "%{a}/%{b}".to_owned())],
    };
    match kind {
        0 => {
            let mut letters = pattern.chars();
            let delimiter = letters.next().unwrap_or(',');
            let columns = letters.as_str().split(',').map(str::to_owned).collect();
            TextParser::Csv(Csv { delimiter, has_header: flag, columns, rules })
        }
        1 => TextParser::FastMatch(FastMatch { patterns: pattern.split('\n').map(str::to_owned).collect(), rules }),
        _ => {
            let definitions = vec![("OWN".to_owned(), "[a-z]+".to_owned())];
            TextParser::Regex(Regex { parts: vec![pattern.to_owned()], definitions, rules })
        }
    }
}

/// Lines of all types and parsers, and patterns.
pub fn seeds() -> Vec<Vec<u8>> {
    let numbered = |number: usize, plain: u8, text: &str| [&[number as u8, plain], text.as_bytes()].concat();
    let native = NATIVE.iter().enumerate().map(|(number, name)| numbered(number, 0, &estate::lines(name, 2)));
    let mut seeds: Vec<_> = native.collect();
    let textual = [
        "1,\"two, \"\"quoted\"\"\",three\n,,\n",
        "#x\na|b|c\n1|'2|3'|4\n",
        "GET /index.html 200 \"agent x\" [10/Oct/2000:13:55:36 -0700]\nx - y\n",
        "10.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 12\n",
        "<13>1 2024-03-01T00:00:00Z host app: k=v\n",
        "a=1 b=two c=2024-03-01T00:00:00Z\n",
    ];
    let own = [
        ",a,b,,c\u{0}1,\"2\n\",3\n4,5\n",
        "%{a} [%{b}] \"%{+c}\" %{?d} %{&a}\n%{x->}  %{y}\u{0}1 [2] \"3 4\" 5 6\nx    y\n",
        "(?P<a>%{IP}) %{WORD:b:int} %{OWN:c}(?P<d>\\d+)?\u{0}10.0.0.1 GET abc12\n",
    ];
    for (number, text) in (NATIVE.len()..).zip(textual.iter().chain(&own)) {
        seeds.extend([numbered(number, 0, text), numbered(number, 1, text)]);
    }
    seeds
}
