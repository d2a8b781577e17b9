//! What a command has written so far, gathered by a thread: a test may look at it while the command still runs,
//! and a command never blocks because nobody reads.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Bytes read from a pipe or terminal, growing until the last writer has gone.
#[derive(Default)]
pub struct Stream {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    bytes: Vec<u8>,
    ended: bool,
}

impl Stream {
    /// A stream that has ended before it began: the output goes to a file.
    pub fn nothing() -> Arc<Self> {
        let stream = Self::default();
        stream.lock().ended = true;
        Arc::new(stream)
    }

    /// Reads on a thread of its own; after `limit` bytes the reading end is closed.
    pub fn read(mut source: impl Read + Send + 'static, limit: usize) -> Arc<Self> {
        let stream = Arc::new(Self::default());
        let writer = Arc::clone(&stream);
        std::thread::spawn(move || {
            let mut piece = [0; 8192];
            while writer.room(limit) > 0 {
                let wanted = writer.room(limit).min(piece.len());
                // A terminal whose last user has gone answers with an error instead of an end.
                let count = source.read(&mut piece[..wanted]).unwrap_or(0);
                if count == 0 {
                    break;
                }
                writer.lock().bytes.extend_from_slice(&piece[..count]);
                writer.changed.notify_all();
            }
            drop(source);
            writer.lock().ended = true;
            writer.changed.notify_all();
        });
        stream
    }

    /// Everything so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    /// Whether the text has appeared.
    pub fn contains(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// Where the first appearance of the text from this offset on ends.
    pub fn find(&self, text: &str, from: usize) -> Option<usize> {
        let state = self.lock();
        let mut windows = state.bytes.get(from..)?.windows(text.len().max(1));
        windows.position(|window| window == text.as_bytes()).map(|at| from + at + text.len())
    }

    /// Waits until the last writer has gone, but no longer than this.
    pub fn wait_for_end(&self, patience: Duration) {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        while !state.ended && Instant::now() < deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            state = self.changed.wait_timeout(state, left).expect(UNPOISONED).0;
        }
    }

    fn room(&self, limit: usize) -> usize {
        limit.saturating_sub(self.lock().bytes.len())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(UNPOISONED)
    }
}

const UNPOISONED: &str = "no thread panics while it holds a stream";
