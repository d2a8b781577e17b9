//! Pipes and terminals, each read by a thread of its own, so that nobody who waits for a silent one misses ^C.

use std::fs::File;
use std::io::{self, Read};

use bytes::Bytes;
use opstools::run::Cancel;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Bytes asked for at once: what a pipe holds.
const PIECE: usize = 64 * 1024;

/// Pieces that wait for the parser: enough to bridge its pauses, and small.
const PIECES: usize = 16;

/// A piece of the input; an empty one is its end.
pub type Piece = io::Result<Bytes>;

/// How the input of a stopped run ends: as if it were broken, since its last log may not be whole.
pub fn stopped() -> io::Error {
    io::Error::other("the run was stopped")
}

/// stdin as a file, if it is one.
pub fn stdin_as_file() -> Option<File> {
    #[cfg(unix)]
    let owned = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned().ok()?;
    #[cfg(windows)]
    let owned = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned().ok()?;
    let file = File::from(owned);
    file.metadata().is_ok_and(|found| found.is_file()).then_some(file)
}

/// A pipe until its end, or until the run is stopped. Opening it may wait as reading does.
pub fn reader<R: Read>(
    open: impl FnOnce() -> io::Result<R> + Send + 'static,
    cancel: &Cancel,
    runtime: &Handle,
) -> Pieces {
    let (sender, receiver) = channel(PIECES);
    let (ending, cancelled) = (sender.clone(), cancel.clone());
    runtime.spawn(async move {
        cancelled.stopped().await;
        // A parser that went away needs no end.
        let _ = ending.send(Err(stopped())).await;
    });
    std::thread::spawn(move || match open() {
        Ok(input) => pump(input, &sender),
        // Who is gone needs no error.
        Err(error) => _ = sender.blocking_send(Err(error)),
    });
    Pieces::new(receiver, cancel.clone())
}

fn pump(mut input: impl Read, sender: &Sender<Piece>) {
    loop {
        let mut piece = vec![0; PIECE];
        let read = input.read(&mut piece);
        let last = !matches!(read, Ok(1..));
        if matches!(&read, Err(error) if error.kind() == io::ErrorKind::Interrupted) {
            continue;
        }
        let piece = read.map(|count| {
            piece.truncate(count);
            Bytes::from(piece)
        });
        if sender.blocking_send(piece).is_err() || last {
            return;
        }
    }
}

/// Pieces that come from elsewhere, as a reader.
pub struct Pieces {
    receiver: Receiver<Piece>,
    piece: Bytes,
    /// What came after the bytes that a read gave.
    failed: Option<io::Error>,
    over: bool,
    cancel: Cancel,
}

impl Pieces {
    /// A reader of these pieces; it ends with an empty one, with the last, or when the run is stopped.
    pub const fn new(receiver: Receiver<Piece>, cancel: Cancel) -> Self {
        Self { receiver, piece: Bytes::new(), failed: None, over: false, cancel }
    }

    /// Takes the next piece.
    fn fill(&mut self) {
        let next = if self.cancel.requested() { Some(Err(stopped())) } else { self.receiver.blocking_recv() };
        match next {
            Some(Ok(piece)) => self.piece = piece,
            Some(Err(error)) => self.failed = Some(error),
            None => {}
        }
        self.over = self.piece.is_empty();
    }
}

impl Read for Pieces {
    /// Waits only while it has nothing to give; gives as much as is there.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() && !self.over {
            if self.piece.is_empty() {
                if filled > 0 && self.receiver.is_empty() {
                    break;
                }
                self.fill();
                continue;
            }
            let count = self.piece.len().min(buffer.len() - filled);
            buffer[filled..filled + count].copy_from_slice(&self.piece.split_to(count));
            filled += count;
        }
        match self.failed.take_if(|_| filled == 0) {
            Some(error) => Err(error),
            None => Ok(filled),
        }
    }
}
