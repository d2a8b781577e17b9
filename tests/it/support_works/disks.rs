//! Full disks are full.

use crate::support::full_disk::FullDisk;
use crate::support::{Outcome, program};

/// Room for three pages on any disk; the writer wants more.
const ROOM: u64 = 12 * 1024;

fn write_on(disk: &FullDisk, kilobytes: u32) -> Outcome {
    let file = format!("of={}/file", disk.path().display());
    let count = format!("count={kilobytes}");
    program("/bin/dd").args(["if=/dev/zero", &file, "bs=1024", &count]).on_disk(disk).run()
}

fn fills_up(disk: &FullDisk) {
    write_on(disk, 4).code(0);
    write_on(disk, 64).code(1).stderr_has(disk.error_text());
    let written = std::fs::metadata(disk.path().join("file")).expect("the file is there").len();
    assert!((4096..=ROOM).contains(&written), "{written} bytes on a disk of {ROOM}");
}

#[test]
fn a_disk_without_room_refuses_what_is_too_much() {
    fills_up(&FullDisk::with_room(ROOM));
}

#[test]
fn a_file_limit_stands_in_where_no_disk_can_be_made() {
    fills_up(&FullDisk::with_file_limit(ROOM));
}
