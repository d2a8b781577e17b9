//! The same against the local deployment: what the doubles do in small, real services must bear.

use std::collections::BTreeMap;

use aws_sdk_sqs::types::QueueAttributeName;

use crate::support::loopback::wait;
use crate::support::{Attribute, Counts, Fault, FaultProxy, Message, Objects, Queues, Sandbox, Version, program};

fn queues_through(proxy: &FaultProxy, sandbox: &Sandbox) -> Queues {
    Queues::at(&proxy.url(), sandbox.region(), sandbox.access_key(), sandbox.secret_key())
}

#[test]
fn what_is_sent_is_drained_with_everything_it_had() {
    let sandbox = Sandbox::shared();
    let sqs = sandbox.sqs();
    let url = sqs.create(&sandbox.name("queue"));
    let number = Attribute::Text("Number.int".to_owned(), "42".to_owned());
    let trace = "Root=1-5759e988-bd862e3fe1be46a994272793";
    let full = Message::new("full").text("word", "w").binary("bytes", &[0, 255, 10]).attribute("n", number);
    let sent = vec![full.trace(trace), Message::new("bare")];
    sqs.send(&url, &sent);
    assert_eq!(sqs.counts(&url), Counts { visible: 2, ..Counts::default() });
    let drained = sqs.drain(&url);
    assert_eq!(drained["full"], [sent[0].clone()]);
    assert_eq!(drained["bare"], [sent[1].clone()]);
    assert_eq!(sqs.counts(&url), Counts::default());
    wait(sqs.client().delete_queue().queue_url(&url).send()).expect("the queue can be deleted");
}

#[test]
fn fifo_queues_keep_groups_and_ids() {
    let sandbox = Sandbox::shared();
    let sqs = sandbox.sqs();
    let url = sqs.create_fifo(&sandbox.name("fifo"));
    let sent: Vec<Message> = (0..12).map(|n| Message::new(format!("m{n}")).group("g", &format!("id{n}"))).collect();
    sqs.send(&url, &sent);
    let drained = sqs.drain(&url);
    assert!(sent.iter().all(|message| drained[&message.body] == [message.clone()]), "{drained:?}");
}

#[test]
fn a_queue_knows_its_dead_letter_queue() {
    let sandbox = Sandbox::shared();
    let sqs = sandbox.sqs();
    let (url, dead_letters) = sqs.create_with_dlq(&sandbox.name("source"), 3);
    let policy = sqs.attribute(&url, QueueAttributeName::RedrivePolicy).expect("it has a policy");
    assert!(policy.contains(&sqs.arn(&dead_letters)), "{policy}");
    assert_eq!(sqs.send_numbered(&dead_letters, 25).len(), 25);
    assert_eq!(sqs.drain(&dead_letters).len(), 25);
}

#[test]
fn objects_are_put_counted_and_read() {
    let sandbox = Sandbox::shared();
    let s3 = sandbox.s3();
    let bucket = sandbox.name("bucket");
    s3.create(&bucket);
    s3.put(&bucket, (0..30).map(|n| (format!("logs/a b+c/{n:03}"), format!("line {n}\n"))));
    s3.put(&bucket, [("other", "x")]);
    assert_eq!((s3.count(&bucket, "logs/"), s3.count(&bucket, "")), (30, 31));
    assert_eq!(s3.list(&bucket, "other"), BTreeMap::from([("other".to_owned(), 1)]));
    assert_eq!(s3.get(&bucket, "logs/a b+c/007"), b"line 7\n");
}

#[test]
fn the_sdk_survives_the_proxy_and_stays_on_it() {
    let sandbox = Sandbox::shared();
    let proxy = FaultProxy::before(&sandbox.endpoint("sqs"));
    let sqs = queues_through(&proxy, sandbox);
    let url = sqs.create(&sandbox.name("queue"));
    assert!(url.starts_with(&proxy.url()), "`{url}` leads around the proxy");
    for fault in [Fault::Throttle, Fault::Error500, Fault::ResetBefore, Fault::CutBody] {
        proxy.inject(fault.on("SendMessageBatch").nth(1));
        sqs.send_numbered(&url, 10);
        proxy.heal();
    }
    assert_eq!(proxy.calls("SendMessageBatch"), 8, "{:?}", proxy.log());
    // A cut answer means done: those ten are there twice.
    let drained = sqs.drain(&url);
    assert_eq!(drained.values().map(Vec::len).collect::<Vec<_>>(), [5; 10]);
}

#[test]
fn a_lost_answer_of_a_delete_is_no_loss() {
    let sandbox = Sandbox::shared();
    let proxy = FaultProxy::before(&sandbox.endpoint("sqs"));
    let sqs = queues_through(&proxy, sandbox);
    let url = sqs.create(&sandbox.name("queue"));
    sqs.send_numbered(&url, 10);
    proxy.inject(Fault::ApplyThenReset.on("DeleteMessageBatch").nth(1));
    assert_eq!(sqs.drain(&url).len(), 10);
    assert!(proxy.calls("DeleteMessageBatch") > 1, "{:?}", proxy.log());
}

#[test]
fn s3_through_the_proxy_is_the_same() {
    let sandbox = Sandbox::shared();
    let proxy = FaultProxy::before(&sandbox.endpoint("s3"));
    let s3 = Objects::at(&proxy.url(), sandbox.region(), sandbox.access_key(), sandbox.secret_key());
    let bucket = sandbox.name("bucket");
    s3.create(&bucket);
    proxy.inject(Fault::Throttle.on("PutObject").nth(2)).inject(Fault::CutBody.on("ListObjectsV2").nth(1));
    s3.put(&bucket, (0..5).map(|n| (format!("k{n}"), vec![b'x'; 200_000])));
    assert_eq!(sandbox.s3().list(&bucket, ""), s3.list(&bucket, ""));
    assert_eq!(s3.get(&bucket, "k0").len(), 200_000);
    assert_eq!((proxy.calls("PutObject"), proxy.calls("CreateBucket")), (6, 1));
    let head = wait(s3.client().head_object().bucket(&bucket).key("k1").send());
    assert_eq!(head.expect("the object is there").content_length(), Some(200_000));
}

#[test]
fn a_command_finds_the_deployment_in_its_environment() {
    let sandbox = Sandbox::shared();
    let outcome = program("/usr/bin/env").sandbox(sandbox).run();
    let expected = format!("AWS_ENDPOINT_URL_SQS={}\n", sandbox.endpoint("sqs"));
    outcome.code(0).stdout_has(&expected).stdout_has("AWS_ENDPOINT_URL_LAMBDA=").stdout_has("AWS_REGION=");
    assert_eq!(sandbox.account().len(), 12);
    assert!(sandbox.folder().join("state.json").exists());
    assert_ne!(sandbox.name("queue"), sandbox.name("queue"));
}

#[test]
fn a_deleted_key_keeps_its_versions_below_a_marker() {
    let sandbox = Sandbox::shared();
    let (s3, bucket) = (sandbox.s3(), sandbox.name("versioned"));
    s3.create_versioned(&bucket);
    s3.put(&bucket, [("key", "one")]);
    s3.put(&bucket, [("key", "two")]);
    s3.delete(&bucket, "key");
    let kinds = |versions: Vec<Version>| versions.iter().map(|one| (one.marker, one.latest)).collect::<Vec<_>>();
    let mut found = kinds(s3.versions(&bucket, ""));
    found.sort_unstable();
    assert_eq!(found, [(false, false), (false, false), (true, true)]);
    assert_eq!(s3.count(&bucket, ""), 0);
}

#[test]
fn a_topic_reaches_the_queues_that_want_its_message() {
    let sandbox = Sandbox::shared();
    let (sns, sqs) = (sandbox.sns(), sandbox.sqs());
    let topic = sns.create(&sandbox.name("topic"));
    let [all, some] = ["all", "some"].map(|kind| sqs.create(&sandbox.name(kind)));
    sns.subscribe(&topic, &sqs.arn(&all), "");
    sns.subscribe(&topic, &sqs.arn(&some), r#"{"type":["LogData"]}"#);
    wait(sns.client().publish().topic_arn(&topic).message("plain").send()).expect("the topic takes messages");
    assert_eq!((sqs.counts(&all).visible, sqs.counts(&some).visible), (1, 0));
    assert_eq!(sqs.drain(&all)["plain"].len(), 1);
}

#[test]
fn permissions_are_enforced_and_the_planted_faults_are_listed() {
    let sandbox = Sandbox::faulty();
    let planted = sandbox.planted();
    let no_list = planted.iter().find(|one| one.fault == "no-list").expect("a role that may not list is planted");
    assert_eq!((no_list.check.as_str(), no_list.status.as_str()), ("list-prefix", "FAIL"));
    assert_eq!((no_list.code.as_str(), no_list.cause.as_str()), ("AccessDenied", "role-policy"));
    assert_eq!((no_list.labels.len(), no_list.source_ids.len()), (1, 1));
    assert!(no_list.also.contains(&"read-object".to_owned()), "{}: {:?}", no_list.planted, no_list.also);
    let listing = sandbox.s3().client().list_objects_v2().bucket("acme-branch-logs").send();
    let refused = wait(listing).expect_err("the bucket is a customer's, and not shared");
    assert_eq!(refused.into_service_error().meta().code(), Some("AccessDenied"));
}
