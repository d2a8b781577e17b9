//! The stream of logs of one file: the one thing that callers hold.

use std::io::Read;
use std::sync::Arc;

use super::batch::Batch;
use super::cloudwatch::CloudWatch;
use super::fault::{Fault, Problem};
use super::kind::{Kind, Options};
use super::slicer::Slicer;
use super::text::Text;
use super::xml::Xml;

/// Cuts a reader into logs, batch by batch. It blocks while it reads: give it a thread of its own.
///
/// What the batches hold does not depend on how many bytes a read happens to bring; where one batch ends and the next begins may.
pub struct LogStream<R> {
    file: Arc<str>,
    options: Options,
    way: Way<R>,
}

enum Way<R> {
    Unopened(R),
    Slices(Box<Slicer<R>>),
    CloudWatch(Box<CloudWatch<R>>),
    Xml(Box<Xml<R>>),
    Over,
}

impl<R: Read> LogStream<R> {
    /// A stream over `reader`, whose logs say that they come from `file`. Nothing is read yet.
    pub fn new(file: impl Into<Arc<str>>, reader: R, options: Options) -> Self {
        Self { file: file.into(), options: options.within_limits(), way: Way::Unopened(reader) }
    }

    /// Fills a batch with the next logs; false at the end, and then the batch is empty.
    ///
    /// # Errors
    /// What ends the stream early; every complete log before it was delivered, and after it comes the end.
    pub fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, Fault> {
        if let Way::Unopened(_) = self.way {
            batch.begin(&self.file, self.options.batch, 0, &[]);
            self.open()?;
        }
        let more = match &mut self.way {
            Way::Slices(slicer) => slicer.next_batch(batch),
            Way::CloudWatch(envelopes) => envelopes.next_batch(batch),
            Way::Xml(xml) => xml.next_batch(batch),
            Way::Unopened(_) | Way::Over => {
                batch.begin(&self.file, self.options.batch, 0, &[]);
                Ok(false)
            }
        };
        if !matches!(more, Ok(true)) {
            self.way = Way::Over;
        }
        more
    }

    fn open(&mut self) -> Result<(), Fault> {
        let Way::Unopened(reader) = std::mem::replace(&mut self.way, Way::Over) else { return Ok(()) };
        let text = Text::open(reader).map_err(|problem| self.fault(problem))?;
        self.way = match &self.options.kind {
            Kind::Xml { root } => {
                Way::Xml(Box::new(Xml::new(Arc::clone(&self.file), text, root.clone(), &self.options)))
            }
            Kind::CloudWatchLogs { retain_envelope_fields } => {
                let file = Arc::clone(&self.file);
                let slicer = Slicer::new(Arc::clone(&file), text, &self.options);
                Way::CloudWatch(Box::new(CloudWatch::new(file, slicer, *retain_envelope_fields, &self.options)))
            }
            _ => Way::Slices(Box::new(Slicer::new(Arc::clone(&self.file), text, &self.options))),
        };
        Ok(())
    }

    fn fault(&self, problem: Problem) -> Fault {
        Fault { file: Arc::clone(&self.file), problem, torn: None }
    }

    /// Bytes of memory that it holds, without the batches.
    pub fn memory(&self) -> usize {
        match &self.way {
            Way::Slices(slicer) => slicer.memory(),
            Way::CloudWatch(envelopes) => envelopes.memory(),
            Way::Xml(_) | Way::Unopened(_) | Way::Over => super::raw::BUFFER,
        }
    }
}
