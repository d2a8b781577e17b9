//! The commands: which there are, and which of them a line means.

use clap::{Args, Subcommand};
use opstools::app::{Context, Planned};
use opstools::args::Typed;
use opstools::error::Failure;

use crate::work::Work;
use crate::{diff, filter, infer, json_schema, merge, parse, schema, test, types, validate};

/// The command line; the doc comments are the help.
#[derive(Args, Debug)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do. Without a command, stdin is parsed as all built-in log types, in the encoding of the data lake.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make events of logs: classified among log types, or of those that are named
    Parse(Box<parse::Arguments>),
    /// Print the schema of a built-in log type
    Schema(schema::Arguments),
    /// List the built-in log types
    Types(types::Arguments),
    /// Find a schema that accepts a sample of logs
    Infer(Box<infer::Arguments>),
    /// Make one schema of several, which accepts what any of them accepts
    Merge(merge::Arguments),
    /// Run tests of log types: inputs, and the events that are expected of them
    Test(test::Arguments),
    /// Find the mistakes in schema files and test files
    Validate(validate::Arguments),
    /// Tell what an edit of a schema changes, and whether stored data allow it
    Diff(diff::Arguments),
    /// Print the schema language as JSON Schema, for editors
    JsonSchema(json_schema::Arguments),
    /// Parse stdin as all built-in log types, in the encoding of the data lake: what a line without a command means
    #[command(hide = true)]
    Filter(filter::Arguments),
}

/// The examples of each command.
pub const EXAMPLES: &[(&str, &str)] = &[
    ("parse", parse::EXAMPLES),
    ("schema", schema::EXAMPLES),
    ("types", types::EXAMPLES),
    ("infer", infer::EXAMPLES),
    ("merge", merge::EXAMPLES),
    ("test", test::EXAMPLES),
    ("validate", validate::EXAMPLES),
    ("diff", diff::EXAMPLES),
    ("json-schema", json_schema::EXAMPLES),
    ("filter", filter::EXAMPLES),
];

/// The plan of a command.
///
/// # Errors
/// Usage errors; schemas or inputs that cannot be read.
pub async fn plan(command: Command, context: &Context) -> Result<Planned<Work>, Failure> {
    context.global.refuse_journal("pantherlog")?;
    match command {
        Command::Parse(arguments) => Box::pin(parse::plan(*arguments, context)).await,
        Command::Schema(arguments) => schema::plan(&arguments),
        Command::Types(arguments) => types::plan(&arguments),
        Command::Infer(arguments) => infer::plan(*arguments, context).await,
        Command::Merge(arguments) => merge::plan(arguments),
        Command::Test(arguments) => test::plan(&arguments, context),
        Command::Validate(arguments) => validate::plan(&arguments, context),
        Command::Diff(arguments) => diff::plan(&arguments, context),
        Command::JsonSchema(arguments) => Ok(json_schema::plan(&arguments)),
        Command::Filter(arguments) => Box::pin(filter::plan(arguments, context)).await,
    }
}

impl Command {
    /// Whether its output is rows, and its report stands beside them.
    pub const fn streams(&self) -> bool {
        !matches!(self, Self::Types(_) | Self::Test(_) | Self::Validate(_) | Self::Diff(_))
    }
}

/// Which command a line means.
///
/// Old lines name none: without one it is the filter, and a schema given with `-s` is parsed with, also as
/// `test -s SCHEMA FILES`, which never was a test in our sense.
pub fn meant<'t>(typed: &Typed<'t>) -> Option<&'t str> {
    let schema_given = typed.flags.iter().any(|flag| flag == "s" || flag == "schema-file");
    match typed.command {
        None | Some("test") if schema_given => Some("parse"),
        None if !typed.words => Some("filter"),
        command => command,
    }
}

#[cfg(test)]
mod tests {
    use opstools::app::command;

    use super::*;
    use crate::tool::PantherLog;

    #[test]
    fn each_command_has_examples() {
        let tool = command::<PantherLog>();
        for of in tool.get_subcommands() {
            let name = of.get_name();
            let examples = EXAMPLES.iter().find(|(known, _)| *known == name).map(|(_, examples)| *examples);
            let lines = examples.unwrap_or_else(|| panic!("`{name}` has no examples")).lines();
            assert!(lines.filter(|line| line.starts_with("pantherlog")).count() >= 2, "{name}");
        }
    }

    #[test]
    fn a_flag_means_the_same_in_all_commands() {
        let tool = command::<PantherLog>();
        let mut known = std::collections::HashMap::new();
        for arg in tool.get_subcommands().flat_map(|of| of.get_arguments()) {
            let Some(long) = arg.get_long() else { continue };
            let takes_value = arg.get_action().takes_values() && !arg.is_require_equals_set();
            let shape = (arg.get_short(), takes_value);
            assert_eq!(*known.entry(long.to_owned()).or_insert(shape), shape, "--{long}");
        }
    }

    #[test]
    fn old_lines_name_no_command() {
        let typed = |command, flags: &[&str], words| Typed {
            command,
            flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
            words,
        };
        assert_eq!(meant(&typed(None, &["source-id", "verbose"], false)), Some("filter"));
        assert_eq!(meant(&typed(None, &["s"], true)), Some("parse"));
        assert_eq!(meant(&typed(Some("test"), &["s", "o"], true)), Some("parse"));
        assert_eq!(meant(&typed(Some("test"), &[], true)), Some("test"));
        assert_eq!(meant(&typed(None, &[], true)), None);
    }
}
