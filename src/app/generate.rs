//! Pages made from the one clap command of a tool: help, man, Markdown, completions; and the policy and schema it carries.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap_complete::Shell;

use super::Tool;
use crate::args::Means;
use crate::error::Failure;
use crate::report;

const KINDS: &str = "man, markdown, iam, complete-bash, complete-zsh, complete-fish or complete-powershell";

const EXIT_CODES: &str = "\
Exit codes:
  0  done, nothing to do, or dry run      1  failed
  2  wrong command line                   3  finished, but some items failed or were left
  4  problems found                       5  not authenticated or not allowed
  6  not confirmed                        7  stopped at --max-errors
  101  a bug                              130, 143  interrupted; the same command goes on";

/// The version with commit and target.
pub(super) const VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), " (", env!("OPSTOOLS_COMMIT"), ", ", env!("OPSTOOLS_TARGET"), ")");

/// The sections after the flags: examples, old names, exit codes.
pub(super) fn after_help<T: Tool>() -> String {
    let mut text = format!("Examples:\n{}\n\n", indented(T::EXAMPLES));
    if !T::LEGACY.is_empty() {
        text += "Names of the original tool (single-dash long flags work too):\n";
        for legacy in T::LEGACY {
            let means = match legacy.means {
                Means::Flag(long) => format!("--{long}"),
                Means::Not(long) => format!("the opposite of --{long}"),
            };
            // Writing to a string does not fail.
            let _ = writeln!(text, "  -{:<20} {means}", legacy.name);
        }
        text.push('\n');
    }
    text + EXIT_CODES
}

/// The same of one command.
pub(super) fn after_help_of_command(examples: &str) -> String {
    format!("Examples:\n{}\n\n{EXIT_CODES}", indented(examples))
}

fn indented(text: &str) -> String {
    text.trim().lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// The kind of page asked for, wherever `--generate` stands on the line.
pub(super) fn asked(words: &[OsString]) -> Option<String> {
    words.iter().filter_map(|word| word.to_str()).find_map(|word| word.strip_prefix("--generate=")).map(str::to_owned)
}

/// A generated page.
pub(super) fn page<T: Tool>(mut command: Command, kind: &str) -> Result<String, Failure> {
    let shell = match kind {
        "man" => return man(command),
        "markdown" => return Ok(markdown::<T>(&mut command)),
        "iam" => return Ok(T::IAM.to_owned()),
        "schema" => return Ok(format!("{:#}\n", report::schema())),
        "complete-bash" => Shell::Bash,
        "complete-zsh" => Shell::Zsh,
        "complete-fish" => Shell::Fish,
        "complete-powershell" => Shell::PowerShell,
        _ => return Err(Failure::usage(format!("`--generate {kind}`: no such page")).hint(format!("give {KINDS}"))),
    };
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut command, T::NAME, &mut bytes);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The page of the tool, and behind it those of its commands.
fn man(mut command: Command) -> Result<String, Failure> {
    command.build();
    let mut bytes = Vec::new();
    for of in std::iter::once(&command).chain(commands(&command)) {
        let page = clap_mangen::Man::new(of.clone());
        page.render(&mut bytes).map_err(|error| Failure::failed("cannot make the man page").because(error))?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The commands that a person is told of.
fn commands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|of| !of.is_hide_set())
}

fn markdown<T: Tool>(command: &mut Command) -> String {
    command.build();
    let help = command.render_long_help().to_string();
    let mut page = format!("# {}\n\n{}\n\n```text\n{}\n```\n", T::NAME, T::ABOUT, help.trim_end());
    for of in commands(command) {
        let help = of.clone().render_long_help().to_string();
        // Writing to a string does not fail.
        let _ = write!(page, "\n## {} {}\n\n```text\n{}\n```\n", T::NAME, of.get_name(), help.trim_end());
    }
    page
}

/// The arguments that are missing: clap names them on lines after its first.
fn missing(error: &clap::Error) -> Option<String> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(names)) if error.kind() == ErrorKind::MissingRequiredArgument => {
            Some(format!("`{}` is missing", names.join("` and `")))
        }
        _ => None,
    }
}

/// The first line; where a list follows it, with that.
fn first_sentence(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let list: Vec<&str> = lines.take_while(|line| line.starts_with("  ")).map(str::trim).collect();
    if first.ends_with(':') && !list.is_empty() { format!("{first} {}", list.join(", ")) } else { first }
}

/// What clap found wrong, in our form.
pub(super) fn usage_failure(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let first = first_sentence(&text);
    let failure = Failure::usage(missing(error).unwrap_or(first));
    let usage = text.lines().find_map(|line| line.trim().strip_prefix("Usage: "));
    let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: "));
    let values = text.lines().find_map(|line| line.trim().strip_prefix("[possible values: ")?.strip_suffix(']'));
    match (tip, error.kind()) {
        (Some(tip), _) => failure.hint(tip),
        (None, ErrorKind::InvalidValue) if values.is_some() => {
            failure.hint(format!("it takes {}", values.unwrap_or_default()))
        }
        (None, ErrorKind::UnknownArgument) => failure.hint("`--help` lists all flags"),
        (None, ErrorKind::MissingRequiredArgument) if usage.is_some() => {
            failure.hint(format!("the line is `{}`; `--help` has examples", usage.unwrap_or_default()))
        }
        (None, _) => failure,
    }
}
