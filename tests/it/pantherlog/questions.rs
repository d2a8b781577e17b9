//! What can be asked: the log types, their schemas, what each type says of a log, and the help of each command.

use super::{Scene, log};

#[test]
fn types_are_a_list_of_names_first() {
    let scene = Scene::new();
    let outcome = scene.tool(&["types"]).run();
    let text = outcome.code(0).stdout_text();
    let names: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(names.len(), 74);
    assert!(names.contains(&"AWS.CloudTrail") && names.is_sorted(), "{names:?}");
    assert_eq!(outcome.stderr_text(), "");
    let json = scene.tool(&["types", "--json"]).run().stdout_json();
    assert_eq!(json["log_types"].as_array().map(Vec::len), Some(74));
}

#[test]
fn the_schema_of_each_type_can_be_printed_and_read() {
    let scene = Scene::new();
    let outcome = scene.tool(&["schema", "AWS.CloudTrail", "Okta.SystemLog"]).run();
    outcome.code(0).stdout_has("schema: AWS.CloudTrail").stdout_has("\n---\n");
    assert_eq!(outcome.stderr_text(), "");
    scene.write("printed.yml", outcome.stdout_text());
    scene.tool(&["parse", "--path", "printed.yml"]).stdin("{}\n").run().code(3).stderr_has("parse error");
    scene.tool(&["schema", "--built-in", "AWS.ALB"]).run().code(0).stdout_has("generation: strict");
    let nothing = scene.tool(&["schema"]).run();
    nothing.code(2).stderr_has("`<LOG-TYPE>...` is missing").stderr_has("pantherlog schema");
}

#[test]
fn explain_tells_what_each_type_says() {
    let scene = Scene::new();
    let words = ["--log-types", "AWS.CloudTrail,AWS.ALB", "--explain"];
    let outcome = scene.parse(&words).stdin(log(1) + "{\"size\":1}\n").run();
    outcome.code(0);
    let text = outcome.stdout_text();
    let logs: Vec<&str> = text.split("stdin:").collect();
    assert!(logs[1].starts_with("1\n  accepted  Custom.Schema"), "{text}");
    assert!(logs[1].contains("refused   AWS.ALB"), "{text}");
    assert!(logs[2].contains("refused   Custom.Schema   `time`: required"), "{text}");
    assert!(logs[2].contains("refused   AWS.CloudTrail"), "{text}");
}

#[test]
fn the_help_of_each_command_stands_on_its_own() {
    let scene = Scene::new();
    for command in ["parse", "schema", "types"] {
        for line in [&[command, "--help"][..], &["--help", command], &["help", command]] {
            let outcome = scene.tool(line).run();
            outcome
                .code(0)
                .stdout_has(&format!("Usage: pantherlog {command}"))
                .stdout_has("Exit codes:")
                .stdout_has("--json");
            outcome.stdout_has("Examples:\n  #");
        }
    }
    let tool = scene.tool(&["--help"]).run();
    tool.code(0).stdout_has("parse").stdout_has("types").stdout_has("Without a command");
    assert!(!tool.stdout_text().contains("filter:"), "{tool}");
}

#[test]
fn pages_tell_of_the_commands() {
    let scene = Scene::new();
    for page in ["man", "markdown", "complete-bash", "complete-fish"] {
        scene.tool(&["--generate", page]).run().code(0).stdout_has("types").stdout_has("rejects");
    }
}

#[test]
fn the_nearest_type_is_one_of_this_stream_or_none_is_named() {
    let scene = Scene::new();
    let apache = "10.0.0.1 - - [01/Jan/2021:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1\n";
    let text = format!("{}{apache}{apache}10.0.0.1 - - [01/Jan/2021] broken\n", "what is this\n");
    let outcome = scene.tool(&["parse"]).stdin(text).run();
    outcome.code(3).stderr_has("stdin:1: parse error: no log type accepts it");
    outcome.stderr_has("stdin:4: parse error: Apache.AccessCommon: ");
    let cut = scene.tool(&["parse"]).stdin("{\"a\":1,\n{}\n").run();
    cut.code(3).stderr_has("no log type accepts it: not JSON");
}

#[test]
fn records_are_explained_one_by_one() {
    let scene = Scene::new();
    let document = format!("{{\"Records\":[{},{{\"size\":1}}]}}\n", log(1).trim());
    let outcome = scene.parse(&["--explain"]).stdin(document).run();
    outcome.code(0).stdout_has("stdin:1, record 1\n  accepted").stdout_has("stdin:1, record 2\n  refused");
}

#[test]
fn a_name_that_is_empty_names_no_log_type() {
    let scene = Scene::new();
    scene.tool(&["parse", "--log-types", ""]).stdin(log(1)).run().code(2).stderr_has("no log type is named");
    let both = scene.parse(&["--explain", "--rejects", "r", "--stats"]).stdin(log(1)).run();
    both.code(2).stderr_has("cannot be used with: --rejects <FILE>, --stats");
    scene.parse(&["--threads", "100000"]).stdin(log(1)).run().code(2).stderr_has("from 1 to 1024");
    #[cfg(target_os = "linux")]
    scene.tool(&["parse", "--path", "/dev/zero"]).stdin(log(1)).run().code(1).stderr_has("larger than 64 MiB");
}
