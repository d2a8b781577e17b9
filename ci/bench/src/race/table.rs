//! Tables on stdout: aligned columns, the first one to the left.

use std::io::{self, Write};

/// Rows of text under a header.
#[derive(Debug)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(header: &[&str]) -> Self {
        Self { rows: vec![header.iter().map(|&name| name.to_owned()).collect()] }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Writes the table with a title above and an empty line below.
    pub fn write(&self, screen: &mut dyn Write, title: &str) -> io::Result<()> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        writeln!(screen, "{title}\n")?;
        for row in &self.rows {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                match column {
                    0 => line.push_str(&format!("{cell:<width$}", width = widths[0])),
                    _ => line.push_str(&format!("  {cell:>width$}", width = widths[column])),
                }
            }
            writeln!(screen, "{}", line.trim_end())?;
        }
        writeln!(screen)?;
        screen.flush()
    }
}

/// How many times as long as `ours` it took; a dash when ours was not measured.
pub(super) fn ratio(seconds: f64, ours: Option<f64>) -> String {
    match ours {
        Some(ours) if ours > 0.0 => format!("{:.1}x", seconds / ours),
        _ => "-".to_owned(),
    }
}

/// Bytes as MB, one decimal.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// `yes` or `NO`.
pub(super) fn yes(is: bool) -> String {
    if is { "yes" } else { "NO" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_have_no_trailing_spaces() {
        let mut table = Table::new(&["TOOL", "SECONDS", "NOTE"]);
        table.row(["a".to_owned(), "1.0".to_owned(), String::new()]);
        table.row(["longer".to_owned(), "12.5".to_owned(), "x".to_owned()]);
        let mut screen = Vec::new();
        table.write(&mut screen, "Title").expect("memory can be written");
        let expected = "Title\n\nTOOL    SECONDS  NOTE\na           1.0\nlonger     12.5     x\n\n";
        assert_eq!(String::from_utf8_lossy(&screen), expected);
    }

    #[test]
    fn ratios_are_relative_to_ours() {
        assert_eq!(ratio(30.0, Some(2.0)), "15.0x");
        assert_eq!(ratio(30.0, None), "-");
        assert_eq!(super::super::median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(super::super::median(vec![]), None);
    }
}
