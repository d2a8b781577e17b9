//! The listing as a specification: what is listed, in which ranges, how fast, on which servers.

mod behaviour;
mod bucket;
mod histories;
mod memory;
mod property;
mod speed;
mod versions;
