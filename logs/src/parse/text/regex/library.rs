//! The names that grok references may use: built-in expressions, and those of a schema, which win.

use super::builtin;
use crate::error::near;

/// All names of one schema.
#[derive(Debug)]
pub(super) struct Library<'d> {
    own: &'d [(String, String)],
}

impl<'d> Library<'d> {
    /// Checks the names of a schema's own definitions.
    ///
    /// # Errors
    /// A name that is none, or an empty definition.
    pub fn new(own: &'d [(String, String)]) -> Result<Self, String> {
        for (name, expression) in own {
            if !is_name(name) {
                return Err(format!(
                    "`patternDefinitions`: `{name}` is no name: capital letters, digits and `_`, a letter first"
                ));
            }
            if expression.is_empty() {
                return Err(format!("`patternDefinitions`: `{name}` is empty"));
            }
        }
        Ok(Self { own })
    }

    /// The expression of a name.
    ///
    /// # Errors
    /// An unknown name, with the one that may be meant.
    pub fn get(&self, name: &str) -> Result<&'d str, String> {
        if let Some((_, expression)) = self.own.iter().rev().find(|(known, _)| known == name) {
            return Ok(expression);
        }
        if let Some(expression) = builtin::get(name) {
            return Ok(expression);
        }
        let own: &[(String, String)] = self.own;
        let known = own.iter().map(|(name, _)| name.as_str()).chain(builtin::names().map(|name| -> &str { name }));
        Err(match near(name, known) {
            Some(near) => format!("the pattern name `{name}` is unknown; did you mean `{near}`?"),
            None => format!("the pattern name `{name}` is unknown; `patternDefinitions` may define it"),
        })
    }
}

/// A capital letter, then capital letters, digits and `_`.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}
