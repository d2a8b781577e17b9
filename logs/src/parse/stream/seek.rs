//! The way from a document to the array whose elements are logs: keys of objects, indexes of arrays. What lies beside it goes by.

use super::documents::{Documents, Due, Go, Role, State, Wanted};
use super::found::Found;
use super::rejection::Rejection;
use super::scanner::{Misfit, Step};
use super::window::Window;

/// A place on the way.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// How many parts of the path were gone.
    step: usize,
    part: Part,
}

/// What is next there.
#[derive(Clone, Copy)]
enum Part {
    /// The value that the parts gone so far lead to.
    Target,
    /// In an object: its first key, or its end.
    First,
    /// In an object, behind a member: a comma, or its end.
    Member,
    /// In an object, behind a comma: a key.
    NextKey,
    /// The rest of a key.
    Key,
    /// The colon behind a key.
    Colon { matches: bool },
    /// Behind a value that the path cannot go on with.
    Behind,
    /// In an array: an element, or its end.
    Item { index: u64, due: Due },
}

impl Place {
    pub(super) fn start() -> Self {
        Self { step: 0, part: Part::Target }
    }

    /// Whether a key is in progress, whose bytes are needed.
    pub(super) fn is_key(self) -> bool {
        matches!(self.part, Part::Key)
    }

    fn with(self, part: Part) -> Self {
        Self { part, ..self }
    }
}

impl Documents {
    /// One step on the way.
    pub(super) fn seek(&mut self, window: &Window<'_>, place: Place, found: &mut Found) -> Go {
        if place.is_key() {
            return self.key(window, place);
        }
        if let Part::Behind = place.part {
            self.state = self.behind_array();
            return Go::On;
        }
        let Some(byte) = self.next_byte(window) else { return Go::Starved };
        match place.part {
            Part::Target if place.step == self.path().len() => self.array(window, byte, found),
            Part::Target => self.enter(window, place, byte, found),
            Part::Item { index, due } => self.item(window, place, byte, index, due, found),
            Part::Colon { matches } => self.colon(window, place, byte, matches),
            Part::First | Part::Member if byte == b'}' => {
                let key = self.path()[place.step].clone();
                self.leave(byte, Rejection::KeyNotFound { key }, window, found);
            }
            Part::Member if byte == b',' => {
                self.at += 1;
                self.state = State::Seek(place.with(Part::NextKey));
            }
            Part::Member => self.misfit(window, Misfit::NoComma),
            Part::First | Part::NextKey if byte == b'"' => {
                self.begin(window);
                self.scanner.begin();
                self.state = State::Seek(place.with(Part::Key));
            }
            _ => self.misfit(window, Misfit::NoKey { found: char::from(byte) }),
        }
        Go::On
    }

    fn path(&self) -> &[String] {
        match &self.wanted {
            Wanted::Array { path } => path,
            Wanted::Values { .. } => &[],
        }
    }

    /// The path ends here: an array, or null, which counts as an empty one.
    fn array(&mut self, window: &Window<'_>, byte: u8, found: &mut Found) {
        match byte {
            b'[' => {
                self.at += 1;
                self.scanner.open(byte);
                self.state = State::Elements { due: Due::ValueOrEnd };
            }
            // Literals and numbers are told apart by their first byte; whether they are spelt well matters to nobody here.
            b'n' => self.state = self.skip_document(),
            _ => self.cannot_enter(window, "an array", byte, found),
        }
    }

    /// The path goes on within this value.
    fn enter(&mut self, window: &Window<'_>, place: Place, byte: u8, found: &mut Found) {
        match byte {
            b'{' => {
                self.at += 1;
                self.scanner.open(byte);
                self.state = State::Seek(place.with(Part::First));
            }
            b'[' if self.path()[place.step].parse::<u64>().is_ok() => {
                self.at += 1;
                self.scanner.open(byte);
                self.state = State::Seek(place.with(Part::Item { index: 0, due: Due::ValueOrEnd }));
            }
            b'[' => {
                let index = self.path()[place.step].clone();
                self.reject_document(window, Rejection::NotAnIndex { index }, found);
                self.state = self.skip_document();
            }
            _ => self.cannot_enter(window, "an object or an array", byte, found),
        }
    }

    fn cannot_enter(&mut self, window: &Window<'_>, expected: &'static str, byte: u8, found: &mut Found) {
        let name = match byte {
            b'{' => "an object",
            b'"' => "a string",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            b'-' | b'0'..=b'9' => "a number",
            _ => return self.misfit(window, Misfit::NoValue { found: char::from(byte) }),
        };
        self.reject_document(window, Rejection::CannotEnter { expected, found: name }, found);
        self.state = self.skip_document();
    }

    /// A value that is no help goes by, and with it the rest of the document.
    fn skip_document(&mut self) -> State {
        self.begin_value(Role::Skipped(Place { step: 0, part: Part::Behind }))
    }

    /// An object or array ends without what the path needs.
    fn leave(&mut self, bracket: u8, rejection: Rejection, window: &Window<'_>, found: &mut Found) {
        self.at += 1;
        self.scanner.close(bracket);
        self.reject_document(window, rejection, found);
        self.state = self.behind_array();
    }

    /// The rest of a key, and whether it is the one.
    fn key(&mut self, window: &Window<'_>, place: Place) -> Go {
        match self.scanner.value(window.bytes, window.index(self.at)) {
            Step::More => {
                self.at = window.end();
                Go::Starved
            }
            Step::Wrong(at, misfit) => {
                self.at = window.base + at as u64;
                self.misfit(window, misfit);
                Go::On
            }
            Step::Done(end) => {
                self.at = window.base + end as u64;
                let raw = self.kept(window).map(|range| &window.bytes[range]);
                let matches = raw.is_some_and(|raw| is_key(raw, &self.path()[place.step]));
                self.state = State::Seek(place.with(Part::Colon { matches }));
                Go::On
            }
        }
    }

    fn colon(&mut self, window: &Window<'_>, place: Place, byte: u8, matches: bool) {
        if byte != b':' {
            return self.misfit(window, Misfit::NoColon { found: char::from(byte) });
        }
        self.at += 1;
        self.state = if matches {
            State::Seek(Place { step: place.step + 1, part: Part::Target })
        } else {
            self.begin_value(Role::Skipped(place.with(Part::Member)))
        };
    }

    fn item(&mut self, window: &Window<'_>, place: Place, byte: u8, index: u64, due: Due, found: &mut Found) {
        // The path's part was read as a number before the array was entered.
        let wanted = self.path()[place.step].parse().unwrap_or(u64::MAX);
        match (byte, due) {
            (b']', Due::ValueOrEnd | Due::CommaOrEnd) => {
                self.leave(byte, Rejection::OutOfBounds { index: wanted, length: index }, window, found);
            }
            (b',', Due::CommaOrEnd) => {
                self.at += 1;
                self.state = State::Seek(place.with(Part::Item { index, due: Due::Value }));
            }
            (_, Due::CommaOrEnd) => self.misfit(window, Misfit::NoComma),
            (_, Due::Value | Due::ValueOrEnd) if index == wanted => {
                self.state = State::Seek(Place { step: place.step + 1, part: Part::Target });
            }
            (_, Due::Value | Due::ValueOrEnd) => {
                let behind = place.with(Part::Item { index: index + 1, due: Due::CommaOrEnd });
                self.state = self.begin_value(Role::Skipped(behind));
            }
        }
    }
}

/// Whether a key, with its quotes and escapes, is this one.
fn is_key(raw: &[u8], key: &str) -> bool {
    let inner = &raw[1..raw.len() - 1];
    if inner.contains(&b'\\') {
        return serde_json::from_slice::<String>(raw).is_ok_and(|read| read == key);
    }
    inner == key.as_bytes()
}
