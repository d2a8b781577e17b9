//! How an XML element becomes a JSON object, which is what log types are written for.
//!
//! | XML | JSON |
//! |---|---|
//! | the element that is a log | an object; its own name is left out |
//! | `<a>text</a>` | `"a":"text"` |
//! | `<a/>`, `<a></a>`, `<a> </a>` | `"a":null` |
//! | `<a x="1"/>` | `"a":{"x":"1"}` |
//! | `<a x="1">text</a>` | `"a":{"x":"1","#text":"text"}` |
//! | `<a><b>1</b><c>2</c></a>` | `"a":{"b":"1","c":"2"}` |
//! | `<b>1</b><b>2</b>` | `"b":["1","2"]` |
//! | `<a b="1"><b>2</b></a>` | `"a":{"b":["1","2"]}` |
//! | `<log>text</log>` as a log | `{"#text":"text"}` |
//!
//! Every value is a string: its type is for the schema to say. Names are as written, with a prefix; declarations of namespaces
//! (`xmlns`, `xmlns:p`) are left out. Text is trimmed, white space between elements is nothing, text in pieces between
//! elements is joined with a space, CDATA is text. `&amp; &lt; &gt; &apos; &quot;` and character references are replaced; other
//! entities stay as written, since the declarations of a document are not read (nor can they blow up). Comments and processing
//! instructions are left out. Keys stand in the order of their first appearance.

use std::borrow::Cow;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::BytesRef;
use serde_json::{Map, Value};

/// The key of text beside attributes or elements.
const TEXT: &str = "#text";

/// An element that is being read.
#[derive(Default)]
pub(super) struct Element {
    name: String,
    members: Map<String, Value>,
    text: String,
    /// Text that went on before an element came between.
    pieces: String,
}

impl Element {
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Adds an attribute, unless it declares a namespace.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        if name != "xmlns" && !name.starts_with("xmlns:") {
            self.add(name, Value::String(value.to_owned()));
        }
    }

    /// Adds a child that is complete.
    pub(super) fn child(&mut self, child: Self) {
        self.end_piece();
        let name = child.name.clone();
        self.add(&name, child.into_value());
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn add(&mut self, name: &str, value: Value) {
        match self.members.get_mut(name) {
            None => drop(self.members.insert(name.to_owned(), value)),
            // Values of elements are never arrays themselves.
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }

    fn end_piece(&mut self) {
        let piece = self.text.trim();
        if !piece.is_empty() && !self.pieces.is_empty() {
            self.pieces.push(' ');
        }
        self.pieces.push_str(piece);
        self.text.clear();
    }

    fn into_value(mut self) -> Value {
        self.end_piece();
        match (self.members.is_empty(), self.pieces.is_empty()) {
            (true, true) => Value::Null,
            (true, false) => Value::String(self.pieces),
            (false, _) => self.into_object(),
        }
    }

    /// As a log: always an object.
    pub(super) fn into_object(mut self) -> Value {
        self.end_piece();
        if !self.pieces.is_empty() {
            let text = std::mem::take(&mut self.pieces);
            self.add(TEXT, Value::String(text));
        }
        Value::Object(self.members)
    }
}

/// What a reference (the name between `&` and `;`) stands for; as written if that is not known.
pub(super) fn referred(name: &str) -> String {
    if let Ok(Some(character)) = BytesRef::new(name).resolve_char_ref() {
        return character.to_string();
    }
    resolve_predefined_entity(name).map_or_else(|| format!("&{name};"), str::to_owned)
}

/// An attribute's value: references replaced, white space made spaces, as XML has it.
pub(super) fn attribute_value(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\t', '\r', '\n']) {
        return Cow::Borrowed(raw);
    }
    let raw = raw.replace("\r\n", " ").replace(['\t', '\r', '\n'], " ");
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw.as_str();
    while let Some((before, behind)) = rest.split_once('&') {
        value.push_str(before);
        rest = behind;
        match behind.split_once(';') {
            Some((name, behind)) => {
                value.push_str(&referred(name));
                rest = behind;
            }
            None => value.push('&'),
        }
    }
    value.push_str(rest);
    Cow::Owned(value)
}
