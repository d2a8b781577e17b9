//! Batches of SNS that fail in part: its requests are forms and its answers XML, otherwise as with queues.

use std::collections::BTreeMap;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::entries::{Split, chooses, failure};
use super::rule::Fault;

/// What every field of an entry begins with; its number follows.
const ENTRY: &str = "PublishBatchRequestEntries.member.";

/// The answer to a batch of which no entry reached the service.
const NOTHING: &str = "<PublishBatchResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishBatchResult>\
                       <Successful/><Failed/></PublishBatchResult><ResponseMetadata><RequestId>loopback</RequestId>\
                       </ResponseMetadata></PublishBatchResponse>";

/// How many entries a form carries.
pub fn count(body: &[u8]) -> usize {
    fields(body).map_or(0, |(entries, _)| entries.len())
}

/// Takes the entries out that the fault chooses; nothing, when it chooses none or the request is no batch of SNS.
pub fn split(body: &Bytes, fault: &Fault, seen: &mut usize) -> Option<Split> {
    let (entries, others) = fields(body)?;
    let (chosen, kept): (Vec<_>, Vec<_>) = entries.into_values().partition(|entry| {
        *seen += 1;
        chooses(fault, &readable(entry), *seen)
    });
    if chosen.is_empty() {
        return None;
    }
    let failed = chosen.iter().map(|entry| failure(fault, &readable(entry))).collect();
    let numbered = kept.iter().enumerate().flat_map(|(index, entry)| {
        entry.iter().map(move |(name, value)| format!("{ENTRY}{}.{name}={value}", index + 1))
    });
    let form: Vec<String> = others.into_iter().map(str::to_owned).chain(numbered).collect();
    let rest = (!kept.is_empty()).then(|| Bytes::from(form.join("&")));
    Some(Split { rest, failed, nothing: NOTHING })
}

/// Puts the failed entries into the service's answer; `None` if that is no answer of a batch of SNS.
pub fn join(answer: &[u8], failed: &[Value]) -> Option<Bytes> {
    let answer = std::str::from_utf8(answer).ok().filter(|text| text.contains("<PublishBatchResult>"))?;
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
    let members: String = failed
        .iter()
        .map(|entry| {
            format!(
                "<member><Id>{}</Id><Code>{}</Code><Message>{}</Message><SenderFault>{}</SenderFault></member>",
                text(entry, "Id"),
                text(entry, "Code"),
                text(entry, "Message"),
                entry["SenderFault"]
            )
        })
        .collect();
    let joined = if answer.contains("<Failed/>") {
        answer.replace("<Failed/>", &format!("<Failed>{members}</Failed>"))
    } else if answer.contains("<Failed>") {
        answer.replace("<Failed>", &format!("<Failed>{members}"))
    } else {
        answer.replace("</PublishBatchResult>", &format!("<Failed>{members}</Failed></PublishBatchResult>"))
    };
    Some(Bytes::from(joined))
}

type Entries<'a> = BTreeMap<usize, Vec<(&'a str, &'a str)>>;

/// The fields of each entry as they stand, and all others; `None` for a form without entries.
fn fields(body: &[u8]) -> Option<(Entries<'_>, Vec<&str>)> {
    let body = std::str::from_utf8(body).ok()?;
    let (mut entries, mut others): (Entries<'_>, Vec<&str>) = Default::default();
    for field in body.split('&') {
        let entry = field.strip_prefix(ENTRY).and_then(|rest| {
            let (number, rest) = rest.split_once('.')?;
            Some((number.parse().ok()?, rest.split_once('=')?))
        });
        match entry {
            Some((number, pair)) => entries.entry(number).or_insert_with(Vec::new).push(pair),
            None => others.push(field),
        }
    }
    (!entries.is_empty()).then_some((entries, others))
}

/// An entry as JSON, its values decoded, so that rules can look for texts in it.
fn readable(entry: &[(&str, &str)]) -> Value {
    let decoded = |value: &str| {
        let spaced = value.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    entry.iter().map(|(name, value)| ((*name).to_owned(), json!(decoded(value)))).collect()
}
