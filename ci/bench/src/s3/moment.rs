//! Dates in keys and answers, written without allocating: a page has a thousand of them.

const DAY_SECONDS: u64 = 86_400;

/// A UTC time, split into its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub year: u32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
}

impl Moment {
    /// From seconds since 1970, by the era arithmetic of the Gregorian calendar (400 years are 146,097 days; years
    /// are counted from March, so that the leap day is a year's last).
    pub fn from_epoch(seconds: u64) -> Self {
        let days = seconds / DAY_SECONDS + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let of_day = (seconds % DAY_SECONDS) as u32;
        Self {
            year: (era * 400 + year_of_era + u64::from(month <= 2)) as u32,
            month: month as u32,
            day: (day_of_year - (153 * march_month + 2) / 5 + 1) as u32,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }

    /// Appends `2024-05-01T12:00:00.000Z`, as S3 writes `LastModified`.
    pub fn append_iso(self, out: &mut Vec<u8>) {
        append_digits(out, self.year, 4);
        for (separator, value) in
            [(b'-', self.month), (b'-', self.day), (b'T', self.hour), (b':', self.minute), (b':', self.second)]
        {
            out.push(separator);
            append_digits(out, value, 2);
        }
        out.extend_from_slice(b".000Z");
    }

    /// Appends `20240501T1200`, the time in the names of delivered log files.
    pub fn append_compact_minute(self, out: &mut Vec<u8>) {
        append_digits(out, self.year, 4);
        append_digits(out, self.month, 2);
        append_digits(out, self.day, 2);
        out.push(b'T');
        append_digits(out, self.hour, 2);
        append_digits(out, self.minute, 2);
    }
}

/// Appends the last `width` decimal digits of `value`, with leading zeros.
pub(super) fn append_digits(out: &mut Vec<u8>, mut value: u32, width: usize) {
    let mut digits = [b'0'; 10];
    for place in digits[..width].iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[..width]);
}

/// Appends `value` in decimal, without leading zeros.
pub(super) fn append_number(out: &mut Vec<u8>, value: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = value;
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(seconds: u64) -> String {
        let mut out = Vec::new();
        Moment::from_epoch(seconds).append_iso(&mut out);
        String::from_utf8(out).expect("digits are text")
    }

    #[test]
    fn days_around_leap_days_and_year_ends_are_right() {
        // Expected values from `date -u -d @SECONDS`.
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"),
            (1_709_251_200, "2024-03-01T00:00:00.000Z"),
            (1_735_689_599, "2024-12-31T23:59:59.000Z"),
            (1_735_689_600, "2025-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(iso(seconds), expected);
        }
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        for value in [0, 7, 10, 999, 1000, u64::MAX] {
            let mut out = Vec::new();
            append_number(&mut out, value);
            assert_eq!(out, value.to_string().into_bytes());
        }
    }
}
