//! The walk: keeps the requests under way that the board asks for, and delivers what they bring.
//!
//! One task decides and delivers; requests, with the reading of their answers, run as tasks of their own on all
//! processors. A slow reader of the chunks stops the deciding, so that at most one page for each worker waits.

use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::board::{Board, Purpose};
use super::page::{Keyed, Page, PageError, Pages, STRIKES};
use super::span::Taken;
use super::sweep;
use super::{Chunk, ListRequest};

/// How many requests may be under way: halved when the service asks for it, regained page by page.
#[derive(Debug)]
struct Pace {
    allowed: usize,
    most: usize,
    good: usize,
    strikes: usize,
}

impl Pace {
    fn new(concurrency: usize) -> Self {
        let most = concurrency.max(1);
        Self { allowed: most, most, good: 0, strikes: 0 }
    }

    fn succeeded(&mut self) {
        self.strikes = 0;
        self.good += 1;
        if self.good >= self.allowed && self.allowed < self.most {
            self.allowed += 1;
            self.good = 0;
        }
    }

    /// Whether to go on after a throttling answer.
    fn throttled(&mut self) -> bool {
        self.allowed = (self.allowed / 2).max(1);
        self.good = 0;
        self.strikes += 1;
        self.strikes < STRIKES
    }
}

/// Why the walk goes no further.
enum Stop {
    /// The reader went away.
    Unheard,
    /// The server ignores StartAfter: what is left must be had in one sweep.
    NoRanges,
    Failed(PageError),
}

struct Walk<P, E> {
    pages: Arc<P>,
    prefix: String,
    board: Board,
    pace: Pace,
    running: JoinSet<(Purpose, Result<Page<E>, PageError>)>,
    sender: Sender<Result<Chunk<E>, PageError>>,
}

/// Lists in parallel until all is delivered, the reader is gone, or `cancel` is called.
pub(super) async fn walk<E: Keyed, P: Pages<E>>(
    pages: Arc<P>,
    request: ListRequest,
    sender: Sender<Result<Chunk<E>, PageError>>,
    cancel: CancellationToken,
) {
    let ranges = request.done.gaps(request.start_after.as_deref());
    let mut walk = Walk {
        pages,
        prefix: request.prefix.clone(),
        board: Board::new(request.prefix, ranges),
        pace: Pace::new(request.concurrency),
        running: JoinSet::new(),
        sender,
    };
    // Dropping the walk aborts its requests.
    let closed = walk.sender.clone();
    tokio::select! {
        () = cancel.cancelled() => {}
        () = closed.closed() => {}
        () = walk.run() => {}
    }
}

impl<E: Keyed, P: Pages<E>> Walk<P, E> {
    async fn run(&mut self) {
        match self.list().await {
            Ok(()) | Err(Stop::Unheard) => {}
            Err(Stop::Failed(error)) => {
                // A reader that is gone needs no error.
                let _ = self.sender.send(Err(error)).await;
            }
            Err(Stop::NoRanges) => {
                self.running.abort_all();
                sweep::sweep(self.pages.as_ref(), &self.prefix, self.board.rest(), false, &self.sender).await;
            }
        }
    }

    async fn list(&mut self) -> Result<(), Stop> {
        loop {
            self.start_requests();
            let Some(answer) = self.running.join_next().await else {
                return Ok(());
            };
            match answer {
                Ok((purpose, result)) => self.take(purpose, result).await?,
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                // Only an ending runtime cancels requests while the walk lives.
                Err(_) => return Err(Stop::Unheard),
            }
        }
    }

    fn start_requests(&mut self) {
        let idle = self.pace.allowed.saturating_sub(self.running.len());
        if idle == 0 || self.board.spans.is_empty() {
            return;
        }
        for (purpose, query) in self.board.next(idle) {
            let pages = Arc::clone(&self.pages);
            self.running.spawn(async move { (purpose, pages.page(query).await) });
        }
    }

    async fn take(&mut self, purpose: Purpose, result: Result<Page<E>, PageError>) -> Result<(), Stop> {
        match (purpose, result) {
            (Purpose::List(id), Ok(page)) => self.take_page(id, page).await,
            (Purpose::List(id), Err(error)) => {
                if !error.is_throttle() || !self.pace.throttled() {
                    return Err(Stop::Failed(error));
                }
                if let Some(index) = self.board.index_of(id) {
                    self.board.spans[index].busy = false;
                }
                Ok(())
            }
            (Purpose::Probe { span, level, path }, Ok(page)) => {
                self.board.found(span, level, &path, page);
                Ok(())
            }
            // Probes only help: whoever may list nothing but the exact prefix is served without.
            (Purpose::Probe { span, .. }, Err(error)) => {
                let throttled = error.is_throttle() && self.pace.throttled();
                self.board.probe_failed(span, !throttled);
                Ok(())
            }
        }
    }

    async fn take_page(&mut self, id: u64, page: Page<E>) -> Result<(), Stop> {
        self.pace.succeeded();
        self.board.terrain.learn(&page.objects);
        let Some(index) = self.board.index_of(id) else {
            return Ok(());
        };
        match self.board.spans[index].take(page, self.prefix.len()).map_err(Stop::Failed)? {
            Taken::StartAfterIgnored => Err(Stop::NoRanges),
            Taken::Listed { chunk, finished } => {
                if finished {
                    self.board.spans.remove(index);
                }
                // The worker goes on while the reader reads.
                self.start_requests();
                match chunk {
                    Some(chunk) => self.sender.send(Ok(chunk)).await.map_err(|_| Stop::Unheard),
                    None => Ok(()),
                }
            }
        }
    }
}
