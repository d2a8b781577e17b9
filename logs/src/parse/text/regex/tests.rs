use super::super::{Outcome, TextMatcher};
use super::*;
use crate::schema::{TextParser, TextRules};
use proptest::prelude::*;

/// Names and expressions of a schema's own.
type Definitions<'d> = &'d [(&'d str, &'d str)];

fn matcher(parts: &[&str], definitions: &[(&str, &str)]) -> Result<TextMatcher, String> {
    let parts = parts.iter().map(|part| (*part).to_owned()).collect();
    let definitions = definitions.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    TextMatcher::new(&TextParser::Regex(Regex { parts, definitions, rules: TextRules::default() }))
}

fn read(matcher: &mut TextMatcher, line: &str) -> Result<String, String> {
    let mut row = Row::new();
    match matcher.read(line, &mut row) {
        Ok(Outcome::Event) => {
            let pair = |(name, value): &(usize, Cow<'_, str>)| format!("{}={value}", matcher.names()[*name]);
            Ok(row.values().iter().map(pair).collect::<Vec<_>>().join(";"))
        }
        Ok(Outcome::Nothing) => Ok(String::new()),
        Err(mismatch) => Err(matcher.explain(line, &mismatch)),
    }
}

/// What a built-in name takes of a line, wherever it finds it.
fn found(name: &str, line: &str) -> Option<String> {
    read(&mut matcher(&[&format!("%{{{name}:x}}")], &[]).unwrap(), line).ok().map(|text| text[2..].to_owned())
}

#[test]
fn every_built_in_name_compiles() {
    for name in builtin::names() {
        matcher(&[&format!("^%{{{name}:x}}$")], &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert_eq!(builtin::names().count(), 67);
}

#[test]
fn built_in_names_take_what_they_mean() {
    let table: &[(&str, &str, Option<&str>)] = &[
        ("GREEDYDATA", "a b", Some("a b")),
        ("DATA", "a b", Some("")),
        ("NOTSPACE", "  a,b c", Some("a,b")),
        ("NS", " é ", Some("é")),
        ("WORD", "--ab_1--", Some("ab_1")),
        ("WORD", "é", None),
        ("QUOTEDSTRING", r#"x "a \" b" y"#, Some(r#""a \" b""#)),
        ("QS", r"x 'a \' b' y", Some(r"'a \' b'")),
        ("QUOTEDSTRING", r#""open"#, None),
        ("HEXDIGIT", "gE", Some("E")),
        ("UUID", "x 0F8FAD5B-D9CB-469F-A165-70867728950E y", Some("0F8FAD5B-D9CB-469F-A165-70867728950E")),
        ("UUID", "0f8fad5b-d9cb-469f-a165-70867728950", None),
        ("INT", "a -12b", Some("-12")),
        ("BASE10NUM", "x +1.50y", Some("+1.50")),
        ("NUMBER", "=.5", Some(".5")),
        ("BASE16NUM", "g 0xBEef", Some("0xBEef")),
        ("POSINT", "0 017 42", Some("42")),
        ("POSINT", "a42", None),
        ("NONNEGINT", "a1 007", Some("007")),
        ("PID", "[42]", Some("42")),
        ("CISCOMAC", "a 0123.45Ab.cDEf", Some("0123.45Ab.cDEf")),
        ("WINDOWSMAC", "01-23-45-67-89-AB", Some("01-23-45-67-89-AB")),
        ("COMMONMAC", "01:23:45:67:89:ab", Some("01:23:45:67:89:ab")),
        ("MAC", "x 01-23-45-67-89-AB", Some("01-23-45-67-89-AB")),
        ("IPV4", "a 192.168.0.255 b", Some("192.168.0.255")),
        ("IPV4", "1.2.3.256", None),
        ("IPV4", "1.2.3.1234", None),
        ("IPV4INT", "255", Some("255")),
        ("IP", "x 10.0.0.1 y", Some("10.0.0.1")),
        ("IP", "x 2001:DB8::1 y", Some("2001:DB8::1")),
        ("HOSTNAME", "<a-b.example.com.>", Some("a-b.example.com")),
        ("HOST", "é", None),
        ("IPORHOST", "10.1.2.3", Some("10.1.2.3")),
        ("IPORHOST", "web-1.local", Some("web-1.local")),
        ("HOSTPORT", "web-1:8080/x", Some("web-1:8080")),
        ("USERNAME", "(j.doe_1-x)", Some("j.doe_1-x")),
        ("USER", "DOMAIN\\joe", Some("DOMAIN")),
        ("UNIXPATH", "cd /var/log/a-b.log now", Some("/var/log/a-b.log")),
        ("WINPATH", r"C:\Windows\x.exe", Some(r"C:\Windows\x.exe")),
        ("PATH", r"run \\host\share", Some(r"\\host\share")),
        ("TTY", "on /dev/pts/3 now", Some("/dev/pts/3")),
        ("URIPROTO", "https://", Some("https")),
        ("URIHOST", "example.com:443/", Some("example.com:443")),
        ("URIPATH", "GET /a/b%20c?x", Some("/a/b%20c")),
        ("URIPARAM", "/a?b=c&d[]=e f", Some("?b=c&d[]=e")),
        ("URIPATHPARAM", "GET /a?b=c HTTP", Some("/a?b=c")),
        ("URI", "see https://joe:pw@example.com:443/a?b=c now", Some("https://joe:pw@example.com:443/a?b=c")),
        ("MONTH", "on September 9", Some("September")),
        ("MONTH", "Janus", None),
        ("MONTHNUM", "12", Some("12")),
        ("MONTHNUM2", "7 07", Some("07")),
        ("MONTHDAY", "31", Some("31")),
        ("DAY", "Thurs, x", Some("Thurs")),
        ("DAY", "Monk", None),
        ("YEAR", "2024", Some("2024")),
        ("HOUR", "23", Some("23")),
        ("MINUTE", "59", Some("59")),
        ("SECOND", "60", Some("60")),
        ("SECOND", "59.123", Some("59.123")),
        ("SECOND", "59,123", Some("59,123")),
        ("KITCHEN", "at 3:04PM", Some("3:04PM")),
        ("TIME", "at 23:59:60.5 h", Some("23:59:60.5")),
        ("DATE_US", "12/31/2024", Some("12/31/2024")),
        ("DATE_EU", "31.12.2024", Some("31.12.2024")),
        ("DATE", "31.12.2024", Some("31.12.2024")),
        ("DATETIME", "12/31/24 23:59", Some("12/31/24 23:59")),
        ("ISO8601_TIMEZONE", "+05:30", Some("+05:30")),
        ("ISO8601_TIMEZONE", "x Z", Some("Z")),
        ("ISO8601_SECOND", "05.5", Some("05.5")),
        ("TIMESTAMP_ISO8601", "[2024-01-02T03:04:05.678Z]", Some("2024-01-02T03:04:05.678Z")),
        ("TIMESTAMP_ISO8601", "2024-01-02 0304 x", Some("2024-01-02 0304")),
        ("TIMESTAMP_ISO8601", "2024-01-02 03:04:05+02", Some("2024-01-02 03:04:05+02")),
        ("TZ", "to UTC", Some("UTC")),
        ("TZOFFSET", "05 -0700", Some("-0700")),
        ("TIMESTAMP_RFC822", "Tue Jan 2 2024 03:04:05 UTC", Some("Tue Jan 2 2024 03:04:05 UTC")),
        ("TIMESTAMP_RFC2822", "Tue, 2 Jan 2024 03:04:05 +0100", Some("Tue, 2 Jan 2024 03:04:05 +0100")),
        ("TIMESTAMP_OTHER", "Tue Jan 2 03:04:05 UTC 2024", Some("Tue Jan 2 03:04:05 UTC 2024")),
        ("TIMESTAMP_EVENTLOG", "20240102030405", Some("20240102030405")),
        ("SYSLOGTIMESTAMP", "<1>Jan  2 03:04:05 host", Some("Jan  2 03:04:05")),
        ("HTTPDATE", "[02/Jan/2024:03:04:05 +0000]", Some("02/Jan/2024:03:04:05 +0000")),
    ];
    for (name, line, expected) in table {
        assert_eq!(found(name, line).as_deref(), *expected, "{name} on {line}");
    }
}

#[test]
fn whole_ipv6_addresses_are_taken() {
    let addresses = [
        "::",
        "::1",
        "1::",
        "1::8",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1::3:4:5:6:7:8",
        "1:2::4:5:6:7:8",
        "1:2:3::5:6:7:8",
        "1:2:3:4::6:7:8",
        "1:2:3:4:5::7:8",
        "1:2:3:4:5:6::8",
        "2001:db8:85a3::8A2E:370:7334",
        "::ffff:192.0.2.128",
        "64:ff9b::192.0.2.33",
        "1:2:3:4:5:6:192.0.2.33",
        "fe80::1%eth0",
    ];
    for address in addresses {
        assert_eq!(found("IPV6", &format!("x {address} y")).as_deref(), Some(address));
        assert_eq!(found("IP", address).as_deref(), Some(address));
    }
    for wrong in ["12:34:56", "1:2:3:4:5:6:7", "abcde::f1234"] {
        assert_ne!(found("IPV6", wrong).as_deref(), Some(wrong));
    }
}

#[test]
fn groups_and_references_become_fields() {
    let table: &[(&[&str], &str, &str)] = &[
        (&["(?P<a>\\d+)-(?P<b>\\w+)"], "x 12-ab", "a=12;b=ab"),
        (&["(?<a>x)"], "x", "a=x"),
        (&["^%{WORD:a}", " ", "%{INT:b}$"], "ab 12", "a=ab;b=12"),
        (&["(%{WORD:a}) %{ INT : b }"], "ab 12", "a=ab;b=12"),
        (&["%{WORD} (?:%{INT:n}|%{WORD:w})"], "ab cd", "n=;w=cd"),
        (&["(?P<a>x)(?P<b>y)?"], "x", "a=x;b="),
        (&["(?P<a>x)(?P<a>y)"], "xy", "a=y"),
        (&[r"(?P<a>\p{^Greek}+)(?P<b>[\P{^Greek}]+)"], "abγ", "a=ab;b=γ"),
        (&["(?P<a>x{1,1000})"], "xx", "a=xx"),
        (&["%{WORD:a} %{INT:b} %{WORD:a}"], "x 1 y", "a=y;b=1"),
        (&["^(?:1(?P<a>x)|2(?P<a>y))$"], "1x", "a=x"),
        (&["^(?:1(?P<a>x)|2(?P<a>y))$"], "2y", "a=y"),
        (&["^z(?:1(?P<a>x)|2(?P<a>y))?$"], "z", "a="),
        (&["(?P<1st>x+?)(?P<b>.??)(?P<c>y*)"], "xy", "1st=x;b=;c=y"),
        (&["(?P<a>a|ab)(?P<b>.*)"], "abc", "a=a;b=bc"),
        (&["(?P<a>a+?)(?P<b>.*)"], "aab", "a=a;b=ab"),
    ];
    for (parts, line, expected) in table {
        assert_eq!(read(&mut matcher(parts, &[]).unwrap(), line).as_deref(), Ok(*expected), "{parts:?}");
    }
}

#[test]
fn own_definitions_may_use_each_other_and_win() {
    let definitions = [("PAIR", "%{KEY:key}=%{USERNAME:value}"), ("KEY", "[a-z]+"), ("USERNAME", "[A-Z]+")];
    let mut matcher = matcher(&["%{PAIR}"], &definitions).unwrap();
    assert_eq!(read(&mut matcher, "a=b c=D").as_deref(), Ok("key=c;value=D"));
}

#[test]
fn names_that_are_none_unknown_or_recursive_are_refused() {
    let table: &[(&str, Definitions<'_>, &str)] = &[
        ("%{IPV5:x}", &[], "the pattern name `IPV5` is unknown; did you mean `IPV"),
        ("%{MINE}", &[("MINEE", "x")], "did you mean `MINEE`?"),
        ("%{QQQQQQQQQ}", &[], "`patternDefinitions` may define it"),
        ("%{A}", &[("A", "x%{B}"), ("B", "%{A}")], "the pattern `A` uses itself: A -> B -> A"),
        ("%{A}", &[("A", "%{A}")], "the pattern `A` uses itself: A -> A"),
        ("%{word:x}", &[], "NAME in capitals"),
        ("%{WORD:x", &[], "is not closed by `}`"),
        ("%{WORD:a-b}", &[], "names the field `a-b`"),
        ("%{WORD:a:int}", &[], "names the field `a:int`"),
        ("x", &[("a", "x")], "`a` is no name"),
        ("x", &[("A", "")], "`A` is empty"),
        ("(?P<a>x)++", &[], "`++` at character 9 of the expression repeats a repetition"),
        ("(?P<a>x*)", &[("FOO", "x{2}{3}")], "`patternDefinitions`: `FOO`: `{2}{3}` at character 2"),
        ("(?P<a>x)", &[("FOO", "(")], "`patternDefinitions`: `FOO`: a `(`"),
        ("(?P<a>x)", &[("FOO", "%{BAR}"), ("BAR", "%{FOO}")], "uses itself: BAR -> FOO -> BAR"),
        ("(?P<a-b>x)", &[], "names the field `a-b`"),
        ("x{2,1001}", &[], "`{2,1001}` at character 2 of the expression repeats more than 1000 times"),
        ("%{A}", &[("A", "[x")], "`[x` at character 1 of `A` is not closed by `]`"),
    ];
    for (expression, definitions, expected) in table {
        let error = matcher(&[expression], definitions).unwrap_err();
        assert!(error.contains(expected), "{expression}: {error}");
    }
}

#[test]
fn malformed_and_oversized_expressions_are_refused_in_words() {
    let double = |name: &str, next: &str| (name.to_owned(), format!("%{{{next}}}%{{{next}}}"));
    let letters: Vec<String> = ('A'..='Z').map(String::from).collect();
    let mut bomb: Vec<(String, String)> = letters.windows(2).map(|pair| double(&pair[0], &pair[1])).collect();
    bomb.push(("Z".to_owned(), "z".to_owned()));
    let bomb: Vec<(&str, &str)> = bomb.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let deep = "(".repeat(300) + &")".repeat(300);
    let table: &[(&str, Definitions<'_>, &str)] = &[
        ("a(b", &[], "`(` of the expression is not closed"),
        ("a)b", &[], "closes no group"),
        ("é[a", &[], "`[a` at character 2 of the expression is not closed"),
        ("a(?=b)", &[], "no look-around"),
        ("a(?<!b)", &[], "no look-around"),
        (r"(a)\1", &[], "is no escape that RE2 knows"),
        (r"\y", &[], "is no escape that RE2 knows"),
        ("a\\", &[], "ends with a backslash"),
        ("[z-a]", &[], "the empty range `z-a`"),
        ("*a", &[], "repetition operator missing expression"),
        ("(?:(?:a{1000}){1000}){1000}", &[], "the expression is too large"),
        ("%{A}", &bomb, "the expression is too large"),
        (&deep, &[], "nested too deep"),
        ("", &[], "needs an expression"),
    ];
    for (expression, definitions, expected) in table {
        let error = matcher(&[expression], definitions).unwrap_err();
        assert!(error.contains(expected), "{expression}: {error}");
    }
}

#[test]
fn expressions_mean_what_they_mean_in_re2() {
    let table: &[(&str, &str, Option<&str>)] = &[
        // ASCII classes.
        (r"\w+", "éa_1", Some("a_1")),
        (r"\d", "٣", None),
        (r"\s", "\u{a0}", None),
        (r"\W", "aé", Some("é")),
        (r"[\w-]+", "é a-b", Some("a-b")),
        (r"[^\W_]+", "_ab", Some("ab")),
        (r"[\S]", " x", Some("x")),
        (r"\bé", "aé", Some("é")),
        (r"a\B", "a ab", Some("a")),
        (r"(?i)K", "\u{212a}", Some("\u{212a}")),
        // What the crate would read otherwise.
        (r"\<a\>", "<a>", Some("<a>")),
        (r"[a&&b]+", "x&&y", Some("&&")),
        (r"[[a]+", "x[a", Some("[a")),
        (r"[]a]+", "x]a", Some("]a")),
        (r"[^]a]+", "]ab", Some("b")),
        (r"[+--]+", "x,-+", Some(",-+")),
        (r"[a~~b]+", "~", Some("~")),
        (r"[a-]+", "-a", Some("-a")),
        (r"[\]\-\\]+", r"x\-]", Some(r"\-]")),
        (r"[[:alpha:]_]+", "1a_", Some("a_")),
        (r"[[:^digit:]]+", "1a2", Some("a")),
        (r"a{,2}", "a{,2}", Some("a{,2}")),
        (r#"{"a": \d{1,2}}"#, r#"{"a": 12}"#, Some(r#"{"a": 12}"#)),
        (r"]}", "]}", Some("]}")),
        (r"%{2}", "%%", Some("%%")),
        // What only RE2 has.
        (r"\Qa.b(\E+", "a.b((", Some("a.b((")),
        (r"\101\x42\x{43}\07?", "ABC", Some("ABC")),
        (r"\_\ \/\'\%", "_ /'%", Some("_ /'%")),
        (r"\t\x{e9}", "\té", Some("\té")),
        // Lines and flags.
        (r"a.c", "a\nc", None),
        (r"(?s)a.c", "a\nc", Some("a\nc")),
        (r"(?i:A)b", "ab aB", Some("ab")),
        (r"(?U)a+", "aaa", Some("a")),
        (r"\Aa\z", "a", Some("a")),
        (r"^a|b$", "cb", Some("b")),
    ];
    for (expression, line, expected) in table {
        let mut matcher = matcher(&[&format!("(?P<x>{expression})")], &[]).unwrap();
        let found = read(&mut matcher, line).ok().map(|text| text[2..].to_owned());
        assert_eq!(found.as_deref(), *expected, "{expression} on {line}");
    }
}

#[test]
fn a_mismatch_says_how_far_the_expression_came() {
    let table: &[(&[&str], &str, &str)] = &[
        (
            &["^%{IP:client} ", "%{USER:user} \\[%{HTTPDATE:time}\\]"],
            "10.0.0.1 joé [now]",
            "the expression matches up to column 12; there ` ` does not match (`é [now]`)",
        ),
        (
            &["^%{WORD:a} (?P<n>\\d+)x"],
            "ab cd",
            "the expression matches up to column 4; there `(?P<n>\\d+)` does not match (`cd`)",
        ),
        (&["%{IPV4:ip}+ x"], "abc", "the expression begins with `%{IPV4:ip}+`, which is nowhere in the line"),
        (&["a|b"], "c", "the expression matches nowhere in the line"),
    ];
    for (parts, line, expected) in table {
        let mut matcher = matcher(parts, &[]).unwrap();
        for _ in 0..2 {
            assert_eq!(read(&mut matcher, line), Err((*expected).to_owned()), "{parts:?}");
        }
    }
}

/// Expressions that both languages read the same.
fn shared() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a", "b", "ab", ".", "[ab]", "[^a]", "[a-c-]", r"\d", r"\w", r"\W", r"\s", r"\b", "^", "$", r"\.", "%", "1",
        " ",
    ]);
    let leaf = leaf.prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("(?:{left}|{right})")),
            (inner.clone(), prop::sample::select(vec!["*", "+", "?", "*?", "{1,2}", "{2}"]))
                .prop_map(|(inner, times)| format!("(?:{inner}){times}")),
            inner.prop_map(|inner| format!("({inner})")),
        ]
    })
}

proptest! {
    #[test]
    fn what_both_languages_share_means_the_same(expression in shared(), line in "[abc1 .%-]{0,12}") {
        let library = Library::new(&[]).unwrap();
        let direct = ::regex::Regex::new(&expression).unwrap();
        let translated = compile(&translate::translate(&expression, &library).unwrap().text).unwrap();
        let place = |regex: &::regex::Regex| regex.find(&line).map(|found| found.range());
        prop_assert_eq!(place(&direct), place(&translated));
    }

    #[test]
    fn nothing_panics(
        expression in r"([\[\](){}|*+?^$.\\%:a-cA-CPQEdwxu0-9<>é,=!-]|%\{(WORD|IP)(:a)?\}|\(\?P<a>){0,14}",
        line in "\\PC{0,12}",
    ) {
        if let Ok(mut matcher) = matcher(&[&expression], &[]) {
            let _ = read(&mut matcher, &line);
        }
    }
}
