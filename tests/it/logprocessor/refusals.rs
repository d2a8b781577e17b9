//! Command lines that cannot mean anything, told before anything is done.

use std::ffi::OsStr;
use std::path::Path;

use super::{Scene, door};
use crate::support::tool;

#[test]
fn what_is_missing_is_named() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    let inputs = scene.inputs();
    tool("logprocessor").args(["--out", "none"]).run().code(2).stderr_has("no input is named");
    scene.tool().args([inputs.as_os_str()]).run().code(2).stderr_has("`--out` is missing");
    scene.tool().args(["no/such/file", "--out", "none"]).run().code(1).stderr_has("cannot read `no/such/file`");
}

#[test]
fn names_and_sizes_that_do_not_fit_are_refused_with_what_would() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    scene.run().args(["--memory", "604"]).run().code(2).stderr_has("give at least 605");
    scene.run().args(["--log-types", "AWS.ALBB"]).run().code(2).stderr_has("did you mean `AWS.ALB`?");
    scene.run().args(["--schemas", "Custom.Dor"]).run().code(2).stderr_has("did you mean `Custom.Door`?");
    scene.run().args(["--journal", "j"]).run().code(2).stderr_has("it keeps none");
    assert!(!scene.lake().exists());
}

#[test]
fn objects_are_not_written_where_they_would_be_read() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    let (inputs, out) = (scene.inputs(), scene.inputs().join("deep/lake"));
    let outcome = scene.tool().args([inputs.as_os_str(), "--out".as_ref(), out.as_os_str()]).run();
    outcome.code(2).stderr_has("lies within an input");
    let of_bucket = ["s3://a-bucket/logs", "--out", "s3://a-bucket/logs/made/"];
    scene.tool().args(of_bucket).run().code(2).stderr_has("lies within an input");
    let file = scene.home.write("a-file", "");
    scene
        .tool()
        .args([inputs.as_os_str(), "--out".as_ref(), file.as_os_str()])
        .run()
        .code(1)
        .stderr_has("it is no folder");
}

#[test]
fn a_schema_with_mistakes_is_shown() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    let wrong = scene.home.write("wrong.yml", "fields:\n  - name: a\n    type: strin\n");
    let outcome = scene.run().args(["--path".as_ref(), wrong.as_os_str()]).run();
    outcome.code(2).stderr_has("wrong.yml").stderr_has("strin");
}

#[test]
fn nothing_is_written_over_an_input_or_another_file_of_the_run() {
    let scene = Scene::new();
    let input = scene.input("a.log", door(1, 1, ""));
    let one = scene.home.path().join("one");
    let among = scene.inputs().join("cpu.svg");
    let refused = |flags: [(&str, &Path); 2], why: &str| {
        let words = flags.iter().flat_map(|(flag, path)| [OsStr::new(flag), path.as_os_str()]);
        scene.run().args(words).run().code(2).stderr_has(why);
    };
    refused([("--cpuprofile", &one), ("--memprofile", &one)], "would overwrite");
    refused([("--cpuprofile", &one), ("-o", &one)], "would overwrite");
    refused([("--memprofile", &input), ("--source-id", Path::new("i"))], "lies within the input");
    refused([("--cpuprofile", &among), ("--source-id", Path::new("i"))], "lies within the input");
    refused([("--errors", &input), ("--source-id", Path::new("i"))], "lies within the input");
    let named = scene.run_on(&[&input]).args([OsStr::new("--cpuprofile"), input.as_os_str()]).run();
    named.code(2).stderr_has("would overwrite");
    assert_eq!(std::fs::read_to_string(input).expect("the input"), door(1, 1, ""));
    assert!(!among.exists() && !scene.lake().exists());
}

#[test]
fn a_profile_that_cannot_be_written_is_told_before_anything_is_done() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    let profile = scene.home.path().join("no/such/folder/cpu.svg");
    let outcome = scene.run().args([OsStr::new("--cpuprofile"), profile.as_os_str()]).run();
    outcome.code(1).stderr_has("cannot write the profile").stderr_has("cpu.svg");
    assert!(!scene.lake().exists());
}

#[test]
fn what_is_almost_a_path_of_s3_is_no_folder() {
    let scene = Scene::new();
    scene.input("a.log", door(1, 1, ""));
    let inputs = scene.inputs();
    for out in ["s3:/bucket", "s3:bucket", "S3://bucket"] {
        scene.tool().args([inputs.as_os_str()]).args(["--out", out]).run().code(2).stderr_has("s3://bucket/prefix");
        scene.tool().args([out, "--out", "none"]).run().code(2).stderr_has("s3://bucket/prefix");
        assert!(!scene.home.path().join(out).exists());
    }
}
