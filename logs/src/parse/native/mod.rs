//! What the built-in log types need beyond their schemas: readers of text formats, and rules for events of JSON types.
//!
//! A schema says what fields a type has; it cannot say how a line of an Apache log is cut, that a CloudTrail document
//! may hold many events, or that a DNS answer feeds an indicator depending on its record type. That stands here: formats
//! of text as small scanners ([`text_format`]), everything else as data ([`rules`]) which the engine consults.

#![expect(clippy::ptr_arg, reason = "a borrowed text lives as long as its line, which a plain `&str` would not tell")]

mod aws;
mod clock;
mod columns;
mod common_log;
mod cursor;
mod ends;
#[cfg(test)]
pub(crate) mod examples;
mod juniper;
mod nginx;
mod row;
pub mod rules;
mod syslog;
mod umbrella;

pub use clock::Now;
pub use ends::{Bytes, Ends};
pub use row::{Cell, Kept, Mismatch, NativeRow, Outcome};

/// A format of text that is one log type's own.
pub trait TextFormat: Send + Sync + std::fmt::Debug {
    /// The fields that a row has, in order: the top-level fields of the type's schema.
    fn fields(&self) -> &'static [&'static str];

    /// Reads a line (without its end, trimmed) into the row, which it overwrites.
    ///
    /// # Errors
    ///
    /// The line is not of this format; the row then holds nothing of use.
    fn read<'l>(&mut self, line: &'l str, row: &mut NativeRow<'l>) -> Result<Outcome, Mismatch>;

    /// What a line of this format may begin and end with. In a mixed stream each line is held against each format.
    fn ends(&self) -> Ends {
        Ends::ANY
    }

    /// A second look, at a line whose ends fit: false if it is certainly not of this format. Most can tell without cutting it.
    fn may_read(&self, _line: &str) -> bool {
        true
    }

    /// The same format in the same state, for another thread that goes on in the same stream.
    fn continued(&self) -> Box<dyn TextFormat>;

    /// What a person should know of the stream so far, besides the lines that are rejected.
    fn remark(&self) -> Option<String> {
        None
    }

    /// Forgets what lines before have said; a new stream begins.
    fn reset(&mut self) {}
}

/// The format of a built-in type; `None` for types that are JSON, and for unknown names.
#[must_use]
pub fn text_format(log_type: &str, now: Now) -> Option<Box<dyn TextFormat>> {
    Some(match log_type {
        "AWS.ALB" => Box::new(aws::Alb::default()),
        "AWS.AuroraMySQLAudit" => Box::new(aws::AuroraMySqlAudit),
        "AWS.S3ServerAccess" => Box::new(aws::S3ServerAccess::default()),
        "AWS.VPCFlow" => Box::new(aws::VpcFlow::default()),
        "Apache.AccessCommon" | "Fastly.Access" => Box::new(common_log::CommonLog::COMMON),
        "Apache.AccessCombined" => Box::new(common_log::CommonLog::COMBINED),
        "Nginx.Access" => Box::new(nginx::Nginx::default()),
        "CiscoUmbrella.DNS" => Box::new(umbrella::Umbrella::new(&umbrella::DNS)),
        "CiscoUmbrella.IP" => Box::new(umbrella::Umbrella::new(&umbrella::IP)),
        "CiscoUmbrella.CloudFirewall" => Box::new(umbrella::Umbrella::new(&umbrella::CLOUD_FIREWALL)),
        "CiscoUmbrella.Proxy" => Box::new(umbrella::Umbrella::new(&umbrella::PROXY)),
        "Juniper.Access" => Box::new(juniper::Access::new(now)),
        "Juniper.Audit" => Box::new(juniper::Audit(now)),
        "Juniper.Firewall" => Box::new(juniper::Firewall(now)),
        "Juniper.MWS" => Box::new(juniper::Mws(now)),
        "Juniper.Postgres" => Box::new(juniper::Postgres(now)),
        "Juniper.Security" => Box::new(juniper::Security(now)),
        "Syslog.RFC3164" => Box::new(syslog::Rfc3164(now)),
        "Syslog.RFC5424" => Box::new(syslog::Rfc5424),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
