//! Holds a tree against the table of keys: unknown keys, missing ones, values of the wrong shape.
//!
//! This tells everything that can be told about a key alone. What it leaves unsaid (names, references, what excludes
//! what) is told where the model is built.

use super::super::keys::{FIELD, Key, Mode, Names, Needed, SCHEMA, Shape, Table, Word};
use super::super::problem::Findings;
use super::super::yaml::{Content, Entry, Node, ScalarKind, short};
use super::path::Path;
use super::time_format::time_format;
use super::{Compile, log_type};
use crate::error::near;

/// A walk along tree and table.
pub(in crate::schema) struct Shapes<'f> {
    pub findings: &'f mut Findings,
    pub mode: Mode,
    pub compile: &'f Compile,
    path: Path,
}

impl<'f> Shapes<'f> {
    pub fn new(findings: &'f mut Findings, mode: Mode, compile: &'f Compile) -> Self {
        Self { findings, mode, compile, path: Path::default() }
    }

    /// A value and everything below it.
    pub fn check(&mut self, node: &Node, shape: &Shape) {
        match shape {
            Shape::Text => drop(self.text(node)),
            Shape::Filled | Shape::Definition => self.filled(node),
            Shape::Character => self.character(node),
            Shape::Url => self.url(node),
            Shape::LogType => self.log_type(node),
            Shape::Boolean => self.boolean(node),
            Shape::Whole(least, most) => self.whole(node, *least, *most),
            Shape::Number => self.number(node),
            Shape::Word(words) => self.word(node, words),
            Shape::TimeFormat => self.time_format(node),
            Shape::List(of, least) => self.list(node, of, *least),
            Shape::Table(table) => self.table(node, table),
            Shape::Names(names, of) => self.names(node, *names, of),
        }
    }

    fn wanted(&mut self, node: &Node, wanted: &str) -> &mut Findings {
        let what = format!("expected {wanted}, found {}", node.describe());
        self.findings.error(node.place, &self.path, what)
    }

    fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            let quote = node.is_null().then(|| "if the word itself is meant, put it in quotes".to_owned());
            self.wanted(node, "a text").maybe_hint(quote);
        }
        text
    }

    fn filled(&mut self, node: &Node) {
        if self.text(node) == Some("") {
            self.findings.error(node.place, &self.path, "expected a text that is not empty");
        }
    }

    fn character(&mut self, node: &Node) {
        let Some(text) = self.text(node) else { return };
        if matches!(text, "\"" | "\n" | "\r") {
            self.findings
                .error(node.place, &self.path, "a quote or a line break cannot stand between values")
                .hint("write a comma, a tab (`\"\\t\"`), a blank, or another sign that the values lack");
        } else if text.chars().count() != 1 {
            let what = format!("expected one character, found `{}`", short(text));
            let tab = (text == "\\t").then(|| "a tab is `\"\\t\"`, in double quotes".to_owned());
            self.findings.error(node.place, &self.path, what).maybe_hint(tab);
        }
    }

    fn url(&mut self, node: &Node) {
        let Some(text) = self.text(node) else { return };
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let good = host.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace));
        // A dash is how a schema says that there is no documentation.
        if !good && text != "-" {
            self.findings
                .error(node.place, &self.path, format!("`{}` is no web address", short(text)))
                .hint("begin it with `https://`, or leave the key out");
        }
    }

    fn log_type(&mut self, node: &Node) {
        let Some(name) = self.text(node) else { return };
        if let Some(what) = log_type::wrong(name) {
            let hint =
                format!("each part is a capital and at least one more letter or digit: `{}`", log_type::mended(name));
            self.findings.error(node.place, &self.path, what).hint(hint);
        } else if self.mode == Mode::Public && !name.starts_with(log_type::PREFIX) {
            self.findings
                .warning(node.place, &self.path, format!("`{name}` does not begin with `Custom.`"))
                .hint(format!("own log types are called `{}`; an upload refuses others", log_type::mended(name)));
        }
    }

    fn boolean(&mut self, node: &Node) {
        match &node.content {
            Content::Scalar(_, ScalarKind::Boolean(_)) => {}
            Content::Scalar(text, ScalarKind::OldBoolean(value)) => {
                self.findings
                    .warning(node.place, &self.path, format!("`{text}` is a boolean for some readers only"))
                    .hint(format!("write `{value}`"));
            }
            Content::Scalar(text, _) if matches!(text.as_str(), "true" | "false") => {
                self.wanted(node, "a boolean").hint("remove the quotes");
            }
            _ => self.wanted(node, "a boolean").hint("write `true` or `false`"),
        }
    }

    fn whole(&mut self, node: &Node, least: i64, most: i64) {
        let wanted = if least == most { format!("the number {least}") } else { "a whole number".to_owned() };
        match node.whole() {
            Some(number) if (least..=most).contains(&number) => {}
            Some(number) if least != most => {
                let what = format!("{number} is out of range: {least} to {most}");
                self.findings.error(node.place, &self.path, what);
            }
            _ => drop(self.wanted(node, &wanted)),
        }
    }

    fn number(&mut self, node: &Node) {
        if node.number().is_none() {
            self.wanted(node, "a number");
        }
    }

    fn word(&mut self, node: &Node, words: &'static [Word]) {
        let Some(text) = self.text(node) else { return };
        if self.known(words).any(|word| word == text) {
            return;
        }
        let hint = match near(text, self.known(words)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", listed(self.known(words))),
        };
        let what = format!("`{}` is no value of `{}`", short(text), self.path.last_key());
        self.findings.error(node.place, &self.path, what).hint(hint);
    }

    /// The words that files of this mode may use.
    fn known(&self, words: &'static [Word]) -> impl Iterator<Item = &'static str> + use<> {
        let mode = self.mode;
        words.iter().filter(move |word| mode.has(word.built_in)).map(|word| word.name)
    }

    fn time_format(&mut self, node: &Node) {
        let Some(text) = self.text(node) else { return };
        match time_format(text, self.mode) {
            Err(wrong) => self.findings.error(node.place, &self.path, wrong.what).hint(wrong.hint),
            Ok(format) => {
                if let Err(what) = (self.compile.time_format)(&format) {
                    let what = format!("`{}` cannot be read as a format of times: {what}", short(text));
                    self.findings.error(node.place, &self.path, what);
                }
            }
        }
    }

    fn list(&mut self, node: &Node, of: &Shape, least: usize) {
        let Content::List(elements) = &node.content else {
            let dash = (!node.is_null()).then(|| "begin each element with a dash: `- `".to_owned());
            self.wanted(node, "a list").maybe_hint(dash);
            return;
        };
        if elements.len() < least {
            self.findings.error(node.place, &self.path, "the list is empty").hint("it needs at least one element");
        }
        for (index, element) in elements.iter().enumerate() {
            self.path.index(index);
            self.check(element, of);
            self.path.pop();
        }
    }

    fn names(&mut self, node: &Node, names: Names, of: &Shape) {
        if !matches!(node.content, Content::Mapping(_)) {
            self.wanted(node, "a mapping of names");
            return;
        }
        for entry in node.entries() {
            self.path.key(&entry.key);
            if entry.key.is_empty() || !names.allow(&entry.key) {
                let what = format!("`{}` is no name that may stand here", short(&entry.key));
                let rule = match names {
                    Names::Any => "it must not be empty",
                    Names::Definitions => "a capital, then at least one more letter or digit: `SourceAddress`",
                    Names::Patterns => "begin it with a capital and use capitals, digits and `_`: `SOURCE_ADDRESS`",
                };
                self.findings.error(entry.place, &self.path, what).hint(rule);
            }
            self.check(&entry.value, of);
            self.path.pop();
        }
    }

    fn table(&mut self, node: &Node, table: &Table) {
        if !matches!(node.content, Content::Mapping(_)) {
            let keys = table.all().filter(|key| key.needed == Needed::Yes).map(|key| key.name);
            let hint = format!("{} has keys such as {}", table.noun, listed(keys.chain([table.keys[0].name]).take(3)));
            let hint = (!node.is_null()).then_some(hint);
            self.wanted(node, "a mapping").maybe_hint(hint);
            return;
        }
        let of_type = node.get("type").and_then(Node::text);
        for entry in node.entries() {
            match table.key(&entry.key, self.mode) {
                Some(key) => self.entry(entry, key, of_type),
                None => self.unknown(entry, table),
            }
        }
        self.missing(node, table, of_type);
        self.alternatives(node, table);
    }

    fn entry(&mut self, entry: &Entry, key: &Key, of_type: Option<&str>) {
        self.path.key(key.name);
        let needed = match key.needed {
            Needed::No => false,
            Needed::Yes => true,
            Needed::ForItsTypes => of_type.is_some_and(|of_type| key.types.contains(&of_type)),
        };
        if let Some(of_type) = of_type.filter(|of_type| !key.types.is_empty() && !key.types.contains(of_type)) {
            let what = format!("`{}` means nothing for the type `{}`", key.name, short(of_type));
            let of_types = listed(key.types.iter().copied().filter(|name| self.is_public(name)));
            self.findings.warning(entry.place, &self.path, what).hint(format!("it belongs to {of_types}"));
        } else if entry.value.is_null() && !needed {
            self.findings
                .warning(entry.place, &self.path, format!("`{}` is empty and has no effect", key.name))
                .hint("remove it, or give it a value");
        } else {
            self.check(&entry.value, &key.shape);
        }
        self.path.pop();
    }

    fn is_public(&self, of_type: &str) -> bool {
        super::super::keys::TYPES.iter().all(|word| word.name != of_type || self.mode.has(word.built_in))
    }

    fn unknown(&mut self, entry: &Entry, table: &Table) {
        let mode = self.mode;
        let known = table.all().filter(|key| mode.has(key.built_in)).map(|key| key.name);
        let hint = match near(&entry.key, known) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if FIELD.keys.iter().any(|key| key.name == entry.key) => {
                Some(format!("`{}` is a key of fields", entry.key))
            }
            None if SCHEMA.key(&entry.key, mode).is_some() => {
                Some(format!("`{}` stands at the beginning of a line, beside `fields`", entry.key))
            }
            None => None,
        };
        self.path.key(&entry.key);
        let what = format!("unknown key `{}` in {}", short(&entry.key), table.noun);
        if table.strict {
            self.findings.error(entry.place, &self.path, what).maybe_hint(hint);
        } else {
            self.findings.warning(entry.place, &self.path, format!("{what}: it has no effect")).maybe_hint(hint);
        }
        self.path.pop();
    }

    fn missing(&mut self, node: &Node, table: &Table, of_type: Option<&str>) {
        for key in table.all().filter(|key| node.get(key.name).is_none()) {
            let what = match key.needed {
                Needed::Yes => format!("{} needs the key `{}`", table.noun, key.name),
                Needed::ForItsTypes if of_type.is_some_and(|of_type| key.types.contains(&of_type)) => {
                    format!("the type `{}` needs the key `{}`", of_type.unwrap_or_default(), key.name)
                }
                _ => continue,
            };
            let hint = match key.shape {
                Shape::Word(words) => format!("write one of {}", listed(self.known(words))),
                _ => key.doc.to_owned(),
            };
            self.findings.error(node.place, &self.path, what).hint(hint);
        }
    }

    fn alternatives(&mut self, node: &Node, table: &Table) {
        let present: Vec<&str> = table.all().map(|key| key.name).filter(|key| node.get(key).is_some()).collect();
        if table.one_of && present.len() != 1 {
            let has = if present.is_empty() { "none of them".to_owned() } else { listed(present.into_iter()) };
            let what = format!("{} needs exactly one of {}", table.noun, listed(table.all().map(|key| key.name)));
            self.findings.error(node.place, &self.path, what).hint(format!("it has {has}"));
        }
    }
}

/// Names for people.
pub(in crate::schema) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for name in names.map(|name| format!("`{name}`")) {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.join(", ")
}
