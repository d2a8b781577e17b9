//! Every fault does what it says, on a service of this test's own that remembers what reached it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use crate::support::fault_proxy::Upstream;
use crate::support::loopback::{self, Listening, wait};
use crate::support::{Fate, Fault, FaultProxy};

/// A service that answers every batch as successful, receives `first` for ever, and gives S3 a page.
struct Service {
    listening: Listening,
    reached: Arc<Mutex<Vec<Value>>>,
}

impl Service {
    fn start() -> Self {
        let reached = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&reached);
        let listening = loopback::answer_with(move |request| {
            let target = request.headers().get("x-amz-target").map_or("", |target| target.to_str().expect("ASCII"));
            let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
            log.lock().expect("unpoisoned").push(body.clone());
            let successful = body["Entries"].as_array().into_iter().flatten();
            let successful: Vec<_> = successful.map(|entry| json!({ "Id": entry["Id"] })).collect();
            match target {
                "AmazonSQS.ReceiveMessage" => loopback::json(200, &json!({ "Messages": [message()] })),
                "" => loopback::response(200, "application/xml", format!("<Host>{}</Host>", host(&request))),
                _ => loopback::json(200, &json!({ "Successful": successful })),
            }
        });
        Self { listening, reached }
    }

    fn proxy(&self) -> FaultProxy {
        FaultProxy::before(&self.listening.url())
    }

    fn reached(&self) -> Vec<Value> {
        self.reached.lock().expect("unpoisoned").clone()
    }
}

fn message() -> Value {
    json!({ "MessageId": "1", "Body": "first", "Attributes": { "ApproximateReceiveCount": "1" } })
}

fn host(request: &Request<Bytes>) -> String {
    request.headers()["host"].to_str().expect("ASCII").to_owned()
}

/// Calls SQS through the proxy, as the SDK words it.
fn sqs(proxy: &FaultProxy, action: &str, body: &Value) -> Result<Response<Bytes>, String> {
    let request = Request::post("/").header("x-amz-target", format!("AmazonSQS.{action}"));
    call(proxy, request.body(Bytes::from(body.to_string())).expect("a valid request"))
}

fn call(proxy: &FaultProxy, request: Request<Bytes>) -> Result<Response<Bytes>, String> {
    let (head, body) = request.into_parts();
    wait(Upstream::at(&proxy.url()).send(&head, body))
}

fn get(proxy: &FaultProxy, target: &str) -> Result<Response<Bytes>, String> {
    let signature = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260101/eu-central-1/s3/aws4_request, Signature=0";
    let request = Request::get(target).header("authorization", signature).header("host", "bucket.example");
    call(proxy, request.body(Bytes::new()).expect("a valid request"))
}

fn batch(ids: &[&str]) -> Value {
    let entries: Vec<_> = ids.iter().map(|id| json!({ "Id": id, "MessageBody": format!("body of {id}") })).collect();
    json!({ "QueueUrl": "http://127.0.0.1/queue", "Entries": entries })
}

fn parsed(answer: &Response<Bytes>) -> Value {
    serde_json::from_slice(answer.body()).expect("a JSON answer")
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|entry| entry["Id"].as_str()).collect()
}

#[test]
fn without_rules_everything_passes_unchanged_and_is_counted() {
    let service = Service::start();
    let proxy = service.proxy();
    let answer = get(&proxy, "/bucket?list-type=2&prefix=a%2Bb").expect("an answer");
    assert_eq!(answer.body(), "<Host>bucket.example</Host>", "the client's own Host header went on");
    sqs(&proxy, "SendMessageBatch", &batch(&["a", "b"])).expect("an answer");
    let log = proxy.log();
    assert_eq!((log[0].action.as_str(), log[0].entries), ("ListObjectsV2", 0));
    assert_eq!(log[0].access_key.as_deref(), Some("AKIAEXAMPLE"));
    assert_eq!(log[0].target, "/bucket?list-type=2&prefix=a%2Bb");
    assert_eq!((log[1].action.as_str(), log[1].entries), ("SendMessageBatch", 2));
    assert_eq!(log[1].fate, Fate::Forwarded(200));
    assert!(log[0].at < log[1].at);
    assert_eq!((proxy.calls("SendMessageBatch"), proxy.calls("DeleteMessage")), (1, 0));
}

#[test]
fn failed_entries_never_reach_the_service() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::FailEntries { every: 2, code: "InternalError", sender_fault: false }.on("SendMessageBatch"));
    let answer = parsed(&sqs(&proxy, "SendMessageBatch", &batch(&["a", "b", "c"])).expect("an answer"));
    assert_eq!(ids(&answer["Successful"]), ["a", "c"]);
    assert_eq!(ids(&answer["Failed"]), ["b"]);
    assert_eq!(answer["Failed"][0]["Code"], "InternalError");
    assert_eq!(ids(&service.reached()[0]["Entries"]), ["a", "c"]);
    // The count goes on over calls: the fourth entry is the first of this one.
    let answer = parsed(&sqs(&proxy, "SendMessageBatch", &batch(&["d"])).expect("an answer"));
    assert_eq!((ids(&answer["Successful"]), ids(&answer["Failed"])), (vec![], vec!["d"]));
    assert_eq!(service.reached().len(), 1, "a batch without entries is not forwarded");
    assert_eq!(proxy.log()[1].fate, Fate::PartlyForwarded { failed: 1 });
}

#[test]
fn chosen_entries_fail_every_time() {
    let service = Service::start();
    let proxy = service.proxy();
    let fault = Fault::FailEntriesWith { text: "of b".to_owned(), code: "InvalidMessageContents", sender_fault: true };
    proxy.inject(fault.on("SendMessageBatch"));
    for _ in 0..2 {
        let answer = parsed(&sqs(&proxy, "SendMessageBatch", &batch(&["a", "b"])).expect("an answer"));
        assert_eq!(ids(&answer["Failed"]), ["b"]);
        assert_eq!(answer["Failed"][0]["SenderFault"], true);
    }
}

#[test]
fn a_lost_answer_means_done_once() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::ApplyThenReset.on("SendMessageBatch").nth(1));
    sqs(&proxy, "SendMessageBatch", &batch(&["a"])).expect_err("the answer is lost");
    assert_eq!(service.reached().len(), 1);
    assert_eq!(proxy.log()[0].fate, Fate::AppliedThenReset(200));
    sqs(&proxy, "SendMessageBatch", &batch(&["a"])).expect("only the first answer is lost");
}

#[test]
fn a_reset_before_means_not_done() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::ResetBefore.on("SendMessageBatch").first(2));
    for _ in 0..2 {
        sqs(&proxy, "SendMessageBatch", &batch(&["a"])).expect_err("the connection is reset");
    }
    assert!(service.reached().is_empty());
    sqs(&proxy, "DeleteMessageBatch", &batch(&["a"])).expect("another action passes");
    sqs(&proxy, "SendMessageBatch", &batch(&["a"])).expect("the third call passes");
}

#[test]
fn a_reset_is_a_reset() {
    use std::io::{ErrorKind, Read, Write};
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::ResetBefore.on_any());
    let address = proxy.url().replace("http://", "");
    let mut socket = std::net::TcpStream::connect(address).expect("the proxy listens");
    socket.write_all(b"GET /bucket/key HTTP/1.1\r\nhost: x\r\n\r\n").expect("the proxy reads");
    let error = socket.read(&mut [0; 1]).expect_err("an orderly end would be no error");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_cut_body_breaks_off() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::CutBody.on("GetObject"));
    get(&proxy, "/bucket/key").expect_err("half a body is no answer");
    assert_eq!(proxy.log()[0].fate, Fate::Cut);
    proxy.heal();
    get(&proxy, "/bucket/key").expect("healed");
}

#[test]
fn throttling_speaks_each_protocol() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::Throttle.on_any());
    let answer = get(&proxy, "/bucket?list-type=2").expect("an answer");
    assert_eq!(answer.status(), 503);
    assert!(String::from_utf8_lossy(answer.body()).contains("<Code>SlowDown</Code>"));
    let answer = sqs(&proxy, "SendMessageBatch", &batch(&["a"])).expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &parsed(&answer)["__type"]),
        (400, &json!("com.amazonaws.sqs#RequestThrottled"))
    );
    let form = Request::post("/").body(Bytes::from("Action=AssumeRole&Version=2011-06-15")).expect("a valid request");
    let answer = call(&proxy, form).expect("an answer");
    assert!(String::from_utf8_lossy(answer.body()).contains("<Code>Throttling</Code>"));
    assert!(service.reached().is_empty());
}

#[test]
fn credentials_expire_in_mid_run_and_stay_expired() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::ExpiredToken.on_any().after(2));
    let statuses = (0..4).map(|_| get(&proxy, "/bucket/key").expect("an answer").status().as_u16());
    assert_eq!(statuses.collect::<Vec<_>>(), [200, 200, 400, 400]);
    let answer = sqs(&proxy, "ReceiveMessage", &json!({})).expect("an answer");
    assert!(parsed(&answer)["__type"].as_str().expect("a type").ends_with("#ExpiredTokenException"));
}

#[test]
fn refusals_carry_their_message() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::AccessDenied("not authorized to perform: s3:ListBucket".to_owned()).on("ListObjectsV2"));
    proxy.inject(Fault::Error500.on("GetObject"));
    let answer = get(&proxy, "/bucket?list-type=2").expect("an answer");
    assert_eq!(answer.status(), 403);
    assert!(String::from_utf8_lossy(answer.body()).contains("s3:ListBucket"));
    assert_eq!(get(&proxy, "/bucket/key").expect("an answer").status(), 500);
    assert_eq!(proxy.log()[1].fate, Fate::Refused("InternalError".to_owned()));
}

#[test]
fn messages_are_delivered_again_when_there_is_room() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::DuplicateDelivery.on("ReceiveMessage").nth(1));
    let receive = |most: u32| {
        let body = json!({ "QueueUrl": "http://127.0.0.1/queue", "MaxNumberOfMessages": most });
        let answer = parsed(&sqs(&proxy, "ReceiveMessage", &body).expect("an answer"));
        answer["Messages"].as_array().expect("messages").clone()
    };
    assert_eq!(receive(10).len(), 1);
    assert_eq!(receive(1).len(), 1, "no room for a second one");
    let messages = receive(10);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1]["Attributes"]["ApproximateReceiveCount"], "2");
    assert_eq!(receive(10).len(), 1, "again means once");
}

#[test]
fn delays_and_dates_are_as_asked() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::Delay(Duration::from_millis(120)).on_any()).inject(Fault::SkewDate(3600).on_any());
    let began = Instant::now();
    let answer = get(&proxy, "/bucket/key").expect("an answer");
    assert!(began.elapsed() >= Duration::from_millis(120));
    let date = answer.headers()["date"].to_str().expect("ASCII");
    let date = jiff::fmt::rfc2822::parse(date).expect("a date").timestamp();
    let ahead = date.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((3590..=3600).contains(&ahead), "{ahead} s ahead");
}

#[test]
fn chance_is_the_same_with_the_same_seed() {
    let service = Service::start();
    let strikes = |seed| {
        let proxy = service.proxy();
        proxy.inject(Fault::Error500.on_any().percent(30, seed));
        (0..40).map(|_| get(&proxy, "/bucket/key").expect("an answer").status().as_u16()).collect::<Vec<_>>()
    };
    let (first, again, other) = (strikes(7), strikes(7), strikes(8));
    assert_eq!(first, again);
    assert_ne!(first, other);
    assert!(first.contains(&500) && first.contains(&200));
}

#[test]
fn rules_choose_by_place_count_and_content() {
    let service = Service::start();
    let proxy = service.proxy();
    proxy.inject(Fault::Error500.on("ListObjectsV2").to("prefix=bad").every(2));
    proxy.inject(Fault::Error500.on("SendMessageBatch").containing("body of z"));
    let status = |target: &str| get(&proxy, target).expect("an answer").status().as_u16();
    let bad = "/bucket?list-type=2&prefix=bad";
    assert_eq!(
        [status(bad), status("/bucket?list-type=2&prefix=good"), status(bad), status(bad)],
        [200, 200, 500, 200]
    );
    let send = |id| sqs(&proxy, "SendMessageBatch", &batch(&[id])).expect("an answer").status().as_u16();
    assert_eq!([send("a"), send("z")], [200, 500]);
}
