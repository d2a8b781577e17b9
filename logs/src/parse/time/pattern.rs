//! Patterns of times: the pieces to which both languages, strftime and layouts, are compiled.

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Its pieces, in the order of the text.
    pub pieces: Vec<Piece>,
    /// The year of a time that names none.
    pub default_year: u32,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// This text, exactly.
    Text(Box<str>),
    /// This text; where it has blanks, the input may have more, or end.
    Spaced(Box<str>),
    /// Some white space, written as this character.
    Gap(char),
    /// A number.
    Number(Number),
    /// The name of a month.
    Month(Length),
    /// The name of a day of the week; read and not held against the date.
    Weekday(Length),
    /// Which half of the day.
    HalfDay(Half),
    /// A fraction of a second.
    Fraction(Fraction),
    /// A fraction of a second that the pattern does not mention: read, never written.
    SilentFraction,
    /// An offset from UTC in digits.
    Offset(Offset),
    /// The name of a zone; with `capitals` of capitals alone, so that what follows `GMT` is no part of it.
    Zone {
        /// No `GMT+1`, no `+01`, no `ChST`.
        capitals: bool,
    },
}

/// How long a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// Three letters.
    Short,
    /// The whole word.
    Long,
}

/// How the half of the day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Half {
    /// `AM` or `am`.
    pub capitals: bool,
    /// Read in either case.
    pub any_case: bool,
}

/// A number in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// What it counts.
    pub of: Of,
    /// The fewest digits.
    pub least: usize,
    /// The most digits.
    pub most: usize,
    /// One blank may stand before it; it is then written with a blank where it has one digit.
    pub blank: bool,
    /// Written with at least so many digits.
    pub width: usize,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// 0 to 9999.
    Year,
    /// The year by weeks of ISO 8601.
    WeekYear,
    /// 0 to 99; below 69 of this century.
    ShortYear,
    /// 0 to 99 of this century, by weeks of ISO 8601.
    ShortWeekYear,
    /// The first two digits of a year.
    Century,
    /// 1 to 12.
    Month,
    /// 1 to 31.
    Day,
    /// 1 to 366.
    YearDay,
    /// 0 to 23.
    Hour,
    /// 1 to 12; layouts of Go also read 0.
    HalfHour {
        /// The least that is read.
        least: u32,
    },
    /// 0 to 59.
    Minute,
    /// 0 to 59.
    Second,
    /// Since 1970.
    EpochSeconds,
    /// 0 is Sunday; ignored when read, as are all that follow.
    WeekdayFromSunday,
    /// 1 is Monday, 7 Sunday.
    WeekdayFromMonday,
    /// Weeks begin on Sunday.
    WeekFromSunday,
    /// Weeks begin on Monday.
    WeekFromMonday,
    /// Weeks of ISO 8601.
    IsoWeek,
}

/// A fraction of a second in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    /// What stands before it.
    pub point: Option<u8>,
    /// The fewest digits; 0 where all of it may be missing.
    pub least: usize,
    /// The most digits that are read.
    pub most: usize,
    /// How many digits are written.
    pub width: usize,
    /// Zeros at the end are not written.
    pub cut: bool,
}

/// An offset in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// UTC is `Z`.
    pub z: bool,
    /// Colons stand between the parts.
    pub colon: bool,
    /// Hours; hours and minutes; or seconds as well.
    pub parts: usize,
}

/// Months, in whole.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of the week, in whole.
pub(super) const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

impl Length {
    /// The form of a name: all of it, or three letters.
    pub(super) fn of(self, name: &'static str) -> &'static str {
        match self {
            Self::Short => &name[..3],
            Self::Long => name,
        }
    }
}

impl Pattern {
    /// A pattern of these pieces; `None` where no piece says anything about a time.
    pub(super) fn new(pieces: Vec<Piece>, default_year: u32) -> Option<Self> {
        let says_nothing = |piece: &Piece| matches!(piece, Piece::Text(_) | Piece::Spaced(_) | Piece::Gap(_));
        let says_something = !pieces.iter().all(says_nothing);
        says_something.then_some(Self { pieces, default_year })
    }
}
