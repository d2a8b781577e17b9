//! Indicators in parts of AWS events that no schema describes: the raw JSON is walked, and the names of keys say what
//! their values are.
//!
//! There are two such walks, which differ in the keys that they know. The JSON has been read once when it comes here, so
//! a walk need not judge it; on broken JSON it finds what it finds.

use crate::parse::json::escape::read_string;

use super::collector::Mark;
use super::{Collector, Column};

/// Collects from a raw part of a CloudTrail event.
pub fn scan_cloudtrail(collector: &mut Collector, raw_json: &str) {
    walk(collector, raw_json, &CLOUDTRAIL);
}

/// Collects from a raw part of a CloudWatch event or a GuardDuty finding.
pub fn scan_events(collector: &mut Collector, raw_json: &str) {
    walk(collector, raw_json, &EVENTS);
}

/// What a key says about the texts under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Topic {
    /// Nothing; an ARN is recognised by itself.
    Other,
    Arn,
    Instance,
    Account,
    /// A tag as text; objects are pairs of key and value.
    Tag,
    /// A list of tags, which are pairs of key and value.
    TagList,
    /// A list of addresses.
    IpList,
    Ip,
    Domain,
}

/// How one of the walks reads keys.
struct Dialect {
    topic_of: fn(&str) -> Topic,
    /// The topic of the elements of an array under a topic.
    topic_of_element: fn(Topic) -> Topic,
    /// An ARN is one under any key, and nothing else then.
    arn_first: bool,
    /// A tag may lack its value.
    empty_tag_values: bool,
}

const CLOUDTRAIL: Dialect = Dialect {
    topic_of: |key| match key {
        "arn" | "ARN" | "aws:SourceArn" => Topic::Arn,
        "instanceId" | "instance-id" => Topic::Instance,
        "accountId" | "account" => Topic::Account,
        "tags" => Topic::Tag,
        "ipv6Addresses" | "publicIp" | "privateIpAddress" | "ipAddressV4" | "sourceIPAddress" => Topic::Ip,
        "publicDnsName" | "privateDnsName" | "domain" => Topic::Domain,
        _ => topic_by_suffix(key),
    },
    topic_of_element: |topic| topic,
    arn_first: false,
    empty_tag_values: false,
};

const EVENTS: Dialect = Dialect {
    topic_of: |key| match key {
        "instanceId" => Topic::Instance,
        "accountId" => Topic::Account,
        "tags" => Topic::TagList,
        "ipv6Addresses" => Topic::IpList,
        "publicIp" | "privateIpAddress" | "ipAddressV4" => Topic::Ip,
        "publicDnsName" | "privateDnsName" | "domain" => Topic::Domain,
        _ => topic_by_suffix(key),
    },
    topic_of_element: |topic| match topic {
        Topic::TagList => Topic::Tag,
        Topic::IpList => Topic::Ip,
        _ => Topic::Other,
    },
    arn_first: true,
    empty_tag_values: true,
};

fn topic_by_suffix(key: &str) -> Topic {
    if key.ends_with("AccountId") {
        Topic::Account
    } else if key.ends_with("InstanceId") {
        Topic::Instance
    } else {
        Topic::Other
    }
}

/// An object or array that is open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    /// What its values are about: in an object by the last key, in an array by its own.
    topic: Topic,
    is_object: bool,
    /// The next string of an object is a key.
    expects_key: bool,
    /// Of an object that stands where tags do.
    tag: Option<Tag>,
}

/// An object that may be a tag.
#[derive(Clone, Copy, Debug)]
struct Tag {
    /// How much had been collected before it.
    before: Mark,
    /// The member that is being read.
    member: Member,
    /// Where its key stands in the JSON, if there is one.
    key: Option<(usize, usize)>,
    /// Where its value stands.
    value: Option<(usize, usize)>,
}

/// Members of a tag.
#[derive(Clone, Copy, Debug)]
enum Member {
    Key,
    Value,
    Other,
}

/// One walk through a text.
struct Walk<'w> {
    collector: &'w mut Collector,
    levels: Vec<Level>,
    scratch: String,
    json: &'w str,
    dialect: &'static Dialect,
}

fn walk(collector: &mut Collector, json: &str, dialect: &'static Dialect) {
    let mut levels = std::mem::take(&mut collector.levels);
    levels.clear();
    let scratch = std::mem::take(&mut collector.scratch);
    let mut walk = Walk { collector, levels, scratch, json, dialect };
    walk.run();
    let Walk { collector, levels, scratch, .. } = walk;
    (collector.levels, collector.scratch) = (levels, scratch);
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(offset) = self.json.as_bytes()[at..].iter().position(is_structural) {
            at += offset + 1;
            match self.json.as_bytes()[at - 1] {
                b'"' => {
                    let end = end_of_string(self.json, at);
                    self.string(at, end);
                    at = (end + 1).min(self.json.len());
                }
                b',' => {
                    if let Some(level) = self.levels.last_mut() {
                        level.expects_key = level.is_object;
                    }
                }
                b'{' => self.open_object(),
                b'[' => self.open_array(),
                _ => self.close(),
            }
        }
    }

    fn topic(&self) -> Topic {
        self.levels.last().map_or(Topic::Other, |level| level.topic)
    }

    fn open_object(&mut self) {
        let tag = (self.topic() == Topic::Tag).then(|| Tag {
            before: self.collector.mark(),
            member: Member::Other,
            key: None,
            value: None,
        });
        self.levels.push(Level { topic: Topic::Other, is_object: true, expects_key: true, tag });
    }

    fn open_array(&mut self) {
        let topic = (self.dialect.topic_of_element)(self.topic());
        self.levels.push(Level { topic, is_object: false, expects_key: false, tag: None });
    }

    /// Closes an object or array. A tag counts once it is whole; what one walk found inside it does not count then.
    fn close(&mut self) {
        let Some(Level { tag: Some(Tag { before, key: Some(key), value: Some(value), .. }), .. }) = self.levels.pop()
        else {
            return;
        };
        let is_empty = |range: (usize, usize)| range.0 == range.1;
        if is_empty(key) || is_empty(value) && !self.dialect.empty_tag_values {
            return;
        }
        if !self.dialect.arn_first {
            self.collector.forget_after(before);
        }
        let start = self.collector.arena.len();
        self.collector.arena.push_str(unescaped(&self.json[key.0..key.1], &mut self.scratch));
        self.collector.arena.push(':');
        self.collector.arena.push_str(unescaped(&self.json[value.0..value.1], &mut self.scratch));
        self.collector.push_from(Column::AwsTags, start);
    }

    /// A string is a key or a value.
    fn string(&mut self, start: usize, end: usize) {
        let text = unescaped(&self.json[start..end], &mut self.scratch);
        let Some(level) = self.levels.last_mut() else {
            return visit(self.collector, Topic::Other, text, self.dialect);
        };
        if level.expects_key {
            level.expects_key = false;
            level.topic = (self.dialect.topic_of)(text);
            if let Some(tag) = &mut level.tag {
                tag.member = match text {
                    "key" => Member::Key,
                    "value" => Member::Value,
                    _ => Member::Other,
                };
            }
            return;
        }
        match &mut level.tag {
            Some(tag @ Tag { member: Member::Key, .. }) => tag.key = Some((start, end)),
            Some(tag @ Tag { member: Member::Value, .. }) => tag.value = Some((start, end)),
            _ => {}
        }
        visit(self.collector, level.topic, text, self.dialect);
    }
}

fn visit(collector: &mut Collector, topic: Topic, text: &str, dialect: &Dialect) {
    if dialect.arn_first && text.starts_with("arn:") {
        collector.scan_arn(text);
        return;
    }
    match topic {
        Topic::Arn | Topic::Other => _ = collector.scan_arn(text),
        Topic::Instance => collector.scan_instance(text),
        Topic::Account => collector.scan_account(text),
        Topic::Ip => _ = collector.scan_ip(text),
        Topic::Domain => collector.push(Column::DomainNames, text),
        Topic::Tag if !dialect.arn_first => collector.push(Column::AwsTags, text),
        Topic::Tag | Topic::TagList | Topic::IpList => {}
    }
}

fn is_structural(byte: &u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']' | b',')
}

/// Where the string ends that begins here; the end of the text if it does not.
fn end_of_string(json: &str, start: usize) -> usize {
    let bytes = json.as_bytes();
    let mut at = start;
    while let Some(offset) = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\\')) {
        at += offset;
        if bytes[at] == b'"' {
            return at;
        }
        at = (at + 2).min(bytes.len());
    }
    bytes.len()
}

/// A string's text; of a broken one what stands before the break.
fn unescaped<'s>(raw: &'s str, scratch: &'s mut String) -> &'s str {
    if !raw.contains('\\') {
        return raw;
    }
    scratch.clear();
    _ = read_string(raw, scratch);
    scratch
}
