//! JSON documents one after another, and the arrays within them: each value that is a log is cut out, whatever surrounds it.
//!
//! A machine over the bytes that can stop anywhere and go on in the next window; it keeps the log in progress in memory and
//! drops all else as soon as it has seen it, so that an array of any size goes by.
//!
//! After a fault the machine looks for a line whose first byte is `{` or `[`, at the fault or behind it, and goes on there:
//! everything from the log's beginning up to there is one rejection. Within an array that is the document itself, a line that
//! begins with `{` goes on with that array's elements; otherwise a new document begins.

use super::fault::Torn;
use super::found::{Found, Spot};
use super::rejection::Rejection;
use super::scanner::{Misfit, Scanner, Step};
use super::seek::Place;
use super::window::{After, Cut, LineCount, Window};

/// Which values are logs.
pub(super) enum Wanted {
    /// Documents, and the elements of documents that are arrays of objects.
    Values {
        /// A line between documents that begins none is a log rather than a fault.
        lines_between: bool,
    },
    /// The elements of the array that the path leads to, in each document.
    Array { path: Vec<String> },
}

/// Where the machine stands.
pub(super) enum State {
    /// Between documents.
    Between,
    /// Behind the `[` of a document, whose first element is not seen yet.
    Opened,
    /// In a value.
    Value(Role),
    /// Between the elements of the array whose elements are logs.
    Elements { due: Due },
    /// On the way to the array.
    Seek(Place),
    /// In a line that belongs to no document.
    Stray,
    /// Behind a fault, looking for a line to go on with.
    Lost(Option<Rejection>),
}

/// What a value is.
#[derive(Clone, Copy)]
pub(super) enum Role {
    /// A log that is a whole document.
    Whole,
    /// A log that is an element.
    Element,
    /// Not a log: the machine goes on at the place behind it.
    Skipped(Place),
    /// Not a log: what stands behind the array, up to the end of the document.
    Rest,
}

/// What may come next in an array.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    ValueOrEnd,
    Value,
    CommaOrEnd,
}

/// What a step of the machine came to.
pub(super) enum Go {
    On,
    Starved,
}

/// Cuts JSON documents.
pub(super) struct Documents {
    pub(super) wanted: Wanted,
    pub(super) scanner: Scanner,
    pub(super) state: State,
    /// The next byte to look at.
    pub(super) at: u64,
    /// The first byte of what is in progress, and its line.
    pub(super) begun: u64,
    begun_line: u64,
    /// The first byte of the document, and its line.
    document: (u64, u64),
    /// What is in progress is too long to be kept.
    dropping: bool,
    /// The fault behind which the machine looks for a line lies in an array whose elements are logs.
    in_array: bool,
    lines: LineCount,
    /// The byte before the window.
    before: u8,
    limit: u64,
}

impl Documents {
    /// For a text whose first byte stands at `begin`.
    pub(super) fn new(wanted: Wanted, begin: u64, longest: usize) -> Self {
        Self {
            wanted,
            scanner: Scanner::new(),
            state: State::Between,
            at: begin,
            begun: begin,
            begun_line: 1,
            document: (begin, 1),
            dropping: false,
            in_array: false,
            lines: LineCount::from(begin),
            before: b'\n',
            limit: longest as u64,
        }
    }

    /// Finds the logs of a window.
    pub(super) fn cut(&mut self, window: &Window<'_>, found: &mut Found) -> Cut {
        let mut full = found.is_full();
        while !full && matches!(self.step(window, found), Go::On) {
            full = found.is_full();
        }
        if !full && window.after == After::Nothing {
            self.finish(window, found);
        }
        let keep = self.keep(window, full);
        self.lines.at(window, keep);
        if keep > window.base {
            self.before = window.bytes[window.index(keep) - 1];
        }
        Cut { keep, full }
    }

    /// The first byte that is needed again.
    fn keep(&mut self, window: &Window<'_>, full: bool) -> u64 {
        let kept = if self.dropping || !self.keeps_bytes() { self.at } else { self.begun };
        if !full && kept < self.at && self.at - kept > self.limit + 1 {
            self.dropping = true;
            return self.at;
        }
        kept.max(window.base)
    }

    /// Whether something is in progress whose bytes are needed again.
    fn keeps_bytes(&self) -> bool {
        match self.state {
            State::Value(Role::Whole | Role::Element) | State::Opened | State::Stray | State::Lost(_) => true,
            State::Seek(place) => place.is_key(),
            State::Value(Role::Skipped(_) | Role::Rest) | State::Between | State::Elements { .. } => false,
        }
    }

    fn step(&mut self, window: &Window<'_>, found: &mut Found) -> Go {
        match self.state {
            State::Between => self.between(window),
            State::Opened => self.opened(window),
            State::Value(role) => self.value(window, role, found),
            State::Elements { due } => self.elements(window, due),
            State::Seek(place) => self.seek(window, place, found),
            State::Stray => self.stray(window, found),
            State::Lost(_) => self.lost(window, found),
        }
    }

    /// The next byte that is not blank, without taking it.
    pub(super) fn next_byte(&mut self, window: &Window<'_>) -> Option<u8> {
        let from = window.index(self.at);
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let skipped = window.bytes[from..].iter().position(|byte| !blank(byte));
        self.at = skipped.map_or(window.end(), |skipped| self.at + skipped as u64);
        skipped.map(|skipped| window.bytes[from + skipped])
    }

    /// Marks the next byte as the first of what is in progress.
    pub(super) fn begin(&mut self, window: &Window<'_>) {
        (self.begun, self.begun_line, self.dropping) = (self.at, self.lines.at(window, self.at), false);
    }

    fn between(&mut self, window: &Window<'_>) -> Go {
        let Some(byte) = self.next_byte(window) else { return Go::Starved };
        self.begin(window);
        self.document = (self.begun, self.begun_line);
        self.scanner.back_to(0);
        self.state = match (&self.wanted, byte) {
            (_, byte) if !matches!(byte, b'{' | b'[') => State::Stray,
            (Wanted::Array { .. }, _) => State::Seek(Place::start()),
            (Wanted::Values { .. }, b'{') => self.begin_value(Role::Whole),
            (Wanted::Values { .. }, _) => {
                self.at += 1;
                State::Opened
            }
        };
        Go::On
    }

    /// A document that is an array: of objects, empty, or of something else.
    fn opened(&mut self, window: &Window<'_>) -> Go {
        let Some(byte) = self.next_byte(window) else { return Go::Starved };
        self.state = match byte {
            b'{' => {
                self.scanner.open(b'[');
                State::Elements { due: Due::ValueOrEnd }
            }
            b']' => {
                self.at += 1;
                State::Between
            }
            _ => {
                // Only white space lies between the bracket and here: the scanner may as well begin behind it.
                let state = self.begin_value(Role::Whole);
                self.scanner.open(b'[');
                state
            }
        };
        Go::On
    }

    pub(super) fn begin_value(&mut self, role: Role) -> State {
        match role {
            Role::Rest => self.scanner.begin_rest(),
            _ => self.scanner.begin(),
        }
        State::Value(role)
    }

    fn value(&mut self, window: &Window<'_>, role: Role, found: &mut Found) -> Go {
        match self.scanner.value(window.bytes, window.index(self.at)) {
            Step::More => {
                self.at = window.end();
                return Go::Starved;
            }
            Step::Wrong(at, misfit) => {
                self.at = window.base + at as u64;
                self.misfit(window, misfit);
            }
            Step::Done(end) => {
                self.at = window.base + end as u64;
                self.state = match role {
                    Role::Whole => State::Between,
                    Role::Element => State::Elements { due: Due::CommaOrEnd },
                    Role::Skipped(place) => State::Seek(place),
                    Role::Rest => State::Between,
                };
                if matches!(role, Role::Whole | Role::Element) {
                    self.put(window, found);
                }
            }
        }
        Go::On
    }

    fn elements(&mut self, window: &Window<'_>, due: Due) -> Go {
        let Some(byte) = self.next_byte(window) else { return Go::Starved };
        match (byte, due) {
            (b']', Due::ValueOrEnd | Due::CommaOrEnd) => {
                self.at += 1;
                self.scanner.close(b']');
                self.state = self.behind_array();
            }
            (b',', Due::CommaOrEnd) => {
                self.at += 1;
                self.state = State::Elements { due: Due::Value };
            }
            (_, Due::CommaOrEnd) => {
                self.begin(window);
                let misfit = if byte == b'}' { Misfit::Bracket { found: '}' } } else { Misfit::NoComma };
                self.misfit(window, misfit);
            }
            (_, Due::Value | Due::ValueOrEnd) => {
                self.begin(window);
                self.state = self.begin_value(Role::Element);
            }
        }
        Go::On
    }

    /// The rest of the document, if the array is not the document itself.
    pub(super) fn behind_array(&mut self) -> State {
        if self.scanner.depth() == 0 { State::Between } else { self.begin_value(Role::Rest) }
    }

    /// A line between documents.
    fn stray(&mut self, window: &Window<'_>, found: &mut Found) -> Go {
        let from = window.index(self.at);
        let Some(length) = memchr::memchr(b'\n', &window.bytes[from..]) else {
            self.at = window.end();
            return Go::Starved;
        };
        self.at += length as u64;
        self.stray_ends(window, found);
        Go::On
    }

    fn stray_ends(&mut self, window: &Window<'_>, found: &mut Found) {
        self.state = State::Between;
        if matches!(self.wanted, Wanted::Values { lines_between: true }) {
            self.put(window, found);
        } else {
            let (line, offset) = (self.begun_line, self.begun);
            let rejection = Rejection::Json { line, offset, misfit: Misfit::NoDocument };
            self.reject(window, rejection, found);
        }
    }

    /// Something does not fit at the next byte.
    pub(super) fn misfit(&mut self, window: &Window<'_>, misfit: Misfit) {
        self.in_array = matches!(self.state, State::Elements { .. } | State::Value(Role::Element));
        let line = self.lines.at(window, self.at);
        if !self.keeps_bytes() {
            self.begin(window);
        }
        self.state = State::Lost(Some(Rejection::Json { line, offset: self.at, misfit }));
    }

    /// Looks for a line to go on with.
    fn lost(&mut self, window: &Window<'_>, found: &mut Found) -> Go {
        let from = window.index(self.at);
        let previous = from.checked_sub(1).map_or(self.before, |place| window.bytes[place]);
        if previous == b'\n'
            && let Some(first @ (b'{' | b'[')) = window.bytes.get(from)
        {
            self.go_on(window, *first, found);
            return Go::On;
        }
        // At least one byte further, for this one does not begin a line, or not one to go on with.
        let skip = usize::from(from < window.bytes.len() && window.bytes[from] != b'\n');
        match memchr::memchr(b'\n', &window.bytes[from + skip..]) {
            Some(length) => {
                self.at += (skip + length + 1) as u64;
                if window.index(self.at) == window.bytes.len() { Go::Starved } else { Go::On }
            }
            None => {
                self.at = window.end();
                Go::Starved
            }
        }
    }

    fn go_on(&mut self, window: &Window<'_>, first: u8, found: &mut Found) {
        self.rejected(window, found);
        let is_document = match &self.wanted {
            Wanted::Values { .. } => true,
            Wanted::Array { path } => path.is_empty(),
        };
        let in_array = is_document && self.in_array;
        self.begin(window);
        if in_array && first == b'{' {
            self.scanner.back_to(1);
            self.state = State::Elements { due: Due::Value };
        } else {
            self.state = State::Between;
        }
    }

    fn rejected(&mut self, window: &Window<'_>, found: &mut Found) {
        if let State::Lost(rejection) = &mut self.state
            && let Some(rejection) = rejection.take()
        {
            self.reject(window, rejection, found);
        }
    }

    /// The text is complete: what is in progress is not.
    fn finish(&mut self, window: &Window<'_>, found: &mut Found) {
        match &self.state {
            State::Between => return,
            State::Stray => self.stray_ends(window, found),
            State::Lost(_) => self.rejected(window, found),
            State::Value(Role::Whole | Role::Element) => self.reject(window, Rejection::Unfinished, found),
            _ => self.reject_document(window, Rejection::Unfinished, found),
        }
        self.state = State::Between;
    }

    /// The log in progress ends before the next byte.
    fn put(&mut self, window: &Window<'_>, found: &mut Found) {
        let bytes = self.at - self.begun;
        if self.dropping || bytes > self.limit {
            self.reject(window, Rejection::TooLong { bytes, limit: self.limit }, found);
        } else {
            found.put(self.spot(window));
        }
    }

    fn reject(&mut self, window: &Window<'_>, rejection: Rejection, found: &mut Found) {
        found.reject(self.spot(window), rejection);
        self.dropping = false;
    }

    /// Rejects the document as a whole; what was found in it stays.
    pub(super) fn reject_document(&mut self, window: &Window<'_>, rejection: Rejection, found: &mut Found) {
        let end = window.index(self.at);
        let (offset, line) = self.document;
        found.reject(Spot { start: end, end, line, offset }, rejection);
    }

    /// Where the bytes of what is in progress lie, up to the next byte, if they were kept.
    pub(super) fn kept(&self, window: &Window<'_>) -> Option<std::ops::Range<usize>> {
        let kept = !self.dropping && self.at - self.begun <= self.limit;
        kept.then(|| window.index(self.begun)..window.index(self.at))
    }

    /// What is in progress, up to the next byte, without a line end; nothing of it when it was not kept.
    fn spot(&self, window: &Window<'_>) -> Spot {
        let end = window.index(self.at);
        let range = self.kept(window).unwrap_or(end..end);
        let length = window.bytes[range.clone()].trim_ascii_end().len();
        Spot { start: range.start, end: range.start + length, line: self.begun_line, offset: self.begun }
    }

    /// The log that a fault cut off.
    pub(super) fn torn(&self, end: u64) -> Option<Torn> {
        if self.keeps_bytes() { Torn::between(self.begun_line, self.begun, end) } else { None }
    }
}
