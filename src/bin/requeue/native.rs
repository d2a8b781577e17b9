//! `--native`: SQS moves by itself; this starts the move task, follows it, and cancels it when the operator stops.

use std::time::Duration;

use opstools::app::Done;
use opstools::aws::sqs::MoveTask;
use opstools::error::{Failure, Kind};
use opstools::run::{Counter, Run, Stop};
use opstools::time::monotonic;

use crate::pairs::{End, Pair};

/// How often the task is looked at, at first; small queues are moved within a second.
const FIRST_LOOK: Duration = Duration::from_millis(200);

/// How often at the longest.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How long a cancelled task may take to stop.
const CANCEL_PATIENCE: Duration = Duration::from_secs(25);

/// Looks in a row that may fail while the task itself goes on.
const BLIND_LOOKS: u32 = 10;

/// Move tasks to run, one after the other.
pub struct Native {
    /// The queues; without a target each message returns to its own source.
    pub pairs: Vec<Pair>,
    /// Messages per second; `None` lets SQS decide.
    pub per_second: Option<i32>,
}

/// Refuses what SQS would refuse, before anything is started.
pub async fn check(from: &End) -> Result<(), Failure> {
    if from.sqs.dead_letter_sources(&from.queue).await?.is_empty() {
        return Err(Failure::failed(format!(
            "`{}` is nobody's dead-letter queue, SQS moves only from those",
            from.queue.name
        ))
        .hint("leave out `--native`: requeue then moves the messages itself"));
    }
    if let Some(active) = from.sqs.moves(&from.attributes.arn).await?.iter().find(|task| task.is_active()) {
        return Err(Failure::failed(format!(
            "a move task of `{}` is {} already ({} moved)",
            from.queue.name, active.status, active.moved
        ))
        .hint("wait for it, or cancel it (`aws sqs cancel-message-move-task`)"));
    }
    Ok(())
}

impl Native {
    /// Runs the tasks.
    pub async fn execute(self, run: Run) -> Result<Done, Failure> {
        for pair in &self.pairs {
            let Some(from) = &pair.from else { continue };
            if run.cancel.requested() {
                run.stats.add(Counter::Left, from.attributes.total());
                continue;
            }
            let to = pair.to.as_ref().map(|to| to.attributes.arn.as_str());
            let handle = start(from, to, self.per_second).await?;
            let before = run.stats.get(Counter::Done);
            let task = follow(from, &handle, &run, before).await?;
            conclude(from, &task, &run).await?;
        }
        Ok(Done {
            next: run.cancel.requested().then(|| "start the same command again to go on".to_owned()),
            findings: false,
        })
    }
}

/// Starts the task. Where the answer was lost the task may run all the same: then it is found in the list.
async fn start(from: &End, to: Option<&str>, per_second: Option<i32>) -> Result<String, Failure> {
    match from.sqs.start_move(&from.attributes.arn, to, per_second).await {
        Ok(handle) => Ok(handle),
        Err(failure) if failure.kind == Kind::NotAllowed => Err(failure),
        Err(failure) => {
            let tasks = from.sqs.moves(&from.attributes.arn).await.unwrap_or_default();
            // `check` saw none active before, so an active one is ours.
            tasks.into_iter().find(MoveTask::is_active).and_then(|task| task.handle).ok_or(failure)
        }
    }
}

/// Follows the task to its end; a stop cancels it.
async fn follow(from: &End, handle: &str, run: &Run, before: u64) -> Result<MoveTask, Failure> {
    let (mut pause, mut blind, mut cancelled) = (FIRST_LOOK, 0, None);
    loop {
        if run.cancel.requested() && cancelled.is_none() {
            cancelled = Some(monotonic());
            if let Err(failure) = from.sqs.cancel_move(&from.queue, handle).await {
                run.notices.warning(format!("{failure}; it may have ended by itself"));
            }
        }
        match from.sqs.moves(&from.attributes.arn).await {
            Ok(tasks) => {
                blind = 0;
                if let Some(task) = tasks.into_iter().next() {
                    run.stats.set(Counter::Done, before + task.moved);
                    run.stats.set(Counter::Found, before + task.to_move.unwrap_or(task.moved).max(task.moved));
                    if !task.is_active() {
                        return Ok(task);
                    }
                }
            }
            Err(failure) if failure.kind == Kind::NotAllowed || blind >= BLIND_LOOKS => {
                return Err(failure.hint("the move task itself goes on: `aws sqs list-message-move-tasks` shows it"));
            }
            Err(_) => blind += 1,
        }
        if cancelled.is_some_and(|since| since.elapsed() > CANCEL_PATIENCE) {
            return Err(Failure::failed(format!("the move task of `{}` does not stop", from.queue.name))
                .hint("`aws sqs list-message-move-tasks` shows whether it still runs"));
        }
        if cancelled.is_some() {
            tokio::time::sleep(FIRST_LOOK).await;
        } else {
            run.cancel.unless_stopped(tokio::time::sleep(pause)).await;
            pause = (pause * 2).min(LOOK_EVERY);
        }
    }
}

/// What the end of a task means.
async fn conclude(from: &End, task: &MoveTask, run: &Run) -> Result<(), Failure> {
    let left = from.sqs.attributes(&from.queue).await.map(|now| now.total()).unwrap_or_default();
    match task.status.as_str() {
        "COMPLETED" => {
            run.stats.add(Counter::Left, left);
            Ok(())
        }
        "CANCELLED" if run.cancel.requested() => {
            run.stats.add(Counter::Left, left);
            Ok(())
        }
        "CANCELLED" => {
            run.cancel.stop(Stop::Fatal);
            Err(Failure::failed(format!("someone cancelled the move task of `{}`", from.queue.name))
                .because(format!("{} moved, about {left} left", task.moved)))
        }
        _ => {
            run.cancel.stop(Stop::Fatal);
            let why = task.failure.clone().unwrap_or_else(|| format!("its status is {}", task.status));
            Err(Failure::failed(format!("the move task of `{}` failed", from.queue.name))
                .because(format!("{why}; {} moved, about {left} left", task.moved))
                .hint("mend that and start the same command again, or leave out `--native`"))
        }
    }
}
