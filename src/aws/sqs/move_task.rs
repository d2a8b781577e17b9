//! SQS's own redrive: message move tasks.

use aws_sdk_sqs::types::ListMessageMoveTasksResultEntry;

use super::{Queue, Sqs};
use crate::aws::service_error;
use crate::error::Failure;

/// A task as SQS lists it; counts are approximate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveTask {
    /// `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED`, `FAILED`.
    pub status: String,
    /// The handle to cancel it, only while it runs.
    pub handle: Option<String>,
    /// Messages moved so far.
    pub moved: u64,
    /// Messages it set out to move.
    pub to_move: Option<u64>,
    /// Why it failed.
    pub failure: Option<String>,
    /// When it started, in milliseconds since 1970.
    pub started: i64,
}

impl MoveTask {
    /// Whether it still works, so that no other may start.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !matches!(self.status.as_str(), "COMPLETED" | "CANCELLED" | "FAILED")
    }
}

/// The tasks of one source queue, newest first.
pub type MoveTasks = Vec<MoveTask>;

impl Sqs {
    /// Starts moving everything from a dead-letter queue; without a target each message returns to its own source.
    ///
    /// # Errors
    /// The source is no dead-letter queue, another task is active, or it is not allowed.
    pub async fn start_move(
        &self,
        source_arn: &str,
        target_arn: Option<&str>,
        per_second: Option<i32>,
    ) -> Result<String, Failure> {
        let call = self.client.start_message_move_task().source_arn(source_arn);
        let call =
            call.set_destination_arn(target_arn.map(str::to_owned)).set_max_number_of_messages_per_second(per_second);
        let answer = call.send().await.map_err(|error| {
            let doing = format!("cannot start a move task from `{source_arn}`");
            self.failure(doing, service_error("SQS", &error), "sqs:StartMessageMoveTask", source_arn)
        })?;
        Ok(answer.task_handle.unwrap_or_default())
    }

    /// The recent tasks of a source queue.
    ///
    /// # Errors
    /// They may not be listed.
    pub async fn moves(&self, source_arn: &str) -> Result<MoveTasks, Failure> {
        let call = self.client.list_message_move_tasks().source_arn(source_arn).max_results(10);
        let answer = call.send().await.map_err(|error| {
            let doing = format!("cannot list the move tasks of `{source_arn}`");
            self.failure(doing, service_error("SQS", &error), "sqs:ListMessageMoveTasks", source_arn)
        })?;
        let mut tasks: MoveTasks = answer.results().iter().map(task).collect();
        tasks.sort_by_key(|task| std::cmp::Reverse(task.started));
        Ok(tasks)
    }

    /// Stops a task; what was moved stays moved. Returns the approximate count of moved messages.
    ///
    /// # Errors
    /// The task has ended, or it is not allowed.
    pub async fn cancel_move(&self, queue: &Queue, handle: &str) -> Result<u64, Failure> {
        let answer = self.client.cancel_message_move_task().task_handle(handle).send().await.map_err(|error| {
            let doing = format!("cannot cancel the move task of queue `{}`", queue.name);
            self.failure(doing, service_error("SQS", &error), "sqs:CancelMessageMoveTask", &queue.name)
        })?;
        Ok(answer.approximate_number_of_messages_moved.try_into().unwrap_or_default())
    }
}

fn task(entry: &ListMessageMoveTasksResultEntry) -> MoveTask {
    MoveTask {
        status: entry.status().unwrap_or_default().to_owned(),
        handle: entry.task_handle().map(str::to_owned),
        moved: entry.approximate_number_of_messages_moved().try_into().unwrap_or_default(),
        to_move: entry.approximate_number_of_messages_to_move().and_then(|count| count.try_into().ok()),
        failure: entry.failure_reason().map(str::to_owned),
        started: entry.started_timestamp(),
    }
}
