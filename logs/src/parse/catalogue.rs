//! The log types that a run may choose from: built-in ones by name, custom ones from their schemas.

use super::judgement::JUDGEMENT;
use super::layout::Encoding;
use super::log_parser::{LogParser, Unready};
use super::native::Now;
use crate::schema::{Mode, Schema, TextParser, native, read};

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

/// Parsers of schemas, in their order. The schema of a built-in type only names its parser, and gets that type's own fields.
///
/// # Errors
/// A schema cannot be compiled.
pub fn parsers(schemas: &[Schema], encoding: Encoding, now: Now) -> Result<Vec<LogParser>, Unready> {
    schemas.iter().map(|schema| LogParser::new(&resolved(schema), encoding, now)).collect()
}

/// The schema of a built-in type stands for that type. One of another name that claims its parser is about events that
/// are JSON already, and has its own fields.
fn resolved(schema: &Schema) -> Schema {
    match (&schema.parser, schema.built_in_parser().and_then(built_in)) {
        (_, Some(built_in)) => built_in,
        (Some(TextParser::Native(_)), None) => Schema { parser: None, ..schema.clone() },
        (_, None) => schema.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Field, Kind};

    fn names(name: &str, native: &str) -> (String, Option<TextParser>, Vec<String>) {
        let text =
            format!("schema: {name}\nparser: {{native: {{name: {native}}}}}\nfields: [{{name: a, type: string}}]\n");
        let mut documents = read("a.yml", &text, Mode::Public, &JUDGEMENT).documents;
        let schema = resolved(&documents.remove(0).schema);
        let field = |field: &Field| (field.value.kind == Kind::String).then(|| field.name.clone());
        (schema.name, schema.parser, schema.fields.iter().filter_map(field).take(1).collect())
    }

    #[test]
    fn only_the_type_itself_is_read_by_its_built_in_parser() {
        let alb = names("AWS.ALB", "AWS.ALB");
        assert_eq!(
            alb,
            ("AWS.ALB".to_owned(), Some(TextParser::Native("AWS.ALB".to_owned())), vec!["type".to_owned()])
        );
        for (name, native) in [("Custom.Own", "AWS.ALB"), ("Later.Type", "Later.Type")] {
            assert_eq!(names(name, native), (name.to_owned(), None, vec!["a".to_owned()]));
        }
    }
}
