//! What holds for any bytes.

use proptest::prelude::*;

use super::*;

fn kinds() -> Vec<Kind> {
    vec![
        Kind::Auto,
        Kind::Lines,
        Kind::Json,
        Kind::JsonArray { path: Vec::new() },
        Kind::JsonArray { path: vec!["a".to_owned(), "1".to_owned()] },
        Kind::CloudTrail,
        Kind::CloudWatchLogs { retain_envelope_fields: true },
        Kind::Xml { root: None },
        Kind::Xml { root: Some("a".to_owned()) },
    ]
}

/// Text made of what matters to the cutters, so that faults of all sorts are common.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "[{",
        "}]",
        "\"",
        "\\",
        ",",
        ":",
        "\n",
        "\r\n",
        " ",
        "a",
        "\"a\"",
        "\"a\":",
        "1",
        "ä",
        "\u{feff}",
        "null",
        "{\"Records\":[",
        "{\"a\":[0,[",
        "{\"a\":1}",
        "{}\n",
        "[1,2]",
        "<a>",
        "</a>",
        "<b x='1'>",
        "</b>",
        "<c/>",
        "&amp;",
        "<![CDATA[",
        "]]>",
        "\"logEvents\":[",
        "{\"message\":\"x\\n\"}",
        "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"message\":\"m\"}]}",
    ]);
    let text = prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![text, prop::collection::vec(any::<u8>(), 0..300)]
}

fn packed(bytes: &[u8], how: u8) -> Vec<u8> {
    use std::io::Write;
    match how {
        0 => bytes.to_vec(),
        1 => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            writer.write_all(bytes).expect("into memory");
            writer.finish().expect("into memory")
        }
        _ => zstd::encode_all(bytes, 1).expect("into memory"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn framing_does_not_depend_on_read_sizes(
        bytes in pieces(),
        how in 0u8..3,
        sizes in prop::collection::vec(1usize..20, 1..8),
        batch in 1usize..40,
        longest_log in prop_oneof![1usize..20, Just(1000)],
        live in any::<bool>(),
    ) {
        let stored = packed(&bytes, how);
        for kind in kinds() {
            let options = Options { kind: kind.clone(), longest_log, ..Options::default() };
            let (whole, fault) = read(&stored[..], options.clone());
            let short = Short { bytes: &stored, sizes: sizes.clone(), turn: 0 };
            let (seen, other) = read(short, Options { batch, live, ..options });
            prop_assert_eq!(whole, seen, "{:?}", kind);
            prop_assert_eq!(fault.map(|fault| fault.to_string()), other.map(|fault| fault.to_string()), "{:?}", kind);
        }
    }

    #[test]
    fn lines_joined_are_the_input(
        lines in prop::collection::vec("[a-z{}\"\\[\u{e4} ]{0,30}", 1..30),
        batch in 1usize..100,
    ) {
        let text = lines.join("\n");
        let (seen, fault) = read(text.as_bytes(), Options { batch, ..Options::of(Kind::Lines) });
        prop_assert!(fault.is_none());
        let mut joined = String::new();
        for (index, log) in seen.iter().enumerate() {
            prop_assert_eq!(log.line, index as u64 + 1);
            prop_assert_eq!(log.offset, joined.len() as u64);
            joined.push_str(log.text.as_deref().expect("a text"));
            joined.push('\n');
        }
        prop_assert_eq!(joined.trim_end_matches('\n'), text.trim_end_matches('\n'));
    }

    #[test]
    fn any_json_values_are_cut_where_they_end(
        values in prop::collection::vec(value(), 0..8),
        pretty in any::<bool>(),
        gap in "[ \n\r\t]{0,3}",
    ) {
        let write = |value: &serde_json::Value| {
            if pretty { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }.expect("into memory")
        };
        let written: Vec<String> = values.iter().map(write).collect();
        let array = format!("{gap}[{}{gap}]", written.join(&format!("{gap},{gap}")));
        let (seen, fault) = read(array.as_bytes(), Options::of(Kind::JsonArray { path: Vec::new() }));
        prop_assert!(fault.is_none());
        let texts: Vec<String> = seen.iter().map(|log| log.text.clone().expect("a text")).collect();
        prop_assert_eq!(&texts, &written);
        for log in &seen {
            let offset = usize::try_from(log.offset).expect("small");
            prop_assert!(array[offset..].starts_with(log.text.as_deref().expect("a text")));
            prop_assert_eq!(log.line, 1 + array[..offset].matches('\n').count() as u64);
        }
        let records = format!("{{\"Records\":{array}}}");
        let split: Vec<&str> = crate::parse::stream::split_records(&records).expect("records").collect();
        prop_assert_eq!(split, written);
    }

    #[test]
    fn damaged_compression_never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
        how in 1u8..3,
        place in any::<prop::sample::Index>(),
        damage in any::<u8>(),
        keep in any::<prop::sample::Index>(),
    ) {
        let mut stored = packed(&bytes, how);
        let at = place.index(stored.len());
        stored[at] ^= damage;
        stored.truncate(keep.index(stored.len()) + 1);
        for kind in [Kind::Auto, Kind::Lines, Kind::Json] {
            read(&stored[..], Options::of(kind));
        }
    }
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,20}".prop_map(Into::into),
        "[\"\\\\\\[\\]{}:,\n]{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 30, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::Array),
            prop::collection::vec(("[a-z\"\\\\]{0,6}", inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}
