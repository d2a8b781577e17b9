//! What a race is to show, in a table of its own: figures beside the bounds that they are held against. Nothing fails when
//! one is missed: a machine with other work misses some.

use std::io::{self, Write};

use super::table::Table;

/// What holds for a figure.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// Demands with the figures seen.
#[derive(Debug)]
pub(super) struct Demands {
    table: Table,
}

impl Demands {
    pub fn new() -> Self {
        Self { table: Table::new(&["LOG TYPE", "DEMAND", "SEEN", "BOUND", ""]) }
    }

    /// A figure that was not measured has no verdict.
    pub fn add(&mut self, log_type: &str, what: &str, seen: Option<f64>, bound: Bound) {
        let shown = seen.map_or_else(|| "-".to_owned(), |seen| format!("{seen:.2}"));
        let limit = match bound {
            Bound::AtLeast(least) => format!(">= {least}"),
            Bound::AtMost(most) => format!("<= {most}"),
        };
        self.table.row([log_type.to_owned(), what.to_owned(), shown, limit, verdict(seen, bound).to_owned()]);
    }

    pub fn write(&self, screen: &mut dyn Write, title: &str) -> io::Result<()> {
        self.table.write(screen, title)
    }
}

fn verdict(seen: Option<f64>, bound: Bound) -> &'static str {
    let holds = seen.map(|seen| match bound {
        Bound::AtLeast(least) => seen >= least,
        Bound::AtMost(most) => seen <= most,
    });
    match holds {
        Some(true) => "ok",
        Some(false) => "MISSED",
        None => "not measured",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_holds_for_itself() {
        assert_eq!(verdict(Some(1.0), Bound::AtLeast(1.0)), "ok");
        assert_eq!(verdict(Some(0.99), Bound::AtLeast(1.0)), "MISSED");
        assert_eq!(verdict(Some(100.0), Bound::AtMost(100.0)), "ok");
        assert_eq!(verdict(Some(100.1), Bound::AtMost(100.0)), "MISSED");
        assert_eq!(verdict(None, Bound::AtMost(100.0)), "not measured");
    }

    #[test]
    fn each_demand_is_a_row() {
        let mut demands = Demands::new();
        demands.add("A.B", "speed", Some(1.234), Bound::AtLeast(1.0));
        demands.add("A.B", "memory", None, Bound::AtMost(100.0));
        let mut screen = Vec::new();
        demands.write(&mut screen, "demands").expect("memory can be written");
        let said = String::from_utf8_lossy(&screen);
        let rows: Vec<Vec<&str>> = said.lines().skip(3).map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[0], ["A.B", "speed", "1.23", ">=", "1", "ok"]);
        assert_eq!(rows[1], ["A.B", "memory", "-", "<=", "100", "not", "measured"]);
    }
}
