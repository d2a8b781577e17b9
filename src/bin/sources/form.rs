//! In which form the output is wanted, and how rows become it.

use opstools::app::Context;
use opstools::args::Format;
use opstools::error::Failure;
use opstools::ui::{Align, Table};

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For a person's eyes.
    Terminal {
        /// What is well is shown, too.
        whole: bool,
    },
    /// Tab-separated whole values.
    Tabbed,
    /// One document, in the report.
    Json,
    /// A document per line.
    Lines,
    /// With a header.
    Csv,
}

impl Form {
    /// The form that the shared flags ask for.
    pub fn of(context: &Context) -> Self {
        use std::io::IsTerminal as _;
        let global = &context.global;
        match global.format {
            _ if global.json => Self::Json,
            Some(Format::Json) => Self::Json,
            Some(Format::Jsonl) => Self::Lines,
            Some(Format::Csv) => Self::Csv,
            _ if global.output.is_none() && std::io::stdout().is_terminal() => {
                Self::Terminal { whole: global.verbose > 0 }
            }
            _ => Self::Tabbed,
        }
    }
}

/// Rows with a header, tab-separated or aligned.
pub fn table(columns: &[&str], rows: Vec<Vec<String>>, terminal: bool) -> String {
    let columns: Vec<(&str, Align)> = columns.iter().map(|name| (*name, Align::Left)).collect();
    let mut table = Table::new(&columns);
    for row in rows {
        table.row(row);
    }
    table.render(terminal)
}

/// Rows with a header, as CSV.
///
/// # Errors
/// Never in practice: the writer is memory.
pub fn csv(columns: &[&str], rows: Vec<Vec<String>>) -> Result<String, Failure> {
    let cannot = |error: String| Failure::failed("cannot write CSV").because(error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(|error| cannot(error.to_string()))?;
    for row in rows {
        writer.write_record(row).map_err(|error| cannot(error.to_string()))?;
    }
    let bytes = writer.into_inner().map_err(|error| cannot(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
