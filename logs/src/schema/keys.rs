//! The keys of the schema language, told once.
//!
//! This table is what the reader checks files against, what it takes near names from, and what the published JSON
//! Schema for editors is made of: a key that is not here does not exist, and one that is here is documented.

mod table;
mod tests_table;
mod words;

pub(super) use table::{FIELD, SCHEMA, VALUE};
pub(super) use tests_table::TEST;
pub(super) use words::{FORMATS, INTEGERS, TYPES};

/// A mapping with known keys.
#[derive(Debug)]
pub(super) struct Table {
    /// Its name in the published JSON Schema.
    pub name: &'static str,
    /// What it is called in messages, with its article.
    pub noun: &'static str,
    pub doc: &'static str,
    pub keys: &'static [Key],
    /// Its keys are keys of this table, too.
    pub also: Option<&'static Self>,
    /// Exactly one of the keys stands in it.
    pub one_of: bool,
    /// An unknown key is an error.
    pub strict: bool,
}

impl Table {
    /// Of a key of files of this mode.
    pub fn key(&self, name: &str, mode: Mode) -> Option<&'static Key> {
        self.all().find(|key| key.name == name && mode.has(key.built_in))
    }

    /// Its keys and those that it has, too.
    pub fn all(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().chain(self.also.map_or(&[][..], |also| also.keys))
    }
}

/// A key of a mapping.
#[derive(Debug)]
pub(super) struct Key {
    pub name: &'static str,
    pub doc: &'static str,
    pub shape: Shape,
    pub needed: Needed,
    /// Types of values that it means something for; empty: all.
    pub types: &'static [&'static str],
    /// Only files of built-in types have it.
    pub built_in: bool,
}

/// Whether a key may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    No,
    Yes,
    /// For the types that it means something for.
    ForItsTypes,
}

/// What stands behind a key.
#[derive(Debug)]
pub(super) enum Shape {
    /// Any text; of other scalars their source text.
    Text,
    /// A text that is not empty.
    Filled,
    /// Exactly one character.
    Character,
    /// An `http` or `https` address.
    Url,
    /// The name of a log type.
    LogType,
    /// A name in `definitions`.
    Definition,
    Boolean,
    /// A whole number of this range.
    Whole(i64, i64),
    Number,
    /// One of these.
    Word(&'static [Word]),
    /// The format of a time.
    TimeFormat,
    /// This many or more of these.
    List(&'static Self, usize),
    /// A mapping with known keys.
    Table(&'static Table),
    /// A mapping whose keys are names of the file's own.
    Names(Names, &'static Self),
}

/// Which names a file may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Any,
    /// `^[A-Z][A-Za-z0-9]+$`
    Definitions,
    /// `^[A-Z][A-Z0-9_]*$`
    Patterns,
}

impl Names {
    /// The rule as a regular expression.
    pub const fn pattern(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Definitions => "^[A-Z][A-Za-z0-9]+$",
            Self::Patterns => "^[A-Z][A-Z0-9_]*$",
        }
    }

    /// Whether a name keeps the rule.
    pub fn allow(self, name: &str) -> bool {
        let capital = name.starts_with(|first: char| first.is_ascii_uppercase());
        match self {
            Self::Any => true,
            Self::Definitions => capital && name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Self::Patterns => capital && name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')),
        }
    }
}

/// A word with a meaning.
#[derive(Debug)]
pub(super) struct Word {
    pub name: &'static str,
    pub doc: &'static str,
    pub built_in: bool,
}

/// Whose schemas are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The language that people write.
    #[default]
    Public,
    /// The same and the keys that only built-in log types need.
    BuiltIn,
}

impl Mode {
    /// Whether files of this mode have a thing.
    pub const fn has(self, built_in: bool) -> bool {
        !built_in || matches!(self, Self::BuiltIn)
    }
}
