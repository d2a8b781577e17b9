use super::super::{Outcome, TextMatcher};
use super::*;
use crate::schema::{FastMatch, TextParser, TextRules};
use proptest::prelude::*;

/// Names and values.
type Pairs<'p> = &'p [(&'p str, &'p str)];

fn matcher(patterns: &[&str]) -> Result<TextMatcher, String> {
    let patterns = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
    TextMatcher::new(&TextParser::FastMatch(FastMatch { patterns, rules: TextRules::default() }))
}

fn read(matcher: &mut TextMatcher, line: &str) -> Result<Vec<(String, String)>, String> {
    let mut row = Row::new();
    match matcher.read(line, &mut row) {
        Ok(Outcome::Event) => {
            Ok(row.values().iter().map(|(name, value)| (matcher.names()[*name].clone(), value.to_string())).collect())
        }
        Ok(Outcome::Nothing) => Ok(Vec::new()),
        Err(mismatch) => Err(matcher.explain(line, &mismatch)),
    }
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn lines_are_read_by_the_literals_between_placeholders() {
    let table: &[(&str, &str, Pairs<'_>)] = &[
        ("%{a} %{b}", "1 2", &[("a", "1"), ("b", "2")]),
        ("%{a} %{b}", "1 2 3", &[("a", "1"), ("b", "2 3")]),
        ("%{a} %{b}", " 2", &[("a", ""), ("b", "2")]),
        ("%{a} %{b}", "1 ", &[("a", "1"), ("b", "")]),
        ("[%{a}]", "[x]", &[("a", "x")]),
        ("[%{a}]", "[x] and more", &[("a", "x")]),
        ("%{a}, %{}, %{b}", "1, 2, 3", &[("a", "1"), ("b", "3")]),
        ("%{a}: %{ b }!", "x: y!", &[("a", "x"), ("b", "y")]),
        ("%{a} %{b}\n", "1 2", &[("a", "1"), ("b", "2")]),
        ("%{a}=%{a};", "1=2;", &[("a", "2")]),
        ("100%%{a}", "100%x", &[("a", "x")]),
        ("%{a}é%{b}", "xéyé", &[("a", "x"), ("b", "yé")]),
    ];
    for (pattern, line, expected) in table {
        assert_eq!(read(&mut matcher(&[pattern]).unwrap(), line), Ok(pairs(expected)), "{pattern} on {line}");
    }
}

#[test]
fn quoted_values_have_their_escapes_resolved_if_a_backslash_follows() {
    let table: &[(&str, &str, Option<Pairs<'_>>)] = &[
        (r#""%{a}" %{b}"#, r#""x" y"#, Some(&[("a", "x"), ("b", "y")])),
        (r#""%{a}" %{b}"#, r#""x \"q\" z" y"#, Some(&[("a", "x \"q\" z"), ("b", "y")])),
        (r#""%{a}" %{b}"#, r#""x\u0041\n" y"#, Some(&[("a", "xA\n"), ("b", "y")])),
        (r"'%{a}' %{b}", r"'it\'s' y", Some(&[("a", "it's"), ("b", "y")])),
        // Without a backslash the value ends at the first `" `, quotes and all.
        (r#""%{a}" %{b}"#, r#""x"y" z"#, Some(&[("a", "x\"y"), ("b", "z")])),
        // With one anywhere after it, it ends at its quote.
        (r#""%{a}" %{b}"#, r#""x"y" z\"#, None),
        (r#""%{a}" %{b}"#, r#""x" z\y"#, Some(&[("a", "x"), ("b", "z\\y")])),
        // A backslash before the value does not count.
        (r#"%{p} "%{a}" %{b}"#, r#"\ "x"y" z"#, Some(&[("p", "\\"), ("a", "x\"y"), ("b", "z")])),
        (r#""%{a}" %{b}"#, r#""x\d" y"#, None),
        (r#""%{a}" %{b}"#, r#""x\"#, None),
        (r#""%{a}" %{b}"#, r#""x\\ y"#, None),
        // Other quotes around it, or none, leave backslashes alone.
        (r#""%{a}' %{b}"#, r#""x\n' y"#, Some(&[("a", "x\\n"), ("b", "y")])),
        (r#"[%{a}] %{b}"#, r#"[x\n] y"#, Some(&[("a", "x\\n"), ("b", "y")])),
    ];
    for (pattern, line, expected) in table {
        let found = read(&mut matcher(&[pattern]).unwrap(), line).ok();
        assert_eq!(found, expected.map(pairs), "{pattern} on {line}");
    }
}

#[test]
fn the_first_pattern_that_fits_wins_and_leaves_nothing_of_the_others() {
    let mut matcher = matcher(&["%{a} to %{b};", "%{a}: %{c}", "%{d} %{}"]).unwrap();
    assert_eq!(matcher.names(), ["a", "b", "c", "d"]);
    let table: &[(&str, Pairs<'_>)] =
        &[("1 to 2;", &[("a", "1"), ("b", "2")]), ("1: 2", &[("a", "1"), ("c", "2")]), ("1 to 2", &[("d", "1")])];
    for (line, expected) in table {
        assert_eq!(read(&mut matcher, line), Ok(pairs(expected)), "{line}");
    }
}

#[test]
fn malformed_patterns_are_refused_in_words() {
    let table = [
        ("%{}", "too short"),
        ("abcd", "no placeholder"),
        ("%{a}%{b}", "nothing between `%{a}` and the next placeholder"),
        ("%{a}\n%{b}", "line break"),
        ("x %{a", "without its `}`"),
    ];
    for (pattern, expected) in table {
        let error = matcher(&[pattern]).unwrap_err();
        assert!(error.contains(expected), "{pattern}: {error}");
    }
    assert!(matcher(&[]).unwrap_err().contains("at least one"));
}

#[test]
fn a_mismatch_names_the_pattern_the_literal_and_the_column() {
    let table: &[(&[&str], &str, &str)] = &[
        (&["<%{a}> %{b}"], "x", "the pattern `<%{a}> %{b}` begins with `<`, the line does not"),
        (
            &["%{a} [%{t}] \"%{r}\" %{s}"],
            "é [now] GET",
            "the pattern `%{a} [%{t}] \"%{r}\" %{s}` wants `] \"` after `%{t}`, which does not occur from column 4 on (`now] GET`)",
        ),
        (
            &["%{a}!", "%{a} - %{b};", "x%{c}"],
            "1 - 2",
            "pattern 2 of 3, which comes furthest, `%{a} - %{b};` wants `;` after `%{b}`, which does not occur from column 5 on (`2`)",
        ),
        (
            &["\"%{a}\" %{b}"],
            r#""x\q" y"#,
            r#"the pattern `"%{a}" %{b}` wants `%{a}` in quotes, then `" `: from column 2 on (`x\\q\" y`) an escape is unknown, the quote is not closed, or other text follows it"#,
        ),
    ];
    for (patterns, line, expected) in table {
        assert_eq!(read(&mut matcher(patterns).unwrap(), line), Err((*expected).to_owned()));
    }
}

/// Splits by the literals with what the standard library has; lines without backslashes.
fn naive(literals: &[String], open: bool, line: &str) -> Option<Vec<String>> {
    let mut rest = line.strip_prefix(literals[0].as_str())?;
    let mut out = Vec::new();
    for literal in &literals[1..] {
        let (value, after) = rest.split_once(literal.as_str())?;
        out.push(value.to_owned());
        rest = after;
    }
    if open {
        out.push(rest.to_owned());
    }
    Some(out)
}

proptest! {
    #[test]
    fn agrees_with_splitting_by_the_literals(
        start in "[ab\" ]{0,2}",
        literals in prop::collection::vec("[ab\" é]{1,3}", 1..4),
        open in any::<bool>(),
        line in "[ab\" é]{0,30}",
    ) {
        let all: Vec<String> = std::iter::once(start).chain(literals).collect();
        let mut pattern = all[0].clone();
        for (index, literal) in all[1..].iter().enumerate() {
            pattern += &format!("%{{f{index}}}{literal}");
        }
        if open {
            pattern += "%{last}";
        }
        let found = read(&mut matcher(&[&pattern]).unwrap(), &line).ok();
        let found: Option<Vec<String>> = found.map(|pairs| pairs.into_iter().map(|(_, value)| value).collect());
        let expected = if line.is_empty() { Some(Vec::new()) } else { naive(&all, open, &line) };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn nothing_panics(pattern in "([%{}a\"\\\\ é]|%\\{a\\}|\"%\\{b\\}\"){0,8}", line in "\\PC{0,20}|[\"\\\\xu0 é]{0,20}") {
        if let Ok(mut matcher) = matcher(&[&pattern]) {
            let _ = read(&mut matcher, &line);
        }
    }
}
