//! Words with a meaning: types, formats of times, indicators, families of addresses.

use super::Word;

const fn word(name: &'static str, doc: &'static str) -> Word {
    Word { name, doc, built_in: false }
}

const fn inner(name: &'static str, doc: &'static str) -> Word {
    Word { name, doc, built_in: true }
}

/// `type`
pub(in crate::schema) static TYPES: [Word; 18] = [
    word("string", "Text. Numbers and booleans of the input become text."),
    word("int", "A whole number of 32 bits with sign."),
    word("smallint", "A whole number of 16 bits with sign."),
    word("bigint", "A whole number of 64 bits with sign."),
    word("float", "A number of 64 bits with a fraction."),
    word("boolean", "`true` or `false`; also `1`, `0` and words such as `t`, `False`."),
    word("timestamp", "A point in time; `timeFormat` says how it is written."),
    word("object", "Named values; `fields` names them, others are dropped."),
    word("array", "Values of one kind; `element` describes it."),
    word("json", "Any value, kept as it was written."),
    word("ref", "A value schema of `definitions`; `target` names it."),
    inner("tinyint", "A whole number of 8 bits with sign."),
    inner("utinyint", "A whole number of 8 bits without sign."),
    inner("usmallint", "A whole number of 16 bits without sign."),
    inner("uint", "A whole number of 32 bits without sign."),
    inner("ubigint", "A whole number of 64 bits without sign."),
    inner("float32", "A number of 32 bits with a fraction."),
    inner("map", "An object whose keys are data; `element` describes its values."),
];

/// Types of whole numbers: name, bits, sign.
pub(in crate::schema) const INTEGERS: [(&str, u8, bool); 8] = [
    ("int", 32, true),
    ("smallint", 16, true),
    ("bigint", 64, true),
    ("tinyint", 8, true),
    ("utinyint", 8, false),
    ("usmallint", 16, false),
    ("uint", 32, false),
    ("ubigint", 64, false),
];

/// Formats of times that have a name; others are patterns.
pub(in crate::schema) static FORMATS: [Word; 12] = [
    word("rfc3339", "Text as `2021-01-31T23:59:59.5Z` or with `+01:00` for the `Z`."),
    word("unix", "Seconds since 1970, with or without a fraction, as number or text."),
    word("unix_ms", "Whole milliseconds since 1970."),
    word("unix_us", "Whole microseconds since 1970."),
    word("unix_ns", "Whole nanoseconds since 1970."),
    word(
        "unix_auto",
        "A number since 1970 whose size tells whether it counts seconds, milli-, micro- or nanoseconds. \
         Unconfirmed: Panther does not publish its thresholds.",
    ),
    word("cloudflare", "RFC 3339 text, or a whole number of seconds or nanoseconds."),
    inner("ansic", "`Mon Jan 2 15:04:05 2006 MST`."),
    inner("suricata", "`2006-01-02T15:04:05.999999999Z0700`."),
    inner("fluentd", "`2006-01-02 15:04:05 -0700`."),
    inner("lacework", "`02 Jan 2006 15:04 MST`."),
    inner("unix_float", "Seconds since 1970 in binary floating point."),
];

/// `indicators`, in the order of [`crate::schema::Indicator::ALL`].
pub(in crate::schema) static INDICATORS: [Word; 19] = [
    word("ip", "An IPv4 or IPv6 address."),
    word("domain", "A domain name."),
    word("hostname", "An address or a domain name."),
    word("url", "A URL, for the address or domain name of its host."),
    word("net_addr", "`host:port`, or a host alone."),
    word("md5", "An MD5 hash: 32 hexadecimal digits."),
    word("sha1", "A SHA-1 hash: 40 hexadecimal digits."),
    word("sha256", "A SHA-256 hash: 64 hexadecimal digits."),
    word("aws_arn", "An ARN, and the account, instance and e-mail address that it names."),
    word("aws_arn_only", "An ARN alone."),
    word("aws_account_id", "An AWS account: twelve digits."),
    word("aws_instance_id", "An EC2 instance: `i-` and more."),
    word("aws_tag", "A tag of an AWS resource."),
    word("email", "An e-mail address."),
    word("username", "A user's name."),
    word("trace_id", "An id that ties events together: of a request, a session, a trace."),
    word("actor_id", "Who did it, by whatever kind of id."),
    word("mac", "A hardware address."),
    word("serial_number", "A serial number."),
];

/// `validate.ip`, `validate.cidr`
pub(in crate::schema) static FAMILIES: [Word; 3] =
    [word("ipv4", "IPv4 alone."), word("ipv6", "IPv6 alone."), word("any", "IPv4 and IPv6.")];

/// `mask.type`
pub(in crate::schema) static MASKS: [Word; 2] = [
    word("redact", "The text of `to` stands instead of the value."),
    word(
        "obfuscate",
        "The SHA-256 of `salt` and value, in hexadecimal digits, stands instead of the value. Unconfirmed: Panther does \
         not publish its own hash.",
    ),
];

/// `generation`
pub(in crate::schema) static GENERATIONS: [Word; 2] = [
    inner("lenient", "Numbers may come as text and the reverse."),
    inner("strict", "A value has the JSON type that is declared."),
];
