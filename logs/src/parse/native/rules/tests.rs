//! The rules, held against events in memory.

use std::borrow::Cow;

use super::*;
use crate::parse::indicators::Collector;
use crate::schema::native;

/// An event as `serde_json` reads it.
struct Event(serde_json::Value);

impl Event {
    fn at(&self, path: &[&str]) -> Option<&serde_json::Value> {
        path.iter().try_fold(&self.0, |value, key| value.get(key))
    }
}

impl Values for Event {
    fn text(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        self.at(path)?.as_str().map(Cow::Borrowed)
    }

    fn raw(&self, path: &[&str]) -> Option<&str> {
        // Only what the tests need: numbers.
        self.at(path).and_then(|value| if *value == 28 { Some("28") } else { None })
    }

    fn each(&self, path: &[&str], visit: &mut dyn FnMut(&dyn Values)) {
        let Some(array) = self.at(path).and_then(serde_json::Value::as_array) else { return };
        array.iter().for_each(|element| visit(&Event(element.clone())));
    }
}

fn event(json: &str) -> Event {
    Event(serde_json::from_str(json).expect("JSON"))
}

/// What a type's further indicators are for an event, as the end of a written event.
fn indicators(log_type: &str, json: &str) -> String {
    let mut collector = Collector::default();
    rules(log_type).collect(&event(json), &mut collector);
    let mut out = Vec::new();
    collector.write(&mut out);
    String::from_utf8(out).expect("text")
}

#[test]
fn rules_name_types_that_exist() {
    for log_type in table::names() {
        assert!(native::find(log_type).is_some(), "{log_type}");
    }
}

#[test]
fn gitlab_requests_of_the_api_are_not_those_of_the_site() {
    let production = rules("GitLab.Production");
    assert!(production.accepts(&event(r#"{"action":"show"}"#)).is_ok());
    assert!(production.accepts(&event(r#"{"etag_route":"issue_notes"}"#)).is_ok());
    assert!(production.accepts(&event(r#"{"route":"/api/:version/internal","action":null}"#)).is_err());
}

#[test]
fn audit_logs_of_google_are_known_by_the_end_of_their_name() {
    let audit = rules("GCP.AuditLog");
    let log = |name: &str| event(&format!(r#"{{"logName":"projects/p/logs/{name}"}}"#));
    assert!(audit.accepts(&log("cloudaudit.googleapis.com%2Fdata_access")).is_ok());
    assert!(audit.accepts(&log("cloudaudit.googleapis.com%2Fpolicy")).is_err());
    assert!(audit.accepts(&event("{}")).is_err());
}

#[test]
fn hosts_are_addresses_or_else_names() {
    let host = |host: &str| indicators("Apache.AccessCommon", &format!(r#"{{"remote_host_ip_address":"{host}"}}"#));
    assert_eq!(host("2001:db8::1"), r#","p_any_ip_addresses":["2001:db8::1"]"#);
    assert_eq!(host("10.1"), r#","p_any_domain_names":["10.1"]"#);
    assert_eq!(host("face.example"), r#","p_any_domain_names":["face.example"]"#);
}

#[test]
fn endpoints_of_load_balancers_are_indexed_in_both_families() {
    let client = |client: &str| indicators("AWS.ALB", &format!(r#"{{"clientIp":"{client}"}}"#));
    assert_eq!(client("192.0.2.7"), r#","p_any_ip_addresses":["192.0.2.7"]"#);
    assert_eq!(client("[2001:db8::7]:443"), r#","p_any_ip_addresses":["2001:db8::7"]"#);
    assert_eq!(client("2001:db8::7"), r#","p_any_ip_addresses":["2001:db8::7"]"#);
    assert_eq!(client("lambda"), "");
}

#[test]
fn messages_give_their_addresses_until_something_is_none() {
    let message = |text: &str| indicators("Fluentd.Syslog3164", &format!(r#"{{"message":"{text}"}}"#));
    assert_eq!(message("from 10.0.0.1 to 10.0.0.2."), r#","p_any_ip_addresses":["10.0.0.1","10.0.0.2"]"#);
    assert_eq!(message("1999.1.2.3"), r#","p_any_ip_addresses":["99.1.2.3"]"#);
    assert_eq!(message("end. 1.2.3 of 1.2.3. and 4.5.6.7"), r#","p_any_ip_addresses":["4.5.6.7"]"#);
    assert_eq!(message("10.0.0.1 1.2.3.4567 10.0.0.2"), r#","p_any_ip_addresses":["10.0.0.1"]"#);
}

#[test]
fn dns_answers_are_indexed_by_their_type() {
    let vpc = r#"{"query_name":"www.example.com.","answers":[{"Type":"A","Rdata":"192.0.2.1"},
        {"Type":"CNAME","Rdata":"host.example.net."},{"Type":"TXT","Rdata":"192.0.2.2"}]}"#;
    assert_eq!(
        indicators("AWS.VPCDns", vpc),
        r#","p_any_ip_addresses":["192.0.2.1"],"p_any_domain_names":["host.example.net","www.example.com"]"#
    );
    let suricata = r#"{"dns":{"rrname":"q.example","grouped":{"CNAME":["c.example"]},"answers":[
        {"rrtype":"PTR","rrname":"1.2.0.192.in-addr.arpa","rdata":"p.example"},
        {"rrtype":"AAAA","rrname":"a.example","rdata":"2001:db8::2"}]}}"#;
    assert_eq!(
        indicators("Suricata.DNS", suricata),
        concat!(
            r#","p_any_ip_addresses":["2001:db8::2"]"#,
            r#","p_any_domain_names":["a.example","c.example","p.example","q.example"]"#
        )
    );
    let zeek = r#"{"query":"z.example","qtype":28,"answers":["2001:db8::3","n.example"]}"#;
    assert_eq!(
        indicators("Zeek.DNS", zeek),
        r#","p_any_ip_addresses":["2001:db8::3"],"p_any_domain_names":["n.example","z.example"]"#
    );
    assert_eq!(indicators("Zeek.DNS", r#"{"query":"z.example","qtype":16}"#), "");
}

#[test]
fn columns_of_osquery_are_indexed_by_their_names() {
    let row = r#"{"hostIdentifier":"laptop","columns":{"remote_address":"192.0.2.9","address":"02:00:00:00:00:01","host":"h.example"}}"#;
    assert_eq!(
        indicators("Osquery.Differential", row),
        r#","p_any_ip_addresses":["192.0.2.9"],"p_any_domain_names":["h.example","laptop"]"#
    );
}

#[test]
fn protocols_have_numbers() {
    assert_eq!([protocol_number("UDP"), protocol_number("tcp"), protocol_number("IPv6-ICMP")], [17, 6, 58].map(Some));
    assert_eq!(protocol_number("carrier pigeon"), None);
}
