//! From YAML text to trees, one for each document.
//!
//! Everything is bounded: bytes, values, depth. Aliases are expanded, so a few lines of anchors could otherwise grow
//! into more values than memory holds; they count each time they are used.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, Tag};

use super::super::problem::{Findings, Place};
use super::scalar::kind_of;
use super::{Content, Entry, Node, ScalarKind, short};

/// The largest schema known has some hundred kilobytes; test files hold whole logs.
const MOST_BYTES: usize = 32 << 20;
/// Values of a file with aliases expanded: some hundred megabytes of memory at most.
const MOST_NODES: usize = 1_000_000;
/// Collections inside one another: four for each of the 64 objects that a schema may nest, and room for a mistake. The
/// trees are walked by recursion, so this also bounds the stack.
const DEEPEST: usize = 400;

/// A document of a file.
#[derive(Debug)]
pub(in crate::schema) struct Document {
    pub root: Node,
    /// The tree is not what the file says: a key stands twice, an alias leads nowhere.
    pub flawed: bool,
}

/// Reads all documents. One that breaks the rules of YAML is told and left out; those after it are read.
pub(in crate::schema) fn load(text: &str, findings: &mut Findings) -> Vec<Document> {
    let start = Place { line: 1, column: 1, width: 1 };
    if text.len() > MOST_BYTES {
        let what = format!("the file has {} bytes, more than the {MOST_BYTES} that are read", text.len());
        findings.error(start, "", what);
        return Vec::new();
    }
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut loader = Loader::new(findings);
    loop {
        match parser.next_event() {
            Some(Ok((event, span))) => {
                if loader.event(event, span).is_err() {
                    loader.abandon();
                    if !matches!(parser.proceed_next_document(), Ok(true)) {
                        break;
                    }
                }
            }
            Some(Err(error)) => {
                loader.broken(&error, text);
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
            None => break,
        }
    }
    loader.documents
}

/// A document is beyond a bound and given up; the finding says why.
struct GivenUp;

/// A collection that is not complete yet.
struct Frame {
    place: Place,
    anchor: usize,
    /// Values counted before it.
    before: usize,
    /// Collections inside one another below it.
    height: usize,
    open: Open,
}

enum Open {
    List(Vec<Node>),
    Mapping { entries: Vec<Entry>, keys: HashSet<String>, key: Option<Key>, merges: Vec<Node> },
}

/// What the next value of a mapping belongs to.
enum Key {
    Named(String, Place),
    /// `<<`
    Merge,
    /// The key is wrong and told; its value has no place in the tree.
    Dropped,
}

/// A value that an alias may stand for.
struct Anchored {
    node: Node,
    size: usize,
    height: usize,
}

struct Loader<'f> {
    findings: &'f mut Findings,
    documents: Vec<Document>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Anchored>,
    count: usize,
    /// Errors when the document began.
    errors: usize,
}

impl<'f> Loader<'f> {
    fn new(findings: &'f mut Findings) -> Self {
        let (documents, stack, anchors) = (Vec::new(), Vec::new(), HashMap::new());
        let errors = findings.errors();
        Self { findings, documents, stack, anchors, count: 0, errors }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), GivenUp> {
        let place = place_of(span);
        match event {
            Event::DocumentStart(..) => {
                self.abandon();
                self.errors = self.findings.errors();
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let kind = self.kind(&text, style, tag.as_deref(), place);
                let merge = style == ScalarStyle::Plain && text == "<<";
                let node = Node { content: Content::Scalar(text.into_owned(), kind), place };
                self.scalar(node, anchor, merge)
            }
            Event::SequenceStart(_, anchor, tag) => self.open(place, anchor, tag.as_deref(), Open::List(Vec::new())),
            Event::MappingStart(_, anchor, tag) => {
                let open = Open::Mapping { entries: Vec::new(), keys: HashSet::new(), key: None, merges: Vec::new() };
                self.open(place, anchor, tag.as_deref(), open)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::UnresolvedAlias(name) => {
                let path = self.path();
                self.findings.error(place, path, format!("no anchor `&{name}` stands before this alias"));
                self.put(Node { content: Content::Scalar(String::new(), ScalarKind::Null), place }, 0)
            }
            _ => Ok(()),
        }
    }

    /// Forgets an unfinished document.
    fn abandon(&mut self) {
        self.stack.clear();
        self.anchors.clear();
    }

    fn broken(&mut self, error: &ScanError, text: &str) {
        self.abandon();
        let place = mark(*error.marker());
        let line = text.lines().nth(place.line - 1).unwrap_or_default();
        let indent = &line[..line.len() - line.trim_start().len()];
        let hint = hint_for(indent, line, &error.info());
        self.findings
            .error(place, "", format!("this is not YAML: {}", error.info()))
            .maybe_hint(hint.map(str::to_owned));
    }

    fn kind(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, place: Place) -> ScalarKind {
        match tag.map(|tag| (tag, tag.core_suffix())) {
            None if style == ScalarStyle::Plain => kind_of(text),
            None | Some((_, Some("str"))) => ScalarKind::Text,
            Some((_, Some("int" | "float" | "bool" | "null"))) => kind_of(text),
            Some((tag, _)) => {
                self.foreign_tag(tag, place);
                ScalarKind::Text
            }
        }
    }

    fn foreign_tag(&mut self, tag: &Tag, place: Place) {
        let path = self.path();
        self.findings
            .error(place, path, format!("the tag `{}` has no meaning here", short(&tag.original())))
            .hint("remove it");
    }

    /// A scalar is a key or a value.
    fn scalar(&mut self, node: Node, anchor: usize, merge: bool) -> Result<(), GivenUp> {
        self.counted(1, node.place)?;
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size: 1, height: 0 });
        }
        self.put_maybe_key(node, merge, 0)
    }

    /// A value that may be the key of the mapping it stands in.
    fn put_maybe_key(&mut self, node: Node, merge: bool, height: usize) -> Result<(), GivenUp> {
        match self.stack.last().map(|frame| &frame.open) {
            Some(Open::Mapping { key: None, .. }) => {}
            _ => return self.put(node, height),
        }
        let place = node.place;
        let new = match node.content {
            Content::Scalar(_, ScalarKind::Text) if merge => Key::Merge,
            Content::Scalar(text, _) => self.named_key(text, place),
            _ => {
                let path = self.path();
                self.findings.error(place, path, "a key must be a text, not a list or a mapping");
                Key::Dropped
            }
        };
        if let Some(Open::Mapping { key, .. }) = self.stack.last_mut().map(|frame| &mut frame.open) {
            *key = Some(new);
        }
        Ok(())
    }

    /// A key of a mapping; one that stands there already is told, and its value dropped.
    fn named_key(&mut self, text: String, place: Place) -> Key {
        let Some(Open::Mapping { keys, entries, .. }) = self.stack.last_mut().map(|frame| &mut frame.open) else {
            return Key::Dropped;
        };
        if keys.insert(text.clone()) {
            return Key::Named(text, place);
        }
        let first = entries.iter().find(|entry| entry.key == text).map_or(place, |entry| entry.place);
        let path = self.path();
        self.findings
            .error(place, path, format!("the key `{}` stands twice in this mapping", short(&text)))
            .hint(format!("it stands first in line {}; keep one of the two", first.line));
        Key::Dropped
    }

    /// A complete value goes where it belongs.
    fn put(&mut self, node: Node, height: usize) -> Result<(), GivenUp> {
        let Some(frame) = self.stack.last_mut() else {
            let flawed = self.findings.errors() > self.errors;
            self.documents.push(Document { root: node, flawed });
            return Ok(());
        };
        frame.height = frame.height.max(height + 1);
        match &mut frame.open {
            Open::List(elements) => elements.push(node),
            Open::Mapping { entries, key, merges, .. } => match key.take() {
                Some(Key::Merge) => merges.push(node),
                Some(Key::Named(key, place)) => entries.push(Entry { key, place, value: node }),
                Some(Key::Dropped) | None => {}
            },
        }
        Ok(())
    }

    fn open(&mut self, place: Place, anchor: usize, tag: Option<&Tag>, open: Open) -> Result<(), GivenUp> {
        if let Some(tag) = tag.filter(|tag| !matches!(tag.core_suffix(), Some("seq" | "map"))) {
            self.foreign_tag(tag, place);
        }
        let before = self.count;
        self.counted(1, place)?;
        if self.stack.len() == DEEPEST {
            return Err(self.too_deep(place));
        }
        self.stack.push(Frame { place, anchor, before, height: 0, open });
        Ok(())
    }

    fn close(&mut self) -> Result<(), GivenUp> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let Frame { place, anchor, before, height, open } = frame;
        let content = match open {
            Open::List(elements) => Content::List(elements),
            Open::Mapping { mut entries, keys, merges, .. } => {
                self.merge(&mut entries, keys, merges);
                Content::Mapping(entries)
            }
        };
        let node = Node { content, place };
        if anchor > 0 {
            let size = self.count - before;
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, height });
            // The copy behind the anchor takes memory, too.
            self.counted(size, place)?;
        }
        self.put_maybe_key(node, false, height)
    }

    /// Merge keys: what the mapping itself says wins, then the earlier of those merged.
    fn merge(&mut self, entries: &mut Vec<Entry>, mut keys: HashSet<String>, merges: Vec<Node>) {
        let sources = merges.into_iter().flat_map(|node| match node.content {
            Content::List(elements) => elements,
            _ => vec![node],
        });
        for source in sources {
            let Content::Mapping(merged) = source.content else {
                let path = self.path();
                self.findings
                    .error(source.place, path, "`<<` merges mappings, and this is none")
                    .hint("give it an alias of a mapping");
                continue;
            };
            entries.extend(merged.into_iter().filter(|entry| keys.insert(entry.key.clone())));
        }
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<(), GivenUp> {
        let Some(Anchored { node, size, height }) = self.anchors.get(&anchor) else {
            let path = self.path();
            self.findings.error(place, path, "this alias stands inside the value that it means");
            return Err(GivenUp);
        };
        let (node, size, height) = (node, *size, *height);
        if self.stack.len() + height > DEEPEST {
            return Err(self.too_deep(place));
        }
        if self.count + size > MOST_NODES {
            return self.counted(size, place);
        }
        let node = node.clone();
        self.count += size;
        self.put_maybe_key(node, false, height)
    }

    fn too_deep(&mut self, place: Place) -> GivenUp {
        let what = format!("more than {DEEPEST} lists and mappings stand inside one another, aliases counted in full");
        self.findings.error(place, "", what);
        GivenUp
    }

    fn counted(&mut self, values: usize, place: Place) -> Result<(), GivenUp> {
        self.count += values;
        if self.count <= MOST_NODES {
            return Ok(());
        }
        let what = format!("the file has more than {MOST_NODES} values, aliases counted each time they are used");
        self.findings.error(place, "", what);
        Err(GivenUp)
    }

    /// Where the loader is, as `fields[3].name`.
    fn path(&self) -> String {
        let mut path = String::new();
        for frame in &self.stack {
            match &frame.open {
                Open::List(elements) => path.push_str(&format!("[{}]", elements.len())),
                Open::Mapping { key: Some(Key::Named(key, _)), .. } => {
                    path.push_str(if path.is_empty() { "" } else { "." });
                    path.push_str(key);
                }
                Open::Mapping { .. } => {}
            }
        }
        path
    }
}

/// What people mostly mean when they write such a line.
fn hint_for(indent: &str, line: &str, error: &str) -> Option<&'static str> {
    let has = |characters: &[char]| line.contains(characters);
    if indent.contains('\t') || error.contains("found a tab") {
        Some("indent with blanks: YAML does not take tabs there")
    } else if error.contains("cannot start with") || has(&['%', '@', '`']) {
        Some("some characters mean something to YAML at the beginning of a text: put the text in quotes")
    } else if has(&['\\']) {
        Some("a backslash means itself in single quotes only, as an expression wants it")
    } else if line.matches(": ").count() > 1 {
        Some("a text that contains `: ` must stand in quotes")
    } else {
        None
    }
}

fn mark(marker: Marker) -> Place {
    Place { line: marker.line().max(1), column: marker.col() + 1, width: 1 }
}

fn place_of(span: Span) -> Place {
    let width = if span.start.line() == span.end.line() { span.end.col().saturating_sub(span.start.col()) } else { 0 };
    Place { width, ..mark(span.start) }
}

#[cfg(test)]
mod tests;
