//! Objects named by a file: sizes are asked for where it does not say them.

use super::{HOUR, Scene, summary};
use crate::support::{Fault, FaultProxy};

#[test]
fn sizes_that_a_list_does_not_say_are_asked_for() {
    let scene = Scene::with_logs(3);
    let key = |number: usize| format!("logs/aws_cloudtrail/{HOUR}/{number:04}.json.gz");
    let rows: String = (0..4).map(|number| format!("s3://{}/{}\n", scene.bucket, key(number))).collect();
    let file = scene.home.write("list", rows).display().to_string();
    let outcome = scene.tool().args(["--from-file", &file, "--json"]).run();
    outcome.code(0);
    assert_eq!((summary(&outcome, "done"), summary(&outcome, "not_there")), (3, 1), "{outcome}");
    let heard = scene.heard(&scene.open);
    assert!(heard.len() == 3 && heard.iter().all(|heard| heard.size == 5), "{heard:?}");
}

#[test]
fn sizes_that_a_list_says_are_taken() {
    let scene = Scene::with_logs(1);
    let row = format!("bucket,key,size\n{},logs/aws_cloudtrail/{HOUR}/0000.json.gz,77\n", scene.bucket);
    let file = scene.home.write("list.csv", row).display().to_string();
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    let tool = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url());
    tool.args(["--from-file", &file]).run().code(0);
    assert_eq!((scene.heard(&scene.open)[0].size, s3.calls("HeadObject")), (77, 0));
}

#[test]
fn a_size_that_may_not_be_asked_for_ends_the_list() {
    let scene = Scene::with_logs(1);
    let s3 = FaultProxy::before(&scene.sandbox.endpoint("s3"));
    s3.inject(Fault::AccessDenied("no".to_owned()).on("HeadObject"));
    let row = format!("s3://{}/logs/aws_cloudtrail/{HOUR}/0000.json.gz\n", scene.bucket);
    let tool = scene.tool().env("AWS_ENDPOINT_URL_S3", s3.url()).stdin(row);
    tool.args(["--from-file", "-"]).run().code(5).stderr_has("s3:GetObject");
    assert_eq!(scene.waiting(&scene.open), 0);
}
