//! Why a log is no event of a log type.

use std::borrow::Cow;

use super::json::Malformed;
use super::layout::Layout;

/// Characters of a value that an error shows.
const SHOWN: usize = 60;

/// Why a log was rejected: the field, and what is wrong with it.
///
/// Classification rejects a log many times before somebody accepts it, so the words are only made when a person is
/// to read them.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejection {
    /// The object and the field in the layout; `None`: the log as a whole.
    pub field: Option<(usize, usize)>,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// No JSON.
    Malformed(Malformed),
    /// JSON, but no object.
    NoObject,
    /// A required field is not there.
    Missing,
    /// The value has another type: the one that was wanted, what stands there.
    Type(&'static str, Box<str>),
    /// The value has the right type and is wrong: what would be right, what stands there.
    Value(&'static str, Box<str>),
    /// A rule does not hold: which, what stands there.
    Rule(Box<str>, Box<str>),
    /// Words of the log type's own parser.
    Text(Cow<'static, str>),
}

impl Rejection {
    /// A rejection of the log as a whole.
    #[must_use]
    pub const fn whole(reason: Reason) -> Self {
        Self { field: None, reason }
    }

    /// A sentence for people: the field's path, what is wrong, what stands there.
    #[must_use]
    pub fn describe(&self, layout: &Layout) -> String {
        match self.field {
            Some((object, field)) => format!("{}: {}", layout.named(object, field), self.reason),
            None => self.reason.to_string(),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(malformed) => write!(f, "not JSON: {malformed}"),
            Self::NoObject => f.write_str("the log is no JSON object"),
            Self::Missing => f.write_str("required, and not there"),
            Self::Type(wanted, found) => write!(f, "should be {wanted}, and is {found}"),
            Self::Value(wanted, found) => write!(f, "should be {wanted}: {found}"),
            Self::Rule(rule, found) => write!(f, "{rule}: {found}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A value as an error shows it: short, on one line.
#[must_use]
pub fn shown(text: &str) -> Box<str> {
    let mut shown: String =
        text.chars().take(SHOWN).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    format!("`{shown}`").into()
}
