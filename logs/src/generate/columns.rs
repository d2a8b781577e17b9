//! From a schema whose lines are columns (`csv`) or literal text with placeholders (`fastmatch`) to the program that
//! writes such lines.

use super::fields;
use super::json::{time, unquoted};
use super::program::{Program, Step};
use crate::schema::{Csv, FastMatch, Field, Kind, Schema};

/// The names of the columns of a file, those of the schema's fields where the file's header is to name them.
fn names<'s>(schema: &'s Schema, csv: &'s Csv) -> Vec<&'s str> {
    if csv.columns.is_empty() {
        schema.fields.iter().map(|field| field.name.as_str()).collect()
    } else {
        csv.columns.iter().map(String::as_str).collect()
    }
}

/// The lines of a file before the first row.
pub(super) fn csv_header(schema: &Schema, csv: &Csv) -> String {
    let delimiter = csv.delimiter.to_string();
    if csv.has_header { format!("{}\n", names(schema, csv).join(&delimiter)) } else { String::new() }
}

/// The program of a row of separated values.
///
/// # Errors
/// A value cannot be made, in words.
pub(super) fn csv_row(schema: &Schema, csv: &Csv) -> Result<Program, String> {
    let mut row = Program::default();
    for (index, name) in names(schema, csv).into_iter().enumerate() {
        if index > 0 {
            row.text(csv.delimiter.to_string());
        }
        let value = value(field_of(schema, name), name, false)?;
        row.text("\"");
        row.append(value);
        row.text("\"");
    }
    Ok(row)
}

/// The programs of lines that fit the patterns, one for each.
///
/// # Errors
/// A value cannot be made, in words.
pub(super) fn fastmatch_rows(schema: &Schema, parser: &FastMatch) -> Result<Vec<Program>, String> {
    parser.patterns.iter().map(|pattern| fastmatch_row(schema, pattern)).collect()
}

fn fastmatch_row(schema: &Schema, pattern: &str) -> Result<Program, String> {
    let mut row = Program::default();
    let mut rest = pattern.trim_end_matches('\n');
    while let Some((before, after)) = rest.split_once("%{") {
        row.text(before);
        let (name, behind) = after.split_once('}').ok_or("a pattern has a `%{` without its `}`")?;
        row.append(value(field_of(schema, name.trim()), name, true)?);
        rest = behind;
    }
    row.text(rest);
    Ok(row)
}

fn field_of<'s>(schema: &'s Schema, name: &str) -> Option<&'s Field> {
    let input = |field: &Field| {
        field.transforms.iter().find_map(|transform| match transform {
            crate::schema::Transform::Rename { from } => Some(from.clone()),
            _ => None,
        })
    };
    schema.fields.iter().find(|field| input(field).unwrap_or_else(|| field.name.clone()) == name)
}

/// A value as bare text; `tight`: without blanks, since nothing but the text behind it ends it.
fn value(field: Option<&Field>, name: &str, tight: bool) -> Result<Program, String> {
    let Some(field) = field else { return Ok(Program::known("${word}")) };
    Ok(match &field.value.kind {
        Kind::String => {
            let template = fields::text(&field.name, Some(field), &field.value);
            Program::template(if tight { without_blanks(&template) } else { &template })?
        }
        Kind::Integer(integer) => {
            let (low, high) = fields::numbers(name, &field.rules, *integer);
            Program(vec![Step::Number(low, high.abs_diff(low) + 1)])
        }
        Kind::Float { .. } => Program::known("${decimal:0..9}"),
        Kind::Boolean { .. } => Program::known("${any:true|false}"),
        Kind::Timestamp(timestamp) => unquoted(&time(timestamp, true)?),
        Kind::Object(_) | Kind::Array { .. } | Kind::Json | Kind::Map(_) => Program::default(),
    })
}

/// In place of values that hold blanks, ones that do not.
fn without_blanks(template: &str) -> &str {
    match template {
        "${agent}" => "curl/8.5.${number:0..9}",
        "${phrase}" | "${person}" | "${city}" => "${word}",
        "${command}" => "${file}",
        other => other,
    }
}
