//! The log types that are raced: a few of each form, and how a tool without our schemas can read them.

use std::process::Command;

use anyhow::{Context, Result};

use super::super::Options;

/// The log type whose lines tell what serde_json can do: text is held against that.
pub(super) const REFERENCE: &str = "Okta.SystemLog";

/// The log types that race when none is named, the reference first.
const RACED: [&str; 8] = [
    REFERENCE,
    "AWS.CloudTrail",
    "GitLab.API",
    "Apache.AccessCombined",
    "AWS.ALB",
    "AWS.VPCFlow",
    "AWS.S3ServerAccess",
    "Syslog.RFC5424",
];

/// What lines are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    /// Columns between blanks, in quotes where they hold any.
    Columns {
        header: bool,
    },
    /// Fields that a pattern finds.
    Pattern(&'static str),
    /// Text that no peer is told more about.
    Text,
}

/// A log type in the race.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Family {
    pub log_type: String,
    pub form: Form,
    /// The key of the event's time, which the peers that rename fields move.
    pub time: Option<&'static str>,
}

const APACHE: &str = r#"^(?<remote_host>\S+) (?<identity>\S+) (?<user>\S+) \[(?<time>[^\]]+)\] "(?<request>[^"]*)" (?<status>\S+) (?<bytes>\S+) "(?<referer>[^"]*)" "(?<agent>[^"]*)""#;

const S3_ACCESS: &str = r#"^(?<owner>\S+) (?<bucket>\S+) \[(?<time>[^\]]+)\] (?<remote_ip>\S+) (?<requester>\S+) (?<request_id>\S+) (?<operation>\S+) (?<key>\S+) (?<request>"[^"]*"|\S+) (?<status>\S+) (?<error>\S+) (?<sent>\S+) (?<size>\S+) (?<total>\S+) (?<turnaround>\S+) (?<referer>"[^"]*"|\S+) (?<agent>"[^"]*"|\S+) (?<version>\S+)"#;

const SYSLOG: &str = r"^<(?<priority>\d+)>(?<version>\d+) (?<time>\S+) (?<host>\S+) (?<app>\S+) (?<process>\S+) (?<message_id>\S+) (?<data>-|\[.*?\]) ?(?<message>.*)";

impl Family {
    /// `otherwise` is the form of log types that are not known here.
    pub fn of(log_type: &str, otherwise: Form) -> Self {
        let form = match log_type {
            "Apache.AccessCombined" => Form::Pattern(APACHE),
            "AWS.S3ServerAccess" => Form::Pattern(S3_ACCESS),
            "Syslog.RFC5424" => Form::Pattern(SYSLOG),
            "AWS.ALB" => Form::Columns { header: false },
            "AWS.VPCFlow" => Form::Columns { header: true },
            _ => otherwise,
        };
        let time = match log_type {
            "AWS.CloudTrail" => Some("eventTime"),
            "Okta.SystemLog" => Some("published"),
            "GitLab.API" => Some("time"),
            _ => None,
        };
        Self { log_type: log_type.to_owned(), form, time }
    }
}

/// The log types of the command line, or those of the race; the reference first, where it is among them.
///
/// # Errors
/// When a log type is not built in.
pub(super) fn chosen(options: &Options) -> Result<Vec<Family>> {
    let known = known(options)?;
    let mut names: Vec<&str> =
        if options.types.is_empty() { RACED.to_vec() } else { options.types.iter().map(String::as_str).collect() };
    names.sort_by_key(|name| *name != REFERENCE);
    let family = |name: &str| {
        let form = known.iter().find(|(known, _)| known == name).map(|&(_, form)| form);
        Ok(Family::of(name, form.with_context(|| format!("`{name}` is no built-in log type"))?))
    };
    names.into_iter().map(family).collect()
}

/// All built-in log types with their forms, as `pantherlog types` tells them.
///
/// # Errors
/// When our parser cannot be run.
pub(super) fn known(options: &Options) -> Result<Vec<(String, Form)>> {
    let program = options.ours("pantherlog");
    let output = Command::new(&program).arg("types").output();
    let output = output.with_context(|| format!("cannot run `{}`", program.display()))?;
    Ok(forms(&String::from_utf8_lossy(&output.stdout)))
}

fn forms(types: &str) -> Vec<(String, Form)> {
    let rows = types.lines().skip(1).map(|row| row.split('\t'));
    rows.filter_map(|mut cells| Some((cells.next()?, cells.next()?)))
        .map(|(name, form)| (name.to_owned(), if form == "json" { Form::Json } else { Form::Text }))
        .collect()
}

/// The names of a pattern's groups.
pub(super) fn names(pattern: &str) -> Vec<&str> {
    pattern.split("(?<").skip(1).filter_map(|rest| rest.split_once('>')).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_groups_are_those_of_the_pattern() {
        assert_eq!(names(r#"^(?<a>\S+) \[(?<b_c>[^>]+)\] ("|\S)"#), ["a", "b_c"]);
        assert_eq!(names(S3_ACCESS).len(), 18);
        assert!(names("no group").is_empty());
    }

    #[test]
    fn forms_are_those_of_the_table() {
        let types = "LOG_TYPE\tFORM\tCOLUMNS\nA.B\tjson\t3\nC.D\ttext\t4\n";
        assert_eq!(forms(types), [("A.B".to_owned(), Form::Json), ("C.D".to_owned(), Form::Text)]);
    }

    #[test]
    fn a_log_type_that_is_not_raced_by_itself_has_the_form_it_is_told() {
        assert_eq!(Family::of("A.B", Form::Text).form, Form::Text);
        assert_eq!(Family::of("AWS.ALB", Form::Text).form, Form::Columns { header: false });
    }
}
