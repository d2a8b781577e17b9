//! Tables and profiles.

use std::io::Read;

use super::{Scene, door, summary};

fn scene() -> Scene {
    let scene = Scene::new();
    let lines: String = (0..5_000).map(|number| door(number, number % 3, "measured")).collect();
    scene.input("a.log", lines);
    scene
}

#[test]
fn without_a_target_everything_is_measured_and_nothing_kept() {
    let scene = scene();
    let inputs = scene.inputs();
    let outcome = scene.tool().args([inputs.as_os_str()]).args(["--out", "none", "--json"]).run();
    outcome.code(0);
    let report = outcome.stdout_json();
    let stages = report["stages"].as_array().expect("a table");
    let of = |stage: &str, figure: &str| {
        stages.iter().find(|row| row["stage"] == stage).unwrap_or_else(|| panic!("{stage} in {outcome}"))[figure]
            .clone()
    };
    for stage in ["read and unpack", "cut", "classify and decode", "group", "compress"] {
        assert!(of(stage, "cpu_seconds").as_f64() > Some(0.0), "{stage}: {outcome}");
        assert!(of(stage, "bytes").as_u64() > Some(0), "{stage}");
    }
    let text = std::fs::metadata(inputs.join("a.log")).expect("the input").len();
    assert_eq!(of("cut", "bytes"), text);
    assert!(of("compress", "allocated_bytes").as_u64() > Some(0));
    let spent: f64 = stages.iter().filter_map(|row| row["cpu_seconds"].as_f64()).sum();
    let process = report["throughput"][0]["cpu_seconds"].as_f64().expect("a figure");
    assert!((spent - process).abs() < 0.05 * process + 0.02, "the stages are the whole: {spent} of {process}");
    assert_eq!(summary(&outcome, "objects"), 0);
    assert_eq!((summary(&outcome, "objects_not_kept"), summary(&outcome, "done")), (3, 5_000));
}

#[test]
fn tables_are_shown_to_people() {
    let scene = scene();
    let (inputs, lake) = (scene.inputs(), scene.lake());
    let outcome = scene.tool().args([inputs.as_os_str(), "--out".as_ref(), lake.as_os_str()]).run();
    outcome
        .code(0)
        .stdout_has("5,000 done")
        .stdout_has("STAGE\t")
        .stdout_has("classify and decode\t")
        .stdout_has("Custom.Door\t5000\t");
}

#[test]
fn profiles_are_pictures_or_for_pprof_by_their_names() {
    let scene = scene();
    let file = |name: &str| scene.home.path().join(name);
    let (picture, pprof) = (file("cpu.svg"), file("mem.pprof"));
    scene
        .run()
        .args(["-cpuprofile".as_ref(), picture.as_os_str(), "-memprofile".as_ref(), pprof.as_os_str()])
        .run()
        .code(0);
    let picture = std::fs::read_to_string(picture).expect("a picture");
    for name in ["logprocessor", "cut", "read and unpack", "classify and decode", "Custom.Door", "write"] {
        assert!(picture.contains(&format!("<title>{name}: ")), "{name}");
    }
    let mut profile = Vec::new();
    let packed = std::fs::read(pprof).expect("a profile");
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut profile).expect("gzip");
    for text in ["alloc_space", "bytes", "classify and decode", "compress"] {
        assert!(profile.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
}

#[test]
fn a_line_of_an_old_runbook_is_understood() {
    let scene = scene();
    let file = scene.inputs().join("a.log");
    let (profile, lake) = (scene.home.path().join("cpu"), scene.lake());
    let outcome = scene
        .tool()
        .args(["-file".as_ref(), file.as_os_str(), "-out".as_ref(), lake.as_os_str()])
        .args(["-topic", "t", "-queue", "q", "-logtype", "Custom.Door", "-source-id", "i", "-source-label", "l"])
        .args(["-lambdaSize", "2048", "-timeout", "900", "-verbose=true", "-bucket="])
        .args(["-cpuprofile".as_ref(), profile.as_os_str()])
        .run();
    outcome.code(0).stderr_has("`--queue` is not looked into").stderr_has("`--topic` is told of nothing");
    assert!(std::fs::read(profile).expect("a profile").starts_with(&[0x1f, 0x8b]));
    assert_eq!(super::doors(&scene.stored()).len(), 5_000);
}
