//! gzip and zstd: members and frames, faults in them.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use super::*;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(text).expect("into memory");
    writer.finish().expect("into memory")
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 3).expect("into memory")
}

/// Lines that do not compress away: two megabytes of them.
fn noise() -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    (0..20_000).flat_map(|line| format!("{line} {:x}{:x}\n", random.u128(..), random.u128(..)).into_bytes()).collect()
}

#[test]
fn packed_text_is_detected_by_its_content() {
    let many = [gzip(b"a\nb"), gzip(b""), gzip(b"c\n"), gzip(b"d")].concat();
    let frames = [zstd(b"a\nb"), zstd(b""), zstd(b"c\nd")].concat();
    let skipped = [&b"\x5a\x2a\x4d\x18\x03\0\0\0xyz"[..], &frames].concat();
    let named = {
        let builder = GzBuilder::new().filename("a.log").comment("b").extra(vec![1, 2, 3]);
        let mut writer = builder.write(Vec::new(), Compression::fast());
        writer.write_all(b"a\nbc\nd").expect("into memory");
        writer.finish().expect("into memory")
    };
    for (what, bytes) in [
        ("members", many),
        ("frames", frames),
        ("a frame to be skipped", skipped),
        ("a header with all its fields", named),
    ] {
        assert_eq!(told_as(Kind::Lines, bytes), ["1:a", "2:bc", "3:d"], "{what}");
    }
}

#[test]
fn text_that_begins_like_a_packed_one_is_text() {
    for text in ["(", "(a", "P", "P*M", "PQR\nb", "\u{1f}x"] {
        let first = text.lines().next().expect("a line");
        assert_eq!(told_as(Kind::Lines, text)[0], format!("1:{first}"));
    }
}

#[test]
fn what_stands_behind_a_member_is_a_fault_behind_its_logs() {
    let member = gzip(b"a\nb\n");
    let length = member.len();
    for (garbage, found) in [(&b"garbage"[..], "67 61 72"), (b"\0\0\0\0", "00 00 00"), (b"\n", "0a")] {
        let expected = format!(
            "`logs/a.json`: broken gzip at byte {length} of the compressed data: \
             expected another gzip member (1f 8b 08) or the end, found {found}"
        );
        assert_eq!(told_as(Kind::Lines, [&member, garbage].concat()), ["1:a", "2:b", &expected]);
    }
}

#[test]
fn a_gzip_that_was_cut_off_gives_all_lines_before() {
    let text = noise();
    let whole = gzip(&text);
    for length in [whole.len() - 1, whole.len() - 8, whole.len() - 9, whole.len() / 2, 18, 10, 5] {
        let (seen, fault) = read(&whole[..length], Options::of(Kind::Lines));
        let fault = fault.expect("it was cut off").to_string();
        assert!(
            fault.contains(&format!("broken gzip at byte {length} ")) && fault.contains("found the end"),
            "{fault}"
        );
        assert_eq!(seen.concat_lines(), text[..seen.concat_lines().len()], "{length}");
        if length + 8 >= whole.len() {
            assert_eq!(seen.len(), 20_000, "all were there");
        }
        if length == whole.len() / 2 {
            assert!(seen.len() > 9_000, "half of them: {}", seen.len());
        }
    }
}

#[test]
fn a_zstd_that_was_cut_off_gives_all_lines_before() {
    let text = noise();
    let whole = zstd(&text);
    for length in [whole.len() - 1, whole.len() / 2, 10, 5] {
        let (seen, fault) = read(&whole[..length], Options::of(Kind::Lines));
        let fault = fault.expect("it was cut off").to_string();
        let expected = format!(
            "broken zstd at byte {length} of the compressed data: expected more data of the frame, found the end"
        );
        assert!(fault.contains(&expected), "{fault}");
        assert_eq!(seen.concat_lines(), text[..seen.concat_lines().len()], "{length}");
        if length == whole.len() / 2 {
            assert!(seen.len() > 7_000, "all blocks but the last: {}", seen.len());
        }
    }
}

#[test]
fn a_damaged_gzip_gives_all_lines_before() {
    let text = noise();
    let mut damaged = gzip(&text);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 400].fill(0xff);
    let (seen, fault) = read(&damaged[..], Options::of(Kind::Lines));
    let fault = fault.expect("it is damaged").to_string();
    assert!(fault.contains("broken gzip at byte "), "{fault}");
    let right = seen.iter().zip(text.split(|byte| *byte == b'\n'));
    let right = right.take_while(|(seen, line)| seen.text.as_ref().is_ok_and(|text| text.as_bytes() == *line)).count();
    assert!(right > 9_500, "as much as can be known: {right} of {}", seen.len());
}

#[test]
fn a_wrong_checksum_or_length_is_a_fault() {
    for (from_end, expected) in [(8, "the checksum of the member's data"), (1, "the length of the member's data")] {
        let mut damaged = gzip(b"a\nb\n");
        let place = damaged.len() - from_end;
        damaged[place] ^= 1;
        let told = told_as(Kind::Lines, &damaged);
        assert_eq!(told[..2], ["1:a", "2:b"]);
        assert!(told[2].contains(expected), "{}", told[2]);
    }
}

#[test]
fn a_damaged_zstd_block_costs_none_before_it() {
    let text = noise();
    let mut writer = zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
    writer.include_checksum(true).expect("supported");
    writer.write_all(&text).expect("into memory");
    let mut damaged = writer.finish().expect("into memory");
    let place = damaged.len() - 1;
    damaged[place] ^= 1;
    let (seen, fault) = read(&damaged[..], Options::of(Kind::Lines));
    assert!(fault.expect("it is damaged").to_string().contains("broken zstd"));
    assert!(seen.len() > 17_000, "all blocks but the last: {}", seen.len());
}

#[test]
fn a_damaged_header_of_a_zstd_block_costs_none_before_it() {
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x00];
    let (four_bytes, of_no_type) = ([4 << 3, 0, 0], [3 << 1, 0, 0]);
    let told = told_as(Kind::Lines, [&frame[..], &four_bytes, b"a\nb\n", &of_no_type, b"rest"].concat());
    assert_eq!(told[..2], ["1:a", "2:b"]);
    assert!(told[2].contains("broken zstd at byte 13 "), "{}", told[2]);
}

#[test]
fn garbage_behind_a_frame_is_a_fault_behind_its_logs() {
    let frame = zstd(b"a\nb\n");
    let told = told_as(Kind::Lines, [&frame[..], b"garbage"].concat());
    let expected = format!(
        "`logs/a.json`: broken zstd at byte {} of the compressed data: expected another zstd frame or the end, found ",
        frame.len()
    );
    assert_eq!(told[..2], ["1:a", "2:b"]);
    assert!(told[2].starts_with(&expected), "{}", told[2]);
}

#[test]
fn what_was_packed_twice_is_told() {
    let told = told_as(Kind::Auto, gzip(&gzip(b"a\n")));
    assert!(told[0].contains("it looks like gzip, so it was packed twice"), "{told:?}");
}

trait Lines {
    fn concat_lines(&self) -> Vec<u8>;
}

impl Lines for Vec<Seen> {
    fn concat_lines(&self) -> Vec<u8> {
        self.iter().flat_map(|seen| [seen.text.as_deref().expect("a text").as_bytes(), b"\n"].concat()).collect()
    }
}
