//! What all text parsers do around their match: lines to skip, values to trim or to drop, fields made of other fields.

use std::borrow::Cow;

use super::row::{Names, Row, Slot};
use crate::schema::TextRules;

/// The common rules, compiled.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    skip_prefix: Option<String>,
    trim_space: bool,
    empty_values: Vec<String>,
    expansions: Vec<Expansion>,
    /// A template makes a field that is matched, too.
    overlaps: bool,
}

/// One field made of others.
#[derive(Clone, Debug)]
struct Expansion {
    field: String,
    slot: usize,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Field { name: String, index: Option<usize> },
}

impl Steps {
    /// Compiles the rules; the names are bound later, when they are known.
    ///
    /// # Errors
    /// A template with an open brace.
    pub fn new(rules: &TextRules) -> Result<Self, String> {
        let expansions = rules.expand_fields.iter().map(|(field, template)| Expansion::new(field, template));
        Ok(Self {
            skip_prefix: rules.skip_prefix.clone().filter(|prefix| !prefix.is_empty()),
            trim_space: rules.trim_space,
            empty_values: rules.empty_values.clone(),
            expansions: expansions.collect::<Result<_, _>>()?,
            overlaps: false,
        })
    }

    /// Resolves the templates' fields among the names that the match gives, and adds the names they make.
    ///
    /// # Errors
    /// A template that needs the result of another one: there is no order among templates.
    pub fn bind(&mut self, names: &mut Names) -> Result<(), String> {
        self.check_independence(names)?;
        let matched = names.list().len();
        self.overlaps = false;
        for expansion in &mut self.expansions {
            for part in &mut expansion.parts {
                if let Part::Field { name, index } = part {
                    *index = names.find(name).filter(|index| *index < matched);
                }
            }
        }
        for expansion in &mut self.expansions {
            let known = names.list().len();
            expansion.slot = names.index(&expansion.field);
            self.overlaps |= expansion.slot < known;
        }
        Ok(())
    }

    fn check_independence(&self, names: &Names) -> Result<(), String> {
        for expansion in &self.expansions {
            for part in &expansion.parts {
                if let Part::Field { name, .. } = part
                    && names.find(name).is_none()
                    && *name != expansion.field
                    && self.expansions.iter().any(|other| other.field == *name)
                {
                    let field = &expansion.field;
                    return Err(format!(
                        "`expandFields`: the template of `{field}` uses `{name}`, which a template makes, too; \
                         use the fields that `{name}` is made of"
                    ));
                }
            }
        }
        Ok(())
    }

    /// The line is none to be read.
    pub fn skips(&self, line: &str) -> bool {
        self.skip_prefix.as_ref().is_some_and(|prefix| line.starts_with(prefix.as_str()))
    }

    /// Takes a matched value into the row, trimmed, unless it means nothing.
    #[inline]
    pub fn put<'l>(&self, row: &mut Row<'l>, slot: Slot, value: Cow<'l, str>) {
        let value = self.trimmed(value);
        if !self.means_nothing(&value) {
            row.put(slot, value);
        }
    }

    /// A value without blanks around it, if they are not wanted.
    #[inline]
    pub fn trimmed<'l>(&self, value: Cow<'l, str>) -> Cow<'l, str> {
        if self.trim_space { trimmed(value) } else { value }
    }

    #[inline]
    fn means_nothing(&self, value: &str) -> bool {
        self.empty_values.iter().any(|empty| empty == value)
    }

    /// Adds the fields that templates make.
    pub fn expand(&self, row: &mut Row<'_>) {
        let matched = row.len();
        for expansion in &self.expansions {
            let mut text = row.blank();
            for part in &expansion.parts {
                match part {
                    Part::Text(literal) => text.push_str(literal),
                    Part::Field { index: Some(index), .. } => {
                        let values = &row.values()[..matched];
                        text.extend(values.iter().find(|(name, _)| name == index).map(|(_, value)| value.as_ref()));
                    }
                    Part::Field { index: None, .. } => {}
                }
            }
            if !text.is_empty() && !self.means_nothing(&text) {
                row.put(Slot { name: expansion.slot, again: false }, Cow::Owned(text));
            }
        }
        if self.overlaps {
            row.keep_last();
        }
    }
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(mut text) => {
            text.truncate(text.trim_end().len());
            text.drain(..text.len() - text.trim_start().len());
            Cow::Owned(text)
        }
    }
}

impl Expansion {
    fn new(field: &str, template: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find("%{") {
            let inner = &rest[open + 2..];
            let close = inner.find('}').ok_or_else(|| {
                format!("`expandFields`: in the template `{template}` of `{field}` a `%{{` is not closed by `}}`")
            })?;
            if open > 0 {
                parts.push(Part::Text(rest[..open].to_owned()));
            }
            parts.push(Part::Field { name: inner[..close].trim().to_owned(), index: None });
            rest = &inner[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { field: field.to_owned(), slot: 0, parts })
    }
}
