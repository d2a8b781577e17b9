//! The least-privilege policy of each tool: well-formed, narrow, and about the services that the register names.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::entry::Tool;
use crate::project::Project;

/// The policy language's version; the older one has no variables.
const LANGUAGE_VERSION: &str = "2012-10-17";

/// Answers `GetCallerIdentity` to everyone, so a tool may call it without a statement about it.
const NEEDS_NO_STATEMENT: &str = "sts";

/// Actions that AWS cannot limit to a resource.
const WITHOUT_RESOURCE: [&str; 5] = [
    "lambda:ListEventSourceMappings",
    "sns:GetSubscriptionAttributes",
    "sns:ListTopics",
    "sqs:ListQueues",
    "sts:GetCallerIdentity",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Policy {
    version: String,
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    sid: String,
    effect: String,
    action: OneOrMany,
    resource: OneOrMany,
    #[expect(dead_code, reason = "any condition narrows; only its place is checked")]
    condition: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// What is wrong with the policies of the registered tools; a missing file is drift's to tell.
pub fn problems(project: &Project, tools: &[Tool]) -> Vec<String> {
    let present = tools.iter().filter(|tool| project.path(file(tool)).exists());
    present.flat_map(|tool| of_one(project, tool).unwrap_or_else(|error| vec![format!("{error:#}")])).collect()
}

fn file(tool: &Tool) -> String {
    format!("dist/iam/{}.json", tool.name)
}

fn of_one(project: &Project, tool: &Tool) -> Result<Vec<String>> {
    let file = file(tool);
    let policy: Policy = serde_json::from_str(&project.read(&file)?).with_context(|| format!("in `{file}`"))?;
    let mut problems = service_problems(&policy, tool);
    if policy.version != LANGUAGE_VERSION {
        problems.push(format!("Version is `{}`, not `{LANGUAGE_VERSION}`", policy.version));
    }
    problems.extend(policy.statement.iter().flat_map(statement_problems));
    Ok(problems.into_iter().map(|problem| format!("{file}: {problem}")).collect())
}

/// The services of the actions are those of the register.
fn service_problems(policy: &Policy, tool: &Tool) -> Vec<String> {
    let actions = policy.statement.iter().flat_map(|statement| statement.action.as_slice());
    let allowed: BTreeSet<_> =
        actions.filter_map(|action| action.split_once(':')).map(|(service, _)| service).collect();
    let registered: BTreeSet<_> = tool.services.iter().map(String::as_str).collect();
    let strange =
        allowed.difference(&registered).map(|service| format!("allows `{service}`, which is not in its services"));
    let missing = registered.difference(&allowed).filter(|service| **service != NEEDS_NO_STATEMENT);
    strange.chain(missing.map(|service| format!("allows nothing of its service `{service}`"))).collect()
}

fn statement_problems(statement: &Statement) -> Vec<String> {
    let actions = statement.action.as_slice();
    let any_resource = statement.resource.as_slice().iter().any(|resource| resource == "*");
    let limited = actions.iter().filter(|action| !WITHOUT_RESOURCE.contains(&action.as_str()));
    let mut problems = Vec::new();
    if statement.effect != "Allow" {
        problems.push(format!("`{}`: Effect is `{}`", statement.sid, statement.effect));
    }
    if let Some(action) = actions.iter().find(|action| action.contains('*') || !action.contains(':')) {
        problems.push(format!("`{}`: `{action}` is not one action by name", statement.sid));
    }
    if let Some(action) = limited.into_iter().next().filter(|_| any_resource) {
        problems.push(format!("`{}`: `{action}` is allowed on every resource", statement.sid));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::entry::sample;
    use super::*;

    /// Problems of a policy with one statement about queues, and one more.
    fn found(effect: &str, action: &str, resource: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("dist/iam")).unwrap();
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": "Queues", "Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": "arn:aws:sqs:*:*:panther-*"},
                {"Sid": "Case", "Effect": effect, "Action": action, "Resource": resource},
            ],
        });
        std::fs::write(folder.path().join("dist/iam/requeue.json"), policy.to_string()).unwrap();
        problems(&Project::at(folder.path()), &[sample("requeue")])
    }

    #[test]
    fn a_narrow_policy_has_no_problem() {
        assert_eq!(found("Allow", "sts:GetCallerIdentity", "*"), Vec::<String>::new());
    }

    #[test]
    fn each_widening_is_named() {
        let cases = [
            ("Deny", "sqs:SendMessage", "arn:aws:sqs:*:*:q", "Effect is `Deny`"),
            ("Allow", "sqs:*", "arn:aws:sqs:*:*:q", "not one action"),
            ("Allow", "sqs:DeleteMessage", "*", "on every resource"),
            ("Allow", "s3:GetObject", "arn:aws:s3:::b/*", "`s3`, which is not in its services"),
        ];
        for (effect, action, resource, said) in cases {
            let problems = found(effect, action, resource);
            assert!(problems.len() == 1 && problems[0].contains(said), "{action}: {problems:?}");
        }
    }

    #[test]
    fn a_service_without_a_statement_is_named() {
        let mut tool = sample("requeue");
        tool.services.insert(0, "lambda".to_owned());
        let policy = Policy { version: LANGUAGE_VERSION.to_owned(), statement: Vec::new() };
        let problems = service_problems(&policy, &tool);
        assert_eq!(problems, ["allows nothing of its service `lambda`", "allows nothing of its service `sqs`"]);
    }
}
