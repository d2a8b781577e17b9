//! Help and generated pages: one manual, whole and true, for each tool and for the register.

use super::TOOLS;
use crate::support::{Home, tool};

fn register() -> toml::Table {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tools.toml");
    std::fs::read_to_string(path).expect("the register").parse().expect("TOML")
}

fn entry(name: &str) -> toml::Table {
    let register = register();
    let tools = register["tool"].as_array().expect("a list of tools");
    let found = tools.iter().find(|tool| tool["name"].as_str() == Some(name));
    found.and_then(toml::Value::as_table).unwrap_or_else(|| panic!("`{name}` is not registered")).clone()
}

fn texts(entry: &toml::Table, key: &str) -> Vec<String> {
    entry[key].as_array().into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
}

#[test]
fn help_stands_on_its_own() {
    for name in TOOLS {
        let outcome = tool(name).args(["--help"]).run();
        outcome.code(0).stdout_has("Usage:").stdout_has("Examples:").stdout_has("Exit codes:").stdout_has("--dry-run");
        let about = entry(name)["about"].as_str().expect("about").to_owned();
        assert!(outcome.stdout_text().starts_with(&about), "the register's words open the help of {name}");
    }
}

#[test]
fn short_help_and_gos_help_are_there() {
    for name in TOOLS {
        for flag in ["-h", "-help", "--help"] {
            tool(name).args([flag]).run().code(0).stdout_has("Usage:");
        }
    }
}

#[test]
fn the_version_names_commit_and_target() {
    for name in TOOLS {
        for flag in ["--version", "-V", "-version"] {
            let outcome = tool(name).args([flag]).run();
            outcome.code(0).stdout_has(&format!("{name} {}", env!("CARGO_PKG_VERSION"))).stdout_has("linux");
        }
    }
}

#[test]
fn each_page_is_generated() {
    let marks = [
        ("man", ".TH"),
        ("markdown", "# "),
        ("iam", "\"Version\""),
        ("complete-bash", "complete -F"),
        ("complete-zsh", "#compdef"),
        ("complete-fish", "complete -c"),
        ("complete-powershell", "Register-ArgumentCompleter"),
        ("schema", "elapsed_ms"),
    ];
    for name in TOOLS {
        for (kind, mark) in marks {
            tool(name).args(["--generate", kind]).run().code(0).stdout_has(mark);
        }
        tool(name).args(["--generate", "nonsense"]).run().code(2).stderr_has("no such page");
    }
}

#[test]
fn the_policy_is_that_of_the_release() {
    for name in TOOLS {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("dist/iam/{name}.json"));
        let policy: serde_json::Value = serde_json::from_slice(&std::fs::read(path).expect("policy")).expect("JSON");
        assert_eq!(tool(name).args(["--generate", "iam"]).run().stdout_json(), policy);
    }
}

#[test]
fn every_example_of_the_register_and_the_help_parses() {
    for name in TOOLS {
        let help = tool(name).args(["--help"]).run().stdout_text();
        let section =
            help.split("Examples:").nth(1).and_then(|text| text.split("\n\n").next()).unwrap_or_default().to_owned();
        let of_help = section.lines().map(str::trim).filter(|line| line.starts_with(name)).map(str::to_owned);
        let examples: Vec<String> = texts(&entry(name), "examples").into_iter().chain(of_help).collect();
        assert!(examples.len() >= 4, "{name} has examples in both places");
        for example in examples {
            // No region: a line that parses gets as far as that.
            let line = example.replacen(name, "", 1).replace('|', " ");
            let words: Vec<String> =
                line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect();
            let quoted = line.contains(['"', '\'']);
            if !quoted {
                let outcome = tool(name).args(words).run();
                assert!(!outcome.stderr_text().contains("unknown flag"), "{example}: {}", outcome.stderr_text());
                assert!(!outcome.stderr_text().contains("unexpected argument"), "{example}: {}", outcome.stderr_text());
                assert!(!outcome.stderr_text().contains("invalid value"), "{example}: {}", outcome.stderr_text());
            }
        }
    }
}

#[test]
fn every_legacy_flag_is_accepted() {
    for name in TOOLS {
        for flag in texts(&entry(name), "legacy-flags") {
            for form in [format!("-{flag}=1"), format!("--{flag}=1")] {
                let outcome = tool(name).args([form.as_str()]).run();
                let said = outcome.stderr_text();
                assert!(!said.contains("unknown flag") && !said.contains("unexpected argument"), "{form}: {said}");
            }
        }
    }
}

#[test]
fn unknown_flags_are_usage_errors_with_near_names() {
    for name in TOOLS {
        tool(name).args(["-intractive=false"]).run().code(2).stderr_has("--interactive").stdout_empty();
        tool(name).args(["--dry-rnu"]).run().code(2).stderr_has("--dry-run");
        tool(name).args(["-interactive", "false"]).run().code(2).stderr_has("takes its value with `=`");
        tool(name).args(["--format", "csv"]).run().code(2);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for name in TOOLS {
        let outcome = tool(name).args(["--help"]).stdout_closing_after(10).run();
        outcome.code(0);
        assert!(!outcome.stderr_text().contains("panicked"), "{}", outcome.stderr_text());
    }
}

#[test]
fn a_full_disk_under_the_output_is_an_error() {
    for name in TOOLS {
        tool(name).args(["--help"]).stdout_file("/dev/full").run().code(1);
    }
}

#[test]
fn what_is_written_is_neither_read_nor_written_twice() {
    let home = Home::new();
    const SCHEMA: &str = "schema: Custom.A1\nfields: [{name: a, type: int}]\n";
    home.write("s.yml", SCHEMA);
    home.write("in.jsonl", "{\"a\":1}\n");
    std::fs::hard_link(home.path().join("in.jsonl"), home.path().join("hard.jsonl")).expect("same disk");
    let lines: [(&str, &[&str]); 9] = [
        ("pantherlog", &["parse", "--path", "s.yml", "in.jsonl", "-o", "in.jsonl"]),
        ("pantherlog", &["parse", "--path", "s.yml", "in.jsonl", "-o", "./hard.jsonl"]),
        ("pantherlog", &["parse", "--path", "s.yml", "in.jsonl", "-o", "s.yml"]),
        ("pantherlog", &["parse", "--path", "s.yml", "in.jsonl", "-o", "x", "--errors", "in.jsonl"]),
        ("pantherlog", &["parse", "--path", "s.yml", "in.jsonl", "--rejects", "r", "--errors", "./r"]),
        ("pantherlog", &["validate", "s.yml", "-o", "s.yml"]),
        ("pantherlog", &["infer", "in.jsonl", "-o", "in.jsonl"]),
        ("logprocessor", &["in.jsonl", "--out", "none", "--errors", "in.jsonl"]),
        ("logprocessor", &["in.jsonl", "--out", "none", "--cpuprofile", "in.jsonl"]),
    ];
    for (name, words) in lines {
        let outcome = tool(name).home(&home).folder(home.path()).args(words.iter().copied()).run();
        outcome.code(2).stderr_has("would overwrite").stdout_empty();
        assert_eq!(std::fs::read_to_string(home.path().join("s.yml")).expect("kept"), SCHEMA, "{words:?}");
        assert_eq!(std::fs::read_to_string(home.path().join("in.jsonl")).expect("kept"), "{\"a\":1}\n", "{words:?}");
        assert!(!home.path().join("x").exists() && !home.path().join("r").exists(), "{words:?}");
    }
    // A name that is no path.
    tool("pantherlog").home(&home).folder(home.path()).args(["schema", "AWS.ALB", "-o", "AWS.ALB"]).run().code(0);
    let apart = ["parse", "--path", "s.yml", "in.jsonl", "-o", "x", "--errors", "/dev/null", "--rejects", "/dev/null"];
    tool("pantherlog").home(&home).folder(home.path()).args(apart).run().code(0);
}

#[test]
fn a_failure_stands_in_the_report_of_who_asks_for_json() {
    let home = Home::new();
    let outcome = tool("pantherlog").home(&home).args(["validate", "gone.yml", "--json"]).run();
    let report = outcome.code(1).stdout_json();
    assert_eq!((&report["status"], &report["errors"][0]["count"]), (&"failed".into(), &1.into()));
    let message = report["errors"][0]["message"].as_str().expect("words");
    assert!(message.contains("cannot read `gone.yml`"), "{message}");
}
