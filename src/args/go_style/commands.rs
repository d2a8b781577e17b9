//! Lines of a tool with commands: which command is meant, wherever its name stands.
//!
//! Flags may stand before the name as well as after it, so the name is brought to the front, where clap looks for it. A
//! line that names none may mean one all the same: what old lines say is the tool's to know.

use std::ffi::{OsStr, OsString};

use clap::Command;

use super::{Legacy, Names, flag};
use crate::error::{Failure, near};

/// The word that asks for help with a command.
const HELP: &str = "help";

/// What a line says about its command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed<'t> {
    /// The command that it names.
    pub command: Option<&'t str>,
    /// Its flags: long names, and letters of short ones; of an old name what it stands for.
    pub flags: Vec<String>,
    /// Whether it has words that are no flags, beside the command.
    pub words: bool,
}

/// The command that is meant, and the line without its name; `None` where the line asks the tool itself for help.
pub(super) fn chosen<'c>(
    mut words: Vec<OsString>,
    command: &'c Command,
    legacy: &[Legacy],
    choose: impl for<'t> Fn(&Typed<'t>) -> Option<&'t str>,
) -> Result<(Option<&'c Command>, Vec<OsString>), Failure> {
    let Looked { mut flags, mut places, wrong } = look(&words, command, legacy);
    if places.first().is_some_and(|place| words[*place] == HELP) {
        words[places.remove(0)] = "--help".into();
        flags.push(HELP.to_owned());
    }
    let named = places.first().and_then(|place| Some((*place, command.find_subcommand(words[*place].to_str()?)?)));
    let asks = ["h", "help", "V", "version", "generate"].iter().any(|flag| flags.iter().any(|given| given == flag));
    if named.is_none() && asks {
        return Ok((None, words));
    }
    let typed = Typed {
        command: named.map(|(_, command)| command.get_name()),
        words: places.len() > usize::from(named.is_some()),
        flags,
    };
    let meant = choose(&typed).and_then(|name| command.find_subcommand(name));
    // What follows a wrong flag may be its value, and is no command then.
    let word = places.first().map(|place| words[*place].as_os_str());
    let meant = meant.ok_or_else(|| wrong.unwrap_or_else(|| no_command(word, command)))?;
    if let Some((place, _)) = named {
        words.remove(place);
    }
    Ok((Some(meant), words))
}

/// What a line consists of.
struct Looked {
    flags: Vec<String>,
    /// Where the words stand that are no flags.
    places: Vec<usize>,
    /// What is wrong with its first wrong flag, as far as that is no matter of the command.
    wrong: Option<Failure>,
}

fn look(words: &[OsString], command: &Command, legacy: &[Legacy]) -> Looked {
    let names = Names { commands: std::iter::once(command).chain(command.get_subcommands()).collect(), legacy };
    let (mut flags, mut places, mut wrong) = (Vec::new(), Vec::new(), None);
    let mut place = 0;
    while let Some(word) = words.get(place) {
        if word == "--" {
            places.extend(place + 1..words.len());
            break;
        }
        let is_flag = word.len() > 1 && word.to_string_lossy().starts_with('-');
        let mut output = Vec::new();
        let read = if is_flag {
            flag(&names, word, words.get(place + 1).map(OsString::as_os_str), &mut output)
        } else {
            Ok(false)
        };
        let value_follows = read.unwrap_or_else(|failure| {
            wrong.get_or_insert(failure);
            false
        });
        if is_flag {
            flags.extend(output.iter().map(|flag| name(flag)));
        } else {
            places.push(place);
        }
        place += 1 + usize::from(value_follows);
    }
    Looked { flags, places, wrong }
}

fn name(flag: &OsStr) -> String {
    let flag = flag.to_string_lossy();
    flag.trim_start_matches('-').split('=').next().unwrap_or_default().to_owned()
}

fn no_command(word: Option<&OsStr>, command: &Command) -> Failure {
    let known: Vec<&str> = command.get_subcommands().filter(|of| !of.is_hide_set()).map(Command::get_name).collect();
    let hint = format!("it is one of {}", known.join(", "));
    let Some(word) = word else { return Failure::usage("the command is missing").hint(hint) };
    let word = word.to_string_lossy();
    let failure = Failure::usage(format!("there is no command `{word}`"));
    match near(&word, known.into_iter()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(hint),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction};

    use super::super::{command, normalise};
    use super::*;

    fn tool() -> Command {
        let verbose = Arg::new("verbose").short('v').long("verbose").action(ArgAction::Count);
        let output = Arg::new("output").short('o').long("output");
        let schema = Arg::new("schema").short('s').long("schema-file");
        let files = Arg::new("files").num_args(0..);
        let parse = Command::new("parse").args([schema, files.clone()]);
        let strict = Arg::new("strict").long("strict").action(ArgAction::SetTrue);
        let tool = Command::new("tool").args([verbose.global(true), output.global(true)]);
        command(tool.subcommands([
            parse,
            Command::new("test").args([strict, files]),
            Command::new("filter").hide(true),
        ]))
    }

    /// A schema on the line is parsed with; without a command and words it is a filter.
    fn choose<'t>(typed: &Typed<'t>) -> Option<&'t str> {
        match typed.command {
            None | Some("test") if typed.flags.iter().any(|flag| flag == "s") => Some("parse"),
            None if !typed.words => Some("filter"),
            command => command,
        }
    }

    fn run(line: &str) -> Result<String, Failure> {
        let words = line.split(' ').filter(|word| !word.is_empty()).map(OsString::from).collect();
        let words = normalise(words, &tool(), &[], choose)?;
        Ok(words.iter().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_command_comes_first_wherever_it_stands() {
        let table = [
            ("parse a b", "parse a b"),
            ("-v -o parse parse -v a", "parse -v -o=parse -v a"),
            ("-output x -s y parse", "parse --output=x -s=y"),
            ("test -strict a", "test --strict=true a"),
            ("-strict test a", "test --strict=true a"),
            ("parse -- -o test", "parse -- -o test"),
            ("", "filter"),
            ("-v", "filter -v"),
            ("-s y a", "parse -s=y a"),
            ("test -s y a", "parse -s=y a"),
            ("--help", "--help"),
            ("help", "--help"),
            ("help parse", "parse --help"),
            ("-h test", "test -h"),
        ];
        for (line, expected) in table {
            assert_eq!(run(line).expect(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_command_is_told_with_near_names() {
        for (line, word, hint) in
            [("pasre a", "`pasre`", "`parse`"), ("zzzzzz", "`zzzzzz`", "parse, test"), ("-v a", "`a`", "parse, test")]
        {
            let failure = run(line).expect_err(line);
            assert!(failure.summary().contains(word) && failure.hints.join(" ").contains(hint), "{line}: {failure:?}");
        }
    }

    #[test]
    fn a_wrong_flag_is_told_before_what_follows_it() {
        let failure = run("-strict false").expect_err("no command");
        assert!(failure.summary().contains("takes its value with `=`"), "{failure:?}");
    }

    #[test]
    fn a_flag_of_another_command_is_unknown() {
        assert!(run("parse -strict").is_err());
    }
}
