//! What a tool is about to do, before it does it.
//!
//! A plan is the answer to the operator's checklist: where, what, how much, how long, what if twice, what is left,
//! how to undo. It knows its danger, and so which confirmation it needs.

use serde_json::{Map, Value};

use crate::report::Estimate;

/// Lines of one name that are shown one by one; the rest is counted.
const LINES_SHOWN: usize = 10;

/// How much harm a plan can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Danger {
    /// Only reads, and writes files that the user named.
    None,
    /// Moves, replays, creates; updates of which the old state is kept.
    Moderate,
    /// Deletes, or changes credentials; the operator types this name (the bucket, queue, database, user, or account id).
    Severe {
        /// The name of what suffers.
        name: String,
    },
}

/// How much a plan and its report say where all goes well.
///
/// A tool that is asked a question, or stands in a pipe, is to give its answer and be silent otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Talk {
    /// The plan first, the report at the end.
    #[default]
    All,
    /// The report; the plan only with `-v` and as a dry run.
    Report,
    /// What was asked for, as a table of the report or as rows; the rest only where something went wrong, or with `-v`.
    Answer,
}

/// What will be done; made by reading only.
#[derive(Clone, Debug)]
pub struct Plan {
    /// One line: what will be done to what.
    pub title: String,
    /// Which confirmation is needed.
    pub danger: Danger,
    /// The lines of the plan, in order: name and value.
    pub facts: Vec<(String, String)>,
    /// What the operator should think about before saying yes.
    pub warnings: Vec<String>,
    /// How much, as far as it is known before starting.
    pub estimate: Option<Estimate>,
    /// The same facts with stable names, for the report.
    pub details: Map<String, Value>,
    /// How much is said.
    pub talk: Talk,
}

impl Plan {
    /// A plan with its title and danger.
    pub fn new(title: impl Into<String>, danger: Danger) -> Self {
        Self {
            title: title.into(),
            danger,
            facts: Vec::new(),
            warnings: Vec::new(),
            estimate: None,
            details: Map::new(),
            talk: Talk::All,
        }
    }

    /// Says no more than this where all goes well.
    #[must_use]
    pub fn talks(self, talk: Talk) -> Self {
        Self { talk, ..self }
    }

    /// Adds a line for people.
    pub fn fact(&mut self, name: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.facts.push((name.into(), value.into()));
        self
    }

    /// Adds lines of one name for people, as far as a screen holds them.
    pub fn facts(&mut self, name: &str, values: &[String]) -> &mut Self {
        for value in values.iter().take(LINES_SHOWN) {
            self.fact(name, value);
        }
        if values.len() > LINES_SHOWN {
            self.fact(name, format!("and {} more", values.len() - LINES_SHOWN));
        }
        self
    }

    /// Adds a stable name for programs.
    pub fn detail(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: impl Into<String>) -> &mut Self {
        self.warnings.push(warning.into());
        self
    }
}

/// What is known about the terminal and the flags, for deciding about the confirmation.
#[derive(Clone, Debug, Default)]
pub struct Consent {
    /// A person can be asked.
    pub terminal: bool,
    /// `--yes`.
    pub yes: bool,
    /// `--confirm NAME`.
    pub confirm: Option<String>,
    /// `OPSTOOLS_ASK=always`.
    pub ask_always: bool,
}

/// What to do about the confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// Go ahead.
    Go,
    /// Ask `Proceed? [y/N]`.
    AskYesNo,
    /// Ask for this name.
    AskName(String),
    /// Exit 6, with the reason.
    Refuse(String),
}

/// The table of confirmations of the design.
#[must_use]
pub fn confirmation(danger: &Danger, consent: &Consent) -> Confirmation {
    match danger {
        Danger::None => Confirmation::Go,
        Danger::Moderate if consent.yes => Confirmation::Go,
        Danger::Moderate if consent.terminal => Confirmation::AskYesNo,
        Danger::Moderate if consent.ask_always => Confirmation::Refuse(
            "OPSTOOLS_ASK=always wants a confirmation and nobody can be asked: give `--yes`".to_owned(),
        ),
        Danger::Moderate => Confirmation::Go,
        Danger::Severe { name } => severe(name, consent),
    }
}

fn severe(name: &str, consent: &Consent) -> Confirmation {
    match &consent.confirm {
        Some(given) if given == name => Confirmation::Go,
        Some(given) => Confirmation::Refuse(format!("`--confirm {given}` does not name the target, which is `{name}`")),
        None if consent.terminal => Confirmation::AskName(name.to_owned()),
        None => Confirmation::Refuse(format!("this is severe and nobody can be asked: give `--confirm {name}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_lines_are_shown_in_part_and_counted() {
        let lines: Vec<String> = (1..=12).map(|number| format!("prefix {number}")).collect();
        let shown = |lines: &[String]| Plan::new("list", Danger::None).facts("objects", lines).facts.clone();
        assert_eq!(shown(&lines[..10]).len(), 10);
        let shown = shown(&lines);
        assert_eq!(shown.len(), 11);
        assert_eq!(shown[9].1, "prefix 10");
        assert_eq!(shown[10], ("objects".to_owned(), "and 2 more".to_owned()));
    }

    #[derive(Debug, PartialEq)]
    enum Answer {
        Go,
        YesNo,
        Name,
        Refuse,
    }

    fn answer(danger: &Danger, terminal: bool, yes: bool, confirm: Option<&str>, ask_always: bool) -> Answer {
        let consent = Consent { terminal, yes, confirm: confirm.map(str::to_owned), ask_always };
        match confirmation(danger, &consent) {
            Confirmation::Go => Answer::Go,
            Confirmation::AskYesNo => Answer::YesNo,
            Confirmation::AskName(name) => {
                assert_eq!(name, "q");
                Answer::Name
            }
            Confirmation::Refuse(reason) => {
                assert!(!reason.is_empty());
                Answer::Refuse
            }
        }
    }

    #[test]
    fn the_table_of_danger_and_confirmation() {
        let severe = Danger::Severe { name: "q".to_owned() };
        let table = [
            // danger, terminal, --yes, --confirm, ask always, answer
            (&Danger::None, true, false, None, true, Answer::Go),
            (&Danger::None, false, false, None, true, Answer::Go),
            (&Danger::Moderate, true, false, None, false, Answer::YesNo),
            (&Danger::Moderate, true, true, None, false, Answer::Go),
            (&Danger::Moderate, false, false, None, false, Answer::Go),
            (&Danger::Moderate, false, false, None, true, Answer::Refuse),
            (&Danger::Moderate, false, true, None, true, Answer::Go),
            (&severe, true, false, None, false, Answer::Name),
            (&severe, true, true, None, false, Answer::Name),
            (&severe, true, false, Some("q"), false, Answer::Go),
            (&severe, true, true, Some("other"), false, Answer::Refuse),
            (&severe, false, true, None, false, Answer::Refuse),
            (&severe, false, false, Some("q"), false, Answer::Go),
            (&severe, false, false, Some("other"), false, Answer::Refuse),
        ];
        for (danger, terminal, yes, confirm, ask_always, expected) in table {
            let case = format!("{danger:?} terminal={terminal} yes={yes} confirm={confirm:?} always={ask_always}");
            assert_eq!(answer(danger, terminal, yes, confirm, ask_always), expected, "{case}");
        }
    }
}
