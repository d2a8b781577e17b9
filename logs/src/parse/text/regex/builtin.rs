//! The built-in grok names, in our own words.
//!
//! The names are the usual ones; the expressions are written for a matcher without look-around, in which the first
//! alternative wins, so longer alternatives stand first. Letters and digits are ASCII.

/// The expression of a built-in name.
pub(super) fn get(name: &str) -> Option<&'static str> {
    PATTERNS.iter().find(|(known, _)| *known == name).map(|(_, expression)| *expression)
}

/// All built-in names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PATTERNS.iter().map(|(name, _)| *name)
}

/// Name and expression; an expression may use other names.
const PATTERNS: &[(&str, &str)] = &[
    // Text.
    ("DATA", r".*?"),
    ("GREEDYDATA", r".*"),
    ("NOTSPACE", r"\S+"),
    ("SPACE", r"\s*"),
    ("WORD", r"\b\w+\b"),
    // Runs of plain characters with escapes between them: quicker to walk than one alternative for each character.
    ("QUOTEDSTRING", r#""[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'"#),
    ("HEXDIGIT", r"[0-9A-Fa-f]"),
    ("UUID", r"%{HEXDIGIT}{8}-(?:%{HEXDIGIT}{4}-){3}%{HEXDIGIT}{12}"),
    ("NS", r"%{NOTSPACE}"),
    ("QS", r"%{QUOTEDSTRING}"),
    // Numbers.
    ("INT", r"[+-]?[0-9]+"),
    ("BASE10NUM", r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"),
    ("NUMBER", r"%{BASE10NUM}"),
    ("BASE16NUM", r"[+-]?(?:0[xX])?%{HEXDIGIT}+"),
    ("POSINT", r"\b[1-9][0-9]*\b"),
    ("NONNEGINT", r"\b[0-9]+\b"),
    ("PID", r"%{POSINT}"),
    // Addresses.
    ("CISCOMAC", r"(?:%{HEXDIGIT}{4}\.){2}%{HEXDIGIT}{4}"),
    ("WINDOWSMAC", r"(?:%{HEXDIGIT}{2}-){5}%{HEXDIGIT}{2}"),
    ("COMMONMAC", r"(?:%{HEXDIGIT}{2}:){5}%{HEXDIGIT}{2}"),
    ("MAC", r"%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC}"),
    // One alternative for each number of groups before the `::`, so that none of them stops short of another's match.
    (
        "IPV6",
        concat!(
            r"(?:",
            r"\b(?:%{HEXDIGIT}{1,4}:){6}(?:%{IPV4}|%{HEXDIGIT}{1,4}:%{HEXDIGIT}{1,4}\b)|",
            r"\b%{HEXDIGIT}{1,4}:(?:(?::%{HEXDIGIT}{1,4}){0,4}:%{IPV4}|(?::%{HEXDIGIT}{1,4}){1,6}\b|:)|",
            r"\b(?:%{HEXDIGIT}{1,4}:){2}(?:(?::%{HEXDIGIT}{1,4}){0,3}:%{IPV4}|(?::%{HEXDIGIT}{1,4}){1,5}\b|:)|",
            r"\b(?:%{HEXDIGIT}{1,4}:){3}(?:(?::%{HEXDIGIT}{1,4}){0,2}:%{IPV4}|(?::%{HEXDIGIT}{1,4}){1,4}\b|:)|",
            r"\b(?:%{HEXDIGIT}{1,4}:){4}(?:(?::%{HEXDIGIT}{1,4}){0,1}:%{IPV4}|(?::%{HEXDIGIT}{1,4}){1,3}\b|:)|",
            r"\b(?:%{HEXDIGIT}{1,4}:){5}(?::%{IPV4}|(?::%{HEXDIGIT}{1,4}){1,2}\b|:)|",
            r"\b(?:%{HEXDIGIT}{1,4}:){6}(?::%{HEXDIGIT}{1,4}\b|:)|",
            r"\b(?:%{HEXDIGIT}{1,4}:){7}:|",
            r":(?:(?::%{HEXDIGIT}{1,4}){0,5}:%{IPV4}|(?::%{HEXDIGIT}{1,4}){1,7}\b|:)",
            r")(?:%[0-9A-Za-z]+)?"
        ),
    ),
    ("IPV4INT", r"25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2}"),
    ("IPV4", r"\b(?:%{IPV4INT}\.){3}%{IPV4INT}\b"),
    ("IP", r"%{IPV6}|%{IPV4}"),
    ("HOSTNAME", r"\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\b"),
    ("HOST", r"%{HOSTNAME}"),
    ("IPORHOST", r"%{IP}|%{HOSTNAME}"),
    ("HOSTPORT", r"%{IPORHOST}:%{POSINT}"),
    // Users, paths, locations.
    ("USERNAME", r"[0-9A-Za-z._-]+"),
    ("USER", r"%{USERNAME}"),
    ("UNIXPATH", r"(?:/[\w%!$@:.,+~-]*)+"),
    ("WINPATH", r"(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+"),
    ("PATH", r"%{UNIXPATH}|%{WINPATH}"),
    ("TTY", r"/dev/(?:pts|tty(?:[pq])?)\w*/?[0-9]*"),
    ("URIPROTO", r"[A-Za-z][0-9A-Za-z+.-]*"),
    ("URIHOST", r"%{IPORHOST}(?::%{POSINT})?"),
    ("URIPATH", r"(?:/[\w$.+!*'(){},~:;=@#%&-]*)+"),
    ("URIPARAM", r"\?[\w$.+!*'|(){},~@#%&/=:;?\[\]<>-]*"),
    ("URIPATHPARAM", r"%{URIPATH}(?:%{URIPARAM})?"),
    ("URI", r"%{URIPROTO}://(?:%{USERNAME}(?::[^@\s]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?"),
    // Days and times.
    (
        "MONTH",
        concat!(
            r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|",
            r"Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b"
        ),
    ),
    ("MONTHNUM", r"1[0-2]|0?[1-9]"),
    ("MONTHNUM2", r"1[0-2]|0[1-9]"),
    ("MONTHDAY", r"3[01]|[12][0-9]|0?[1-9]"),
    (
        "DAY",
        r"\b(?:Mon(?:day)?|Tue(?:s(?:day)?)?|Wed(?:nesday)?|Thu(?:rs(?:day)?)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)\b",
    ),
    ("YEAR", r"(?:[0-9]{2}){1,2}"),
    ("HOUR", r"2[0-3]|[01]?[0-9]"),
    ("MINUTE", r"[0-5][0-9]"),
    ("SECOND", r"(?:60|[0-5]?[0-9])(?:[:.,][0-9]+)?"),
    ("KITCHEN", r"%{HOUR}:%{MINUTE} ?[AaPp][Mm]"),
    ("TIME", r"%{HOUR}:%{MINUTE}(?::%{SECOND})?"),
    ("DATE_US", r"%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}"),
    ("DATE_EU", r"%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}"),
    ("ISO8601_TIMEZONE", r"Z|[+-]%{HOUR}(?::?%{MINUTE})?"),
    ("ISO8601_SECOND", r"%{SECOND}"),
    (
        "TIMESTAMP_ISO8601",
        r"%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?(?:%{ISO8601_TIMEZONE})?",
    ),
    ("DATE", r"%{DATE_US}|%{DATE_EU}"),
    ("DATETIME", r"%{DATE}[- ]%{TIME}"),
    ("TZ", r"[A-Z]{3}"),
    ("TZOFFSET", r"[+-][0-9]{4}"),
    ("TIMESTAMP_RFC822", r"%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}"),
    ("TIMESTAMP_RFC2822", r"%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}"),
    ("TIMESTAMP_OTHER", r"%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR}"),
    ("TIMESTAMP_EVENTLOG", r"%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND}"),
    ("SYSLOGTIMESTAMP", r"%{MONTH} +%{MONTHDAY} %{TIME}"),
    ("HTTPDATE", r"%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{TZOFFSET}"),
];
