//! Sources as rows: what of a source is shown in which form.

use jiff::Timestamp;
use opstools::app::Done;
use opstools::error::Failure;
use opstools::panther::{Deployment, PrefixLogTypes, Source};
use opstools::run::{Counter, Run};
use serde_json::{Value, json};

use crate::form::{Form, csv, table};
use crate::plan::Work;
use crate::redaction::redacted;

const COLUMNS: [&str; 16] = [
    "source_id",
    "label",
    "type",
    "account",
    "bucket",
    "prefixes",
    "log_types",
    "role_arn",
    "kms_key",
    "stack",
    "managed_notifications",
    "queue_url",
    "last_event_received",
    "scan_status",
    "created_at",
    "panther_version",
];

/// What fits on a screen.
const FEW: [&str; 7] = ["label", "type", "account", "bucket", "prefixes", "last event", "source_id"];

/// Shows the sources.
///
/// # Errors
/// Rows cannot be written.
pub fn list(work: &Work, run: &Run) -> Result<Done, Failure> {
    let sources = work.sources();
    run.stats.add(Counter::Found, sources.len() as u64);
    run.stats.add(Counter::Done, sources.len() as u64);
    match work.form {
        Form::Json => run.stats.tell("sources", all(work).into()),
        Form::Lines => {
            sources.iter().for_each(|source| (run.rows)(&format!("{}\n", document(source, &work.deployment))))
        }
        Form::Csv => (run.rows)(&csv(&COLUMNS, rows(work))?),
        Form::Tabbed => (run.rows)(&table(&COLUMNS, rows(work), false)),
        Form::Terminal { .. } => (run.rows)(&table(&FEW, sources.iter().map(|source| few(source)).collect(), true)),
    }
    Ok(Done::default())
}

/// Every source that is meant, as JSON.
pub fn all(work: &Work) -> Vec<Value> {
    work.sources().into_iter().map(|source| document(source, &work.deployment)).collect()
}

fn document(source: &Source, deployment: &Deployment) -> Value {
    let role = source.reading_role(deployment);
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
    json!({
        "source_id": source.id,
        "label": source.label,
        "type": source.kind,
        "account": source.account,
        "bucket": source.bucket,
        "prefixes": source.prefixes,
        "log_types": source.log_types(),
        "role_arn": role.as_ref().map(|role| &role.arn),
        "role_is_computed": role.as_ref().map(|role| role.computed),
        "kms_key": source.kms_key,
        "stack": source.stack,
        "managed_notifications": source.managed_notifications,
        "stream_type": source.stream_type,
        "last_event_received": time(source.last_event_received),
        "last_event_processed": time(source.last_event_processed),
        "healthy": source.healthy,
        "scan": source.scan,
        "queue": source.queue,
        "created_at": time(source.created_at),
        "created_by": source.created_by,
        "panther_version": source.panther_version,
        "raw": redacted(&source.raw),
    })
}

fn rows(work: &Work) -> Vec<Vec<String>> {
    work.sources().into_iter().map(|source| row(source, &work.deployment)).collect()
}

fn row(source: &Source, deployment: &Deployment) -> Vec<String> {
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    vec![
        source.id.clone(),
        source.label.clone(),
        source.kind.clone(),
        text(source.account.as_ref()),
        text(source.bucket.as_ref()),
        prefixes(&source.prefixes),
        source.log_types().join(","),
        source.reading_role(deployment).map(|role| role.arn).unwrap_or_default(),
        text(source.kms_key.as_ref()),
        text(source.stack.as_ref()),
        source.managed_notifications.to_string(),
        text(source.queue.as_ref().and_then(|queue| queue.url.as_ref())),
        time(source.last_event_received),
        text(source.scan.as_ref().and_then(|scan| scan.status.as_ref())),
        time(source.created_at),
        text(source.panther_version.as_ref()),
    ]
}

fn few(source: &Source) -> Vec<String> {
    vec![
        source.label.clone(),
        source.kind.clone(),
        source.account.clone().unwrap_or_default(),
        source.bucket.clone().unwrap_or_default(),
        if source.prefixes.is_empty() { source.log_types().join(", ") } else { prefixes(&source.prefixes) },
        source.last_event_received.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default(),
        source.id.clone(),
    ]
}

/// `prefix (types)` for each; the whole bucket is `*`.
fn prefixes(entries: &[PrefixLogTypes]) -> String {
    let one = |entry: &PrefixLogTypes| {
        let prefix = if entry.prefix.is_empty() { "*" } else { &entry.prefix };
        let types =
            if entry.log_types.is_empty() { String::new() } else { format!(" ({})", entry.log_types.join(", ")) };
        let without =
            if entry.excluded.is_empty() { String::new() } else { format!(" without {}", entry.excluded.join(", ")) };
        format!("{prefix}{types}{without}")
    };
    entries.iter().map(one).collect::<Vec<_>>().join("; ")
}
