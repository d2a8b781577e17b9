//! A loopback S3 that lists: buckets of millions of keys that exist only as a rule, a chosen delay per request.
//!
//! Emulators keep objects and take a tenth of a second of processor time per page; on a machine shared with the
//! runner they would be what is measured. Here a page costs well under a millisecond, the delay is a sleep, and the
//! answers are those of S3 down to the order of elements. Serves the listing race and the tests of the lister: two
//! options imitate a server that ignores `StartAfter` and a policy that allows only one prefix. A third one puts a delete
//! marker on every key, for the race of those who bring objects back.

mod address;
mod answer;
mod keys;
mod list;
mod moment;
mod server;
mod shapes;
mod versions;
mod xml;

pub use keys::{KeyList, KeySpace};
pub use server::{BUCKET, Options, Server};
pub use shapes::{Flat, Shape, Skewed, Tree};
pub use xml::generation_speed;
