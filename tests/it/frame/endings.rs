//! How a run ends: prompts, refusals, reports, exit codes.

use serde_json::Value;

use crate::support::{Sandbox, Tool, tool};

/// A move of a few messages, ready to be confirmed.
struct Scene {
    from: String,
    to: String,
}

impl Scene {
    fn new(count: usize) -> Self {
        let sandbox = Sandbox::shared();
        let scene = Self { from: sandbox.name("from"), to: sandbox.name("to") };
        let queues = sandbox.sqs();
        let from = queues.create(&scene.from);
        queues.create(&scene.to);
        queues.send_numbered(&from, count);
        scene
    }

    fn requeue(&self) -> Tool {
        tool("requeue").sandbox(Sandbox::shared()).args(["-from.q", &self.from, "-to.q", &self.to])
    }
}

#[test]
fn a_person_is_asked_and_no_is_the_default() {
    let scene = Scene::new(3);
    let mut terminal = scene.requeue().terminal();
    terminal.expect("Plan:").expect("Proceed? [y/N]").send_line("");
    let outcome = terminal.wait();
    outcome.code(6);
}

#[test]
fn a_person_who_says_yes_gets_the_work_done() {
    let scene = Scene::new(3);
    let mut terminal = scene.requeue().terminal();
    terminal.expect("Proceed? [y/N]").send_line("y");
    terminal.wait().code(0);
}

#[test]
fn an_interrupt_at_the_prompt_changes_nothing() {
    let scene = Scene::new(3);
    let mut terminal = scene.requeue().terminal();
    terminal.expect("Proceed? [y/N]").control('c');
    terminal.wait().code(130);
}

#[test]
fn a_script_that_wants_to_be_asked_needs_yes() {
    let scene = Scene::new(3);
    scene.requeue().env("OPSTOOLS_ASK", "always").run().code(6).stderr_has("--yes");
    scene.requeue().env("OPSTOOLS_ASK", "always").args(["--yes"]).run().code(0);
}

#[test]
fn the_report_holds_to_its_schema_and_a_dry_run_counts_nothing() {
    let scene = Scene::new(5);
    let planned = scene.requeue().args(["--dry-run", "--json"]).run();
    let report = planned.code(0).stdout_json();
    assert_eq!(report["status"], "planned");
    assert_eq!(report["plan"]["estimate"]["items"], 5);
    assert_eq!(report["summary"]["total"], 0, "a dry run confirms nothing");
    let done = scene.requeue().args(["--json"]).run();
    let report = done.code(0).stdout_json();
    assert_eq!((&report["status"], &report["summary"]["done"]), (&Value::from("done"), &Value::from(5)));
    let schema = tool("requeue").args(["--generate", "schema"]).run().stdout_json();
    for key in schema["required"].as_array().expect("required keys") {
        let key = key.as_str().expect("a name");
        assert!(report.get(key).is_some(), "`{key}` is required and missing");
    }
}

#[test]
fn the_report_goes_where_output_says() {
    let scene = Scene::new(1);
    let folder = tempfile::tempdir().expect("scratch folder");
    let path = folder.path().join("report.json");
    scene.requeue().args(["--json", "-o"]).args([&path]).run().code(0).stdout_empty();
    let report: Value = serde_json::from_slice(&std::fs::read(path).expect("the report")).expect("JSON");
    assert_eq!(report["summary"]["done"], 1);
}

#[test]
fn quiet_says_nothing_but_the_report() {
    let scene = Scene::new(1);
    let outcome = scene.requeue().args(["-q"]).run();
    outcome.code(0);
    assert_eq!(outcome.stderr_text(), "");
}

#[test]
fn a_closed_stdout_does_not_stop_a_change() {
    let scene = Scene::new(30);
    scene.requeue().args(["--json"]).stdout_closing_after(0).run().code(0);
    let queues = Sandbox::shared().sqs();
    let url = queues.create(&scene.to);
    assert_eq!(queues.drain(&url).values().map(Vec::len).sum::<usize>(), 30);
}
