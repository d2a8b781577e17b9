//! Where the list of sources comes from: the deployment's function, its table when the function cannot be asked, its public
//! API, or a file.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Sources, file, public};
use crate::aws::Session;
use crate::aws::dynamodb::scan;
use crate::aws::lambda::{InvokeError, invoke};
use crate::error::{Failure, Kind};
use crate::panther::api::PublicApi;

/// The function that lists sources.
pub const SOURCE_API: &str = "panther-source-api";

/// The table that holds them.
pub const SOURCE_TABLE: &str = "panther-source-integrations";

/// The way around a function that is broken, for every tool that needs sources.
const READ_TABLE: &str = "the table holds them, too: `sources --backend dynamodb` lists it, and with `--json -o FILE` makes a file \
    for `--sources-file FILE`";

/// Where to read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The function, and the table when the function is not there or may not be invoked.
    Function,
    /// The table.
    Table,
    /// A file.
    File(PathBuf),
}

/// The sources, and how they were come by.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The sources.
    pub sources: Sources,
    /// What was really read: `lambda`, `dynamodb`, `api` or `file`.
    pub backend: &'static str,
    /// What to know about the list: why it comes from elsewhere, rows that are no sources.
    pub warnings: Vec<String>,
}

/// Lists the sources.
///
/// # Errors
/// The list can be had neither from the place asked for nor from the one that stands in for it.
pub async fn list(session: &Session, origin: &Origin) -> Result<Listed, Failure> {
    let listed = match origin {
        Origin::File(path) => return read_file(path),
        Origin::Table => table(session).await?,
        Origin::Function => match fetch(session).await {
            Ok(sources) => listed(sources, "lambda"),
            Err(failure) if may_stand_in(&failure) => instead_of(session, failure).await?,
            Err(failure) => return Err(failure),
        },
    };
    Ok(with_warnings(listed))
}

/// Reads the sources of a file, for which no connection is needed.
///
/// # Errors
/// The file cannot be read or is no list of sources.
pub fn read_file(path: &Path) -> Result<Listed, Failure> {
    Ok(with_warnings(listed(file::read(path)?, "file")))
}

/// Reads the sources of the public API, for which no connection to AWS is needed.
///
/// # Errors
/// The API refuses, or answers with something else.
pub async fn read_api(api: &PublicApi) -> Result<Listed, Failure> {
    let mut listed = with_warnings(listed(public::list(api).await?, "api"));
    listed
        .warnings
        .push("the public API lists log sources only: accounts that are scanned are not among them".to_owned());
    Ok(listed)
}

/// Says which rows are no sources.
fn with_warnings(mut listed: Listed) -> Listed {
    let sources = &listed.sources;
    if !sources.zombies.is_empty() {
        let named = |id: &String| if id.is_empty() { "one without an id".to_owned() } else { format!("`{id}`") };
        let ids = sources.zombies.iter().map(named).collect::<Vec<_>>().join(", ");
        listed.warnings.push(format!("rows without a type, left over from deleted sources: {ids}"));
    }
    if sources.unreadable > 0 {
        listed.warnings.push(format!("{} entries of the list are no sources at all", sources.unreadable));
    }
    listed
}

/// Asks the deployment's function for its sources.
///
/// # Errors
/// The function is not there, may not be invoked, or answers with an error.
pub async fn fetch(session: &Session) -> Result<Sources, Failure> {
    match invoke(session, SOURCE_API, &json!({ "listIntegrations": {} })).await {
        Ok(answer) if answer.is_array() => Ok(Sources::from_json(&answer)),
        // A list without entries is null in some versions.
        Ok(Value::Null) => Ok(Sources::default()),
        Ok(answer) => Err(Failure::failed("cannot read the list of sources")
            .because(format!("`{SOURCE_API}` answers with {} instead of a list", kind_of(&answer)))
            .hint(READ_TABLE)),
        Err(InvokeError::Call(failure)) => Err(*failure),
        Err(InvokeError::Function(error)) => {
            let kind = error.kind.unwrap_or_else(|| "no error type".to_owned());
            Err(Failure::failed("cannot list the sources")
                .because(format!("`{SOURCE_API}` failed ({kind}): {}", error.message))
                .hint(format!("look at the log group /aws/lambda/{SOURCE_API}"))
                .hint(READ_TABLE))
        }
    }
}

async fn table(session: &Session) -> Result<Listed, Failure> {
    Ok(listed(Sources::from_rows(&scan(session, SOURCE_TABLE).await?), "dynamodb"))
}

async fn instead_of(session: &Session, function: Failure) -> Result<Listed, Failure> {
    match table(session).await {
        Ok(mut listed) => {
            listed.warnings.push(format!(
                "`{SOURCE_API}` cannot be asked ({}): the list is that of the table `{SOURCE_TABLE}`",
                function.code().unwrap_or("not allowed")
            ));
            Ok(listed)
        }
        Err(table) => Err(function.hint(format!("the table does not help either: {}", table.summary()))),
    }
}

const fn listed(sources: Sources, backend: &'static str) -> Listed {
    Listed { sources, backend, warnings: Vec::new() }
}

/// The function is missing or forbidden. Useless credentials would be so for the table, too.
fn may_stand_in(failure: &Failure) -> bool {
    let code = failure.code().unwrap_or_default();
    code == "ResourceNotFoundException" || (failure.kind == Kind::NotAllowed && code.starts_with("AccessDenied"))
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
