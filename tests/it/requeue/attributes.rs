//! What a message carries survives the move byte for byte.

use super::scene::Scene;
use crate::support::{Attribute, Message};

fn rich() -> Message {
    let odd: Vec<u8> = (0..=255).collect();
    Message::new("{\"a\": \"ü \\u0000 日本\"}\n\ttab & <angle>")
        .text("type", "LogData")
        .text("id", "AWS.CloudTrail")
        .binary("bytes", &odd)
        .attribute("image", Attribute::Binary("Binary.png".to_owned(), vec![0, 255, 10, 13]))
        .attribute("whole", Attribute::Text("Number".to_owned(), "42".to_owned()))
        .attribute("fraction", Attribute::Text("Number.float".to_owned(), "-0.00001".to_owned()))
        .attribute("labelled", Attribute::Text("String.json".to_owned(), "{\"x\":[1]}".to_owned()))
        .text("with.dots-and_lines", "ü\n\t")
        .text("ninth", &"y".repeat(3_000))
        .text("tenth", " ")
        .trace("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
}

#[test]
fn ten_attributes_and_the_trace_header_survive() {
    let scene = Scene::new();
    scene.sqs().send(&scene.from_url, &[rich(), Message::new("plain")]);
    scene.moving(&[]).run().code(0);
    let drained = scene.drained();
    assert_eq!(drained.at_target[&rich().body], [rich()]);
    assert_eq!(drained.at_target["plain"], [Message::new("plain")]);
}

#[test]
fn group_and_deduplication_ids_survive() {
    let scene = Scene::fifo();
    let message = rich().group("a group", "a-dedup-id");
    scene.sqs().send(&scene.from_url, std::slice::from_ref(&message));
    scene.moving(&[]).run().code(0);
    assert_eq!(scene.drained().at_target[&message.body], [message]);
}

#[test]
fn a_dump_gives_everything_back() {
    let scene = Scene::new();
    scene.sqs().send(&scene.from_url, &[rich()]);
    let dump = scene.home.path().join("dump.jsonl");
    let file = dump.to_str().expect("path");
    let save =
        scene.tool().args(["--from.q", &scene.from, "--save", file, "--discard", "--confirm", &scene.from]).run();
    save.code(0);
    scene.tool().args(["--load", file, "--to.q", &scene.to]).run().code(0);
    let drained = scene.drained();
    assert_eq!(drained.at_target[&rich().body], [rich()]);
    assert!(drained.at_source.is_empty());
}
