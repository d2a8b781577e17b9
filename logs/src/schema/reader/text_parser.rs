//! `parser`: how a line becomes fields.

use super::super::keys::Mode;
use super::super::problem::Place;
use super::super::yaml::{Entry, Node, short};
use super::super::{Csv, FastMatch, Regex, Script, TextParser, TextRules};
use super::build::{Builder, flag, text, texts};

impl Builder<'_> {
    /// The parser, checked to its patterns.
    pub fn parser(&mut self, node: &Node) -> Option<TextParser> {
        let entry = node.entries().iter().find(|entry| WAYS.contains(&entry.key.as_str()))?;
        let way = &entry.value;
        let parser = match entry.key.as_str() {
            "csv" => TextParser::Csv(self.csv(entry)?),
            "fastmatch" => TextParser::FastMatch(self.fastmatch(way)),
            "regex" => TextParser::Regex(Regex {
                parts: texts(way, "match"),
                definitions: named_texts(way, "patternDefinitions"),
                rules: rules(way),
            }),
            "native" => TextParser::Native(text(way, "name")?),
            _ => TextParser::Script(Script { function: text(way, "function")? }),
        };
        if let (TextParser::Native(name), Mode::Public) = (&parser, self.mode) {
            self.native(way, name);
        }
        if !self.findings.has_error_in("parser", self.first) {
            self.compiled(entry, &parser);
        }
        Some(parser)
    }

    /// Whether the parser can be made; what is wrong with its patterns is known only then.
    fn compiled(&mut self, entry: &Entry, parser: &TextParser) {
        if let Err(what) = (self.compile.text_parser)(parser) {
            let heart = ["match", "function", "name", "columns"].into_iter().find_map(|key| entry.value.get(key));
            let place = heart.map_or(entry.place, |node| node.place);
            self.findings.error(place, format!("parser.{}", entry.key), what);
        }
    }

    /// A built-in parser is that of one log type.
    fn native(&mut self, node: &Node, name: &str) {
        let what = match super::super::native::find(name) {
            None => format!("no built-in log type is called `{}`: logs are read as JSON", short(name)),
            Some(_) if self.log_type != name => {
                format!(
                    "the built-in parser reads only the log type `{name}` itself: logs of this one are read as JSON"
                )
            }
            Some(_) => return,
        };
        let place = node.get("name").map_or(node.place, |name| name.place);
        self.findings.warning(place, "parser.native.name", what).hint("leave `parser` out for logs that are JSON");
    }

    fn csv(&mut self, entry: &Entry) -> Option<Csv> {
        let node = &entry.value;
        let (has_header, columns) = (flag(node, "hasHeader"), texts(node, "columns"));
        if !has_header && node.get("columns").is_none() {
            self.findings
                .error(entry.place, "parser.csv", "nothing says what the columns are called")
                .hint("write `hasHeader: true` if the first line names them, or list them under `columns`");
        }
        let delimiter = match node.get("delimiter") {
            Some(delimiter) => delimiter.text()?.chars().next()?,
            None => ',',
        };
        Some(Csv { delimiter, has_header, columns, rules: rules(node) })
    }

    fn fastmatch(&mut self, node: &Node) -> FastMatch {
        let patterns = node.get("match").map(Node::elements).unwrap_or_default();
        for (index, pattern) in patterns.iter().enumerate() {
            if let Some((what, hint)) = pattern.text().filter(|text| !text.is_empty()).and_then(wrong_pattern) {
                self.pattern_error(pattern.place, index, what, hint);
            }
        }
        FastMatch { patterns: texts(node, "match"), rules: rules(node) }
    }

    fn pattern_error(&mut self, place: Place, index: usize, what: String, hint: &str) {
        self.findings.error(place, format!("parser.fastmatch.match[{index}]"), what).hint(hint);
    }
}

const WAYS: [&str; 5] = ["csv", "fastmatch", "regex", "native", "script"];

/// Shorter patterns have no room for a placeholder and a name.
const SHORTEST_PATTERN: usize = 4;

/// What is wrong with a fastmatch pattern, and what would be right.
fn wrong_pattern(pattern: &str) -> Option<(String, &'static str)> {
    let shown = short(pattern);
    if pattern.strip_suffix('\n').unwrap_or(pattern).contains('\n') {
        return Some((format!("the pattern `{shown}` has several lines"), "a pattern reads one line"));
    }
    if pattern.len() < SHORTEST_PATTERN || !pattern.contains("%{") {
        return Some((format!("the pattern `{shown}` has no placeholder"), "write `%{name}` where a value stands"));
    }
    let mut pieces = pattern.split("%{");
    pieces.next();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let Some((_, literal)) = piece.split_once('}') else {
            return Some((format!("a placeholder of `{shown}` has no end"), "close it with `}`"));
        };
        if literal.is_empty() && pieces.peek().is_some() {
            let what = format!("two placeholders of `{shown}` stand side by side");
            return Some((what, "put the text between them that ends the first"));
        }
    }
    None
}

fn rules(node: &Node) -> TextRules {
    TextRules {
        skip_prefix: text(node, "skipPrefix"),
        trim_space: flag(node, "trimSpace"),
        empty_values: texts(node, "emptyValues"),
        expand_fields: named_texts(node, "expandFields"),
    }
}

fn named_texts(node: &Node, key: &str) -> Vec<(String, String)> {
    let entries = node.get(key).map(Node::entries).unwrap_or_default();
    entries.iter().filter_map(|entry| Some((entry.key.clone(), entry.value.text()?.to_owned()))).collect()
}
