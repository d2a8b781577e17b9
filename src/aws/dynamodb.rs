//! DynamoDB: whole tables as plain JSON. The tables of a deployment that tools read are small.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{Session, service_error};
use crate::error::Failure;

/// Every item of a table, page by page, as plain JSON: sets become sorted lists, binary values base64.
///
/// # Errors
/// The table is not there or may not be read.
pub async fn scan(session: &Session, table: &str) -> Result<Vec<Value>, Failure> {
    let config = aws_sdk_dynamodb::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
    let mut pages = aws_sdk_dynamodb::Client::from_conf(config).scan().table_name(table).into_paginator().send();
    let mut items = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| {
            let doing = format!("cannot read table `{table}`");
            session.failure(doing, service_error("DynamoDB", &error), "dynamodb:Scan", &format!("table `{table}`"))
        })?;
        let object = |item: std::collections::HashMap<String, AttributeValue>| {
            Value::Object(item.iter().map(|(name, value)| (name.clone(), of_attribute(value))).collect())
        };
        items.extend(page.items.unwrap_or_default().into_iter().map(object));
    }
    Ok(items)
}

fn of_attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => Value::from(text.as_str()),
        AttributeValue::N(text) => number(text),
        AttributeValue::Bool(flag) => Value::from(*flag),
        AttributeValue::L(list) => list.iter().map(of_attribute).collect(),
        AttributeValue::M(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.clone(), of_attribute(value))).collect())
        }
        AttributeValue::Ss(set) => sorted(set.clone()).map(Value::from).collect(),
        AttributeValue::Ns(set) => sorted(set.clone()).map(|text| number(&text)).collect(),
        AttributeValue::B(bytes) => Value::from(STANDARD.encode(bytes.as_ref())),
        AttributeValue::Bs(set) => set.iter().map(|bytes| Value::from(STANDARD.encode(bytes.as_ref()))).collect(),
        _ => Value::Null,
    }
}

/// A value in DynamoDB's JSON (`{"S": "text"}`), as `aws dynamodb scan` prints it, as plain JSON.
#[must_use]
pub fn plain(typed: &Value) -> Value {
    let Some((kind, content)) = typed.as_object().and_then(|object| object.iter().next()) else { return Value::Null };
    let list = || content.as_array().into_iter().flatten();
    match kind.as_str() {
        "N" => number(content.as_str().unwrap_or_default()),
        "NS" => list().map(|text| number(text.as_str().unwrap_or_default())).collect(),
        "L" => list().map(plain).collect(),
        "M" => {
            let fields = content.as_object().into_iter().flatten();
            Value::Object(fields.map(|(name, value)| (name.clone(), plain(value))).collect::<Map<_, _>>())
        }
        "NULL" => Value::Null,
        _ => content.clone(),
    }
}

fn sorted(mut set: Vec<String>) -> impl Iterator<Item = String> {
    set.sort();
    set.into_iter()
}

/// DynamoDB's numbers have more digits than JSON readers keep; those stay texts.
fn number(text: &str) -> Value {
    text.parse::<i64>()
        .map(Value::from)
        .or_else(|_| text.parse::<f64>().map(|number| json!(number)))
        .unwrap_or_else(|_| Value::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_every_type_become_the_same_json() {
        let table = [
            (AttributeValue::S("t".to_owned()), json!({ "S": "t" }), json!("t")),
            (AttributeValue::N("1440".to_owned()), json!({ "N": "1440" }), json!(1440)),
            (AttributeValue::N("1.5".to_owned()), json!({ "N": "1.5" }), json!(1.5)),
            (AttributeValue::Bool(true), json!({ "BOOL": true }), json!(true)),
            (AttributeValue::Null(true), json!({ "NULL": true }), Value::Null),
            (AttributeValue::Ss(vec!["a".to_owned(), "b".to_owned()]), json!({ "SS": ["a", "b"] }), json!(["a", "b"])),
            (AttributeValue::Ns(vec!["1".to_owned()]), json!({ "NS": ["1"] }), json!([1])),
            (
                AttributeValue::L(vec![AttributeValue::M(
                    [("k".to_owned(), AttributeValue::S("v".to_owned()))].into_iter().collect(),
                )]),
                json!({ "L": [{ "M": { "k": { "S": "v" } } }] }),
                json!([{ "k": "v" }]),
            ),
        ];
        for (value, typed, expected) in table {
            assert_eq!((of_attribute(&value), plain(&typed)), (expected.clone(), expected));
        }
    }

    #[test]
    fn sets_are_sorted() {
        let set = AttributeValue::Ss(vec!["b".to_owned(), "a".to_owned()]);
        assert_eq!(of_attribute(&set), json!(["a", "b"]));
    }
}
