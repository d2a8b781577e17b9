//! Indicators that schemas cannot name: older types take texts as they stand, some choose the column by the value, some
//! by its neighbours, and AWS events are searched whole.

use super::{Path, Values, ipv4};
use crate::parse::indicators::{Collector, Column, aws, is_ip};
use crate::schema::Indicator;

/// An indicator beside those of the schema.
#[derive(Clone, Copy, Debug)]
pub enum Extra {
    /// What stands in one place, or in each element of an array.
    Value(Place, Reading),
    /// A search through the JSON at a path.
    Scan(Path, RawScan),
    /// Too special for data.
    Special(fn(&dyn Values, &mut Collector)),
}

/// Where texts stand.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// One text.
    At(Path),
    /// Each element of an array of texts.
    Each(Path),
}

/// What is made of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The text goes to this column as it stands.
    Raw(Column),
    /// An ARN, known by how it begins, goes to the ARNs as it stands; anything else is left.
    ArnByPrefix,
    /// An address if it is one, anything else a domain name as it stands.
    HostAsIs,
    /// The address of `address:port`, of `[address]:port`, or alone.
    Endpoint,
    /// A domain name, without dots at its end.
    DomainWithoutDots,
    /// All IPv4 addresses within the text.
    Ipv4Within,
}

/// Which walk through JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawScan {
    /// That of CloudTrail.
    CloudTrail,
    /// That of CloudWatch events and GuardDuty findings.
    Finding,
}

impl Extra {
    pub(super) fn collect(&self, event: &dyn Values, into: &mut Collector) {
        match self {
            Self::Value(Place::At(path), reading) => {
                if let Some(text) = event.text(path) {
                    reading.collect(&text, into);
                }
            }
            Self::Value(Place::Each(path), reading) => event.each(path, &mut |element| {
                if let Some(text) = element.text(&[]) {
                    reading.collect(&text, into);
                }
            }),
            Self::Scan(path, scan) => match (event.raw(path), scan) {
                (Some(json), RawScan::CloudTrail) => aws::scan_cloudtrail(into, json),
                (Some(json), RawScan::Finding) => aws::scan_events(into, json),
                (None, _) => {}
            },
            Self::Special(collect) => collect(event, into),
        }
    }
}

impl Reading {
    pub(super) fn collect(self, text: &str, into: &mut Collector) {
        match self {
            Self::Raw(column) => into.push(column, text),
            Self::ArnByPrefix if text.starts_with("arn:") => into.push(Column::AwsArns, text),
            Self::ArnByPrefix => {}
            Self::HostAsIs if is_ip(text) => into.push_address(text),
            Self::HostAsIs => into.push(Column::DomainNames, text),
            Self::Endpoint => into.scan(Indicator::Ip, endpoint_address(text)),
            Self::DomainWithoutDots => into.push(Column::DomainNames, text.trim_end_matches('.')),
            Self::Ipv4Within => ipv4::collect(text, into),
        }
    }
}

/// The address part of an endpoint. An IPv6 address without brackets is taken whole where that is an address.
fn endpoint_address(text: &str) -> &str {
    if let Some((address, _)) = text.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        return address;
    }
    match text.rsplit_once(':') {
        Some((address, _)) if !is_ip(text) => address,
        _ => text,
    }
}
