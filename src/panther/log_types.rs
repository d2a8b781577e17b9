//! Log types: their tables, and the way back, which only the deployment knows.
//!
//! A table's name is that of the log type in lower case with `_` for `.`, so two log types may share one, and none can be
//! computed from it. The deployment lists its log types; custom ones that were deleted are in a list of their own, and their
//! data is still there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::aws::Session;
use crate::aws::lambda::{InvokeError, invoke};
use crate::error::Failure;

/// The function that lists log types.
const LOG_TYPES_API: &str = "panther-logtypes-api";

/// Log types of cloud security, which no list holds.
pub const CLOUD_SECURITY_TYPES: [&str; 2] = ["Compliance.History", "Resource.History"];

/// The table of a log type.
#[must_use]
pub fn table_name(log_type: &str) -> String {
    log_type.replace('.', "_").to_lowercase()
}

/// Log types by their tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogTypes {
    by_table: BTreeMap<String, BTreeSet<String>>,
}

/// Why a table gives no log type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoLogType {
    /// Nobody knows it.
    Unknown,
    /// These share it.
    Shared(Vec<String>),
}

impl LogTypes {
    /// These log types, and those of cloud security.
    #[must_use]
    pub fn of<I: IntoIterator<Item = S>, S: AsRef<str>>(names: I) -> Self {
        let mut log_types = Self::default();
        for name in CLOUD_SECURITY_TYPES {
            log_types.add(name);
        }
        for name in names {
            log_types.add(name.as_ref());
        }
        log_types
    }

    fn add(&mut self, name: &str) {
        self.by_table.entry(table_name(name)).or_default().insert(name.to_owned());
    }

    /// Adds log types that were deleted; where one in use has the same table, that one stays alone.
    pub fn add_deleted<S: AsRef<str>>(&mut self, names: &[S]) {
        let known: BTreeSet<String> = self.by_table.keys().cloned().collect();
        for name in names.iter().map(AsRef::as_ref).filter(|name| !known.contains(&table_name(name))) {
            self.add(name);
        }
    }

    /// Says that this table is this log type's, whatever was known.
    pub fn set(&mut self, table: &str, log_type: &str) {
        self.by_table.insert(table.to_owned(), [log_type.to_owned()].into());
    }

    /// The log type of a table.
    ///
    /// # Errors
    /// None is known, or several share it.
    pub fn of_table(&self, table: &str) -> Result<&str, NoLogType> {
        let names = self.by_table.get(table).ok_or(NoLogType::Unknown)?;
        match names.first() {
            Some(name) if names.len() == 1 => Ok(name),
            Some(_) => Err(NoLogType::Shared(names.iter().cloned().collect())),
            None => Err(NoLogType::Unknown),
        }
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_table.values().flatten().map(String::as_str)
    }
}

/// Asks the deployment for its log types; what to think about comes beside them.
///
/// # Errors
/// The function is not there, may not be invoked, or answers with an error.
pub async fn fetch_log_types(session: &Session) -> Result<(LogTypes, Vec<String>), Failure> {
    let mut log_types = LogTypes::of(names(session, "ListAvailableLogTypes").await?);
    // Newer deployments may not have this list; what it names is then unknown, and said to be.
    let warnings = match names(session, "ListDeletedCustomLogs").await {
        Ok(deleted) => {
            log_types.add_deleted(&deleted);
            Vec::new()
        }
        Err(failure) => vec![format!("deleted log types are not known: {}", failure.summary())],
    };
    Ok((log_types, warnings))
}

async fn names(session: &Session, route: &str) -> Result<Vec<String>, Failure> {
    let doing = || Failure::failed(format!("cannot list the log types (`{route}`)"));
    let answer = invoke(session, LOG_TYPES_API, &json!({ route: {} })).await.map_err(|error| match error {
        InvokeError::Call(failure) => *failure,
        InvokeError::Function(error) => {
            let kind = error.kind.unwrap_or_else(|| "no error type".to_owned());
            doing()
                .because(format!("`{LOG_TYPES_API}` failed ({kind}): {}", error.message))
                .hint(format!("look at the log group /aws/lambda/{LOG_TYPES_API}"))
        }
    })?;
    read_names(&answer).map_err(|why| doing().because(format!("`{LOG_TYPES_API}` {why}")))
}

/// Reads an answer; what is wrong with a request comes as an `error` in it.
fn read_names(answer: &Value) -> Result<Vec<String>, String> {
    if let Some(error) = answer.get("error").filter(|error| !error.is_null()) {
        let text = |name: &str| error[name].as_str().unwrap_or("?");
        return Err(format!("refused: {}: {}", text("code"), text("message")));
    }
    let list = answer.get("logTypes").or_else(|| answer.get("LogTypes"));
    match list {
        Some(Value::Array(names)) => Ok(names.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        Some(Value::Null) => Ok(Vec::new()),
        _ => Err("answers without a list `logTypes`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_lead_back_to_their_log_types() {
        let mut log_types = LogTypes::of(["AWS.CloudTrail", "A.B", "A_B"]);
        log_types.add_deleted(&["Custom.Retired", "aws.cloudTrail"]);
        assert_eq!(log_types.of_table("aws_cloudtrail"), Ok("AWS.CloudTrail"), "one in use wins");
        assert_eq!(log_types.of_table("custom_retired"), Ok("Custom.Retired"));
        assert_eq!(log_types.of_table("resource_history"), Ok("Resource.History"));
        assert_eq!(log_types.of_table("x"), Err(NoLogType::Unknown));
        assert_eq!(log_types.of_table("a_b"), Err(NoLogType::Shared(vec!["A.B".to_owned(), "A_B".to_owned()])));
        log_types.set("a_b", "A.B");
        assert_eq!(log_types.of_table("a_b"), Ok("A.B"));
    }

    #[test]
    fn answers_are_read_with_their_errors() {
        assert_eq!(read_names(&json!({ "logTypes": ["A", "B"] })), Ok(vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!(read_names(&json!({ "logTypes": null })), Ok(Vec::new()));
        let refused = read_names(&json!({ "error": { "code": "NotFound", "message": "no such thing" } }));
        assert!(refused.expect_err("refused").contains("NotFound: no such thing"));
        for answer in [json!([]), json!("x"), json!(null), json!({})] {
            assert!(read_names(&answer).is_err(), "{answer}");
        }
    }
}
