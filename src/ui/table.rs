//! Tables: upper-case header, no borders, numbers to the right; tab-separated whole values where nobody looks.

/// To which side a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table being filled.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(name, align)| (name.to_uppercase(), *align)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; missing cells are empty.
    pub fn row(&mut self, cells: Vec<String>) -> &mut Self {
        self.rows.push(cells);
        self
    }

    /// The table as text: aligned for a terminal, else tab-separated.
    #[must_use]
    pub fn render(&self, terminal: bool) -> String {
        let header: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let rows = std::iter::once(&header).chain(&self.rows);
        if terminal { self.aligned(rows) } else { tabbed(rows) }
    }

    fn aligned<'a>(&self, rows: impl Iterator<Item = &'a Vec<String>> + Clone) -> String {
        let width = |column: usize| {
            let cells = rows.clone().filter_map(move |row| row.get(column));
            cells.map(|cell| clean(cell).chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let mut text = String::new();
        for row in rows {
            let mut line = String::new();
            for (column, (_, align)) in self.columns.iter().enumerate() {
                let cell = row.get(column).map(|cell| clean(cell)).unwrap_or_default();
                let gap = if column == 0 { "" } else { "  " };
                line += &match align {
                    Align::Left => format!("{gap}{cell:<width$}", width = widths[column]),
                    Align::Right => format!("{gap}{cell:>width$}", width = widths[column]),
                };
            }
            text += line.trim_end();
            text.push('\n');
        }
        text
    }
}

fn tabbed<'a>(rows: impl Iterator<Item = &'a Vec<String>>) -> String {
    rows.map(|row| row.iter().map(|cell| clean(cell)).collect::<Vec<_>>().join("\t") + "\n").collect()
}

/// Control characters would break the lines of a table, or steer a terminal: names of objects are other people's.
pub(super) fn clean(cell: &str) -> String {
    cell.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

/// A count with thousands separated: `1,234,567`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes as people read them: `512 B`, `1.5 MiB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let power = (bytes.ilog2() / 10).min(5);
    #[expect(clippy::cast_precision_loss, reason = "shown with one decimal only")]
    let value = bytes as f64 / 1024_f64.powi(power.cast_signed());
    format!("{value:.1} {}", UNITS[power as usize - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(&[("queue", Align::Left), ("visible", Align::Right)]);
        table.row(vec!["a".to_owned(), "1,000".to_owned()]).row(vec!["long\tname".to_owned(), "2".to_owned()]);
        table
    }

    #[test]
    fn aligned_for_people() {
        assert_eq!(sample().render(true), "QUEUE      VISIBLE\na            1,000\nlong\u{fffd}name        2\n");
    }

    #[test]
    fn tab_separated_when_piped() {
        assert_eq!(sample().render(false), "QUEUE\tVISIBLE\na\t1,000\nlong\u{fffd}name\t2\n");
    }

    #[test]
    fn numbers_are_readable() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
        for (bytes, text) in
            [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (5 << 20, "5.0 MiB"), (u64::MAX, "16384.0 PiB")]
        {
            assert_eq!(size(bytes), text);
        }
    }
}
