//! Input that is none: each is told with its place, the next log is parsed, and nothing stops silently.

use std::io::Write;
use std::time::Duration;

use super::{Scene, log, sizes};

#[test]
fn what_is_not_there_or_no_file_fails_before_anything() {
    let scene = Scene::new();
    scene.write("in.jsonl", log(1));
    scene.parse(&["in.jsonl", "none.jsonl"]).run().code(1).stderr_has("`none.jsonl`").stdout_empty();
    scene.write("folder/in.jsonl", log(1));
    scene.parse(&["folder"]).run().code(1).stderr_has("it is a folder").stdout_empty();
}

#[test]
fn a_binary_file_is_refused_and_the_next_is_parsed() {
    let scene = Scene::new();
    scene.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    scene.write("in.jsonl", log(1));
    let outcome = scene.parse(&["picture.png", "in.jsonl"]).run();
    outcome.code(3).stderr_has("picture.png").stderr_has("not text");
    assert_eq!(sizes(&outcome), [1]);
}

#[test]
fn broken_gzip_gives_what_stands_before_the_break() {
    let scene = Scene::new();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all((0..20_000).map(log).collect::<String>().as_bytes()).expect("memory takes every byte");
    let bytes = encoder.finish().expect("memory takes every byte");
    scene.write("torn.gz", &bytes[..bytes.len() / 2]);
    let outcome = scene.parse(&["torn.gz", "-"]).stdin(log(5)).run();
    outcome.code(3).stderr_has("torn.gz").stderr_has("broken gzip");
    let sizes = sizes(&outcome);
    assert_eq!(sizes.last(), Some(&5));
    assert!(sizes.len() > 1_000 && sizes.len() < 20_000, "{}", sizes.len());
}

#[test]
fn each_bad_log_is_one_error_and_the_next_log_is_parsed() {
    let scene = Scene::new();
    let deep = "[".repeat(20_000);
    let time = "\"time\":\"2026-01-02T03:04:05Z\"";
    let table: [(Vec<u8>, &str); 9] = [
        (b"{\"time\":\"\xe2\x82\"}".to_vec(), "invalid UTF-8"),
        (format!("{{{time},\"user.name\":{deep}").into_bytes(), "not JSON"),
        (format!("{{{time},\"size\":99999}}").into_bytes(), "`size`"),
        (format!("{{{time},\"size\":1e400}}").into_bytes(), "`size`"),
        (format!("{{{time},\"size\":NaN}}").into_bytes(), "not JSON"),
        (b"{\"time\":\"2026-02-30T00:00:00Z\"}".to_vec(), "`time`"),
        (b"{\"size\":1}".to_vec(), "`time`"),
        (format!("{{{time},").into_bytes(), "not JSON"),
        (b"plain words".to_vec(), "not JSON"),
    ];
    for (bad, why) in table {
        let mut text = log(1).into_bytes();
        text.extend(bad);
        text.extend(format!("\n{}", log(2)).into_bytes());
        let outcome = scene.parse(&["--stream", "lines"]).stdin(text).run();
        outcome.code(3).stderr_has("stdin:2: parse error").stderr_has(why);
        assert_eq!(sizes(&outcome), [1, 2], "{why}");
    }
}

#[test]
fn of_duplicate_keys_the_last_counts() {
    let scene = Scene::new();
    let log = "{\"time\":\"2026-01-02T03:04:05Z\",\"size\":1,\"size\":2}\n";
    assert_eq!(sizes(scene.parse(&[]).stdin(log).run().code(0)), [2]);
}

#[test]
fn a_line_of_a_hundred_megabytes_costs_itself_and_no_more() {
    let scene = Scene::new();
    let mut file = std::fs::File::create(scene.home.path().join("long.jsonl")).expect("a file");
    let piece = vec![b'a'; 1 << 20];
    file.write_all(log(1).as_bytes()).and_then(|()| file.write_all(b"{\"time\":\"")).expect("written");
    for _ in 0..100 {
        file.write_all(&piece).expect("written");
    }
    file.write_all(format!("\"}}\n{}", log(2)).as_bytes()).expect("written");
    let outcome = scene.parse(&["long.jsonl", "--threads", "1"]).patience(Duration::from_secs(300)).run();
    outcome.code(3).stderr_has("long.jsonl:2: parse error");
    assert!(outcome.stderr.len() < 4_096, "the error shows the beginning only");
    assert_eq!(sizes(&outcome), [1, 2]);
}

#[test]
fn memory_does_not_grow_with_the_input() {
    const MOST: u64 = 100 << 20;
    let scene = Scene::new();
    let mut file = std::fs::File::create(scene.home.path().join("many.jsonl")).expect("a file");
    let block: String = (0..10_000).map(log).collect();
    for _ in 0..150 {
        file.write_all(block.as_bytes()).expect("written");
    }
    let tool = scene.parse(&["many.jsonl", "-q", "--threads", "2"]).stdout_file("/dev/null");
    let mut running = tool.patience(Duration::from_secs(600)).spawn();
    let mut peak = 0;
    while running.alive() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        peak = peak.max(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() << 10);
        std::thread::sleep(Duration::from_millis(20));
    }
    running.wait().code(0);
    assert!(peak > 0 && peak < MOST, "{peak} bytes");
}

#[test]
fn a_torn_first_line_costs_itself_and_no_more() {
    let scene = Scene::new();
    for torn in [&b"{\"time\":\"2026-01-02T03:04:05Z\","[..], b"{\"time\":", b"{\"user.name\":\"\xc3\"}"] {
        for count in [1, 3] {
            let logs: String = (1..=count).map(log).collect();
            let outcome = scene.parse(&[]).stdin([torn, b"\n", logs.as_bytes()].concat()).run();
            outcome.code(3).stderr_has("stdin:1: parse error");
            assert_eq!(sizes(&outcome).len(), count, "{outcome}");
        }
    }
}

#[test]
fn an_event_of_a_document_over_many_lines_is_one_line() {
    let scene = Scene::new();
    scene.write("json.yml", "fields:\n  - {name: a, type: json}\n");
    let documents = "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n{\n  \"a\": [\n 2]\n}\n";
    let outcome = scene.tool(&["parse", "--path", "json.yml"]).stdin(documents).run();
    let events: Vec<_> = outcome.code(0).stdout_json_lines().into_iter().map(|event| event["a"].clone()).collect();
    assert_eq!(events, [serde_json::json!({"b": 1}), serde_json::json!([2])]);
}

#[test]
fn columns_of_flow_logs_that_are_not_known_are_told_once() {
    let scene = Scene::new();
    let header = "version account-id srcaddr dstaddr flow-direction start end log-status\n";
    let flow = "2 123456789012 192.0.2.1 192.0.2.2 ingress 1 2 OK\n";
    let outcome = scene.tool(&["parse"]).stdin(format!("{header}{flow}{flow}")).run();
    assert_eq!(outcome.code(0).stderr_has("AWS.VPCFlow").stdout_json_lines().len(), 2);
    let told = String::from_utf8_lossy(&outcome.stderr).matches("`flow-direction`").count();
    assert_eq!(told, 1, "{outcome}");
}
