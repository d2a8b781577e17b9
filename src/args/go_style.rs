//! Command lines as Go's `flag` package takes them, so that old runbooks keep working.
//!
//! A command line is rewritten before clap sees it: a single-dash word that is exactly a registered name becomes that flag,
//! legacy names become the shared flags that mean the same. All rules stand as a table in this module's tests.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, Command};

mod commands;

use super::values::bool_word;
use crate::error::{Failure, near};
pub use commands::Typed;

/// What a legacy name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// The same as this flag.
    Flag(&'static str),
    /// A boolean that means the opposite of this flag.
    Not(&'static str),
}

/// A name that only the original tool had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Legacy {
    /// The old name, without dashes.
    pub name: &'static str,
    /// What it stands for.
    pub means: Means,
}

/// Prepares a clap command for Go-style lines: booleans take `=` and Go's words, repeated single flags: the last wins.
#[must_use]
pub fn command(command: Command) -> Command {
    let commands: Vec<String> = command.get_subcommands().map(|of| of.get_name().to_owned()).collect();
    let command = command.args_override_self(true);
    let command = commands.iter().fold(command, |command, name| command.mut_subcommand(name, booleans));
    booleans(command)
}

fn booleans(command: Command) -> Command {
    command.mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_value("false")
            .default_missing_value("true")
            .hide_default_value(true)
            .hide_possible_values(true)
            .value_name("BOOL")
            .value_parser(bool_word),
        _ => arg,
    })
}

/// How a known flag takes its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Value,
    Bool,
    Nothing,
}

fn takes(arg: &Arg) -> Takes {
    match arg.get_action() {
        ArgAction::Set | ArgAction::Append if arg.is_require_equals_set() => Takes::Bool,
        ArgAction::Set | ArgAction::Append => Takes::Value,
        ArgAction::Count | ArgAction::SetTrue => Takes::Bool,
        _ => Takes::Nothing,
    }
}

struct Names<'a> {
    /// Where flags are looked for: the command that the line names, and the tool itself.
    commands: Vec<&'a Command>,
    legacy: &'a [Legacy],
}

/// What a name on the command line stands for: the flag, how it takes its value, and whether the value is turned round.
struct Known {
    long: String,
    takes: Takes,
    inverted: bool,
    counts: bool,
}

impl Names<'_> {
    fn find(&self, name: &str) -> Option<Known> {
        let legacy = self.legacy.iter().find(|legacy| legacy.name == name);
        let (long, inverted) = match legacy.map(|legacy| legacy.means) {
            Some(Means::Flag(long)) => (long, false),
            Some(Means::Not(long)) => (long, true),
            None => (name, false),
        };
        if long == "help" || long == "version" {
            return Some(Known { long: long.to_owned(), takes: Takes::Nothing, inverted: false, counts: false });
        }
        let arg = self.arguments().find(|arg| arg.get_long() == Some(long))?;
        let counts = matches!(arg.get_action(), ArgAction::Count);
        Some(Known { long: long.to_owned(), takes: takes(arg), inverted, counts })
    }

    fn short(&self, letter: char) -> Option<Takes> {
        if letter == 'h' || letter == 'V' {
            return Some(Takes::Nothing);
        }
        self.arguments().find(|arg| arg.get_short() == Some(letter)).map(takes)
    }

    fn arguments(&self) -> impl Iterator<Item = &Arg> {
        self.commands.iter().flat_map(|command| command.get_arguments())
    }

    fn near(&self, name: &str) -> Option<String> {
        let all = self.arguments().filter_map(Arg::get_long).chain(self.legacy.iter().map(|l| l.name));
        near(name, all).map(|name| format!("--{name}"))
    }
}

/// Rewrites a command line (without the program's name) into the form that clap takes. Of a tool with commands, `choose`
/// says which of them is meant, and its name comes to the front.
///
/// # Errors
/// A usage error: an unknown single-dash word, or a boolean followed by a separate `true` or `false`.
pub fn normalise(
    words: Vec<OsString>,
    command: &Command,
    legacy: &[Legacy],
    choose: impl for<'t> Fn(&Typed<'t>) -> Option<&'t str>,
) -> Result<Vec<OsString>, Failure> {
    if !command.has_subcommands() {
        return rewritten(words, &Names { commands: vec![command], legacy }, Vec::new());
    }
    let (chosen, words) = commands::chosen(words, command, legacy, choose)?;
    let Some(chosen) = chosen else { return rewritten(words, &Names { commands: vec![command], legacy }, Vec::new()) };
    rewritten(words, &Names { commands: vec![chosen, command], legacy }, vec![chosen.get_name().into()])
}

fn rewritten(words: Vec<OsString>, names: &Names<'_>, mut output: Vec<OsString>) -> Result<Vec<OsString>, Failure> {
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if word == "--" {
            output.push(word);
            output.extend(words);
            break;
        }
        let value_follows = flag(names, &word, words.peek().map(OsString::as_os_str), &mut output)?;
        if value_follows {
            // A value is never looked at, whatever it looks like. Joined with `=`, clap does not look at it either.
            if let (Some(value), Some(name)) = (words.next(), output.pop()) {
                output.push(joined(name, &value));
            }
        }
    }
    Ok(output)
}

fn joined(mut name: OsString, value: &OsStr) -> OsString {
    name.push("=");
    name.push(value);
    name
}

/// Rewrites one word; true when the next word is this flag's value.
fn flag(names: &Names<'_>, word: &OsStr, next: Option<&OsStr>, output: &mut Vec<OsString>) -> Result<bool, Failure> {
    let Some(text) = word.to_str().filter(|text| text.len() > 1 && text.starts_with('-')) else {
        output.push(word.to_owned());
        return Ok(false);
    };
    let bare = text.strip_prefix("--").or_else(|| text.strip_prefix('-')).unwrap_or(text);
    let (name, value) = bare.split_once('=').map_or((bare, None), |(name, value)| (name, Some(value)));
    match names.find(name).filter(|_| name.len() > 1) {
        Some(known) => long(&known, value, next, output),
        None if text.starts_with("--") => {
            output.push(word.to_owned());
            Ok(false)
        }
        None => cluster(names, text, next, output),
    }
}

fn long(known: &Known, value: Option<&str>, next: Option<&OsStr>, output: &mut Vec<OsString>) -> Result<bool, Failure> {
    let name = format!("--{}", known.long);
    match (known.takes, value) {
        (Takes::Value, None) => {
            output.push(name.into());
            Ok(next.is_some())
        }
        (Takes::Bool, value) => {
            refuse_separate_bool(&name, value, next)?;
            boolean(known, &name, value, output)?;
            Ok(false)
        }
        (_, Some(value)) => {
            output.push(format!("{name}={value}").into());
            Ok(false)
        }
        (Takes::Nothing, None) => {
            output.push(name.into());
            Ok(false)
        }
    }
}

fn boolean(known: &Known, name: &str, value: Option<&str>, output: &mut Vec<OsString>) -> Result<(), Failure> {
    let given = bool_word(value.unwrap_or("true"))
        .map_err(|error| Failure::usage(format!("`{name}={}`: {error}", value.unwrap_or_default())))?;
    let given = given != known.inverted;
    if known.counts {
        output.extend(given.then(|| OsString::from(name)));
    } else {
        output.push(format!("{name}={given}").into());
    }
    Ok(())
}

/// `-loop false` would mean `-loop=true` and a stray word, in Go as here; that is never what was meant.
fn refuse_separate_bool(name: &str, value: Option<&str>, next: Option<&OsStr>) -> Result<(), Failure> {
    let next = next.and_then(OsStr::to_str).unwrap_or_default();
    if value.is_none() && matches!(next.to_ascii_lowercase().as_str(), "true" | "false") {
        return Err(Failure::usage(format!("`{name} {next}`: a boolean takes its value with `=`"))
            .hint(format!("write `{name}={next}`")));
    }
    Ok(())
}

/// A word of short flags, of which only the last may take a value, as a word of its own or after `=`.
fn cluster(names: &Names<'_>, text: &str, next: Option<&OsStr>, output: &mut Vec<OsString>) -> Result<bool, Failure> {
    let (letters, value) =
        text[1..].split_once('=').map_or((&text[1..], None), |(letters, value)| (letters, Some(value)));
    let count = letters.chars().count();
    for (position, letter) in letters.chars().enumerate() {
        let last = position + 1 == count;
        match names.short(letter) {
            Some(Takes::Value) if last && value.is_none() => {
                output.push(format!("-{letter}").into());
                return Ok(next.is_some());
            }
            Some(Takes::Bool | Takes::Nothing) if !(last && value.is_some()) => {
                output.push(format!("-{letter}").into())
            }
            Some(_) if last => output.push(format!("-{letter}={}", value.unwrap_or_default()).into()),
            _ => return Err(unknown(names, text)),
        }
    }
    Ok(false)
}

fn unknown(names: &Names<'_>, text: &str) -> Failure {
    let name = text.trim_start_matches('-').split('=').next().unwrap_or_default();
    let failure = Failure::usage(format!("unknown flag `{text}`"));
    match names.near(name) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`--help` lists all flags"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Args as _;

    use super::*;
    use crate::args::{AwsArgs, GlobalArgs, PaceArgs};

    #[derive(clap::Args)]
    struct Own {
        #[arg(long)]
        s3path: Vec<String>,
        #[arg(long = "from.q")]
        from_q: Option<String>,
        #[arg(long)]
        r#loop: bool,
        #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, require_equals = true)]
        native: bool,
    }

    const LEGACY: &[Legacy] = &[
        Legacy { name: "interactive", means: Means::Not("no-input") },
        Legacy { name: "debug", means: Means::Flag("verbose") },
        Legacy { name: "files-per-second", means: Means::Flag("rate") },
    ];

    fn sample() -> Command {
        let clap = PaceArgs::augment_args(AwsArgs::augment_args(GlobalArgs::augment_args(Command::new("sample"))));
        command(Own::augment_args(clap))
    }

    fn run(line: &str) -> Result<String, Failure> {
        let words = line.split(' ').filter(|word| !word.is_empty()).map(OsString::from).collect();
        let words = normalise(words, &sample(), LEGACY, |_| None)?;
        Ok(words.iter().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn each_rule_of_go_style_lines() {
        let table = [
            // a single-dash word that is exactly a registered name, with or without `=`
            ("-s3path s3://b/p", "--s3path=s3://b/p"),
            ("-s3path=s3://b/p", "--s3path=s3://b/p"),
            ("--s3path s3://b/p", "--s3path=s3://b/p"),
            ("-from.q=x", "--from.q=x"),
            ("-dry-run", "--dry-run=true"),
            ("-native", "--native=true"),
            ("-help", "--help"),
            ("-version", "--version"),
            // the value after a value-taking flag is never looked at
            ("-from.q -loop", "--from.q=-loop"),
            ("-from.q --", "--from.q=--"),
            ("--rate -1", "--rate=-1"),
            ("-o -n", "-o=-n"),
            // booleans take `=` and Go's words
            ("-loop=false", "--loop=false"),
            ("-loop=T", "--loop=true"),
            ("-loop=0", "--loop=false"),
            ("-loop", "--loop=true"),
            ("-verbose=true", "--verbose"),
            ("-verbose=false", ""),
            // legacy names
            ("-interactive=false", "--no-input=true"),
            ("-interactive", "--no-input=false"),
            ("-debug", "--verbose"),
            ("-files-per-second 0.5", "--rate=0.5"),
            // short flags and clusters
            ("-n", "-n"),
            ("-nyv", "-n -y -v"),
            ("-o file", "-o=file"),
            ("-yo file", "-y -o=file"),
            ("-o=file", "-o=file"),
            // what is no flag, and everything after `--`, passes
            ("word -", "word -"),
            ("-- -loop", "-- -loop"),
            ("--unknown", "--unknown"),
        ];
        for (line, expected) in table {
            assert_eq!(run(line).expect(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_a_usage_error_with_a_hint() {
        let table = [
            ("-loop false", "--loop=false"),
            ("-interactive false", "no-input"),
            ("--loop true", "--loop=true"),
            ("-loop=maybe", ""),
            ("-lop", "--loop"),
            ("-ouput x", "--output"),
            ("-s3pth x", "--s3path"),
            ("-zzzzzzzz", "--help"),
            ("-nx", ""),
        ];
        for (line, hint) in table {
            let failure = run(line).expect_err(line);
            assert_eq!(failure.kind, crate::error::Kind::Usage, "{line}");
            assert!(failure.hints.join(" ").contains(hint), "{line}: {:?}", failure.hints);
        }
    }

    #[test]
    fn clap_takes_what_comes_out() {
        let line = "-s3path s3://b/-x -s3path s3://c -loop -loop=false -interactive=false -rate 5 -files-per-second 0.5 -vv -duration 1h30m";
        let words = line.split(' ').map(OsString::from).collect();
        let words = normalise(words, &sample(), LEGACY, |_| None).expect("line");
        let matches = sample().no_binary_name(true).try_get_matches_from(words).expect("clap takes it");
        let paths: Vec<_> = matches.get_many::<String>("s3path").expect("paths").collect();
        assert_eq!(paths, ["s3://b/-x", "s3://c"], "repeatable flags are listed");
        assert_eq!(matches.get_one::<bool>("loop"), Some(&false), "the last wins");
        assert_eq!(matches.get_one::<bool>("no_input"), Some(&true));
        assert_eq!(matches.get_one::<f64>("rate"), Some(&0.5));
        assert_eq!(matches.get_one::<u8>("verbose"), Some(&2));
        assert_eq!(matches.get_one::<std::time::Duration>("duration").map(|d| d.as_secs()), Some(5_400));
    }

    #[test]
    fn no_cluster_of_short_flags_spells_a_long_one() {
        let sample = sample();
        let shorts: Vec<char> = sample.get_arguments().filter_map(Arg::get_short).chain(['h', 'V']).collect();
        let longs = sample.get_arguments().filter_map(Arg::get_long).chain(LEGACY.iter().map(|legacy| legacy.name));
        for long in longs {
            assert!(!long.chars().all(|letter| shorts.contains(&letter)), "--{long} could be a cluster");
        }
    }

    #[test]
    fn each_shared_flag_has_its_variable_except_what_decides_about_one_run() {
        let without = ["yes", "confirm", "dry-run", "no-input", "generate", "journal", "errors", "output"];
        let shared = PaceArgs::augment_args(AwsArgs::augment_args(GlobalArgs::augment_args(Command::new("shared"))));
        let shared = crate::args::TimeArgs::augment_args(shared);
        for arg in shared.get_arguments() {
            let long = arg.get_long().expect("shared flags have long names");
            let expected = format!("OPSTOOLS_{}", long.to_uppercase().replace('-', "_"));
            let variable = arg.get_env().and_then(OsStr::to_str);
            assert_eq!(variable, (!without.contains(&long)).then_some(expected.as_str()), "--{long}");
        }
    }
}
