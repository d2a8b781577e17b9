//! Where each value of a JSON text stands.

use super::Malformed;
use super::reader::Reader;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// A number without fraction and exponent.
    Integer,
    /// Any other number.
    Real,
    /// A string without escapes.
    Plain,
    /// A string with escapes.
    Escaped,
    /// An object; keys and values follow in turn.
    Object,
    /// An array; its elements follow.
    Array,
}

/// One value: its bytes, and where its next sibling stands on the tape.
///
/// Offsets are 32 bits wide, for half the memory traffic; a log is never that long ([`Tape::read`] refuses it).
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its first byte; of a string, the one after the quote.
    pub start: u32,
    /// One past its last byte; of a string, its closing quote.
    pub end: u32,
    /// The index after this value and everything in it.
    pub next: u32,
}

impl Node {
    /// Is it a string?
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self.kind, NodeKind::Plain | NodeKind::Escaped)
    }
}

/// The values of one JSON text, in their order; reused from line to line.
#[derive(Debug, Default)]
pub struct Tape {
    pub(super) nodes: Vec<Node>,
    pub(super) open: Vec<u32>,
}

impl Tape {
    /// Reads the first JSON value of a text; what comes after it is not looked at.
    ///
    /// # Errors
    /// It is not JSON, is nested too deeply, or is 4 GiB long.
    pub fn read(&mut self, text: &str) -> Result<(), Malformed> {
        self.nodes.clear();
        self.open.clear();
        Reader::new(text.as_bytes(), self)?.read()
    }

    /// Whether nothing but white space follows the value that was read of this text.
    #[must_use]
    pub fn is_whole(&self, text: &str) -> bool {
        let end = self.nodes.first().map_or(0, |node| node.end as usize + usize::from(node.is_text()));
        text[end..].trim().is_empty()
    }

    /// The tape together with its text.
    #[must_use]
    pub const fn document<'a>(&'a self, text: &'a str) -> Document<'a> {
        Document { text, nodes: self.nodes.as_slice() }
    }
}

/// A JSON text and its tape.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// The text that was read.
    pub text: &'a str,
    nodes: &'a [Node],
}

impl<'a> Document<'a> {
    /// The value at an index; the outermost is 0.
    ///
    /// # Panics
    /// The index comes from another tape.
    #[must_use]
    pub fn node(&self, index: u32) -> Node {
        self.nodes[index as usize]
    }

    /// The text of a scalar: a string's body with its escapes, a number's digits.
    #[must_use]
    pub fn body(&self, node: Node) -> &'a str {
        &self.text[node.start as usize..node.end as usize]
    }

    /// The bytes of a scalar; for comparisons that need no text.
    #[must_use]
    pub fn bytes(&self, node: Node) -> &'a [u8] {
        &self.text.as_bytes()[node.start as usize..node.end as usize]
    }

    /// A value as it was written.
    #[must_use]
    pub fn raw(&self, node: Node) -> &'a str {
        let quote = usize::from(node.is_text());
        &self.text[node.start as usize - quote..node.end as usize + quote]
    }

    /// The keys and values of an object.
    #[must_use]
    pub fn members(&self, object: u32) -> Members<'a> {
        Members { nodes: self.nodes, at: object + 1, end: self.node(object).next }
    }

    /// The indices of an array's elements.
    pub fn elements(&self, array: u32) -> impl Iterator<Item = u32> + 'a {
        let (nodes, end) = (self.nodes, self.node(array).next);
        let first = (array + 1 < end).then_some(array + 1);
        std::iter::successors(first, move |index| {
            let next = nodes[*index as usize].next;
            (next < end).then_some(next)
        })
    }

    /// The value of an object's member; of several alike the last.
    #[must_use]
    pub fn member(&self, object: u32, name: &str) -> Option<u32> {
        if self.node(object).kind != NodeKind::Object {
            return None;
        }
        self.members(object).filter(|(key, _)| self.body(*key) == name).map(|(_, value)| value).last()
    }
}

/// The members of an object: the key, and the index of the value.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    nodes: &'a [Node],
    at: u32,
    end: u32,
}

impl Iterator for Members<'_> {
    type Item = (Node, u32);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let (key, value) = (self.nodes[self.at as usize], self.at + 1);
        self.at = self.nodes[value as usize].next;
        Some((key, value))
    }
}
