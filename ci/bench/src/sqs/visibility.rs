//! ChangeMessageVisibility, one by one and in batches.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    batch::{Batch, outcome},
    broker::{Broker, read},
    fault::Fault,
    queue::{Queue, Receipt},
};

/// SQS hides a message at most 12 hours.
pub(super) const MAX_SECONDS: u64 = 43_200;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    receipt_handle: String,
    #[serde(default)]
    visibility_timeout: u64,
}

impl Change {
    fn apply(&self, queue: &mut Queue) -> Result<Value, Fault> {
        if self.visibility_timeout > MAX_SECONDS {
            return Err(Fault::invalid_parameter("VisibilityTimeout must be between 0 and 43200"));
        }
        let receipt = Receipt::of_handle(&self.receipt_handle)?;
        queue.change_visibility(receipt, Duration::from_secs(self.visibility_timeout))?;
        Ok(json!({}))
    }
}

impl Broker {
    pub fn change_visibility(&mut self, body: &Value) -> Result<Value, Fault> {
        let change: Change = read(body)?;
        let url = body["QueueUrl"].as_str().ok_or_else(|| Fault::missing("QueueUrl"))?;
        change.apply(self.by_url(url)?)
    }

    pub fn change_visibility_batch(&mut self, body: &Value) -> Result<Value, Fault> {
        let batch: Batch<Change> = read(body)?;
        batch.check("ChangeMessageVisibilityBatchRequestEntry")?;
        let queue = self.by_url(&batch.queue_url)?;
        Ok(outcome(batch.entries.into_iter().map(|entry| {
            let result = entry.item.apply(queue);
            (entry.id, result)
        })))
    }
}
