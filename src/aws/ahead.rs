//! Objects that are read one after the other: the next ones are fetched while one is read.
//!
//! Deployments have very many small objects, for each of which S3 takes some tens of milliseconds to answer: one at a time they
//! would come no faster than that. Small ones are fetched whole; a large one is opened when its turn comes, because a
//! connection of which nobody reads is closed.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::Session;
use super::get::ObjectReader;
use crate::error::Failure;

/// Objects that are under way at once: with answers after 50 milliseconds some hundreds a second.
pub const AHEAD: usize = 16;

/// The largest object that is fetched whole, in bytes: all that are under way fit into 16 MiB.
const SMALL: u64 = 1 << 20;

/// An object that is to be read in its turn.
#[derive(Debug)]
pub struct Ahead(State);

#[derive(Debug)]
enum State {
    Fetching(JoinHandle<Result<ObjectReader, Failure>>),
    Later { session: Box<Session>, bucket: String, key: String },
}

impl Ahead {
    /// An object of this size in bytes, if it is known; `session` is in its bucket's region. A small one is fetched from now on.
    /// Must be called within the runtime.
    #[must_use]
    pub fn start(session: &Session, bucket: &str, key: &str, size: Option<u64>) -> Self {
        let (session, bucket, key) = (Box::new(session.clone()), bucket.to_owned(), key.to_owned());
        if size.is_none_or(|size| size > SMALL) {
            return Self(State::Later { session, bucket, key });
        }
        let whole = async move { Ok(ObjectReader::open(&session, &bucket, &key).await?.fetched().await) };
        Self(State::Fetching(tokio::spawn(whole)))
    }

    /// The object, on a thread that may block.
    ///
    /// # Errors
    /// It is not there or may not be read.
    pub fn open(self, runtime: &Handle) -> Result<ObjectReader, Failure> {
        match self.0 {
            State::Fetching(task) => match runtime.block_on(task) {
                Ok(fetched) => fetched,
                Err(error) => std::panic::resume_unwind(error.into_panic()),
            },
            State::Later { session, bucket, key } => runtime.block_on(ObjectReader::open(&session, &bucket, &key)),
        }
    }
}
