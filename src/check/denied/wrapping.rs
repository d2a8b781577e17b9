//! Taking a refusal out of what it is wrapped in: XML and JSON of an answer, or a line that a Go program wrote.

use serde_json::Value;

/// What the Go SDK puts after the message.
const GO_TAIL: &str = "status code:";

/// The code, where it can be told, and the message.
pub(super) fn unwrap(text: &str) -> (Option<String>, String) {
    let text = text.trim();
    if let Some(found) = of_xml(text).or_else(|| of_json(text)) {
        return found;
    }
    of_go(text).unwrap_or_else(|| (None, text.to_owned()))
}

fn of_xml(text: &str) -> Option<(Option<String>, String)> {
    let message = element(text, "Message").or_else(|| element(text, "message"));
    let code = element(text, "Code");
    (code.is_some() || message.is_some()).then(|| (code, message.unwrap_or_default()))
}

/// The text of an element; cut off, what there is of it.
fn element(text: &str, name: &str) -> Option<String> {
    let start = text.find(&format!("<{name}>"))? + name.len() + 2;
    let end = text[start..].find("</").map_or(text.len(), |length| start + length);
    Some(plain(&text[start..end]))
}

fn plain(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&apos;", "'").replace("&amp;", "&")
}

fn of_json(text: &str) -> Option<(Option<String>, String)> {
    let start = text.find('{')?;
    let value: Value = serde_json::from_str(&text[start..]).ok()?;
    let field = |names: &[&str]| names.iter().find_map(|name| value.get(*name)?.as_str()).map(str::to_owned);
    let code = field(&["__type", "code", "Code", "errorCode"]);
    let message = field(&["message", "Message", "errorMessage"]);
    (code.is_some() || message.is_some()).then(|| (code, message.unwrap_or_default()))
}

/// `<Code>: <message>\n\tstatus code: 403, request id: ...`, with whatever stands before the code.
fn of_go(text: &str) -> Option<(Option<String>, String)> {
    let head = text.split(GO_TAIL).next().unwrap_or(text).trim();
    let mut before = 0;
    for part in head.split(": ") {
        let code = part.rsplit([' ', '\n', '\t']).next().unwrap_or(part);
        let after = (before + part.len() + 2).min(head.len());
        if super::kind_of_code(code).is_some() && code.len() > 3 {
            return Some((Some(code.to_owned()), head[after..].trim().to_owned()));
        }
        before = after;
    }
    (head.len() < text.len()).then(|| (None, head.to_owned()))
}
