//! The log types that a run may choose from: built-in ones by name, custom ones from their schemas.

use super::judgement::JUDGEMENT;
use super::layout::Encoding;
use super::log_parser::{LogParser, Unready};
use super::native::Now;
use crate::schema::{Mode, Schema, native, read};

/// The schema of a built-in type, or `None` for an unknown name.
///
/// # Panics
/// An embedded schema has a mistake; a test reads all of them.
#[must_use]
pub fn built_in(log_type: &str) -> Option<Schema> {
    let found = native::find(log_type)?;
    let mut documents = read(found.log_type, found.source, Mode::BuiltIn, &JUDGEMENT).documents;
    assert_eq!(documents.len(), 1, "the embedded schema of `{log_type}` is sound");
    documents.pop().map(|document| document.schema)
}

/// The names of all built-in types, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    native::ALL.iter().map(|built_in| built_in.log_type)
}

/// Parsers of schemas, in their order. A schema that only names a built-in parser gets that type's own fields.
///
/// # Errors
/// A schema cannot be compiled.
pub fn parsers(schemas: &[Schema], encoding: Encoding, now: Now) -> Result<Vec<LogParser>, Unready> {
    schemas.iter().map(|schema| LogParser::new(&resolved(schema), encoding, now)).collect()
}

/// A schema that describes the output of a built-in parser is that parser, under the schema's name.
fn resolved(schema: &Schema) -> Schema {
    match &schema.parser {
        Some(crate::schema::TextParser::Native(name)) => match built_in(name) {
            Some(built_in) => Schema { name: schema.name.clone(), ..built_in },
            None => schema.clone(),
        },
        _ => schema.clone(),
    }
}
