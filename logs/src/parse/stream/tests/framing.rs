//! Lines, documents, arrays, and what `auto` takes them for.

use super::*;

#[test]
fn lines_are_logs() {
    holds(
        &Kind::Lines,
        &[
            ("an empty file has none", "", &[]),
            ("the last line needs no end", "a\nb", &["1:a", "2:b"]),
            ("one \\r before the end is dropped", "a\r\nb\r\r\nc\r", &["1:a", "2:b\r", "3:c\r"]),
            ("empty lines are logs", "\n\na\n\n", &["1:", "2:", "3:a", "4:"]),
            ("one empty line is fine", "\n", &["1:"]),
            ("a byte-order mark is left out", "\u{feff}a\nb\n", &["1:a", "2:b"]),
            ("U+FFFD in the first line is fine", "\u{fffd}\nb", &["1:\u{fffd}", "2:b"]),
            ("JSON is not looked at", "{\n[{\"a\":1}]\n", &["1:{", "2:[{\"a\":1}]"]),
        ],
    );
}

#[test]
fn offsets_count_the_byte_order_mark() {
    let (seen, _) = read("\u{feff}a\r\nb".as_bytes(), Options::of(Kind::Lines));
    assert_eq!(seen.iter().map(|log| log.offset).collect::<Vec<_>>(), [3, 6]);
}

#[test]
fn a_later_line_that_is_not_utf8_is_rejected_alone() {
    let lines = told_as(Kind::Lines, b"a\nb\xff\xfec\nd\n\xc3\n\xc3\xa4");
    let expected = ["1:a", "2!invalid UTF-8 at byte 3: ff", "3:d", "4!invalid UTF-8 at byte 9: c3", "5:ä"];
    assert_eq!(lines, expected);
}

#[test]
fn a_line_above_the_limit_is_rejected_alone() {
    for batch in [1, 2, 3, 1000] {
        let options = Options { longest_log: 5, batch, ..Options::of(Kind::Lines) };
        let input = "12345\n123456\n12345\r\n12345678901234567890\r\nb\n1234567";
        let expected = [
            "1:12345",
            "2!the log has 6 bytes, the limit is 5",
            "3:12345",
            "4!the log has 21 bytes, the limit is 5",
            "5:b",
            "6!the log has 7 bytes, the limit is 5",
        ];
        assert_eq!(told(input, options), expected, "{batch}");
    }
}

#[test]
fn binary_input_is_refused_with_what_it_looks_like() {
    for (input, expected) in [
        (&b"a\0b\n"[..], "at byte 1 stands a NUL byte"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "at byte 0 stands 89, which is not UTF-8"),
        (b"PAR1\x15\0", "at byte 5 stands a NUL byte; it looks like Parquet"),
        (b"\xff\xfea\0\n\0", "at byte 0 stands ff, which is not UTF-8; it looks like UTF-16"),
        (b"BZh91AY&SY\xff\n", "at byte 10 stands ff, which is not UTF-8; it looks like bzip2"),
    ] {
        assert_eq!(told_as(Kind::Auto, input), [format!("`logs/a.json`: not text: {expected}")]);
    }
}

#[test]
fn a_first_line_that_is_torn_text_is_rejected_alone() {
    let lines = told_as(Kind::Auto, b"\n\na\xffb\nc\n");
    assert_eq!(lines, ["1:", "2:", "3!invalid UTF-8 at byte 3: ff", "4:c"]);
    assert_eq!(told_as(Kind::Auto, b"abc\xc3"), ["1!invalid UTF-8 at byte 3: c3"]);
}

#[test]
fn a_log_cut_off_in_the_first_line_is_no_beginning_of_a_document() {
    for torn in ["{\"a\":1,", "{\"a\":", "{", "[1,", "{\"a\":{\"b\":["] {
        for logs in [&["{\"c\":1}"][..], &["{\"c\":1}", "{\"d\":[]}", "x"]] {
            let input = format!("{torn}\n{}\n", logs.join("\n"));
            let expected: Vec<_> =
                [torn].iter().chain(logs).enumerate().map(|(place, log)| format!("{}:{log}", place + 1)).collect();
            assert_eq!(told_as(Kind::Auto, &input), expected, "{input}");
        }
    }
    let document = "{\n\"a\": [\n{\"c\": 1},\n{\"d\": 2}\n]\n}";
    assert_eq!(told_as(Kind::Auto, document), [format!("1:{document}")]);
}

#[test]
fn a_second_line_is_judged_when_it_is_there_as_a_whole() {
    for input in ["{\n{\"b\":1}x\n{}\n", "{\n{\"b\":1}\n{}\n", "{\"a\":\n{\"b\":1}}\n{}\n", "{\n{\"b\":1}"] {
        let whole = read(input.as_bytes(), Options::of(Kind::Auto));
        for first in 1..input.len() {
            let pieces = Short { bytes: input.as_bytes(), sizes: vec![first, 1], turn: 0 };
            assert_eq!(read(pieces, Options::of(Kind::Auto)).0, whole.0, "{input:?} broken at {first}");
        }
    }
}

#[test]
fn only_the_first_line_is_judged_and_64_kib_of_it() {
    assert_eq!(told_as(Kind::Lines, b"a\nb\0\n"), ["1:a", "2:b\0"], "a later line may hold what it likes");
    let long = "x".repeat(64 * 1024 - 1) + "ä and more\n";
    assert_eq!(told_as(Kind::Lines, &long).len(), 1, "a character across the end of what is judged is fine");
    let late = [long.trim_end().as_bytes(), b"\0\n"].concat();
    assert_eq!(told_as(Kind::Lines, &late).len(), 1, "nor is what stands behind it judged");
}

#[test]
fn json_documents_are_logs() {
    holds(
        &Kind::Json,
        &[
            ("nothing", " \n ", &[]),
            ("one a line", "{\"a\":1}\n{\"a\":2}\n", &["1:{\"a\":1}", "2:{\"a\":2}"]),
            ("without anything between", "{}{\"a\":{}}{}", &["1:{}", "1:{\"a\":{}}", "1:{}"]),
            ("over many lines", "{\n \"a\": [\n1]\n}\n\n{\n}", &["1:{\n \"a\": [\n1]\n}", "6:{\n}"]),
            ("brackets and quotes in strings", "{\"a\":\"}{\\\"\\\\\"}{}", &["1:{\"a\":\"}{\\\"\\\\\"}", "1:{}"]),
            ("an array of objects is split", "[{\"a\":1},\n {\"a\":2}]\n{}", &["1:{\"a\":1}", "2:{\"a\":2}", "3:{}"]),
            ("an empty array is nothing", "[ ]\n{}", &["2:{}"]),
            ("another array is one log", "[1,[2]]\n[\n\"a\"]{}", &["1:[1,[2]]", "2:[\n\"a\"]", "3:{}"]),
            (
                "nesting beyond a word of the stack",
                &format!("{0}{1}{{}}", "[".repeat(200), "]".repeat(200)),
                &[&format!("1:{0}{1}", "[".repeat(200), "]".repeat(200)), "1:{}"],
            ),
        ],
    );
}

#[test]
fn a_broken_document_is_rejected_and_the_next_one_read() {
    holds(
        &Kind::Json,
        &[
            (
                "a string without its end",
                "{\"a\":\"x}\n{\"b\":1}",
                &["1!invalid JSON at line 1, byte 8: a string is not closed before the end of the line", "2:{\"b\":1}"],
            ),
            (
                "an object without its end",
                "{\"a\":{\"b\":1}\n{\"c\":1}\n{}",
                &[
                    "1!invalid JSON at line 2, byte 13: expected `,` or a closing bracket before the next value",
                    "2:{\"c\":1}",
                    "3:{}",
                ],
            ),
            (
                "the wrong bracket",
                "{\"a\":[1}\n{}",
                &["1!invalid JSON at line 1, byte 7: expected `]`, found `}`", "2:{}"],
            ),
            (
                "an indented line does not begin a document",
                "{\n  \"a\" \"b\"\n  {\n}\n{}",
                &["1!invalid JSON at line 2, byte 8: expected `,` or a closing bracket before the next value", "5:{}"],
            ),
            (
                "text between documents",
                "{}\nabc {\n{}",
                &["1:{}", "2!invalid JSON at line 2, byte 3: expected `{` or `[`, the beginning of a document", "3:{}"],
            ),
            (
                "the end comes first",
                "{}\n{\"a\":\n1",
                &["1:{}", "2!the JSON value that begins here is not closed before the end of the text"],
            ),
            (
                "within an array whose elements begin lines",
                "[\n{\"a\":1},\n{\"a\":[}},\n{\"a\":3}\n{\"a\":4}\n]\n{}",
                &[
                    "2:{\"a\":1}",
                    "3!invalid JSON at line 3, byte 17: expected `]`, found `}`",
                    "4:{\"a\":3}",
                    "5!invalid JSON at line 5, byte 29: expected `,` or a closing bracket before the next value",
                    "5:{\"a\":4}",
                    "7:{}",
                ],
            ),
            (
                "an array without its end",
                "[{\"a\":1},{\"a\":2}",
                &[
                    "1:{\"a\":1}",
                    "1:{\"a\":2}",
                    "1!the JSON value that begins here is not closed before the end of the text",
                ],
            ),
        ],
    );
}

#[test]
fn a_rejected_document_keeps_its_bytes() {
    let (seen, _) = read(&b"{\"a\":\"x}\n  more\r\n{}"[..], Options::of(Kind::Json));
    assert_eq!(String::from_utf8_lossy(&seen[0].rejected), "{\"a\":\"x}\n  more");
}

#[test]
fn a_document_above_the_limit_is_rejected_alone() {
    for batch in [1, 4, 1000] {
        let options = Options { longest_log: 8, batch, ..Options::of(Kind::Json) };
        let input = "{\"a\":1}\n{\"a\":\"0123456789\"}\n[{\"b\":100},{\"b\":2}]";
        let expected = [
            "1:{\"a\":1}",
            "2!the log has 18 bytes, the limit is 8",
            "3!the log has 9 bytes, the limit is 8",
            "3:{\"b\":2}",
        ];
        assert_eq!(told(input, options), expected, "{batch}");
    }
}

fn array(path: &[&str]) -> Kind {
    Kind::JsonArray { path: path.iter().map(|part| (*part).to_owned()).collect() }
}

#[test]
fn elements_of_the_array_at_the_end_of_a_path_are_logs() {
    holds(
        &array(&[]),
        &[
            ("of any type", "[1, \"a,]\" ,null,[2],{}]", &["1:1", "1:\"a,]\"", "1:null", "1:[2]", "1:{}"]),
            ("none", "[]", &[]),
            ("each line its own", "[1]\n[2]\n", &["1:1", "2:2"]),
            (
                "not an object",
                "{\"a\":[1]}",
                &["1!expected an array, found an object: the path does not lead to an array"],
            ),
        ],
    );
    holds(
        &array(&["a", "1", "b"]),
        &[
            (
                "beside other values",
                "{\"x\":[{\"b\":[9]}],\"a\":[{},{\"c\":\"a\",\"b\":[1,2],\"b\":[3]},4],\"y\":{}}",
                &["1:1", "1:2"],
            ),
            ("a key with escapes", "{\"\\u0061\":[0,{\"b\":[1]}]}", &["1:1"]),
            ("null is empty", "{\"a\":[0,{\"b\":null,\"c\":1}]}\n{\"a\":[0,{\"b\":[1]}]}", &["2:1"]),
            (
                "a key that is not there, and the next document",
                "{\"b\":1}\n{\"a\":[0,{\"b\":[1]}]}",
                &["1!there is no key `a` in the document, but it is part of the path to the array", "2:1"],
            ),
            (
                "an index that is not there",
                "\n{\"a\":[0]}",
                &["2!index 1 is beyond the end of the array, which has 1 elements"],
            ),
            (
                "a name where an index is due",
                "[{\"a\":1}]",
                &["1!the document has an array where the path says `a`, which is not an index"],
            ),
            (
                "a value that has nothing in it",
                "{\"a\":[0,\"b\"],\"c\":[]}",
                &["1!expected an object or an array, found a string: the path does not lead to an array"],
            ),
            (
                "a value that is no array",
                "{\"a\":[0,{\"b\":true}]}",
                &["1!expected an array, found a boolean: the path does not lead to an array"],
            ),
            (
                "no JSON on the way",
                "{\"a\" 1}\n{a}\n{\"a\":[0,{\"b\":[1]}]}",
                &[
                    "1!invalid JSON at line 1, byte 5: expected `:` after the key, found `1`",
                    "2!invalid JSON at line 2, byte 9: expected a key in quotes, found `a`",
                    "3:1",
                ],
            ),
            (
                "the end on the way",
                "\n {\"a\":[",
                &["2!the JSON value that begins here is not closed before the end of the text"],
            ),
        ],
    );
}

#[test]
fn records_of_cloudtrail_are_logs() {
    holds(
        &Kind::CloudTrail,
        &[
            ("in one line", "{\"Records\":[{\"a\":1},{\"a\":2}]}", &["1:{\"a\":1}", "1:{\"a\":2}"]),
            (
                "of documents one after another",
                "{\"Records\":[{\"a\":1}],\"x\":{}}{\"Records\":[]}\n{\"Records\":[{\"a\":2}]}",
                &["1:{\"a\":1}", "2:{\"a\":2}"],
            ),
            (
                "up to a fault, and of the next document",
                "{\"Records\":[{\"a\":1},{\"a\":2]]}\n{\"Records\":[{\"a\":3}]}",
                &["1:{\"a\":1}", "1!invalid JSON at line 1, byte 26: expected `}`, found `]`", "2:{\"a\":3}"],
            ),
        ],
    );
}

#[test]
fn auto_decides_by_the_beginning() {
    holds(
        &Kind::Auto,
        &[
            ("a line is a log", "a b\n{\"a\":1}\n{", &["1:a b", "2:{\"a\":1}", "3:{"]),
            ("also when it is JSON", "{\"a\":1}\n{\n", &["1:{\"a\":1}", "2:{"]),
            ("also when it holds records", "{\"Records\":[{}]}\n", &["1:{\"Records\":[{}]}"]),
            ("also when it is an array of something else", "[1,2]\n[3]", &["1:[1,2]", "2:[3]"]),
            ("also when it only looks like JSON", "[error] {x\n{\n}", &["1:[error] {x", "2:{", "3:}"]),
            ("also when a string ends with the line", "{\"a\": \"b\n\"}", &["1:{\"a\": \"b", "2:\"}"]),
            ("also when it is the last and broken", "{\"a\":", &["1:{\"a\":"]),
            ("a document over lines", "\n{\n \"a\":1\n}\n{}\n", &["2:{\n \"a\":1\n}", "5:{}"]),
            ("that begins with more", "{\"a\": [1,\n2]}", &["1:{\"a\": [1,\n2]}"]),
            ("an array over lines that is one log", "[\n1\n]", &["1:[\n1\n]"]),
            ("an array of objects in a line", "[{\"a\":1},{}]", &["1:{\"a\":1}", "1:{}"]),
            ("an array of objects over lines", "[\n  {\n\"a\":1},{}\n]", &["2:{\n\"a\":1}", "3:{}"]),
            ("a line between documents", "{\n}\n abc \n{}", &["1:{\n}", "3:abc", "4:{}"]),
            ("a byte-order mark before it", "\u{feff}{\n}", &["1:{\n}"]),
        ],
    );
}

#[test]
fn live_input_hands_out_what_is_there() {
    struct Slow(Vec<&'static [u8]>);
    impl Read for Slow {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let Some(part) = self.0.pop() else { panic!("nothing more was to be read") };
            out[..part.len()].copy_from_slice(part);
            Ok(part.len())
        }
    }
    let options = Options { live: true, ..Options::default() };
    let mut stream = LogStream::new("-", Slow(vec![b"c\n", b"b\nc", b"a\n"]), options);
    let mut batch = Batch::default();
    for expected in [["a"], ["b"], ["cc"]] {
        assert!(stream.next_batch(&mut batch).expect("readable"));
        assert_eq!(batch.logs().filter_map(|log| log.text.ok()).collect::<Vec<_>>(), expected);
        assert_eq!(batch.file(), "-");
    }
}

#[test]
fn a_reader_that_fails_ends_the_stream_behind_the_logs() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let (seen, fault) = read((&b"a\nb"[..]).chain(Failing), Options::default());
    assert_eq!(seen.len(), 1);
    let expected = "`logs/a.json`: cannot read on at byte 3: the disk is gone; \
                    the log that begins in line 2 (byte 2, 1 bytes of it are there) is left out";
    assert_eq!(fault.expect("a fault").to_string(), expected);
}
