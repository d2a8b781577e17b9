//! One entry of the register, and what makes it right by itself.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How many examples a tool shows: one is no manual, six are not read.
const EXAMPLES: std::ops::RangeInclusive<usize> = 2..=5;

/// What running a tool may do; ordered from harmless to worst.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Danger {
    /// Reads, and writes only files that the user named.
    None,
    /// Moves, replays, creates, updates of which the old state is kept.
    Moderate,
    /// Deletes data, definitions or messages, or changes access.
    Severe,
}

/// One `[[tool]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Tool {
    /// Name of the binary.
    pub name: String,
    /// Its one-line help.
    pub about: String,
    /// Chapter of the README's table.
    pub group: String,
    /// The worst of its modes.
    pub danger: Danger,
    /// Danger of each mode.
    pub modes: BTreeMap<String, Danger>,
    /// AWS services that it calls, as IAM spells them.
    pub services: Vec<String>,
    /// Whether a second run changes nothing more.
    #[expect(dead_code, reason = "for people and the integration tests; read here so that it must be there")]
    pub idempotent: bool,
    /// What it follows.
    pub origin: String,
    /// First version that has it.
    pub since: String,
    /// Flag names of the original, without dashes.
    pub legacy_flags: Vec<String>,
    /// Command lines that really run.
    pub examples: Vec<String>,
}

impl Danger {
    /// The word of the register.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Moderate => "moderate",
            Self::Severe => "severe",
        }
    }
}

/// What is wrong with the entries themselves, given the version that is being made.
pub fn problems(tools: &[Tool], version: &str) -> Vec<String> {
    let mut problems: Vec<_> = tools.iter().flat_map(|tool| of_one(tool, version)).collect();
    for pair in tools.windows(2) {
        if pair[0].name >= pair[1].name {
            problems.push(format!(
                "tools.toml: `{}` comes before `{}`; sort by name, each once",
                pair[0].name, pair[1].name
            ));
        }
    }
    problems
}

fn of_one(tool: &Tool, version: &str) -> Vec<String> {
    let worst = tool.modes.values().max();
    let mut sorted = tool.services.clone();
    sorted.sort();
    sorted.dedup();
    let rules = [
        (
            worst == Some(&tool.danger),
            format!("danger is not the worst of its modes ({})", worst.map_or("it has none", |danger| danger.word())),
        ),
        (!tool.about.is_empty() && !tool.about.ends_with('.'), "about is one phrase without a full stop".to_owned()),
        (!tool.group.is_empty() && !tool.origin.is_empty(), "group and origin say something".to_owned()),
        (!tool.services.is_empty() && sorted == tool.services, "services are sorted, each once".to_owned()),
        (
            parts(&tool.since) <= parts(version) && parts(&tool.since).is_some(),
            format!("since is a version up to {version}"),
        ),
        (
            tool.legacy_flags.iter().all(|flag| !flag.starts_with('-')),
            "legacy-flags are written without dashes".to_owned(),
        ),
        (
            EXAMPLES.contains(&tool.examples.len()),
            format!("it has {} to {} examples", EXAMPLES.start(), EXAMPLES.end()),
        ),
        (
            tool.examples.iter().all(|line| line.split(' ').next() == Some(&tool.name)),
            "its examples start with its name".to_owned(),
        ),
    ];
    let broken = rules.into_iter().filter(|(kept, _)| !kept);
    broken.map(|(_, rule)| format!("tools.toml: `{}`: broken rule: {rule}", tool.name)).collect()
}

/// The numbers of a version; a pre-release counts as its release.
fn parts(version: &str) -> Option<Vec<u64>> {
    let release = version.split(['-', '+']).next()?;
    release.split('.').map(|part| part.parse().ok()).collect()
}

/// A right entry for the tests to spoil.
#[cfg(test)]
pub fn sample(name: &str) -> Tool {
    Tool {
        name: name.to_owned(),
        about: format!("Do what {name} does"),
        group: "queues".to_owned(),
        danger: Danger::Moderate,
        modes: BTreeMap::from([("look".to_owned(), Danger::None), ("move".to_owned(), Danger::Moderate)]),
        services: vec!["sqs".to_owned(), "sts".to_owned()],
        idempotent: true,
        origin: "new".to_owned(),
        since: "0.1.0".to_owned(),
        legacy_flags: vec!["to.q".to_owned()],
        examples: vec![format!("{name} --look"), format!("{name} --move")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoiled(spoil: impl Fn(&mut Tool)) -> Vec<String> {
        let mut tool = sample("requeue");
        spoil(&mut tool);
        problems(&[tool], "0.1.0")
    }

    #[test]
    fn a_right_entry_has_no_problem() {
        assert_eq!(spoiled(|_| {}), Vec::<String>::new());
    }

    /// Words of the complaint, and what provokes it.
    type Case = (&'static str, fn(&mut Tool));

    #[test]
    fn each_rule_is_found_broken() {
        let cases: [Case; 9] = [
            ("worst of its modes", |tool| tool.danger = Danger::Severe),
            ("it has none", |tool| tool.modes.clear()),
            ("one phrase", |tool| tool.about.push('.')),
            ("group and origin", |tool| tool.origin.clear()),
            ("services are sorted", |tool| tool.services.reverse()),
            ("version up to 0.1.0", |tool| tool.since = "0.2.0".to_owned()),
            ("without dashes", |tool| tool.legacy_flags.push("-loop".to_owned())),
            ("2 to 5 examples", |tool| tool.examples.truncate(1)),
            ("start with its name", |tool| tool.examples.push("s3queue --x".to_owned())),
        ];
        for (rule, spoil) in cases {
            let found = spoiled(spoil);
            assert_eq!(found.len(), 1, "{rule}: {found:?}");
            assert!(found[0].contains(rule) && found[0].contains("`requeue`"), "{rule}: {found:?}");
        }
    }

    #[test]
    fn tools_are_sorted_and_unique() {
        assert_eq!(problems(&[sample("requeue"), sample("s3queue")], "0.1.0"), Vec::<String>::new());
        assert_eq!(problems(&[sample("s3queue"), sample("requeue")], "0.1.0").len(), 1);
        assert_eq!(problems(&[sample("requeue"), sample("requeue")], "0.1.0").len(), 1);
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(parts("0.9.0") < parts("0.10.0-rc.1"));
        assert_eq!(parts("soon"), None);
    }
}
