//! The tool requeue, as a specification: given a queue and what goes wrong, which messages are where afterwards.
//!
//! After every test each message is at its target or still at its source; a second copy is counted by the tool.

mod attributes;
mod bad_input;
mod fifo;
mod files;
mod interruptions;
mod looking;
mod moving;
mod native;
mod refused_entries;
mod scene;
mod selection;
mod stop_rule;
mod trouble;
