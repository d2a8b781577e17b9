use super::*;
use proptest::prelude::*;

fn values(line: &str, delimiter: char, quotes: Quotes) -> Result<Vec<String>, Wrong> {
    let mut out = Vec::new();
    split(line, delimiter, quotes, &mut out).map(|()| out.into_iter().map(Cow::into_owned).collect())
}

#[test]
fn well_formed_records_are_the_same_in_both_modes() {
    let table: &[(&str, char, &[&str])] = &[
        ("", ',', &[]),
        ("\r", ',', &[]),
        ("a", ',', &["a"]),
        ("a,b,c", ',', &["a", "b", "c"]),
        (",", ',', &["", ""]),
        ("a,,c,", ',', &["a", "", "c", ""]),
        (" a , b", ',', &[" a ", " b"]),
        ("a,b\r", ',', &["a", "b"]),
        (r#""a,b",c"#, ',', &["a,b", "c"]),
        (r#""a""b",c"#, ',', &["a\"b", "c"]),
        (r#""""#, ',', &[""]),
        (r#""","""#, ',', &["", ""]),
        (r#""",a"#, ',', &["", "a"]),
        (r#"a,"""#, ',', &["a", ""]),
        (r#""""""""#, ',', &["\"\""]),
        ("a\tb c\t\"d\te\"", '\t', &["a", "b c", "d\te"]),
        (r#"a b  "c d" e"#, ' ', &["a", "b", "", "c d", "e"]),
        ("aéb", 'é', &["a", "b"]),
        ("\"aéb\"éc", 'é', &["aéb", "c"]),
        ("ä,ö", ',', &["ä", "ö"]),
    ];
    for (line, delimiter, expected) in table {
        for quotes in [Quotes::Lazy, Quotes::Strict] {
            assert_eq!(values(line, *delimiter, quotes).as_deref(), Ok(to_strings(expected).as_slice()), "{line}");
        }
    }
}

fn to_strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn misplaced_quotes_are_text_or_errors() {
    let table: &[(&str, &[&str], Wrong)] = &[
        (r#"a"b,c"#, &["a\"b", "c"], Wrong::BareQuote(1)),
        (r#"x,a""b"#, &["x", "a\"\"b"], Wrong::BareQuote(3)),
        (r#" "a",b"#, &[" \"a\"", "b"], Wrong::BareQuote(1)),
        (r#""a"b",c"#, &["a\"b", "c"], Wrong::StrayQuote(2)),
        (r#""a" ,b"#, &["a\" ,b"], Wrong::StrayQuote(2)),
        (r#"x,"a,b"#, &["x", "a,b"], Wrong::OpenQuote(2)),
        (r#"x,""#, &["x", ""], Wrong::OpenQuote(2)),
        (r#""a"""#, &["a\""], Wrong::OpenQuote(0)),
    ];
    for (line, lazy, strict) in table {
        assert_eq!(values(line, ',', Quotes::Lazy).as_deref(), Ok(to_strings(lazy).as_slice()), "{line}");
        assert_eq!(values(line, ',', Quotes::Strict), Err(*strict), "{line}");
        assert!(strict.at() < line.len());
    }
}

#[test]
fn values_without_inner_quotes_are_slices_of_the_line() {
    let mut out = Vec::new();
    split(r#"a,"b c",d"#, ',', Quotes::Lazy, &mut out).unwrap();
    assert!(out.iter().all(|value| matches!(value, Cow::Borrowed(_))), "{out:?}");
}

/// The rules again, character by character.
fn by_characters(line: &str, delimiter: char) -> Vec<String> {
    let line: Vec<char> = line.strip_suffix('\r').unwrap_or(line).chars().collect();
    let (mut out, mut value, mut at) = (Vec::new(), String::new(), 0);
    if line.is_empty() {
        return out;
    }
    let mut quoted = line[0] == '"';
    at += usize::from(quoted);
    while at < line.len() {
        let (now, next) = (line[at], line.get(at + 1).copied());
        at += 1;
        let closes = quoted && now == '"' && (next.is_none() || next == Some(delimiter)) && next != Some('"');
        if closes && next.is_none() {
            break;
        }
        if (!quoted && now == delimiter) || closes {
            at += usize::from(closes);
            out.push(std::mem::take(&mut value));
            quoted = line.get(at) == Some(&'"');
            at += usize::from(quoted);
        } else {
            value.push(now);
            at += usize::from(quoted && now == '"' && next == Some('"'));
        }
    }
    out.push(value);
    out
}

proptest! {
    #[test]
    fn lazy_reading_agrees_with_the_rules_by_characters(line in "[\",ab é|\r]{0,24}", delimiter in "[,|é ]") {
        let delimiter = delimiter.chars().next().unwrap();
        prop_assert_eq!(values(&line, delimiter, Quotes::Lazy).unwrap(), by_characters(&line, delimiter));
    }

    #[test]
    fn strict_reading_is_lazy_reading_or_an_error(line in "[\",ab\r]{0,24}") {
        if let Ok(strict) = values(&line, ',', Quotes::Strict) {
            prop_assert_eq!(strict, values(&line, ',', Quotes::Lazy).unwrap());
        }
    }

    #[test]
    fn what_the_csv_crate_writes_is_read_back(fields in prop::collection::vec("[\", a-zé;]{0,8}", 1..8)) {
        let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(&fields).unwrap();
        let line = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let line = line.trim_end_matches('\n');
        for quotes in [Quotes::Lazy, Quotes::Strict] {
            prop_assert_eq!(&values(line, ',', quotes).unwrap(), &fields);
        }
    }

    #[test]
    fn what_strict_reading_accepts_the_csv_crate_reads_the_same(line in "[\",ab ]{1,24}") {
        if let Ok(strict) = values(&line, ',', Quotes::Strict) {
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(strict, record.iter().map(str::to_owned).collect::<Vec<_>>());
        }
    }
}
