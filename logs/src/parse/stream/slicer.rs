//! Reads a text into batches and has it cut: the loop that all kinds share whose logs are pieces of the text.

use std::io::Read;
use std::sync::Arc;

use super::batch::Batch;
use super::documents::{Documents, Wanted};
use super::fault::{Fault, Problem, Torn};
use super::found::Found;
use super::kind::{Kind, Options};
use super::lines::Lines;
use super::text::{Shape, Text};
use super::window::{After, Cut, Window};

/// What finds the borders.
enum Cutter {
    Lines(Lines),
    Documents(Box<Documents>),
}

/// A text that is being cut.
pub(super) struct Slicer<R> {
    file: Arc<str>,
    text: Text<R>,
    cutter: Cutter,
    batch: usize,
    live: bool,
    /// Bytes that the last batch left, and where they begin.
    carried: Vec<u8>,
    base: u64,
    after: After,
    problem: Option<Problem>,
    over: bool,
}

impl<R: Read> Slicer<R> {
    pub(super) fn new(file: Arc<str>, mut text: Text<R>, options: &Options) -> Self {
        let base = text.begin();
        let wanted = match &options.kind {
            Kind::Lines | Kind::Xml { .. } => None,
            Kind::Auto => (text.shape() == Shape::Documents).then_some(Wanted::Values { lines_between: true }),
            Kind::Json | Kind::CloudWatchLogs { .. } => Some(Wanted::Values { lines_between: false }),
            Kind::JsonArray { path } => Some(Wanted::Array { path: path.clone() }),
            Kind::CloudTrail => Some(Wanted::Array { path: vec!["Records".to_owned()] }),
        };
        let cutter = match wanted {
            None => Cutter::Lines(Lines::new(base, options.longest_log)),
            Some(wanted) => Cutter::Documents(Box::new(Documents::new(wanted, base, options.longest_log))),
        };
        let (batch, live) = (options.batch, options.live);
        let carried = Vec::new();
        Self { file, text, cutter, batch, live, carried, base, after: After::More, problem: None, over: false }
    }

    /// Fills a batch; false at the end.
    pub(super) fn next_batch(&mut self, batch: &mut Batch) -> Result<bool, Fault> {
        batch.begin(&self.file, self.batch, self.base, &self.carried);
        while !self.over {
            let (window, found) = batch.parts(self.after);
            let end = window.end();
            let cut = self.cutter.cut(&window, found);
            self.over = self.after != After::More && !cut.full;
            let enough = self.live || window.bytes.len() >= self.batch;
            if cut.full || self.over || (!batch.is_empty() && enough) {
                self.base = if self.over { end } else { cut.keep };
                batch.leave(self.base, &mut self.carried);
                break;
            }
            if batch.is_empty() {
                batch.discard(cut.keep);
            }
            batch.grow(self.batch);
            self.fill(batch);
        }
        match self.problem.take_if(|_| self.over && batch.is_empty()) {
            Some(problem) => {
                let torn = self.cutter.torn(self.base);
                Err(Fault { file: Arc::clone(&self.file), problem, torn })
            }
            None => Ok(!batch.is_empty()),
        }
    }

    /// Reads into the room of a batch: a batch's worth, or what one read brings when the input is live.
    fn fill(&mut self, batch: &mut Batch) {
        let mut left = self.batch.min(batch.room().len());
        while left > 0 && self.after == After::More {
            match self.text.read(&mut batch.room()[..left]) {
                Ok(0) => self.after = After::Nothing,
                Ok(read) => {
                    batch.take(read);
                    left = if self.live { 0 } else { left - read };
                }
                Err(problem) => (self.after, self.problem) = (After::Fault, Some(problem)),
            }
        }
    }

    /// Bytes of memory that it holds, without the batch that it fills.
    pub(super) fn memory(&self) -> usize {
        self.carried.capacity() + super::raw::BUFFER
    }
}

impl Cutter {
    fn cut(&mut self, window: &Window<'_>, found: &mut Found) -> Cut {
        match self {
            Self::Lines(lines) => lines.cut(window, found),
            Self::Documents(documents) => documents.cut(window, found),
        }
    }

    fn torn(&self, end: u64) -> Option<Torn> {
        match self {
            Self::Lines(lines) => lines.torn(end),
            Self::Documents(documents) => documents.torn(end),
        }
    }
}
