//! What files are called, and below which folders they lie.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::random::Random;
use super::recipe::Recipe;
use super::schedule::FilePlan;
use super::words;

/// The account and region in the names of CloudTrail's files; those that the original wrote.
const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-2";

/// What AWS calls the folders of its services' logs.
const SERVICES: [(&str, &str); 8] = [
    ("AWS.ALB", "elasticloadbalancing"),
    ("AWS.CloudTrail", "CloudTrail"),
    ("AWS.CloudTrailDigest", "CloudTrail-Digest"),
    ("AWS.CloudTrailInsight", "CloudTrail-Insight"),
    ("AWS.GuardDuty", "GuardDuty"),
    ("AWS.VPCDns", "vpcdnsquerylogs"),
    ("AWS.VPCFlow", "vpcflowlogs"),
    ("AWS.WAFWebACL", "WAFLogs"),
];

/// Where files lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// `TYPE/2026-01-31T13/FILE`, as the original has it.
    #[default]
    Default,
    /// `AWSLogs/ACCOUNT/SERVICE/REGION/2026/01/31/FILE`, as AWS has it.
    Aws,
    /// By a template.
    Template(String),
}

/// A file's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its key, or its path below the folder; with `/` between folders.
    pub key: String,
}

impl Layout {
    /// Reads `default`, `aws`, or a template.
    ///
    /// # Errors
    /// A template that has a placeholder which does not exist, or no placeholder that tells files apart.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "default" => return Ok(Self::Default),
            "aws" => return Ok(Self::Aws),
            _ => {}
        }
        let known = "{file}, {log_type}, {yyyy}, {mm}, {dd}, {hh}, {number}, {account}, {region}";
        let tells_apart = text.contains("{file}") || text.contains("{number}");
        if !tells_apart {
            return Err(format!("give `default`, `aws`, or a template with {{file}} in it; there are {known}"));
        }
        let filled = fill(text, |_| String::new());
        match filled {
            Ok(filled) if !filled.contains(['{', '}']) => Ok(Self::Template(text.to_owned())),
            Ok(_) => Err(format!("a brace does not belong to a placeholder; there are {known}")),
            Err(name) => Err(format!("there is no placeholder `{{{name}}}`; there are {known}")),
        }
    }

    /// Whether logs of this type have a place in the layout.
    #[must_use]
    pub fn has(&self, log_type: &str) -> bool {
        *self != Self::Aws || service(log_type).is_some()
    }

    /// The key of a file below a prefix; `ending` is that of its compression.
    #[must_use]
    pub fn name(&self, prefix: &str, recipe: &Recipe, file: &FilePlan, seed: u64, ending: &str) -> Named {
        let id = id(recipe, file, seed);
        let at = |format: &str| time(file.hour).strftime(format).to_string();
        let log_type = recipe.log_type.as_str();
        let name = format!("{}{ending}", file_name(log_type, &id, &at("%Y%m%dT%H%MZ")));
        let below = match self {
            Self::Default => format!("{log_type}/{}/{name}", at("%Y-%m-%dT%H")),
            Self::Aws => {
                let service = service(log_type).unwrap_or(log_type);
                format!("AWSLogs/{ACCOUNT}/{service}/{REGION}/{}/{name}", at("%Y/%m/%d"))
            }
            Self::Template(template) => {
                let filled = fill(template, |placeholder| match placeholder {
                    "file" => name.clone(),
                    "log_type" => log_type.to_owned(),
                    "yyyy" => at("%Y"),
                    "mm" => at("%m"),
                    "dd" => at("%d"),
                    "hh" => at("%H"),
                    "number" => file.number.to_string(),
                    "account" => ACCOUNT.to_owned(),
                    _ => REGION.to_owned(),
                });
                filled.unwrap_or_else(|unknown| unknown)
            }
        };
        let prefix = prefix.trim_end_matches('/');
        Named { key: if prefix.is_empty() { below } else { format!("{prefix}/{below}") } }
    }
}

fn service(log_type: &str) -> Option<&'static str> {
    SERVICES.iter().find(|(known, _)| *known == log_type).map(|(_, service)| *service)
}

/// As CloudTrail names its files, by which the log processor knows them; others have an id alone.
fn file_name(log_type: &str, id: &str, minute: &str) -> String {
    match service(log_type).filter(|service| service.starts_with("CloudTrail")) {
        Some(service) => format!("{ACCOUNT}_{service}_{REGION}_{minute}_{}.json", id.replace('-', "")),
        None => id.to_owned(),
    }
}

/// A UUID of the file's own.
fn id(recipe: &Recipe, file: &FilePlan, seed: u64) -> String {
    let name = format!("name of {}", recipe.log_type);
    let mut random = Random::named(seed, &name, &[file.hour.cast_unsigned(), file.number]);
    let digits: String = (0..32).map(|_| char::from(words::HEX[random.index(16)])).collect();
    let groups = [&digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..]];
    format!("{}-{}-4{}-8{}-{}", groups[0], groups[1], groups[2], groups[3], groups[4])
}

fn time(hour: i64) -> jiff::Zoned {
    Timestamp::from_second(hour * 3_600).unwrap_or_default().to_zoned(TimeZone::UTC)
}

/// The template with its placeholders replaced; the name of one that does not exist.
fn fill(template: &str, value: impl Fn(&str) -> String) -> Result<String, String> {
    const KNOWN: [&str; 9] = ["file", "log_type", "yyyy", "mm", "dd", "hh", "number", "account", "region"];
    let (mut filled, mut rest) = (String::new(), template);
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            break;
        };
        if !KNOWN.contains(&name) {
            return Err(name.to_owned());
        }
        filled.push_str(&value(name));
        rest = behind;
    }
    filled.push_str(rest);
    Ok(filled)
}
