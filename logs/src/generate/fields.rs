//! What a field of a schema may hold: a template for its name, its indicators and its rules.
//!
//! Rules and indicators decide where they say something; otherwise the name does, as a person would guess from it. That
//! the guess is right for a type is proved for each before it is used (see [`super::recipe`]).

use crate::schema::{AddressFamily, Field, Indicator, Integer, Rule, Validate, Value};

/// By a part of a field's name, in lower case, the first that fits: what its text holds.
const TEXTS: [(&str, &str); 58] = [
    ("email", "${email}"),
    ("mail", "${email}"),
    ("useragent", "${agent}"),
    ("user_agent", "${agent}"),
    ("sha256", "${sha256}"),
    ("sha1", "${sha1}"),
    ("md5", "${md5}"),
    ("hash", "${sha1}"),
    ("uuid", "${uuid}"),
    ("guid", "${uuid}"),
    ("arn", "${arn}"),
    ("account", "${account}"),
    ("region", "${region}"),
    ("country", "${country}"),
    ("city", "${city}"),
    ("fullname", "${person}"),
    ("full_name", "${person}"),
    ("displayname", "${person}"),
    ("owner_name", "${person}"),
    ("username", "${user}"),
    ("user_name", "${user}"),
    ("login", "${user}"),
    ("user", "${user}"),
    ("actor", "${user}"),
    ("mac", "${mac}"),
    ("hostname", "${host}"),
    ("host_name", "${host}"),
    ("computername", "${host}"),
    ("host", "${host}"),
    ("domain", "${domain}"),
    ("query", "${domain}"),
    ("rrname", "${domain}"),
    ("url", "${url}"),
    ("uri", "${path}"),
    ("route", "${path}"),
    ("commandline", "${command}"),
    ("cmd", "${command}"),
    ("filename", "${file}"),
    ("imagefile", "${file}"),
    ("file", "${file}"),
    ("path", "${file}"),
    ("ipaddress", "${ip}"),
    ("ip_address", "${ip}"),
    ("src_ip", "${ip}"),
    ("clientip", "${ip}"),
    ("addr", "${ip}"),
    ("method", "${any:GET|POST|PUT|DELETE}"),
    ("severity", "${any:INFO|WARN|ERROR}"),
    ("level", "${any:info|warn|error}"),
    ("status", "${any:success|failure}"),
    ("result", "${any:success|failure}"),
    ("action", "${any:allow|block|create|delete}"),
    ("message", "${phrase}"),
    ("description", "${phrase}"),
    ("reason", "${phrase}"),
    ("title", "${phrase}"),
    ("version", "1.${number:0..30}"),
    ("id", "${token16}"),
];

/// By a part of a field's name: what its whole number is between.
const NUMBERS: [(&str, i64, i64); 12] = [
    ("port", 1, 65_535),
    ("status", 200, 503),
    ("severity", 1, 10),
    ("bytes", 40, 1_048_576),
    ("size", 40, 1_048_576),
    ("length", 40, 65_535),
    ("duration", 1, 30_000),
    ("count", 1, 500),
    ("pid", 2, 32_768),
    ("processid", 2, 32_768),
    ("ttl", 1, 86_400),
    ("version", 1, 9),
];

/// What a whole number is between where its name says nothing.
const ANY_NUMBER: (i64, i64) = (1, 100_000);

/// Letters of a text that only has to have some.
const SOME_LETTERS: usize = 12;

/// The template of a text.
pub(super) fn text(name: &str, field: Option<&Field>, value: &Value) -> String {
    ruled(field.map(|field| field.rules.as_slice()).unwrap_or_default())
        .or_else(|| validated(&value.validate))
        .or_else(|| value.indicators.first().map(|indicator| indicated(*indicator).to_owned()))
        .unwrap_or_else(|| named(name).to_owned())
}

/// What rules ask for.
fn ruled(rules: &[Rule]) -> Option<String> {
    let has = |rule: &Rule| rules.contains(rule);
    let length = rules.iter().find_map(|rule| match rule {
        Rule::Length(length) => Some(*length),
        Rule::Minimum(least) | Rule::Maximum(least) => Some(*least as usize),
        _ => None,
    });
    for rule in rules {
        match rule {
            Rule::OneOf(words) => return Some(any(words)),
            Rule::Uuid => return Some("${uuid}".to_owned()),
            _ => {}
        }
    }
    match (length, has(&Rule::Numeric)) {
        (Some(12), true) => Some("${account}".to_owned()),
        (length, true) => Some(format!("${{digits:{}}}", length.unwrap_or(SOME_LETTERS))),
        (Some(length), false) => Some(format!("${{alnum:{length}}}")),
        (None, false) => has(&Rule::Alphanumeric).then(|| format!("${{alnum:{SOME_LETTERS}}}")),
    }
}

/// One of these words. Words that a template would misread are left out.
fn any(words: &[String]) -> String {
    let plain: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.contains(['|', '}', '$'])).collect();
    format!("${{any:{}}}", plain.join("|"))
}

/// What `validate` asks for.
fn validated(validate: &Validate) -> Option<String> {
    if !validate.allow.is_empty() {
        let denied = |word: &&String| !validate.deny.contains(word);
        return Some(any(&validate.allow.iter().filter(denied).cloned().collect::<Vec<_>>()));
    }
    let address = |family| match family {
        AddressFamily::V6 => "2001:db8::${hex:4}",
        AddressFamily::V4 | AddressFamily::Any => "${ip}",
    };
    let network = |family| match family {
        AddressFamily::V6 => "2001:db8:1${hex:3}::/48",
        AddressFamily::V4 | AddressFamily::Any => "10.${number:0..255}.${number:0..255}.0/24",
    };
    validate.ip.map(address).or_else(|| validate.cidr.map(network)).map(str::to_owned)
}

const fn indicated(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::Ip => "${ip}",
        Indicator::Domain => "${domain}",
        Indicator::Hostname => "${host}",
        Indicator::Url => "${url}",
        Indicator::NetAddr => "${ip}:${port}",
        Indicator::Md5 => "${md5}",
        Indicator::Sha1 => "${sha1}",
        Indicator::Sha256 => "${sha256}",
        Indicator::AwsArn | Indicator::AwsArnOnly => "${arn}",
        Indicator::AwsAccountId => "${account}",
        Indicator::AwsInstanceId => "${instance}",
        Indicator::AwsTag => "${word}",
        Indicator::Email => "${email}",
        Indicator::Username | Indicator::ActorId => "${user}",
        Indicator::TraceId => "${uuid}",
        Indicator::Mac => "${mac}",
        Indicator::SerialNumber => "${token16}",
    }
}

fn named(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let is_address = name == "ip" || name.ends_with("_ip") || name.ends_with(".ip") || name.starts_with("ip_");
    if is_address {
        return "${ip}";
    }
    TEXTS.iter().find(|(part, _)| name.contains(part)).map_or("${word}", |(_, template)| template)
}

/// The first and last whole number that a field may hold.
pub(super) fn numbers(name: &str, rules: &[Rule], integer: Integer) -> (i64, i64) {
    let lower = name.to_ascii_lowercase();
    let guess = NUMBERS.iter().find(|(part, ..)| lower.contains(part));
    let (low, high) = guess.map_or(ANY_NUMBER, |(_, low, high)| (*low, *high));
    let (least, most) = bounds(rules);
    let widest = (0..63).map(|power| (1_i64 << power) - 1 + (1 << power)).rev().find(|most| integer.holds(*most));
    let high = high.min(widest.unwrap_or(1)).min(most as i64);
    let low = low.min(high).max(least as i64);
    (low, high.max(low))
}

/// What rules say of a number's size.
pub(super) fn bounds(rules: &[Rule]) -> (f64, f64) {
    rules.iter().fold((f64::from(i32::MIN), i64::MAX as f64), |(least, most), rule| match rule {
        Rule::Minimum(bound) => (least.max(bound.ceil()), most),
        Rule::Maximum(bound) => (least, most.min(bound.floor())),
        Rule::Length(bound) => (*bound as f64, *bound as f64),
        _ => (least, most),
    })
}
