//! The rules of the scanners, one by one.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::schema::Indicator;

use super::aws::{scan_cloudtrail, scan_events};
use super::{Collector, Column, is_ip, is_mac};

/// What was collected, as `column: values`, by the short names of the columns.
fn found(collector: &mut Collector) -> String {
    let mut text = String::new();
    for column in Column::ALL {
        let values: Vec<_> = collector.values(column).collect();
        if !values.is_empty() {
            text += &format!("{}={} ", column.name().trim_start_matches("p_any_"), values.join(","));
        }
    }
    text.trim_end().to_owned()
}

fn scanned(indicator: Indicator, value: &str) -> String {
    let mut collector = Collector::new();
    collector.scan(indicator, value);
    found(&mut collector)
}

fn check(indicator: Indicator, cases: &[(&str, &str)]) {
    for (value, expected) in cases {
        assert_eq!(scanned(indicator, value), *expected, "{} of {value:?}", indicator.name());
    }
}

#[test]
fn addresses() {
    for good in [
        "1.2.3.4",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "1::",
        "2001:db8::ff00:42:8329",
        "1:2:3:4:5:6:7:8",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "64:ff9b::192.0.2.33",
        "0000:0000:0000:0000:0000:0000:255.255.255.255",
        "ABCD::EF",
    ] {
        assert!(is_ip(good), "{good}");
    }
    for bad in [
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4.",
        ".1.2.3.4",
        "01.2.3.4",
        "1.2.3.04",
        "00.0.0.0",
        "1.2.3.256",
        "1.2.3.1000",
        "1..2.3",
        "1.2.3.a",
        "-1.2.3.4",
        "+1.2.3.4",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "1:2:3:4:5:6:7::8",
        "12345::",
        "g::",
        "fe80::1%eth0",
        "[::1]",
        "::1.2.3",
        "::1.2.3.04",
        "1.2.3.4:80",
        "::1/64",
        "1:2:3:4:5:6:7:1.2.3.4",
        "١.2.3.4",
        "1.2.3.4\0",
    ] {
        assert!(!is_ip(bad), "{bad}");
    }
}

#[test]
fn ip_keeps_the_trimmed_text() {
    check(
        Indicator::Ip,
        &[
            (" 1.2.3.4\t", "ip_addresses=1.2.3.4"),
            ("2001:0DB8::0001", "ip_addresses=2001:0DB8::0001"),
            ("host", ""),
            ("", ""),
            ("-", ""),
        ],
    );
}

#[test]
fn domain_takes_any_text() {
    check(
        Indicator::Domain,
        &[
            (" example.com ", "domain_names=example.com"),
            ("not a domain!", "domain_names=not a domain!"),
            ("1.2.3.4", "domain_names=1.2.3.4"),
            ("foo@bar.com", "domain_names=foo@bar.com"),
            ("  ", ""),
            ("Example.COM", "domain_names=Example.COM"),
        ],
    );
}

#[test]
fn punycode_becomes_readable_where_the_name_begins_with_it() {
    check(
        Indicator::Domain,
        &[
            ("xn--fa-hia.com", "domain_names=faß.com"),
            ("xn--mnchen-3ya.DE", "domain_names=münchen.DE"),
            ("www.xn--fa-hia.com", "domain_names=www.xn--fa-hia.com"),
            ("xn--fa-hia.xn--p1ai", "domain_names=faß.рф"),
            ("xn--ihqwcrb4cv8a8dqg056pqjye.com", "domain_names=他们为什么不说中文.com"),
            ("xn--egbpdaj6bu4bxfgehfvwxn", "domain_names=ليهمابتكلموشعربي؟"),
            (
                "xn--PorqunopuedensimplementehablarenEspaol-fmd56a",
                "domain_names=PorquénopuedensimplementehablarenEspañol",
            ),
            ("xn--abc-.com", "domain_names=abc.com"),
            ("xn--.com", "domain_names=xn--.com"),
            ("xn---.com", "domain_names=xn---.com"),
            ("xn--!!.com", "domain_names=xn--!!.com"),
            ("xn--99999999.com", "domain_names=xn--99999999.com"),
            ("xn--fa-hia..", "domain_names=faß.."),
            ("XN--fa-hia.com", "domain_names=XN--fa-hia.com"),
        ],
    );
}

#[test]
fn hostname_is_an_address_or_a_domain() {
    check(
        Indicator::Hostname,
        &[
            (" ::1 ", "ip_addresses=::1"),
            ("10.0.0.1", "ip_addresses=10.0.0.1"),
            ("010.0.0.1", "domain_names=010.0.0.1"),
            ("web-1", "domain_names=web-1"),
            ("xn--fa-hia.com", "domain_names=faß.com"),
            ("", ""),
        ],
    );
}

#[test]
fn url_gives_its_host() {
    check(
        Indicator::Url,
        &[
            ("https://example.com/x?y=%zz", "domain_names=example.com"),
            (" http://10.1.2.3:8080/ ", "ip_addresses=10.1.2.3"),
            ("http://[2001:db8::1]:443/x", "ip_addresses=2001:db8::1"),
            ("http://[::1]", "ip_addresses=::1"),
            ("http://user:pa%20ss@host.example:81/", "domain_names=host.example"),
            ("http://a@b@host/", "domain_names=host"),
            ("//host/path", "domain_names=host"),
            ("HTTP://Host/", "domain_names=Host"),
            ("http://host?x=1", "domain_names=host"),
            ("http://host#f", "domain_names=host"),
            ("http://host#a\tb", "domain_names=host"),
            ("http://host:", "domain_names=host"),
            ("ftp+x-y.z://host", "domain_names=host"),
            ("http://xn--fa-hia.com/", "domain_names=faß.com"),
            ("http://m%C3%BCnchen.de/", "domain_names=münchen.de"),
            ("http://münchen.de/", "domain_names=münchen.de"),
            ("http://a;b$c/", "domain_names=a;b$c"),
            ("http://[fe80::1%25en0]/", "domain_names=fe80::1%en0"),
            ("a://b?c:d/e", "domain_names=b"),
        ],
    );
}

#[test]
fn urls_without_a_host_or_that_cannot_be_parsed_give_nothing() {
    for url in [
        "",
        "example.com/x",
        "example.com",
        "/path",
        "mailto:a@b",
        "http:",
        "http:///x",
        "///host/x",
        "http:/host",
        "*",
        ":http://host",
        "1http://host",
        "http://host:port/",
        "http://host:80x/",
        "http://[::1/",
        "http://[::1]x/",
        "http://ho st/",
        "http://ho%20st/",
        "http://ho%41st/",
        "http://host/%zz",
        "http://host/%4",
        "http://host/#%zz",
        "http://us er@host/",
        "http://us%zzer@host/",
        "http://ho\tst/",
        "http://ho\u{7f}st/",
        "http://h{o}st/",
        "http://h\\ost/",
        "http://%ff%fe/",
        "http://:80/",
        "1.2.3.4:80/x",
        "host:80",
    ] {
        assert_eq!(scanned(Indicator::Url, url), "", "{url}");
    }
}

#[test]
fn net_addr_cuts_the_port() {
    check(
        Indicator::NetAddr,
        &[
            ("10.0.0.1:22", "ip_addresses=10.0.0.1"),
            ("[::1]:22", "ip_addresses=::1"),
            ("host:22", "domain_names=host"),
            ("host:ssh", "domain_names=host"),
            ("host:", "domain_names=host"),
            ("host", "domain_names=host"),
            ("10.0.0.1", "ip_addresses=10.0.0.1"),
            ("::1", "ip_addresses=::1"),
            ("2001:db8::1:22", "ip_addresses=2001:db8::1:22"),
            ("[::1]", "domain_names=[::1]"),
            ("[::1]22", "domain_names=[::1]22"),
            ("[::1]x:22", "domain_names=[::1]x:22"),
            ("[a[b]:1", "domain_names=[a[b]:1"),
            ("a]b:1", "domain_names=a]b:1"),
            (":22", ""),
            ("", ""),
        ],
    );
}

#[test]
fn hashes_have_their_length_and_are_lower_case() {
    let (md5, sha1, sha256) = ("D41D8CD98F00B204E9800998ECF8427E", "a".repeat(40), "0F".repeat(32));
    assert_eq!(scanned(Indicator::Md5, &format!(" {md5} ")), format!("md5_hashes={}", md5.to_lowercase()));
    assert_eq!(scanned(Indicator::Sha1, &sha1), format!("sha1_hashes={sha1}"));
    assert_eq!(scanned(Indicator::Sha256, &sha256), format!("sha256_hashes={}", sha256.to_lowercase()));
    check(Indicator::Md5, &[(&sha1, ""), ("", ""), (&"g".repeat(32), ""), (&"é".repeat(16), "")]);
}

#[test]
fn arns_name_accounts_instances_and_sessions() {
    check(
        Indicator::AwsArn,
        &[
            ("arn:aws:s3:::bucket/key", "aws_arns=arn:aws:s3:::bucket/key"),
            (
                "arn:aws:ec2:us-east-1:123456789012:instance/i-0abc",
                "aws_account_ids=123456789012 aws_instance_ids=i-0abc aws_arns=arn:aws:ec2:us-east-1:123456789012:instance/i-0abc",
            ),
            (
                "arn:aws:ec2:us-east-1:123:instance/x/i-0abc",
                "aws_instance_ids=i-0abc aws_arns=arn:aws:ec2:us-east-1:123:instance/x/i-0abc",
            ),
            ("arn:aws:ec2:us-east-1:123:instance/x", "aws_arns=arn:aws:ec2:us-east-1:123:instance/x"),
            ("arn:aws:ec2:us-east-1:123:volume/i-1", "aws_arns=arn:aws:ec2:us-east-1:123:volume/i-1"),
            (
                "arn:aws:sts::123456789012:assumed-role/Admin/jane@example.com",
                "aws_account_ids=123456789012 aws_arns=arn:aws:sts::123456789012:assumed-role/Admin/jane@example.com emails=jane@example.com",
            ),
            (
                "arn:aws:sts::123456789012:assumed-role/Admin/session",
                "aws_account_ids=123456789012 aws_arns=arn:aws:sts::123456789012:assumed-role/Admin/session",
            ),
            ("arn:aws:logs:eu:1:log-group:x:y", "aws_arns=arn:aws:logs:eu:1:log-group:x:y"),
            (" arn:aws:s3:::b", ""),
            ("arn:aws:s3::b", ""),
            ("ARN:aws:s3:::b", ""),
            ("arn:", ""),
        ],
    );
    check(
        Indicator::AwsArnOnly,
        &[("arn:aws:iam::123456789012:user/a", "aws_arns=arn:aws:iam::123456789012:user/a"), ("arn:aws", "")],
    );
}

#[test]
fn simple_scanners() {
    check(
        Indicator::AwsAccountId,
        &[
            ("123456789012", "aws_account_ids=123456789012"),
            ("12345678901", ""),
            (" 123456789012", ""),
            ("12345678901a", ""),
        ],
    );
    check(Indicator::AwsInstanceId, &[("i-1", "aws_instance_ids=i-1"), ("x-1", ""), (" i-1", "")]);
    check(Indicator::AwsTag, &[(" a:b ", "aws_tags= a:b"), ("", "")]);
    check(Indicator::Email, &[(" a@b ", "emails=a@b"), ("ab", "")]);
    check(Indicator::Username, &[(" jane ", "usernames=jane"), (" ", "")]);
    check(Indicator::TraceId, &[(" 1 ", "trace_ids=1"), ("", "")]);
    check(Indicator::ActorId, &[("x", "actor_ids=x")]);
    check(Indicator::SerialNumber, &[("C02", "serial_numbers=C02")]);
    check(Indicator::Mac, &[("00:1A:2b:3c:4d:5e", "mac_addresses=00:1A:2b:3c:4d:5e"), ("nope", "")]);
}

#[test]
fn hardware_addresses() {
    for good in ["00:00:5e:00:53:01", "02-00-5e-10-00-00-00-01", "0000.5e00.5301", "0200.5e10.0000.0001"] {
        assert!(is_mac(good), "{good}");
    }
    for bad in [
        "",
        "00:00:5e:00:53",
        "00:00:5e:00:53:0g",
        "00:00-5e:00:53:01",
        "0000.5e00",
        "00005e005301",
        "00:00:5e:00:53:01:",
        "é0:00:5e:00:53",
    ] {
        assert!(!is_mac(bad), "{bad}");
    }
}

#[test]
fn addresses_in_text() {
    for (text, expected) in [
        ("from 1.2.3.4 to 10.0.0.255.", "ip_addresses=1.2.3.4,10.0.0.255"),
        ("from 1.2.3.4 to 10.0.0. and 5.6.7.8", "ip_addresses=1.2.3.4"),
        ("a 1.2.3.4567 b 5.6.7.8", ""),
        ("1.2.3. then 5.6.7.8", ""),
        ("1234.5.6.7", "ip_addresses=234.5.6.7"),
        ("none 1.2.3", ""),
        ("", ""),
    ] {
        let mut collector = Collector::new();
        collector.scan_addresses_in_text(text);
        assert_eq!(found(&mut collector), expected, "{text}");
    }
}

#[test]
fn columns_are_distinct_sorted_and_in_order() {
    let mut collector = Collector::new();
    for (column, value) in [
        (Column::Usernames, "b"),
        (Column::Usernames, "a\""),
        (Column::Usernames, "b"),
        (Column::Usernames, ""),
        (Column::Md5Hashes, "m"),
        (Column::Sha1Hashes, "s"),
        (Column::IpAddresses, "::1"),
        (Column::Usernames, "ä"),
        (Column::Usernames, "B"),
    ] {
        collector.push(column, value);
    }
    let mut out = Vec::new();
    collector.write(&mut out);
    let expected = r#","p_any_ip_addresses":["::1"],"p_any_md5_hashes":["m"],"p_any_sha1_hashes":["s"],"p_any_usernames":["B","a\"","b","ä"]"#;
    assert_eq!(String::from_utf8_lossy(&out), expected);
    out.clear();
    collector.push(Column::Md5Hashes, "<");
    collector.write_older(&mut out);
    let expected = r#","p_any_ip_addresses":["::1"],"p_any_sha1_hashes":["s"],"p_any_md5_hashes":["\u003c","m"]"#;
    assert_eq!(String::from_utf8_lossy(&out), expected);
    collector.clear();
    out.clear();
    collector.write(&mut out);
    assert!(out.is_empty() && collector.is_empty());
}

fn walked(scan: fn(&mut Collector, &str), json: &str) -> String {
    let mut collector = Collector::new();
    scan(&mut collector, json);
    found(&mut collector)
}

#[test]
fn cloudtrail_values_by_their_nearest_key() {
    for (json, expected) in [
        (
            r#"{"arn":"arn:a:b:c:d:e","ARN":"x","aws:SourceArn":"arn:a:b:c:d:f"}"#,
            "aws_arns=arn:a:b:c:d:e,arn:a:b:c:d:f",
        ),
        (
            r#"{"instanceId":"i-1","instance-id":"i-2","myInstanceId":"i-3","instanceid":"i-4"}"#,
            "aws_instance_ids=i-1,i-2,i-3",
        ),
        (
            r#"{"accountId":"123456789012","account":"223456789012","xAccountId":"323456789012","accountid":"423456789012"}"#,
            "aws_account_ids=123456789012,223456789012,323456789012",
        ),
        (r#"{"tags":"t"}"#, "aws_tags=t"),
        (r#"{"tags":["t","u"]}"#, "aws_tags=t,u"),
        (
            r#"{"sourceIPAddress":"1.1.1.1","ipv6Addresses":["::1",["::2"]],"publicIp":"x","ip":"2.2.2.2"}"#,
            "ip_addresses=1.1.1.1,::1,::2",
        ),
        (r#"{"publicDnsName":"a","privateDnsName":"","domain":"b c"}"#, "domain_names=a,b c"),
        (r#"{"any":["arn:a:b:c:d:e",{"deep":"arn:a:b:c:d:f"}]}"#, "aws_arns=arn:a:b:c:d:e,arn:a:b:c:d:f"),
        (r#"{"accountId":{"x":"123456789012"}}"#, ""),
        (r#"{"accountId":[{"x":1},"123456789012"]}"#, "aws_account_ids=123456789012"),
        (r#""arn:a:b:c:d:e""#, "aws_arns=arn:a:b:c:d:e"),
        (r#"{"domain":"a\u0041\"b","dom\u0061in":"c","x":"{\"domain\":\"no\"}"}"#, "domain_names=aA\"b,c"),
        (r#"{"a":{"domain":"x"},"b":1,"domain":null,"domain":"y"}"#, "domain_names=x,y"),
        ("", ""),
        ("null", ""),
    ] {
        assert_eq!(walked(scan_cloudtrail, json), expected, "{json}");
    }
}

#[test]
fn cloudtrail_tags_are_not_looked_into() {
    for (json, expected) in [
        (r#"{"tags":[{"key":"k","value":"v","domain":"d"},{"domain":"e"}]}"#, "domain_names=e aws_tags=k:v"),
        (r#"{"tags":{"value":"arn:a:b:c:d:e","key":"k"},"domain":"d"}"#, "domain_names=d aws_tags=k:arn:a:b:c:d:e"),
        (r#"{"tags":{"key":"","value":"arn:a:b:c:d:e"}}"#, "aws_arns=arn:a:b:c:d:e"),
        (r#"{"tags":{"key":"k","value":""}}"#, ""),
        (r#"{"tags":{"key":"k","value":1}}"#, ""),
        (r#"{"tags":{"key":"\"","value":"\u00e4"}}"#, "aws_tags=\":ä"),
        (r#"{"tags":{"x":{"key":"k","value":"v"}}}"#, ""),
        (r#"{"x":{"key":"k","value":"v"}}"#, ""),
    ] {
        assert_eq!(walked(scan_cloudtrail, json), expected, "{json}");
    }
}

#[test]
fn events_know_fewer_keys() {
    for (json, expected) in [
        (r#"{"sourceIPAddress":"1.1.1.1","instance-id":"i-1","account":"123456789012"}"#, ""),
        (
            r#"{"accountId":"arn:a:b:c:123456789012:instance/i-7"}"#,
            "aws_account_ids=123456789012 aws_instance_ids=i-7 aws_arns=arn:a:b:c:123456789012:instance/i-7",
        ),
        (
            r#"{"instanceId":"i-1","xInstanceId":"i-2","accountId":"123456789012"}"#,
            "aws_account_ids=123456789012 aws_instance_ids=i-1,i-2",
        ),
        (
            r#"{"tags":[{"key":"k","value":""},{"key":"l","value":"arn:a:b:c:d:e"}]}"#,
            "aws_arns=arn:a:b:c:d:e aws_tags=k:,l:arn:a:b:c:d:e",
        ),
        (r#"{"tags":{"key":"k","value":"v"}}"#, ""),
        (r#"{"tags":"t"}"#, ""),
        (
            r#"{"ipv6Addresses":["::1"],"publicIp":["1.1.1.1"],"ipAddressV4":"2.2.2.2","privateIpAddress":"3.3.3.3"}"#,
            "ip_addresses=2.2.2.2,3.3.3.3,::1",
        ),
        (r#"{"ipv6Addresses":"::1"}"#, ""),
        (r#"{"domain":"d","publicDnsName":"e"}"#, "domain_names=d,e"),
    ] {
        assert_eq!(walked(scan_events, json), expected, "{json}");
    }
}

#[test]
fn deep_json_is_walked_without_recursion() {
    let depth = 200_000;
    let json = format!("{}\"domain\":\"d\"{}", "{\"tags\":".repeat(depth) + "{", "}".repeat(depth + 1));
    assert_eq!(walked(scan_cloudtrail, &json), "domain_names=d");
}

fn any_indicator() -> impl Strategy<Value = Indicator> {
    prop::sample::select(Indicator::ALL.to_vec())
}

proptest! {
    #[test]
    fn a_collector_is_a_map_of_sets(pushed in prop::collection::vec((prop::sample::select(Column::ALL.to_vec()), "[a-c\"é]{0,2}"), 0..40)) {
        let mut collector = Collector::new();
        let mut model: BTreeMap<Column, BTreeSet<String>> = BTreeMap::new();
        for (column, value) in &pushed {
            collector.push(*column, value);
            if !value.is_empty() {
                model.entry(*column).or_default().insert(value.clone());
            }
        }
        let mut out = b"{\"x\":0".to_vec();
        collector.write(&mut out);
        out.push(b'}');
        let expected = model.iter().fold("{\"x\":0".to_owned(), |text, (column, values)| {
            format!("{text},\"{}\":{}", column.name(), serde_json::to_string(values).expect("strings"))
        });
        prop_assert_eq!(String::from_utf8_lossy(&out), expected + "}");
    }

    #[test]
    fn no_text_breaks_a_scanner(indicator in any_indicator(), text in "(xn--|arn:|http://|\\[|%|:|@|\\PC){0,12}") {
        let mut collector = Collector::new();
        collector.scan(indicator, &text);
        collector.scan_addresses_in_text(&text);
    }

    #[test]
    fn no_text_breaks_a_walk(text in "([\\[\\]{}\",:\\\\]|\"tags\"|\"key\"|\"value\"|é|a){0,24}") {
        let mut collector = Collector::new();
        scan_cloudtrail(&mut collector, &text);
        scan_events(&mut collector, &text);
    }

    #[test]
    fn addresses_are_those_of_the_standard_library(text in "[0-9a-f:.]{0,20}|([0-9]{1,3}\\.){3}[0-9]{1,3}|([0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}") {
        prop_assert_eq!(is_ip(&text), text.parse::<std::net::IpAddr>().is_ok());
    }
}

#[test]
fn a_column_can_be_forgotten() {
    let mut collector = Collector::new();
    collector.scan(Indicator::AwsArn, "arn:aws:sts::123456789012:assumed-role/r/a@example.com");
    collector.forget(Column::Emails);
    assert_eq!(collector.values(Column::Emails).count(), 0);
    assert_eq!(collector.values(Column::AwsAccountIds).collect::<Vec<_>>(), ["123456789012"]);
}
