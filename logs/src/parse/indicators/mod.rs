//! Indicators: the values of an event by which people search all tables at once.
//!
//! While an event is decoded, its indicators are pushed into a [`Collector`], by the scanner that the schema names for a
//! field or by a built-in type's own rules; at the end of the event they are written, distinct and sorted, one column per
//! kind. The collector is reused for each event, so that collecting costs no allocation.

mod address;
pub mod aws;
mod collector;
mod column;
mod domain;
mod host;
mod scan;
#[cfg(test)]
mod tests;

pub use address::{is_ip, is_ipv4, is_ipv6, is_mac};
pub use collector::Collector;
pub use column::Column;
