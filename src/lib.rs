//! The toolkit's library: everything that more than one tool needs, and the knowledge of Panther and AWS.
//!
//! Begin reading at [`app`]: it runs one tool from its arguments to its exit code. A tool (`src/bin/<tool>`) is the
//! conversation: arguments, plan text, report; the rest is here.
//!
//! | module | what it is | may use |
//! |---|---|---|
//! | [`app`] | runs one tool: arguments, plan, confirm, execute, report | everything below |
//! | [`args`] | clap building blocks, Go-style command lines | `aws`, `run`, `error`, `time` |
//! | [`ui`] | the only writer to stdout and stderr | `plan`, `report`, `run`, `error`, `time` |
//! | [`plan`] | what will be done, and which confirmation it needs | `report` |
//! | [`report`] | what was done; its JSON Schema | |
//! | [`replay`] | tells a consumer of objects at a pace, with a journal | `args`, `plan`, `objects`, `panther`, `aws`, `run`, `report`, `time`, `error` |
//! | [`objects`] | which objects a tool works on: paths, sources, lists, filters | `args`, `panther`, `aws`, `run`, `time`, `error` |
//! | [`check`] | checks of a deployment, and why AWS refused | `aws`, `panther`, `time`, `error` |
//! | [`lake`] | from events to objects of the data lake | `parse`, `panther`, `aws`, `run`, `time`, `error` |
//! | [`panther`] | what a Panther deployment is: queues, sources, notifications | `aws`, `run`, `time`, `error` |
//! | [`aws`] | sessions, one file per service; the only maker of clients | `run`, `report`, `time`, `error` |
//! | [`run`] | executor, pace, retries, cancellation, journal, counters | `report`, `time`, `error`, `exit` |
//! | [`generate`] [`parse`] [`schema`] [`error`] [`exit`] [`time`] | log schemas and the parser, and what everything stands on | |
//!
//! The modules of the last line are the crate [`opstools_logs`], which is compiled for speed.

pub use opstools_logs::{error, exit, generate, parse, schema, time};

pub mod app;
pub mod args;
pub mod aws;
pub mod check;
pub mod lake;
pub mod objects;
pub mod panther;
pub mod plan;
pub mod replay;
pub mod report;
pub mod run;
pub mod ui;
