//! Batches that fail in part: chosen entries are taken out of the request before it goes on, and put into the
//! `Failed` list of the answer, as SQS does. What is reported as failed has truly not been done.

use bytes::Bytes;
use serde_json::{Value, json};

use super::rule::Fault;

/// A batch request without the entries that are to fail.
pub struct Split {
    /// The request that goes on; nothing when no entry is left.
    pub rest: Option<Bytes>,
    /// The answers of the entries that do not.
    pub failed: Vec<Value>,
    /// The service's answer when nothing is left.
    pub nothing: &'static str,
}

/// Takes the entries out that the fault chooses; nothing, when it chooses none or the request is no batch.
/// `seen` counts the entries of all calls.
pub fn split(body: &Bytes, fault: &Fault, seen: &mut usize) -> Option<Split> {
    let mut request: Value = serde_json::from_slice(body).ok()?;
    let entries = std::mem::take(request.get_mut("Entries")?.as_array_mut()?);
    let (chosen, kept): (Vec<Value>, Vec<Value>) = entries.into_iter().partition(|entry| {
        *seen += 1;
        chooses(fault, entry, *seen)
    });
    if chosen.is_empty() {
        return None;
    }
    let failed = chosen.iter().map(|entry| failure(fault, entry)).collect();
    let nothing_left = kept.is_empty();
    request["Entries"] = Value::Array(kept);
    let rest = (!nothing_left).then(|| Bytes::from(request.to_string()));
    Some(Split { rest, failed, nothing: "{}" })
}

/// Puts the failed entries into the service's answer; `None` if that is no answer of a batch.
pub fn join(answer: &[u8], failed: &[Value]) -> Option<Bytes> {
    let mut answer: Value = serde_json::from_slice(answer).ok()?;
    let fields = answer.as_object_mut()?;
    fields.entry("Successful").or_insert_with(|| json!([]));
    let list = fields.entry("Failed").or_insert_with(|| json!([]));
    list.as_array_mut()?.extend(failed.iter().cloned());
    Some(Bytes::from(answer.to_string()))
}

/// Whether the fault strikes this entry, which is the nth of all calls.
pub fn chooses(fault: &Fault, entry: &Value, number: usize) -> bool {
    match fault {
        Fault::FailEntries { every, .. } => number.is_multiple_of(*every),
        Fault::FailEntriesWith { text, .. } => entry.to_string().contains(text.as_str()),
        _ => false,
    }
}

/// The answer of an entry that does not reach the service.
pub fn failure(fault: &Fault, entry: &Value) -> Value {
    let (Fault::FailEntries { code, sender_fault, .. } | Fault::FailEntriesWith { code, sender_fault, .. }) = fault
    else {
        unreachable!("only these two faults choose entries");
    };
    json!({ "Id": entry["Id"], "Code": code, "SenderFault": sender_fault, "Message": "refused by the fault proxy" })
}
