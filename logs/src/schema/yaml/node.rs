//! The tree.

use super::super::problem::Place;

/// A value of a document and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::schema) struct Node {
    pub content: Content,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::schema) enum Content {
    /// The text as written (after unquoting), and what it means where no text is wanted.
    Scalar(String, ScalarKind),
    List(Vec<Node>),
    /// In the order of the file; no key twice.
    Mapping(Vec<Entry>),
}

/// What a scalar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::schema) enum ScalarKind {
    /// Nothing, `~` or `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// `yes`, `no`, `on`, `off`: a boolean for older readers, text for newer ones.
    OldBoolean(bool),
    /// A number in any notation.
    Number,
    /// Anything else, and all that is quoted.
    Text,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::schema) struct Entry {
    pub key: String,
    pub place: Place,
    pub value: Node,
}

impl Node {
    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The entries, none if this is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The elements, none if this is no list.
    pub fn elements(&self) -> &[Self] {
        match &self.content {
            Content::List(elements) => elements,
            _ => &[],
        }
    }

    /// The source text of any scalar but null.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(_, ScalarKind::Null) => None,
            Content::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// A boolean, in the old notation, too.
    pub fn boolean(&self) -> Option<bool> {
        match self.content {
            Content::Scalar(_, ScalarKind::Boolean(value) | ScalarKind::OldBoolean(value)) => Some(value),
            _ => None,
        }
    }

    /// A whole number in decimal digits.
    pub fn whole(&self) -> Option<i64> {
        match &self.content {
            Content::Scalar(text, ScalarKind::Number) => text.parse().ok(),
            _ => None,
        }
    }

    /// A finite number in decimal notation.
    pub fn number(&self) -> Option<f64> {
        match &self.content {
            Content::Scalar(text, ScalarKind::Number) => text.parse().ok().filter(|number: &f64| number.is_finite()),
            _ => None,
        }
    }

    /// Nothing stands here.
    pub fn is_null(&self) -> bool {
        matches!(self.content, Content::Scalar(_, ScalarKind::Null))
    }

    /// What this is, for people.
    pub fn describe(&self) -> String {
        match &self.content {
            Content::Scalar(_, ScalarKind::Null) => "nothing".to_owned(),
            Content::Scalar(text, kind) => {
                let noun = match kind {
                    ScalarKind::Boolean(_) => "the boolean",
                    ScalarKind::Number => "the number",
                    _ => "the text",
                };
                format!("{noun} `{}`", short(text))
            }
            Content::List(_) => "a list".to_owned(),
            Content::Mapping(_) => "a mapping".to_owned(),
        }
    }
}

/// Texts in messages are cut here; the snippet shows the rest.
const SHOWN: usize = 60;

/// The beginning of a text, on one line, for a message.
pub(in crate::schema) fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str("...");
    }
    shown
}
