//! Indicators whose column depends on the value's neighbours.

use super::{Reading, Values};
use crate::parse::indicators::{Collector, Column};
use crate::schema::Indicator;

/// VPC DNS logs: names end with a dot, which is cut; what an answer holds depends on its record type.
pub(super) fn vpc_dns(event: &dyn Values, into: &mut Collector) {
    if let Some(name) = event.text(&["query_name"]) {
        into.scan(Indicator::Domain, without_last(&name));
    }
    event.each(&["answers"], &mut |answer| {
        let (Some(kind), Some(data)) = (answer.text(&["Type"]), answer.text(&["Rdata"])) else { return };
        match &*kind {
            "A" | "AAAA" => into.scan(Indicator::Ip, &data),
            "CNAME" | "MX" | "NS" | "PTR" => into.scan(Indicator::Domain, without_last(&data)),
            _ => {}
        }
    });
}

/// The text without its last character.
fn without_last(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next_back();
    characters.as_str()
}

/// Zeek: only questions for addresses (types A and AAAA) name a domain that somebody wanted to reach.
pub(super) fn zeek_query(event: &dyn Values, into: &mut Collector) {
    if matches!(event.raw(&["qtype"]), Some("1" | "28"))
        && let Some(query) = event.text(&["query"])
    {
        into.push(Column::DomainNames, &query);
    }
}

/// Suricata: the name and the data of each answer, by its record type.
pub(super) fn suricata_answers(event: &dyn Values, into: &mut Collector) {
    event.each(&["dns", "answers"], &mut |answer| {
        let kind = answer.text(&["rrtype"]).unwrap_or_default();
        let (name, data) = match &*kind {
            "A" | "AAAA" => (true, Some(Indicator::Ip)),
            "CNAME" | "MX" => (true, Some(Indicator::Domain)),
            "PTR" => (false, Some(Indicator::Domain)),
            "TXT" => (true, None),
            _ => (false, None),
        };
        if let Some(name) = answer.text(&["rrname"]).filter(|_| name) {
            into.push(Column::DomainNames, &name);
        }
        match (data, answer.text(&["rdata"])) {
            (Some(Indicator::Ip), Some(data)) => into.scan(Indicator::Ip, &data),
            (Some(_), Some(data)) => into.push(Column::DomainNames, &data),
            _ => {}
        }
    });
}

/// Columns of osquery tables that hold addresses.
const ADDRESSES: [&str; 5] = ["local_address", "remote_address", "address", "host_ip", "ipv4_address"];

/// osquery: the columns of a row are those of the table that was asked; some names mean an address in any of them.
pub(super) fn osquery_columns(event: &dyn Values, into: &mut Collector) {
    for column in ADDRESSES {
        if let Some(text) = event.text(&["columns", column]) {
            into.scan(Indicator::Ip, &text);
        }
    }
    if let Some(host) = event.text(&["columns", "host"]) {
        Reading::HostAsIs.collect(&host, into);
    }
}
