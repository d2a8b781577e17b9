//! Logs that stand in S3.

use std::io::Write;
use std::time::Duration;

use super::{Scene, log, sizes};
use crate::support::{Fault, FaultProxy, Sandbox};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte")
}

#[test]
fn objects_below_a_path_are_parsed_in_the_order_of_their_keys() {
    let (scene, sandbox) = (Scene::new(), Sandbox::shared());
    let bucket = sandbox.name("logs");
    sandbox.s3().create(&bucket);
    let trail = "p/4/111122223333_CloudTrail_eu-west-1_20260102T0305Z_abc.json.gz";
    let records = format!("{{\"Records\":[{},{}]}}", log(4).trim(), log(5).trim());
    let objects = [
        ("p/1", log(1).into_bytes()),
        ("p/2.gz", gzip(&log(2))),
        ("p/3/", Vec::new()),
        ("p/3/x", log(3).into_bytes()),
        (trail, gzip(&records)),
        ("q/9", log(9).into_bytes()),
    ];
    sandbox.s3().put(&bucket, objects);
    scene.write("local.jsonl", log(8));
    let path = format!("s3://{bucket}/p/");
    let outcome = scene.parse(&[&path, "local.jsonl"]).sandbox(sandbox).run();
    outcome.code(0);
    assert_eq!(sizes(&outcome), [1, 2, 3, 4, 5, 8]);
    let none = scene.parse(&[&format!("s3://{bucket}/none/"), "local.jsonl"]).sandbox(sandbox).run();
    none.code(3).stderr_has("no object");
    assert_eq!(sizes(&none), [8]);
    scene.parse(&["s3://no-such-bucket-anywhere/p/"]).sandbox(sandbox).run().code(1).stderr_has("NoSuchBucket");
    let bad = scene.parse(&[&format!("s3://{bucket}/p/1"), &format!("s3://{bucket}/q/"), "-q"]).sandbox(sandbox).run();
    assert_eq!(sizes(bad.code(0)), [1, 9]);
}

#[test]
fn the_next_objects_are_fetched_while_one_is_waited_for() {
    let (scene, sandbox) = (Scene::new(), Sandbox::shared());
    let bucket = sandbox.name("logs");
    sandbox.s3().create(&bucket);
    sandbox.s3().put(&bucket, (0..40).map(|number| (format!("p/{number:02}"), log(number).into_bytes())));
    let proxy = FaultProxy::before(&sandbox.endpoint("s3"));
    let path = format!("s3://{bucket}/p/");
    let parse = || scene.parse(&[&path]).sandbox(sandbox).env("AWS_ENDPOINT_URL_S3", proxy.url());
    // An answer that never comes in this test.
    proxy.inject(Fault::Delay(Duration::from_secs(3_600)).on("GetObject").to("p/00"));
    let mut waiting = parse().spawn();
    waiting.wait_until("others are fetched", |_| proxy.calls("GetObject") > 10);
    assert!(proxy.calls("GetObject") < 30, "not all of them at once");
    waiting.kill9().stdout_empty();
    proxy.heal();
    assert_eq!(sizes(parse().run().code(0)), (0..40).collect::<Vec<_>>());
}

#[test]
fn an_object_that_may_not_be_read_is_told_by_the_exit_code() {
    let (scene, sandbox) = (Scene::new(), Sandbox::shared());
    let bucket = sandbox.name("logs");
    sandbox.s3().create(&bucket);
    sandbox.s3().put(&bucket, (0..3).map(|number| (format!("p/{number}"), log(number).into_bytes())));
    let proxy = FaultProxy::before(&sandbox.endpoint("s3"));
    proxy.inject(Fault::AccessDenied("no".to_owned()).on("GetObject").to("p/1"));
    let path = format!("s3://{bucket}/p/");
    let outcome = scene.parse(&[&path]).sandbox(sandbox).env("AWS_ENDPOINT_URL_S3", proxy.url()).run();
    outcome.code(5).stderr_has("p/1`");
    assert_eq!(sizes(&outcome), [0, 2], "the others are parsed");
}
