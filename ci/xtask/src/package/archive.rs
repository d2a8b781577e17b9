//! Zips whose bytes depend on their content alone: fixed order, time, mode and compression.

use std::io::{Cursor, Write};

use anyhow::{Context, Result};
use jiff::{Timestamp, tz::TimeZone};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Smallest output of deflate; the zips are made once and downloaded often.
const LEVEL: i64 = 9;

/// Mode of a program.
pub const EXECUTABLE: u32 = 0o755;

/// Mode of a text.
pub const READABLE: u32 = 0o644;

/// One file of an archive.
pub struct Member {
    /// Path inside of the archive, with slashes.
    pub name: String,
    /// Unix mode.
    pub mode: u32,
    /// Content.
    pub bytes: Vec<u8>,
}

/// The bytes of a zip with the given members, all stamped with the same time (seconds since 1970; a zip holds even
/// seconds from 1980 to 2107, in UTC by our convention).
pub fn zip(members: &[Member], epoch: i64) -> Result<Vec<u8>> {
    let time = stamp(epoch)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for member in members {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(LEVEL))
            .last_modified_time(time)
            .unix_permissions(member.mode);
        writer.start_file(&member.name, options)?;
        writer.write_all(&member.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn stamp(epoch: i64) -> Result<DateTime> {
    let moment = Timestamp::from_second(epoch).context("the archive's time is out of range")?;
    DateTime::try_from(moment.to_zoned(TimeZone::UTC).datetime()).context("a zip holds times from 1980 to 2107 only")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use zip::ZipArchive;

    use super::*;

    /// 2026-01-01T00:00:00Z.
    const NEW_YEAR: i64 = 1_767_225_600;

    fn program() -> Member {
        Member { name: "requeue".to_owned(), mode: EXECUTABLE, bytes: b"ELF and so on ".repeat(1000) }
    }

    fn opened(members: &[Member]) -> ZipArchive<Cursor<Vec<u8>>> {
        ZipArchive::new(Cursor::new(zip(members, NEW_YEAR).unwrap())).unwrap()
    }

    #[test]
    fn a_program_is_one_member_at_the_root_with_its_mode_and_time() {
        let mut archive = opened(&[program()]);
        assert_eq!(archive.len(), 1);
        let member = archive.by_index(0).unwrap();
        assert_eq!(member.name().unwrap(), "requeue");
        assert_eq!(member.unix_mode().map(|mode| mode & 0o7777), Some(0o755));
        let time = member.last_modified().unwrap();
        assert_eq!((time.year(), time.month(), time.day(), time.hour()), (2026, 1, 1, 0));
        assert_eq!(member.compression(), CompressionMethod::Deflated);
        assert!(member.compressed_size() < member.size() / 10);
    }

    #[test]
    fn the_content_comes_back() {
        let mut archive = opened(&[program()]);
        let mut content = Vec::new();
        archive.by_name("requeue").unwrap().read_to_end(&mut content).unwrap();
        assert_eq!(content, program().bytes);
    }

    #[test]
    fn the_same_content_gives_the_same_bytes() {
        assert_eq!(zip(&[program()], NEW_YEAR).unwrap(), zip(&[program()], NEW_YEAR).unwrap());
        assert_ne!(zip(&[program()], NEW_YEAR).unwrap(), zip(&[program()], NEW_YEAR + 2).unwrap());
    }

    #[test]
    fn times_that_a_zip_cannot_hold_are_refused() {
        assert!(zip(&[program()], 0).unwrap_err().to_string().contains("1980"));
    }
}
