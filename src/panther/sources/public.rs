//! The list of the public API: page by page, without the fields that this version does not know.

use serde_json::{Value, json};

use super::Sources;
use crate::error::Failure;
use crate::panther::api::{PublicApi, QueryError};

/// Fields of every source.
const COMMON: [&str; 10] = [
    "integrationId",
    "integrationLabel",
    "integrationType",
    "createdAtTime",
    "isHealthy",
    "lastEventProcessedAtTime",
    "lastEventReceivedAtTime",
    "lastModified",
    "isEditable",
    "logTypes",
];

/// Fields of sources that read a bucket.
const OF_S3: [&str; 8] = [
    "awsAccountId",
    "kmsKey",
    "logProcessingRole",
    "logStreamType",
    "managedBucketNotifications",
    "s3Bucket",
    "s3Prefix",
    "stackName",
];

/// Fields of each prefix.
const OF_PREFIX: [&str; 3] = ["prefix", "logTypes", "excludedPrefixes"];

/// Pages after which a server that never ends is left.
const MOST_PAGES: usize = 10_000;

/// Lists the sources.
///
/// # Errors
/// The API refuses, or answers with something else.
pub(super) async fn list(api: &PublicApi) -> Result<Sources, Failure> {
    let mut fields = Fields::all();
    let (mut rows, mut cursor) = (Vec::new(), Value::Null);
    for _ in 0..MOST_PAGES {
        let mut page = page(api, &mut fields, &cursor).await?;
        let Some(edges) = page["sources"]["edges"].as_array_mut() else {
            return Err(Failure::failed("cannot read the list of sources")
                .because(format!("`{}` answers without a list", api.url())));
        };
        rows.extend(edges.iter_mut().map(|edge| edge["node"].take()));
        let info = &page["sources"]["pageInfo"];
        cursor = info["endCursor"].clone();
        if info["hasNextPage"] != true || cursor.as_str().is_none_or(str::is_empty) {
            return Ok(Sources::from_rows(&rows));
        }
    }
    Err(Failure::failed("cannot read the list of sources").because(format!("`{}` never ends", api.url())))
}

/// One page; fields that the API does not know are given up one by one.
async fn page(api: &PublicApi, fields: &mut Fields, cursor: &Value) -> Result<Value, Failure> {
    loop {
        let input = if cursor.is_null() { json!({}) } else { json!({ "cursor": cursor }) };
        match api.query(&fields.query(), &json!({ "input": input })).await {
            Ok(data) => return Ok(data),
            Err(QueryError::Failed(failure)) => return Err(*failure),
            Err(QueryError::Unknown { message }) => {
                if !fields.give_up(&message) {
                    return Err(Failure::failed(format!("cannot ask `{}`", api.url())).because(message));
                }
            }
        }
    }
}

/// The fields that are asked for.
struct Fields {
    common: Vec<&'static str>,
    s3: Vec<&'static str>,
    prefix: Vec<&'static str>,
}

impl Fields {
    fn all() -> Self {
        Self { common: COMMON.to_vec(), s3: OF_S3.to_vec(), prefix: OF_PREFIX.to_vec() }
    }

    fn query(&self) -> String {
        format!(
            "query sources($input: SourcesInput) {{ sources(input: $input) {{ edges {{ node {{ {} ... on S3LogIntegration \
             {{ {} s3PrefixLogTypes {{ {} }} }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}",
            self.common.join(" "),
            self.s3.join(" "),
            self.prefix.join(" ")
        )
    }

    /// Gives up the field that a message names in quotes, if it was asked for. What tells one source from another stays.
    fn give_up(&mut self, message: &str) -> bool {
        let names =
            |field: &&str| ["\"", "'", "`"].iter().any(|quote| message.contains(&format!("{quote}{field}{quote}")));
        for list in [&mut self.common, &mut self.s3, &mut self.prefix] {
            let first = list
                .iter()
                .position(|field| !["integrationId", "integrationType", "prefix"].contains(field) && names(field));
            if let Some(position) = first {
                list.remove(position);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_not_known_is_given_up_and_no_other() {
        let mut fields = Fields::all();
        assert!(fields.query().contains("excludedPrefixes"));
        assert!(fields.give_up("Cannot query field \"excludedPrefixes\" on type \"S3PrefixLogTypes\"."));
        assert!(!fields.query().contains("excludedPrefixes") && fields.query().contains("isHealthy"));
        assert!(!fields.give_up("Cannot query field \"integrationId\" on type \"LogIntegration\"."));
        assert!(!fields.give_up("something else"));
    }
}
