//! Rows on stdout, file after file in the order of the schedule.

use opstools::app::Done;
use opstools::error::Failure;
use opstools::generate::FilePlan;
use opstools::run::{Counter, Run};

use crate::book::{Book, Made};
use crate::make::{Drawing, most_files, pace_of_bytes};
use crate::quota::Quota;
use crate::work::Make;

/// Bytes of one write.
const CHUNK: usize = 64 << 10;

/// Writes the logs.
///
/// # Errors
/// Never by itself: a closed or broken output stops the run through its rows.
pub async fn write(work: Make, run: Run) -> Result<Done, Failure> {
    let quota = Quota::new(&run, Some(work.schedule.count()));
    let (book, _) = Book::open(&run, None, None)?;
    let bytes = pace_of_bytes(work.bytes_per_second);
    for file in work.schedule.files().take(most_files(&run)) {
        if run.cancel.requested() {
            break;
        }
        run.cancel.unless_stopped(run.pace.take(1.0)).await;
        let drawing = Drawing { logs: work.logs.clone(), file, cancel: run.cancel.clone(), bytes: bytes.clone() };
        let (rows, ending) = (run.clone(), if is_document(&work, &file) { "\n" } else { "" });
        let drawn = tokio::task::spawn_blocking(move || print(&drawing, &rows, ending)).await;
        let drawn = drawn.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        if let Ok(made) = drawn {
            run.stats.add(Counter::Found, 1);
            run.stats.add(Counter::Done, 1);
            run.stats.add(Counter::Bytes, made.size);
            book.rows(made);
        }
    }
    Ok(quota.done("the same command begins with the first file again"))
}

/// A document has no line's end of its own, and another may follow.
fn is_document(work: &Make, file: &FilePlan) -> bool {
    work.logs.recipes[file.recipe].is_document()
}

fn print(drawing: &Drawing, run: &Run, ending: &str) -> std::io::Result<Made> {
    let mut torn = Vec::new();
    let made = drawing.draw(CHUNK, |bytes| {
        if run.cancel.requested() {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        torn.append(bytes);
        // Whole rows only: after a stop nothing stands half.
        let end = torn.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        (run.rows)(&String::from_utf8_lossy(&torn[..end]));
        torn.drain(..end);
        Ok(())
    })?;
    if !torn.is_empty() {
        (run.rows)(&(String::from_utf8_lossy(&torn).into_owned() + ending));
    }
    Ok(made)
}
