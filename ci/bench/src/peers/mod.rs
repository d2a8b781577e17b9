//! The algorithms we compare ourselves with, written with the SDK our tools use.
//!
//! With the same HTTP client and the same parsing on both sides, a race shows what the algorithm is worth. The
//! programs that exist as packages (s5cmd, rclone) are raced as they are, by [`crate::race`].

mod client;
mod original_requeue;
mod sequential_list;
mod sqsmover;

pub use original_requeue::original_requeue;
pub use sequential_list::{Listed, sequential_list};
pub use sqsmover::sqsmover;

/// What to move: queue names and the server's base address.
#[derive(Clone, Debug, clap::Args)]
pub struct Move {
    /// Address of the server
    #[arg(long, value_name = "URL")]
    pub endpoint_url: String,
    /// Queue to take messages from
    #[arg(long, value_name = "NAME")]
    pub from: String,
    /// Queue to send them to
    #[arg(long, value_name = "NAME")]
    pub to: String,
}
