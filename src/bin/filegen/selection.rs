//! Which log types are made, and how much of each.

use opstools::error::Failure;
use opstools::parse::catalogue;
use opstools::parse::judgement::JUDGEMENT;
use opstools::schema::{Mode, Schema, Severity, log_type_of_file, native, read_bytes};

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
        for schema in schemas(path)? {
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
    catalogue::built_in(name).ok_or_else(|| {
        let failure = Failure::usage(format!("`{name}` is no built-in log type"));
        match native::near(name).first() {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("custom log types are named by their schema: `--schema FILE`"),
        }
    })
}

fn schemas(path: &std::path::Path) -> Result<Vec<Schema>, Failure> {
    let doing = || Failure::usage(format!("cannot use the schemas of `{}`", path.display()));
    let bytes = std::fs::read(path).map_err(|error| doing().because(error))?;
    let name = path.display().to_string();
    let reading = read_bytes(&name, &bytes, Mode::Public, &JUDGEMENT);
    if let Some(problem) = reading.problems.iter().find(|problem| problem.severity == Severity::Error) {
        return Err(doing().because(problem));
    }
    let mut schemas: Vec<Schema> = reading.documents.into_iter().map(|document| document.schema).collect();
    for schema in &mut schemas {
        if schema.name.is_empty() {
            schema.name = log_type_of_file(path);
        }
    }
    if schemas.is_empty() { Err(doing().because("it holds no schema")) } else { Ok(schemas) }
}
