//! Which log types are made, and how much of each.

use opstools::error::Failure;
use opstools::parse::catalogue;
use opstools::parse::log_types::{schemas_at, unknown};
use opstools::schema::Schema;

use crate::arguments::Arguments;

/// A log type that is wanted.
pub struct Wanted {
    pub schema: Schema,
    /// Files per hour.
    pub files: u64,
    /// Rows per file.
    pub rows: u64,
}

/// The types of a command line, each once, in the order in which they were named.
///
/// # Errors
/// No type at all, an unknown one, or a schema that cannot be used.
pub fn wanted(args: &Arguments) -> Result<Vec<Wanted>, Failure> {
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut add = |schema: Schema, files: Option<usize>, rows: Option<usize>| {
        if !wanted.iter().any(|known| known.schema.name == schema.name) {
            let (files, rows) = (files.unwrap_or(args.files) as u64, rows.unwrap_or(args.rows) as u64);
            wanted.push(Wanted { schema, files, rows });
        }
    };
    for (name, enabled, files, rows) in args.original.types() {
        if enabled || args.log_type.iter().any(|named| named == name) {
            add(built_in(name)?, files, rows);
        } else if files.is_some() || rows.is_some() {
            return Err(Failure::usage(format!("`--{name}.numfiles` and `--{name}.file.numrows` need `--{name}`")));
        }
    }
    for name in &args.log_type {
        add(built_in(name)?, None, None);
    }
    for path in &args.schema {
        for schema in schemas_at(path)?.schemas {
            add(schema, None, None);
        }
    }
    if wanted.is_empty() {
        return Err(Failure::usage("no log type is named")
            .hint("name one with `--log-type`, such as AWS.CloudTrail, or a schema with `--schema FILE`"));
    }
    Ok(wanted)
}

fn built_in(name: &str) -> Result<Schema, Failure> {
    catalogue::built_in(name).ok_or_else(|| unknown(name, catalogue::names()))
}
