//! Text formats of AWS services.

mod alb;
mod aurora;
mod s3;
mod vpc_flow;

pub(super) use alb::Alb;
pub(super) use aurora::AuroraMySqlAudit;
pub(super) use s3::S3ServerAccess;
pub(super) use vpc_flow::VpcFlow;

use super::Mismatch;

/// JSON is refused before anything else is tried: these formats compete with many JSON types.
fn no_object(line: &str) -> Result<(), Mismatch> {
    if line.starts_with('{') { Err(Mismatch("the line is JSON, not columns")) } else { Ok(()) }
}
