use super::*;
use crate::schema::{Csv, FastMatch, Regex, TextRules};

/// Names and templates.
type Templates<'t> = &'t [(&'t str, &'t str)];

fn csv(columns: &[&str], has_header: bool, rules: TextRules) -> TextMatcher {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    TextMatcher::new(&TextParser::Csv(Csv { delimiter: ',', has_header, columns, rules })).unwrap()
}

fn fast(pattern: &str, rules: TextRules) -> TextMatcher {
    TextMatcher::new(&TextParser::FastMatch(FastMatch { patterns: vec![pattern.to_owned()], rules })).unwrap()
}

fn regex(pattern: &str, rules: TextRules) -> TextMatcher {
    let parts = vec![pattern.to_owned()];
    TextMatcher::new(&TextParser::Regex(Regex { parts, definitions: Vec::new(), rules })).unwrap()
}

fn rules() -> TextRules {
    TextRules::default()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// `name=value` of each value, or `-` for no event, or the explanation.
fn read(matcher: &mut TextMatcher, line: &str) -> String {
    let mut row = Row::new();
    match matcher.read(line, &mut row) {
        Ok(Outcome::Nothing) => "-".to_owned(),
        Ok(Outcome::Event) => shown(matcher, &row),
        Err(mismatch) => matcher.explain(line, &mismatch),
    }
}

fn shown(matcher: &TextMatcher, row: &Row<'_>) -> String {
    let pair = |(name, value): &(usize, std::borrow::Cow<'_, str>)| format!("{}={value}", matcher.names()[*name]);
    row.values().iter().map(pair).collect::<Vec<_>>().join(";")
}

#[test]
fn each_line_gives_its_own_values_only() {
    let mut matcher = csv(&["a", "b"], false, TextRules { empty_values: texts(&["-"]), ..rules() });
    let mut row = Row::new();
    for (line, expected) in [("1,2", "a=1;b=2"), ("3,-", "a=3"), ("-,-", ""), ("4,5", "a=4;b=5")] {
        matcher.read(line, &mut row).unwrap();
        assert_eq!(shown(&matcher, &row), expected);
    }
}

#[test]
fn skipped_and_empty_lines_are_no_events() {
    let with = || TextRules { skip_prefix: Some("#".to_owned()), ..rules() };
    for mut matcher in [csv(&["a"], false, with()), fast("%{a}|", with()), regex("(?P<a>.*)", with())] {
        assert_eq!(read(&mut matcher, "# x|"), "-");
        assert_eq!(read(&mut matcher, ""), "-");
        assert!(read(&mut matcher, "x|").starts_with("a=x"));
    }
    let mut matcher = fast("%{a}|", TextRules { skip_prefix: Some(String::new()), ..rules() });
    assert_eq!(read(&mut matcher, "x|"), "a=x");
}

#[test]
fn values_are_trimmed_then_dropped_if_they_mean_nothing() {
    let with = || TextRules { trim_space: true, empty_values: texts(&["-", "none"]), ..rules() };
    for mut matcher in
        [csv(&["a", "b"], false, with()), fast("%{a},%{b}", with()), regex("(?P<a>.*),(?P<b>.*)", with())]
    {
        let table = [(" x ,\u{a0}y\t", "a=x;b=y"), (" - , none", ""), ("--,no", "a=--;b=no"), ("   ,x", "a=;b=x")];
        for (line, expected) in table {
            assert_eq!(read(&mut matcher, line), expected, "{line}");
        }
    }
}

#[test]
fn values_are_left_alone_without_trim_space() {
    assert_eq!(read(&mut csv(&["a", "b"], false, rules()), " x ,\"y \""), "a= x ;b=y ");
}

#[test]
fn an_owned_value_is_trimmed_too() {
    let mut matcher = csv(&["a"], false, TextRules { trim_space: true, ..rules() });
    assert_eq!(read(&mut matcher, "\" \"\"x\"\" \""), "a=\"x\"");
}

#[test]
fn templates_insert_matched_values() {
    let rules = |templates: &[(&str, &str)]| TextRules {
        empty_values: texts(&["-", "-T-"]),
        expand_fields: templates.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        ..TextRules::default()
    };
    let table: &[(Templates<'_>, &str, &str)] = &[
        (&[("at", "%{d}T%{t}")], "1,2", "d=1;t=2;at=1T2"),
        (&[("at", "%{ d }T%{ t}")], "1,2", "d=1;t=2;at=1T2"),
        (&[("at", "%{d}/%{t}")], "-,-", "at=/"),
        (&[("at", "%{d}%{t}")], "-,-", ""),
        (&[("at", "%{nothing}x")], "1,2", "d=1;t=2;at=x"),
        (&[("at", "-T-")], "1,2", "d=1;t=2"),
        (&[("at", "<%{d}>"), ("by", "100%")], "1,2", "d=1;t=2;at=<1>;by=100%"),
        // A template may make a matched field anew; the others still see what was matched.
        (&[("d", "%{d}!"), ("at", "%{d}?")], "1,2", "t=2;d=1!;at=1?"),
    ];
    for (templates, line, expected) in table {
        assert_eq!(read(&mut csv(&["d", "t"], false, rules(templates)), line), *expected, "{templates:?}");
    }
}

#[test]
fn a_template_must_not_need_another_one() {
    let expand_fields = vec![("x".to_owned(), "%{a}".to_owned()), ("y".to_owned(), "%{x}".to_owned())];
    let parser = FastMatch { patterns: texts(&["%{a}|"]), rules: TextRules { expand_fields, ..rules() } };
    let error = TextMatcher::new(&TextParser::FastMatch(parser)).unwrap_err();
    assert!(error.contains("the template of `y` uses `x`"), "{error}");
}

#[test]
fn an_open_template_is_refused() {
    let expand_fields = vec![("x".to_owned(), "%{a".to_owned())];
    let parser = FastMatch { patterns: texts(&["%{a}|"]), rules: TextRules { expand_fields, ..rules() } };
    assert!(TextMatcher::new(&TextParser::FastMatch(parser)).unwrap_err().contains("not closed"));
}

#[test]
fn a_record_of_any_width_is_read_as_far_as_it_goes() {
    let mut matcher = csv(&["a", "b", "c"], false, rules());
    let table = [("1,2", "a=1;b=2;c="), ("1,2,3", "a=1;b=2;c=3"), ("1,2,3,4", "a=1;b=2;c=3"), ("1", "a=1;b=;c=")];
    for (line, expected) in table {
        assert_eq!(read(&mut matcher, line), expected);
    }
}

#[test]
fn unnamed_columns_are_skipped_and_the_last_of_a_name_wins() {
    assert_eq!(read(&mut csv(&["a", "", "b"], false, rules()), "1,2,3"), "a=1;b=3");
    assert_eq!(read(&mut csv(&["a", "b", "a"], false, rules()), "1,2,3"), "a=3;b=2");
}

#[test]
fn the_header_names_the_columns_of_each_stream() {
    let expand = || TextRules { expand_fields: vec![("x".to_owned(), "%{b}!".to_owned())], ..rules() };
    let mut matcher = csv(&[], true, expand());
    for (header, generation) in [("\u{feff}a,\"b\"", 1), ("b,,c", 2)] {
        matcher.reset();
        assert_eq!(read(&mut matcher, header), "-");
        assert_eq!(matcher.generation(), generation);
        let (line, expected) = if generation == 1 { ("1,2", "a=1;b=2;x=2!") } else { ("1,2,3", "b=1;c=3;x=1!") };
        assert_eq!(read(&mut matcher, line), expected);
    }
}

#[test]
fn a_header_says_how_wide_its_records_are() {
    let mut matcher = csv(&[], true, rules());
    for (line, expected) in [
        ("a,b,c", "-"),
        ("1,2,3", "a=1;b=2;c=3"),
        ("1,2", "wrong number of fields: 2, where the header has 3"),
        ("1,2,3,4,5", "wrong number of fields: 5, where the header has 3"),
        ("1,,", "a=1;b=;c="),
    ] {
        assert_eq!(read(&mut matcher, line), expected);
    }
    let parser = Csv { delimiter: '\t', has_header: true, columns: Vec::new(), rules: rules() };
    let mut tabs = TextMatcher::new(&TextParser::Csv(parser)).unwrap();
    assert_eq!(read(&mut tabs, "a\tb"), "-");
    assert_eq!(read(&mut tabs, "1"), "a=1;b=", "blanks at the end of a line are gone");
}

#[test]
fn a_header_is_looked_for_after_skipped_lines() {
    let with = || TextRules { skip_prefix: Some("#".to_owned()), ..rules() };
    let mut matcher = csv(&[], true, with());
    for (line, expected) in [("# x", "-"), ("a,b", "-"), ("1,2", "a=1;b=2")] {
        assert_eq!(read(&mut matcher, line), expected);
    }
}

#[test]
fn a_header_is_skipped_where_columns_are_given() {
    let mut matcher = csv(&["x", "y"], true, rules());
    for (line, expected) in [("a,b", "-"), ("1,2", "x=1;y=2"), ("a,b", "x=a;y=b")] {
        assert_eq!(read(&mut matcher, line), expected);
    }
    matcher.reset();
    assert_eq!(read(&mut matcher, "a,b"), "-");
    assert_eq!(matcher.generation(), 0);
}

#[test]
fn declarations_that_cannot_work_are_refused() {
    let parser = |delimiter, has_header| {
        TextMatcher::new(&TextParser::Csv(Csv { delimiter, has_header, columns: Vec::new(), rules: rules() }))
    };
    assert!(parser(',', false).unwrap_err().contains("`columns`"));
    assert!(parser('"', true).unwrap_err().contains("`delimiter`"));
    assert!(TextMatcher::new(&TextParser::Native("AWS.ALB".to_owned())).unwrap_err().contains("AWS.ALB"));
}

#[test]
fn rows_keep_their_memory() {
    let mut matcher = csv(&["a"], false, rules());
    let mut row = Row::new();
    let first = "\"x\"\"y\"".to_owned();
    matcher.read(&first, &mut row).unwrap();
    let mut row = row.renew();
    let second = "\"z\"\"\"".to_owned();
    matcher.read(&second, &mut row).unwrap();
    assert_eq!((row.get(0), row.get(1)), (Some("z\""), None));
}

#[test]
fn blanks_around_the_names_of_a_header_go_where_those_of_values_go() {
    let mut matcher = csv(&[], true, TextRules { trim_space: true, ..rules() });
    assert_eq!(read(&mut matcher, "user, ip ,\taction"), "-");
    assert_eq!(read(&mut matcher, "bob, 10.0.0.1, login"), "user=bob;ip=10.0.0.1;action=login");
    let mut kept = csv(&[], true, rules());
    assert_eq!(read(&mut kept, "user, ip"), "-");
    assert_eq!(read(&mut kept, "bob, 1"), "user=bob; ip= 1");
}

#[test]
fn a_template_may_use_the_field_that_it_makes_anew() {
    let expand_fields = vec![("a".to_owned(), "new %{a}".to_owned())];
    for (columns, has_header) in [(&["a", "b"][..], false), (&[][..], true)] {
        let mut matcher = csv(columns, has_header, TextRules { expand_fields: expand_fields.clone(), ..rules() });
        if has_header {
            assert_eq!(read(&mut matcher, "a,b"), "-");
        }
        assert!(read(&mut matcher, "1,2").contains("a=new 1"), "{columns:?}");
    }
}
