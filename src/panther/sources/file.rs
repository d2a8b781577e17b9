//! Lists of sources in files: what the function answered, what a scan of the table gave, or what `sources --json` wrote.

use std::path::Path;

use serde_json::Value;

use super::Sources;
use crate::aws::dynamodb::plain;
use crate::error::Failure;

/// A list of sources is some kilobytes; a file above this size is something else.
const MOST_BYTES: u64 = 256 << 20;

/// Reads a list of sources: a JSON list, JSON lines, `{"Items": [...]}` of `aws dynamodb scan`, or a report of `sources --json`.
///
/// # Errors
/// The file cannot be read, or holds none of these.
pub(super) fn read(path: &Path) -> Result<Sources, Failure> {
    let name = path.display();
    let cannot = |cause: String| {
        Failure::failed(format!("cannot read the sources of `{name}`")).because(cause).hint(
            "give a JSON list of sources, one per line, the output of `aws dynamodb scan`, or that of `sources --json`",
        )
    };
    let size = std::fs::metadata(path).map_err(|error| cannot(error.to_string()))?.len();
    if size > MOST_BYTES {
        return Err(cannot(format!("it has {size} bytes, and no list of sources is that long")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| cannot(error.to_string()))?;
    Ok(Sources::from_rows(&rows(&text).map_err(cannot)?))
}

fn rows(text: &str) -> Result<Vec<Value>, String> {
    let values: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    let mut values = values.map_err(|error| format!("it is no JSON: {error}"))?;
    let rows = match values.as_mut_slice() {
        [] => return Err("it is empty".to_owned()),
        [Value::Array(rows)] => std::mem::take(rows),
        [Value::Object(object)] if object.contains_key("Items") => match &object["Items"] {
            Value::Array(items) => items.iter().map(item).collect(),
            _ => return Err("its `Items` are no list".to_owned()),
        },
        [Value::Object(object)] if object.contains_key("sources") => match &object["sources"] {
            Value::Array(sources) => sources.clone(),
            _ => return Err("its `sources` are no list".to_owned()),
        },
        _ => values,
    };
    let rows: Vec<Value> = rows.into_iter().map(as_it_came).collect();
    // A JSON document of something else must not pass for a list of sources that nobody can read.
    let known = |row: &Value| row.get("integrationId").is_some() || row.get("integrationType").is_some();
    if !rows.is_empty() && !rows.iter().any(known) {
        return Err("nothing in it has an `integrationId`".to_owned());
    }
    Ok(rows)
}

/// What `sources` writes carries the source as it came.
fn as_it_came(mut row: Value) -> Value {
    match row.get_mut("raw") {
        Some(raw @ Value::Object(_)) => raw.take(),
        _ => row,
    }
}

/// An item with DynamoDB's types, as plain JSON.
fn item(item: &Value) -> Value {
    let fields = item.as_object().into_iter().flatten();
    Value::Object(fields.map(|(name, value)| (name.clone(), plain(value))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_of_list_is_read() {
        let table = [
            r#"[{"integrationId":"1","integrationType":"aws-s3"}]"#,
            "{\"integrationId\":\"1\",\"integrationType\":\"aws-s3\"}\n",
            r#"{"Items":[{"integrationId":{"S":"1"},"integrationType":{"S":"aws-s3"}}],"Count":1}"#,
            r#"{"tool":"sources","sources":[{"source_id":"1","raw":{"integrationId":"1","integrationType":"aws-s3"}}]}"#,
        ];
        for text in table {
            let sources = Sources::from_rows(&rows(text).expect(text));
            assert_eq!(sources.all.iter().map(|source| source.id.as_str()).collect::<Vec<_>>(), ["1"], "{text}");
        }
        assert!(rows("[]").is_ok_and(|rows| rows.is_empty()));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for (text, why) in [
            ("", "empty"),
            ("<html>", "no JSON"),
            (r#"{"a":1}"#, "integrationId"),
            ("7", "integrationId"),
            (r#"{"Items":7}"#, "no list"),
            (r#"{"sources":{}}"#, "no list"),
            (r#"[{"a":1}]"#, "integrationId"),
        ] {
            let error = rows(text).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
