//! A reverse proxy of one test, before any endpoint, that breaks what its rules say and counts everything.
//!
//! It forwards bytes unchanged, the `Host` header too: services echo it in queue URLs, so that nothing goes around
//! the proxy. Faults are data ([`Fault`]), chosen by action and count ([`Rule`]), and answered in the shape in
//! which AWS gives them for each protocol.
//!
//! ```text
//! let proxy = FaultProxy::before(&sandbox.endpoint("sqs"));
//! proxy.inject(Fault::Throttle.on("SendMessageBatch").every(3));
//! tool("requeue").sandbox(&sandbox).env("AWS_ENDPOINT_URL_SQS", proxy.url()) ...
//! assert!(proxy.calls("SendMessageBatch") > 3);
//! ```

mod call;
mod entries;
mod forward;
mod proxy;
mod published;
mod record;
mod redelivery;
mod refusal;
mod rule;
mod wish;

pub use call::{Call, Protocol, form_field};
pub use forward::Upstream;
pub use proxy::FaultProxy;
pub use record::Fate;
pub use rule::Fault;
