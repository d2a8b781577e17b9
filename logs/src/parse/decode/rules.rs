//! Which values are accepted.

use std::borrow::Cow;
use std::net::IpAddr;

use super::object::Fault;
use super::{Found, NONE, Scope};
use crate::parse::json::NodeKind;
use crate::parse::json::escape::unescaped;
use crate::parse::layout::{Decode, Slot};
use crate::parse::rejection::{Reason, shown};
use crate::schema::{AddressFamily, Rule, Validate};

/// `required` and the rules of a field, once its value is known; `wanted`: whether they hold here.
#[inline]
pub(super) fn check<'v>(
    slot: &Slot,
    wanted: bool,
    found: Found,
    subject: impl FnOnce() -> Subject<'v>,
) -> Result<(), Fault> {
    if !wanted || !slot.required && slot.rules.is_empty() {
        return Ok(());
    }
    check_rules(slot, found, subject)
}

fn check_rules<'v>(slot: &Slot, found: Found, subject: impl FnOnce() -> Subject<'v>) -> Result<(), Fault> {
    let absent = found == Found::Absent || slot.plain && found == Found::Omitted;
    if slot.required && absent {
        return Err(Reason::Missing.into());
    }
    if slot.rules.is_empty() {
        return Ok(());
    }
    let subject = if absent { Subject::Absent } else { subject() };
    for rule in &slot.rules {
        if subject.is_absent() {
            // What is not there fulfils no rule but the one that lets it pass.
            return if *rule == Rule::OmitEmpty { Ok(()) } else { Err(Reason::Missing.into()) };
        }
        if !subject.holds(rule, &slot.value.decode) {
            return Err(Reason::Rule(name(rule).into(), shown(&subject.words())).into());
        }
    }
    Ok(())
}

/// What rules look at.
pub(super) enum Subject<'v> {
    Absent,
    Text(Cow<'v, str>),
    /// A number, with its source text where there is one.
    Number(f64, Option<&'v str>),
    Count(usize),
    Other,
}

impl<'v> Subject<'v> {
    /// A value of a JSON log.
    pub(super) fn json(scope: Scope<'v>, value: u32) -> Self {
        if value == NONE {
            return Self::Absent;
        }
        let node = scope.document.node(value);
        let body = scope.document.body(node);
        match node.kind {
            NodeKind::Null => Self::Absent,
            NodeKind::Plain | NodeKind::Escaped => Self::Text(unescaped(body)),
            NodeKind::Integer | NodeKind::Real => Self::Number(body.parse().unwrap_or(f64::NAN), Some(body)),
            NodeKind::Array => Self::Count(scope.document.elements(value).count()),
            NodeKind::Object => Self::Count(scope.document.members(value).count()),
            NodeKind::True | NodeKind::False => Self::Text(Cow::Borrowed(body)),
        }
    }

    pub(super) const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Does a rule hold?
    pub(super) fn holds(&self, rule: &Rule, decode: &Decode) -> bool {
        match (self, rule) {
            (_, Rule::Required | Rule::OmitEmpty) | (Self::Other | Self::Absent, _) => true,
            (Self::Text(text), Rule::OneOf(words)) => words.iter().any(|word| word == text),
            (subject, Rule::OneOf(words)) => words.iter().any(|word| *word == subject.words()),
            (subject, Rule::NoneOf(words)) => !words.iter().any(|word| *word == subject.words()),
            (Self::Text(text), Rule::Length(length)) => characters(text) == *length,
            (Self::Count(count), Rule::Length(length)) => count == length,
            (Self::Number(number, _), Rule::Length(length)) => *number == *length as f64,
            // A time's smallest value is no number.
            (_, Rule::Minimum(_) | Rule::Maximum(_)) if matches!(decode, Decode::Time(_)) => true,
            (subject, Rule::Minimum(minimum)) => subject.size(decode) >= *minimum,
            (subject, Rule::Maximum(maximum)) => subject.size(decode) <= *maximum,
            (subject, Rule::Numeric) => is_all(&subject.words(), u8::is_ascii_digit),
            (subject, Rule::Alphanumeric) => is_all(&subject.words(), u8::is_ascii_alphanumeric),
            (subject, Rule::Uuid) => is_uuid(&subject.words()),
        }
    }

    fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(_, Some(text)) => Cow::Borrowed(text),
            Self::Number(number, None) => Cow::Owned(number.to_string()),
            Self::Count(count) => Cow::Owned(count.to_string()),
            Self::Absent | Self::Other => Cow::Borrowed(""),
        }
    }

    fn size(&self, decode: &Decode) -> f64 {
        match self {
            Self::Number(number, _) => *number,
            Self::Text(text) if matches!(decode, Decode::Integer(..) | Decode::Float(_)) => {
                text.parse().unwrap_or(f64::NAN)
            }
            Self::Text(text) => characters(text) as f64,
            Self::Count(count) => *count as f64,
            Self::Absent | Self::Other => f64::NAN,
        }
    }
}

/// How many characters a text has; nearly all are ASCII, where that is its length.
fn characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// A rule in words.
fn name(rule: &Rule) -> String {
    match rule {
        Rule::Required => "must be there".to_owned(),
        Rule::OmitEmpty => "may be empty".to_owned(),
        Rule::OneOf(words) => format!("must be one of {}", words.join(", ")),
        Rule::NoneOf(words) => format!("must be none of {}", words.join(", ")),
        Rule::Length(length) => format!("must have {length} characters"),
        Rule::Minimum(minimum) => format!("must be at least {minimum}"),
        Rule::Maximum(maximum) => format!("must be at most {maximum}"),
        Rule::Numeric => "must be digits".to_owned(),
        Rule::Alphanumeric => "must be ASCII letters and digits".to_owned(),
        Rule::Uuid => "must be a UUID".to_owned(),
    }
}

fn is_all(text: &str, test: fn(&u8) -> bool) -> bool {
    !text.is_empty() && text.as_bytes().iter().all(test)
}

/// Five groups of lower-case hexadecimal digits: 8-4-4-4-12.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-');
    groups == [8, 4, 4, 4, 12] && text.bytes().all(digit)
}

/// `validate:` of a custom schema.
pub(super) fn validate(validate: &Validate, text: &str) -> Result<(), Reason> {
    let has = |list: &[String]| list.iter().any(|value| value == text);
    if !validate.allow.is_empty() && !has(&validate.allow) {
        return Err(Reason::Rule(format!("must be one of {}", validate.allow.join(", ")).into(), shown(text)));
    }
    if has(&validate.deny) {
        return Err(Reason::Rule("is a value that the schema refuses".into(), shown(text)));
    }
    if let Some(family) = validate.ip
        && !text.parse().is_ok_and(|address| is_of(family, address))
    {
        return Err(Reason::Value(family_name(family, false), shown(text)));
    }
    match validate.cidr {
        Some(family) if !is_network(text, family) => Err(Reason::Value(family_name(family, true), shown(text))),
        _ => Ok(()),
    }
}

const fn is_of(family: AddressFamily, address: IpAddr) -> bool {
    match family {
        AddressFamily::V4 => address.is_ipv4(),
        AddressFamily::V6 => address.is_ipv6(),
        AddressFamily::Any => true,
    }
}

/// An address, a slash, and as many bits as the address has at most.
fn is_network(text: &str, family: AddressFamily) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let short = !bits.is_empty() && bits.len() <= 3 && bits.bytes().all(|byte| byte.is_ascii_digit());
    short && is_of(family, address) && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

const fn family_name(family: AddressFamily, network: bool) -> &'static str {
    match (family, network) {
        (AddressFamily::V4, false) => "an IPv4 address",
        (AddressFamily::V6, false) => "an IPv6 address",
        (AddressFamily::Any, false) => "an IP address",
        (AddressFamily::V4, true) => "an IPv4 network",
        (AddressFamily::V6, true) => "an IPv6 network",
        (AddressFamily::Any, true) => "an IP network",
    }
}
