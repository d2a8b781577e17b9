//! What an event must fulfil besides the rules of its single fields.

use super::{Path, Values};

/// A demand on an event.
#[derive(Clone, Copy, Debug)]
pub enum Acceptance {
    /// At least one of these is there.
    AnyOf {
        /// Where they stand.
        paths: &'static [Path],
        /// What to say if none is.
        otherwise: &'static str,
    },
    /// The text behind the last slash is one of these.
    LastSegment {
        /// Where the text stands.
        path: Path,
        /// What may stand behind its last slash.
        values: &'static [&'static str],
        /// What to say if it is something else.
        otherwise: &'static str,
    },
}

impl Acceptance {
    pub(super) fn check(&self, event: &dyn Values) -> Result<(), &'static str> {
        let (holds, otherwise) = match self {
            Self::AnyOf { paths, otherwise } => (paths.iter().any(|path| present(event, path)), otherwise),
            Self::LastSegment { path, values, otherwise } => {
                let text = event.text(path).unwrap_or_default();
                (text.rsplit('/').next().is_some_and(|segment| values.contains(&segment)), otherwise)
            }
        };
        if holds { Ok(()) } else { Err(otherwise) }
    }
}

/// There, and not null.
fn present(event: &dyn Values, path: Path) -> bool {
    event.text(path).is_some()
}
