//! `infer`: what is printed accepts what it was found from; a line that is none is named.

use super::{golden, pantherlog};
use crate::support::{Home, tool};

#[test]
fn a_schema_is_found_in_the_form_of_older_tools() {
    let outcome = pantherlog(["infer", "orders.jsonl"]).run();
    assert_eq!(outcome.code(0).stdout_text(), golden("orders.inferred.yml"));
    assert!(outcome.stdout_text().ends_with("\n\n"), "an empty line follows");
}

#[test]
fn the_schema_that_is_found_can_be_read_and_parses_its_input() {
    let home = Home::new();
    let schema =
        home.write("inferred.yml", pantherlog(["infer", "--name", "Custom.Found", "orders.jsonl"]).run().stdout);
    tool("pantherlog").args(["validate", "--strict"]).args([&schema]).run().code(0);
    let parse = pantherlog(["parse", "orders.jsonl", "--path"]).args([&schema]).run();
    assert_eq!(parse.code(0).stdout_json_lines().len(), 3);
    assert!(parse.stdout_json_lines().iter().all(|event| event["p_log_type"] == "Custom.Found"));
}

#[test]
fn stdin_pipes_and_packed_files_are_read_as_files_are() {
    let text = std::fs::read(super::data().join("orders.jsonl")).expect("the input");
    let expected = golden("orders.inferred.yml");
    let stdin = pantherlog(["infer", "-"]).stdin(text.clone()).run();
    assert_eq!(stdin.code(0).stdout_text(), expected);
    let pipe = pantherlog(["infer", "/dev/stdin"]).stdin(text.clone()).run();
    assert_eq!(pipe.code(0).stdout_text(), expected);
    let home = Home::new();
    let packed = home.write("orders.zst", zstd::encode_all(&text[..], 1).expect("packed"));
    assert_eq!(tool("pantherlog").args(["infer"]).args([packed]).run().code(0).stdout_text(), expected);
}

#[test]
fn a_name_is_written_first_and_must_be_one() {
    let outcome = pantherlog(["infer", "-skip-test", "--name", "Custom.Orders", "orders.jsonl"]).run();
    assert_eq!(outcome.code(0).stdout_text(), format!("schema: Custom.Orders\n{}", golden("orders.inferred.yml")));
    let refused = pantherlog(["infer", "--name", "my.orders", "orders.jsonl"]).run();
    refused.code(2).stdout_empty().stderr_has("`my.orders` is no name of a log type").stderr_has("`Custom.My.Orders`");
}

#[test]
fn a_bad_line_is_named_and_nothing_is_printed() {
    let table: [(&[u8], &str); 6] = [
        (b"{\"a\":1}\n\n[1]\n{\"a\":2}\n", "line 3: expected a JSON object, found an array"),
        (b"{\"a\":1}\n{\"a\":\n", "line 2: this is not JSON: EOF while parsing a value at column 5"),
        (b"{\"a\":1}\nhello\n", "line 2: this is not JSON"),
        (b"{\"a\":1}\nnull\n", "line 2: expected a JSON object, found `null`"),
        (b"{\"a\":1}\n{\"a\":\"\xff\"}\n", "line 2: invalid UTF-8"),
        (b"\x00\x01\x02", "not text"),
    ];
    for (input, expected) in table {
        let home = Home::new();
        let file = home.write("bad.jsonl", input);
        let outcome = tool("pantherlog").args(["infer", "bad.jsonl"]).home(&home).run();
        outcome.code(1).stdout_empty().stderr_has(expected).stderr_has("`bad.jsonl`").stderr_has("hint:");
        assert!(file.exists());
    }
}

#[test]
fn nothing_to_infer_from_is_said() {
    for (input, expected) in
        [("", "the input has no events"), ("\n \n", "no events"), ("{\"a\":null}\n{\"b\":{}}\n", "empty values")]
    {
        let outcome = pantherlog(["infer", "-"]).stdin(input).run();
        outcome.code(1).stdout_empty().stderr_has("nothing can be inferred").stderr_has(expected);
    }
}

#[test]
fn a_line_that_the_schema_does_not_accept_is_named_with_the_way_around_it() {
    let line = format!("{{\"a\":1}}\n{{\"b\":{}{}}}\n", "[".repeat(11_000), "]".repeat(11_000));
    let refused = pantherlog(["infer", "-"]).stdin(line.clone()).run();
    refused.code(1).stdout_empty().stderr_has("`stdin`, line 2: parse error").stderr_has("`--skip-test`");
    pantherlog(["infer", "--skip-test", "-"]).stdin(line).run().code(0).stdout_has("name: b");
}

#[test]
fn a_broken_archive_and_a_missing_file_are_named() {
    let home = Home::new();
    let text = std::fs::read(super::data().join("orders.jsonl")).expect("the input");
    let packed = zstd::encode_all(&text[..], 1).expect("packed");
    home.write("torn.zst", &packed[..packed.len() / 2]);
    tool("pantherlog").args(["infer", "torn.zst"]).home(&home).run().code(1).stderr_has("`torn.zst`: broken zstd");
    let missing = pantherlog(["infer", "orders.jsonl", "ordesr.jsonl"]).run();
    missing.code(1).stdout_empty().stderr_has("cannot read `ordesr.jsonl`");
}
