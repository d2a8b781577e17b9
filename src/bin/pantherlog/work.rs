//! What the plan of a command hands on: its work, and how its rows are packed.

use futures::future::BoxFuture;
use opstools::app::{Done, Planned};
use opstools::error::Failure;
use opstools::plan::Plan;
use opstools::run::{Limits, Run};
use opstools::ui::Compression;
use serde_json::Map;

/// The work of any command.
type Job = Box<dyn FnOnce(Run) -> BoxFuture<'static, Result<Done, Failure>> + Send>;

/// A planned command.
pub struct Work {
    /// How its rows are compressed.
    pub compression: Compression,
    job: Job,
}

impl Work {
    /// Work that gives rows as they are, or a report.
    pub fn new<F>(job: impl FnOnce(Run) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<Done, Failure>> + Send + 'static,
    {
        Self { compression: Compression::None, job: Box::new(|run| Box::pin(job(run))) }
    }

    /// The same, with its rows compressed.
    pub fn compressed(self, compression: Compression) -> Self {
        Self { compression, ..self }
    }

    /// Does it.
    ///
    /// # Errors
    /// What the command says.
    pub async fn execute(self, run: Run) -> Result<Done, Failure> {
        (self.job)(run).await
    }

    /// With its plan; `streams`: it writes rows.
    pub fn planned(self, plan: Plan, streams: bool) -> Planned<Self> {
        Planned {
            plan,
            work: self,
            journal: None,
            resolved: Map::new(),
            limits: Limits { concurrency: 1, limit: None, duration: None },
            rate: None,
            streams,
            stdin_is_data: streams,
        }
    }
}
