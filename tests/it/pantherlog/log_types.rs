//! Which log types a run has: own schemas, built-in types, both; names, wrong names, wrong schemas.

use super::{SCHEMA, Scene, log};

fn log_type(scene: &Scene, words: &[&str]) -> String {
    let outcome = scene.tool(&["parse"]).args(words).stdin(log(1)).run();
    outcome.code(0);
    outcome.stdout_json_lines()[0]["p_log_type"].as_str().expect("a name").to_owned()
}

#[test]
fn a_schema_without_a_name_gets_one() {
    let scene = Scene::new();
    assert_eq!(log_type(&scene, &["--path", "schema.yml", "--schemas", "Custom.Mine"]), "Custom.Mine");
    assert_eq!(log_type(&scene, &["--path", "schema.yml"]), "Custom.Schema");
    assert_eq!(log_type(&scene, &["-s", "schema.yml"]), "Custom.Test");
    scene.write("named.yml", format!("schema: Custom.Named\n{SCHEMA}"));
    assert_eq!(log_type(&scene, &["-s", "named.yml"]), "Custom.Named");
}

#[test]
fn a_folder_gives_all_its_schemas_but_no_tests() {
    let scene = Scene::new();
    scene.write("all/one.yml", format!("schema: Custom.One\n{SCHEMA}"));
    scene.write(
        "all/deep/two.yaml",
        "schema: Custom.Two\nfields:\n  - name: other\n    type: string\n    required: true\n",
    );
    scene.write("all/one_tests.yml", "name: t\nlogType: Custom.One\ninput: x\n");
    scene.write("all/.hidden.yml", "not a schema");
    assert_eq!(log_type(&scene, &["--path", "all"]), "Custom.One");
    let two = scene.tool(&["parse", "--path", "all"]).stdin("{\"other\":\"x\"}\n").run();
    assert_eq!(two.stdout_json_lines()[0]["p_log_type"], "Custom.Two");
    let one = scene.tool(&["parse", "--path", "all", "--schemas", "Custom.One"]).stdin("{\"other\":\"x\"}\n").run();
    one.code(3).stderr_has("Custom.One");
    let both = ["--path", "all", "--schemas", "Custom.One", "--log-types", "Custom.Two,AWS.ALB"];
    scene.tool(&["parse"]).args(both).stdin("{\"other\":\"x\"}\n").run().code(0).stdout_has("Custom.Two");
}

#[test]
fn names_that_are_not_there_fail_with_near_ones() {
    let scene = Scene::new();
    scene.tool(&["parse", "--log-types", "AWS.CloudTrial"]).run().code(2).stderr_has("`AWS.CloudTrail`").stdout_empty();
    scene.write("named.yml", format!("schema: Custom.Named\n{SCHEMA}"));
    let outcome = scene.tool(&["parse", "--path", "named.yml", "--schemas", "Custom.Nmaed"]).run();
    outcome.code(2).stderr_has("`Custom.Named`");
    scene.tool(&["parse", "--schemas", "Custom.Named"]).run().code(2).stderr_has("--path");
    scene.tool(&["parse", "--path", "nowhere.yml"]).run().code(1).stderr_has("nowhere.yml");
    scene.tool(&["schema", "AWS.Alb"]).run().code(2).stderr_has("`AWS.ALB`");
}

#[test]
fn a_wrong_schema_is_told_at_its_place() {
    let scene = Scene::new();
    scene.write("bad.yml", "fields:\n  - name: a\n    type: strnig\n");
    let outcome = scene.tool(&["parse", "--path", "bad.yml"]).stdin(log(1)).run();
    outcome.code(2).stderr_has("bad.yml:3:").stderr_has("strnig").stdout_empty();
    scene.write("twice/a.yml", format!("schema: Custom.One\n{SCHEMA}"));
    scene.write("twice/b.yml", format!("schema: Custom.One\n{SCHEMA}"));
    scene.tool(&["parse", "--path", "twice"]).run().code(2).stderr_has("a.yml").stderr_has("b.yml");
    scene.write("empty/readme.txt", "");
    scene.tool(&["parse", "--path", "empty"]).run().code(2).stderr_has("no schema");
}

#[test]
fn a_name_that_cannot_be_uploaded_and_keys_without_effect_are_warnings() {
    let scene = Scene::new();
    scene.write("foreign.yml", format!("schema: Acme.Logs\nindicator: ip\n{SCHEMA}"));
    let outcome = scene.tool(&["parse", "--path", "foreign.yml"]).stdin(log(1)).run();
    outcome.code(0).stderr_has("`Acme.Logs`").stderr_has("indicator").stdout_has("Acme.Logs");
}
