//! Fields of later types of sources are not known, and some of them hold keys: what may be a secret is not shown.

use serde_json::Value;

/// Parts of names whose values are nobody's business.
const SECRET: [&str; 9] =
    ["secret", "password", "passphrase", "token", "apikey", "api_key", "privatekey", "private_key", "credential"];

/// What stands in place of a secret.
const HIDDEN: &str = "[hidden]";

/// The value with every text under a secret's name hidden, at any depth.
pub fn redacted(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let field = |(name, value): (&String, &Value)| {
                let value = if is_secret(name) { hidden(value) } else { redacted(value) };
                (name.clone(), value)
            };
            Value::Object(object.iter().map(field).collect())
        }
        Value::Array(list) => list.iter().map(redacted).collect(),
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET.iter().any(|part| name.contains(part))
}

/// Emptiness is no secret, and tells that something is not set.
fn hidden(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::String(text) if text.is_empty() => value.clone(),
        _ => Value::from(HIDDEN),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_may_be_a_secret_is_hidden_at_any_depth() {
        let raw = json!({ "integrationId": "1", "pullerConfig": [{ "clientSecret": "s3cr3t", "accessToken": { "value": "t" },
            "apiKey": "", "hasPassword": true, "url": "https://x" }] });
        let shown = redacted(&raw);
        assert_eq!(
            shown,
            json!({ "integrationId": "1", "pullerConfig": [{ "clientSecret": HIDDEN, "accessToken": HIDDEN,
            "apiKey": "", "hasPassword": true, "url": "https://x" }] })
        );
    }
}
