//! Both servers over real connections, asked by the SDK clients of the peers and by hand.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};

use anyhow::Result;
use bench::{
    peers::{self, Listed, Move},
    s3::{self, KeyList, Shape},
    sqs::{self, QueueSetup},
};

/// Sends one request and answers head and body; on a thread of its own, as the server runs on the test's.
async fn ask(url: &str, request: &str) -> Result<(String, String)> {
    let address = url.trim_start_matches("http://").to_owned();
    let request = request.to_owned();
    let answer = tokio::task::spawn_blocking(move || -> Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    });
    let answer = answer.await??;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok((head.to_ascii_lowercase(), body.to_owned()))
}

async fn get(url: &str, path: &str) -> Result<(String, String)> {
    ask(url, &format!("GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")).await
}

async fn bucket(keys: &[&str], options: s3::Options) -> Result<s3::Server> {
    Ok(s3::Server::start(Arc::new(KeyList::new(keys.iter().copied())), options).await?)
}

#[tokio::test]
async fn the_sdk_lists_every_key_of_every_shape_with_its_size() -> Result<()> {
    for shape in [Shape::Tree, Shape::Flat, Shape::Skewed] {
        let space = shape.generate(4500);
        let bytes = (0..space.count()).map(|index| space.size(index)).sum();
        let server = s3::Server::start(space, s3::Options::default()).await?;
        let listed = peers::sequential_list(&server.url(), s3::BUCKET, shape.prefix()).await?;
        assert_eq!(listed, Listed { keys: 4500, bytes }, "{shape:?}");
        let stats = server.stats();
        assert_eq!((&stats["operations"]["ListObjectsV2"], &stats["keys_listed"]), (&5.into(), &4500.into()));
        assert_eq!(stats["max_concurrent_requests"], 1);
    }
    Ok(())
}

#[tokio::test]
async fn only_the_one_allowed_prefix_may_be_listed() -> Result<()> {
    let options = s3::Options { exact_prefix_only: Some("a/".to_owned()), ..Default::default() };
    let server = bucket(&["a/b/1", "a/2"], options).await?;
    assert!(get(&server.url(), "/bench?list-type=2&prefix=a/").await?.0.starts_with("http/1.1 200"));
    for prefix in ["", "a", "a/b/"] {
        let (head, body) = get(&server.url(), &format!("/bench?list-type=2&prefix={prefix}")).await?;
        assert!(head.starts_with("http/1.1 403") && body.contains("<Code>AccessDenied</Code>"), "{prefix}");
    }
    assert_eq!(server.stats()["refused"], 3);
    Ok(())
}

#[tokio::test]
async fn buckets_say_where_they_are_and_unknown_ones_are_not_there() -> Result<()> {
    let server = bucket(&["a"], s3::Options::default()).await?;
    let (head, body) = get(&server.url(), "/bench?location").await?;
    assert!(head.contains("\r\ndate: ") && body.contains("<LocationConstraint xmlns="), "{head}");
    let head_bucket = "HEAD /bench HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n";
    let (head, _) = ask(&server.url(), head_bucket).await?;
    assert!(head.starts_with("http/1.1 200") && head.contains("x-amz-bucket-region: us-east-1"), "{head}");
    let (head, body) = get(&server.url(), "/other?list-type=2").await?;
    assert!(head.starts_with("http/1.1 404") && body.contains("NoSuchBucket"), "{body}");
    let (head, body) = get(&server.url(), "/bench?list-type=2&max-keys=many").await?;
    assert!(head.starts_with("http/1.1 400") && body.contains("InvalidArgument"), "{body}");
    Ok(())
}

#[tokio::test]
async fn the_sdk_moves_every_message_with_its_attributes() -> Result<()> {
    let queues = vec![QueueSetup::new("dead").filled(95), QueueSetup::new("live")];
    let server = sqs::Server::start(sqs::Options { queues, ..Default::default() }).await?;
    let digests = |queue: &str| -> Vec<String> {
        let messages = server.messages(queue).expect("the queue exists");
        let digest =
            |message: &serde_json::Value| format!("{} {}", message["md5_of_body"], message["md5_of_attributes"]);
        let mut digests: Vec<String> = messages.as_array().into_iter().flatten().map(digest).collect();
        digests.sort_unstable();
        digests
    };
    let before = digests("dead");
    let what = Move { endpoint_url: server.url(), from: "dead".to_owned(), to: "live".to_owned() };
    assert_eq!(peers::sqsmover(&what).await?, 95);
    assert_eq!((digests("live"), digests("dead")), (before, vec![]));
    let stats = server.stats();
    assert_eq!(stats["calls"]["DeleteMessageBatch"], 10);
    assert!(stats["last_delete_ms"].as_f64() <= stats["clock_ms"].as_f64());
    assert_eq!(stats["queues"]["live"]["sent"], 95);
    Ok(())
}

#[tokio::test]
async fn one_endpoint_answers_sqs_and_sts_and_names_its_errors() -> Result<()> {
    let server = sqs::Server::start(sqs::Options::default()).await?;
    let post = |kind: &str, target: &str, body: &str| {
        format!(
            "POST / HTTP/1.1\r\nhost: bench\r\nconnection: close\r\ncontent-type: {kind}\r\nx-amz-target: {target}\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let form = "application/x-www-form-urlencoded";
    let (_, body) = ask(&server.url(), &post(form, "", "Action=GetCallerIdentity&Version=2011-06-15")).await?;
    assert!(body.contains("<Account>123456789012</Account>"), "{body}");
    let unknown = post("application/x-amz-json-1.0", "AmazonSQS.GetQueueUrl", "{\"QueueName\":\"none\"}");
    let (head, body) = ask(&server.url(), &unknown).await?;
    assert!(head.contains("x-amzn-query-error: aws.simplequeueservice.nonexistentqueue;sender"), "{head}");
    assert!(body.contains("com.amazonaws.sqs#QueueDoesNotExist"), "{body}");
    let broken = post("application/x-amz-json-1.0", "AmazonSQS.SendMessage", "{");
    assert!(ask(&server.url(), &broken).await?.1.contains("SerializationException"));
    Ok(())
}
