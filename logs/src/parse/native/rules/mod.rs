//! Rules of built-in types that a schema cannot say, as data keyed by log type.
//!
//! The engine looks a type's [`Rules`] up once, when it compiles the type, and consults them for each event: first
//! acceptance, then further indicators.
//! Values are asked for through [`Values`], so that nothing here knows of tapes or rows.

mod acceptance;
mod extra;
mod ipv4;
mod protocols;
mod special;
mod table;

use std::borrow::Cow;

pub use acceptance::Acceptance;
pub use extra::{Extra, Place, RawScan, Reading};
pub use protocols::protocol_number;
pub use table::rules;

use crate::parse::indicators::{Collector, Column};

/// Keys from the event's top level down to a value. Keys match as the type's keys do (see [`Rules::fold_keys`]).
pub type Path = &'static [&'static str];

/// The values of an event, or of an element within it.
pub trait Values {
    /// The string at a path, unescaped, or what stands there for a string in a lenient type (the source text of a
    /// number or boolean). `None` where there is nothing, null, or an object or array. The empty path is the value itself.
    fn text(&self, path: &[&str]) -> Option<Cow<'_, str>>;

    /// The JSON at a path, as it stands in the line; `None` where there is nothing.
    fn raw(&self, path: &[&str]) -> Option<&str>;

    /// Visits the elements of the array at a path; does nothing if there is none.
    fn each(&self, path: &[&str], visit: &mut dyn FnMut(&dyn Values));
}

/// What the engine must know of a type beyond its schema.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How many events a line may hold.
    pub document: Document,
    /// Keys of objects match whatever their ASCII case, although values are decoded leniently. (Types with strict
    /// decoding match so anyway.)
    pub fold_keys: bool,
    /// Top-level fields that give `p_event_time`, the first that is present; empty: as the schema says.
    pub event_time: &'static [&'static str],
    /// Top-level fields that are read from another key of the input as well.
    pub aliases: &'static [Alias],
    /// A top-level integer field that may be the name of an IP protocol.
    pub protocol: Option<&'static str>,
    /// A top-level field of JSON that holds the whole line.
    pub whole_line: Option<&'static str>,
    /// A column that its events lack, although indicators of its fields could fill it.
    pub lacks: Option<Column>,
    /// What an event must fulfil besides the rules of its fields.
    pub acceptance: &'static [Acceptance],
    /// Indicators besides those that the schema names.
    pub extras: &'static [Extra],
}

impl Rules {
    /// Nothing beyond the schema.
    pub const NONE: Self = Self {
        document: Document::Event,
        fold_keys: false,
        event_time: &[],
        aliases: &[],
        protocol: None,
        whole_line: None,
        lacks: None,
        acceptance: &[],
        extras: &[],
    };

    /// Whether the event fulfils what its type demands beyond the schema.
    ///
    /// # Errors
    ///
    /// What it fails, for people.
    pub fn accepts(&self, event: &dyn Values) -> Result<(), &'static str> {
        self.acceptance.iter().try_for_each(|acceptance| acceptance.check(event))
    }

    /// Collects the further indicators of an event.
    pub fn collect(&self, event: &dyn Values, into: &mut Collector) {
        self.extras.iter().for_each(|extra| extra.collect(event, into));
        if let Some(column) = self.lacks {
            into.forget(column);
        }
    }
}

/// How many events a line may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// One.
    Event,
    /// One, or an object whose array under this key holds any number of them. One invalid element fails the line.
    EventOrArray(&'static str),
    /// Only such an object.
    Array(&'static str),
}

/// A field that the input calls by another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The key in the input. It wins over the field's own name.
    pub key: &'static str,
    /// The field.
    pub field: &'static str,
}

#[cfg(test)]
mod tests;
