//! The scanners that schemas name: each decides whether a text is an indicator, and of which columns.

use crate::schema::Indicator;

use super::address::{is_ip, is_ipv4, is_mac};
use super::{Collector, Column, domain, host};

/// Digits of an AWS account.
const ACCOUNT_DIGITS: usize = 12;

/// What begins the id of an EC2 instance.
const INSTANCE_PREFIX: &str = "i-";

impl Collector {
    /// Looks at a value as a schema asks.
    pub fn scan(&mut self, indicator: Indicator, value: &str) {
        match indicator {
            Indicator::Ip => _ = self.scan_ip(value),
            Indicator::Domain => self.scan_domain(value),
            Indicator::Hostname => self.scan_hostname(value),
            Indicator::Url => self.scan_url(value),
            Indicator::NetAddr => self.scan_hostname(host::host_before_port(value).unwrap_or(value)),
            Indicator::Md5 => self.scan_hash(Column::Md5Hashes, 32, value),
            Indicator::Sha1 => self.scan_hash(Column::Sha1Hashes, 40, value),
            Indicator::Sha256 => self.scan_hash(Column::Sha256Hashes, 64, value),
            Indicator::AwsArn => _ = self.scan_arn(value),
            Indicator::AwsArnOnly if Arn::of(value).is_some() => self.push(Column::AwsArns, value),
            Indicator::AwsArnOnly => {}
            Indicator::AwsAccountId => self.scan_account(value),
            Indicator::AwsInstanceId => self.scan_instance(value),
            Indicator::AwsTag => self.push(Column::AwsTags, value),
            Indicator::Email => self.scan_email(value),
            Indicator::Username => self.push(Column::Usernames, value.trim()),
            Indicator::TraceId => self.push(Column::TraceIds, value.trim()),
            Indicator::ActorId => self.push(Column::ActorIds, value.trim()),
            Indicator::Mac if is_mac(value.trim()) => self.push(Column::MacAddresses, value.trim()),
            Indicator::Mac => {}
            Indicator::SerialNumber => self.push(Column::SerialNumbers, value.trim()),
        }
    }

    /// Adds an address; says whether it was one.
    pub(super) fn scan_ip(&mut self, value: &str) -> bool {
        let value = value.trim();
        let found = is_ip(value);
        if found {
            self.push_address(value);
        }
        found
    }

    fn scan_domain(&mut self, value: &str) {
        let value = value.trim();
        if !domain::is_encoded(value) {
            return self.push(Column::DomainNames, value);
        }
        let start = self.arena.len();
        domain::append_readable(value, &mut self.arena);
        self.push_from(Column::DomainNames, start);
    }

    fn scan_hostname(&mut self, value: &str) {
        if !self.scan_ip(value) {
            self.scan_domain(value);
        }
    }

    fn scan_url(&mut self, value: &str) {
        let Some(found) = host::host_of_url(value.trim()) else { return };
        if !found.contains('%') {
            return self.scan_hostname(found);
        }
        let mut unescaped = std::mem::take(&mut self.scratch);
        unescaped.clear();
        if host::append_unescaped(found, &mut unescaped).is_some() {
            self.scan_hostname(&unescaped);
        }
        self.scratch = unescaped;
    }

    fn scan_hash(&mut self, column: Column, digits: usize, value: &str) {
        let value = value.trim();
        if value.len() == digits && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let start = self.arena.len();
            self.arena.push_str(value);
            self.arena[start..].make_ascii_lowercase();
            self.push_from(column, start);
        }
    }

    fn scan_email(&mut self, value: &str) {
        if value.contains('@') {
            self.push(Column::Emails, value.trim());
        }
    }

    pub(super) fn scan_account(&mut self, value: &str) {
        if value.len() == ACCOUNT_DIGITS && value.bytes().all(|byte| byte.is_ascii_digit()) {
            self.push(Column::AwsAccountIds, value);
        }
    }

    pub(super) fn scan_instance(&mut self, value: &str) {
        if value.starts_with(INSTANCE_PREFIX) {
            self.push(Column::AwsInstanceIds, value);
        }
    }

    /// Adds an ARN with what it names: the account, the instance, and the e-mail address that names the session of an
    /// assumed role. Says whether it was one.
    pub(super) fn scan_arn(&mut self, value: &str) -> bool {
        let Some(arn) = Arn::of(value) else { return false };
        self.push(Column::AwsArns, value);
        self.scan_account(arn.account);
        let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        let last = name.rsplit('/').next().unwrap_or_default();
        match (arn.service, kind) {
            (_, "instance") => self.scan_instance(last),
            ("sts", "assumed-role") => self.scan_email(last),
            _ => {}
        }
        true
    }

    /// Adds the IPv4 addresses that stand anywhere in a text, up to the first four numbers with points that look like one
    /// and are none.
    pub fn scan_addresses_in_text(&mut self, text: &str) {
        let mut at = 0;
        while let Some((start, end)) = next_dotted_quad(text.as_bytes(), at) {
            if !is_ipv4(&text[start..end]) {
                return;
            }
            self.push_address(&text[start..end]);
            at = end;
        }
    }
}

/// The parts of an ARN that are looked at.
struct Arn<'a> {
    service: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Arn<'a> {
    /// `arn:partition:service:region:account:resource`; the resource may have colons.
    fn of(value: &'a str) -> Option<Self> {
        let mut parts = value.strip_prefix("arn:")?.splitn(5, ':');
        let (_partition, service, _region) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { service, account: parts.next()?, resource: parts.next()? })
    }
}

/// Where the next four numbers with points stand: three below 256, and whatever digits follow, if any.
fn next_dotted_quad(text: &[u8], from: usize) -> Option<(usize, usize)> {
    (from..text.len()).filter(|start| text[*start].is_ascii_digit()).find_map(|start| {
        let mut at = start;
        for _ in 0..3 {
            at += short_number(&text[at..])?;
        }
        at += text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        Some((start, at))
    })
}

/// The length of a number below 256 of at most three digits, with the point behind it.
fn short_number(text: &[u8]) -> Option<usize> {
    let length = text.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let value = text[..length].iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    ((1..=3).contains(&length) && value < 256 && text.get(length) == Some(&b'.')).then_some(length + 1)
}
