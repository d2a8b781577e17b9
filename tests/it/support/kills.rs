//! `kill -9` at random moments, and the same command again until it ends by itself.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use super::{Home, Outcome, Tool};

/// After so many kills the command is left alone.
const MOST_KILLS: usize = 8;

/// Kills the command at random moments (milliseconds after its start) until it ends by itself; its outcome and the number
/// of kills.
///
/// `None` when a kill came between the end of the work and that of the process, which `ended` tells: there is nothing to
/// go on with, and the same command would begin anew.
pub fn until_done(
    command: impl Fn() -> Tool,
    moments: Range<u64>,
    dice: &mut fastrand::Rng,
    ended: impl Fn() -> bool,
) -> Option<(Outcome, usize)> {
    for kills in 0.. {
        let moment = Duration::from_millis(dice.u64(moments.clone()));
        let outcome = if kills < MOST_KILLS { command().spawn().kill9_after(moment) } else { command().run() };
        if outcome.signal.is_none() {
            return Some((outcome, kills));
        }
        if ended() {
            return None;
        }
    }
    unreachable!("the last run is not killed")
}

impl Home {
    /// Whether the journal that a tool keeps here by itself says that its run ended.
    pub fn journal_ended(&self) -> bool {
        let folder = std::fs::read_dir(self.state().join("opstools"));
        let files = folder.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        files.filter(|file| is_journal(file)).any(|file| ended(&file))
    }
}

fn is_journal(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "jsonl")
}

/// Whether the last record of a journal is that of its end.
pub fn ended(journal: &Path) -> bool {
    let text = std::fs::read_to_string(journal).unwrap_or_default();
    text.lines().last().is_some_and(|line| line.starts_with(r#"{"type":"end""#))
}
