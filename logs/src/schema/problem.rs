//! What is wrong in a file, where, and what would be right: the form in which every mistake in a schema reaches a person.
//!
//! A [`Finding`] is made where the mistake is noticed and knows a place only; once per file the findings become
//! [`Problem`]s, which carry the file's name and a printable piece of it. Nothing here prints.

use std::fmt;

/// Whether a file can be used in spite of the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but something in it has no effect, or not the one it seems to have.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// Where something stands in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// In characters; 0 reaches to the end of the line.
    pub width: usize,
}

/// One thing wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the file is usable.
    pub severity: Severity,
    /// The file's name, as it was given.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Where in the document, as `fields[3].element.type`; empty for the document itself.
    pub path: String,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub hint: Option<String>,
    /// The line with its neighbours and a caret.
    pub snippet: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}: {}", self.severity, self.what)?;
        write!(out, "  --> {}:{}:{}", self.file, self.line, self.column)?;
        if !self.path.is_empty() {
            write!(out, " ({})", self.path)?;
        }
        write!(out, "\n{}", self.snippet)?;
        match &self.hint {
            Some(hint) => write!(out, "   = hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// A mistake and its place, before it is known what the file is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub severity: Severity,
    pub place: Place,
    pub path: String,
    pub what: String,
    pub hint: Option<String>,
}

/// More than a person reads; a file that is no schema at all would otherwise give one for each of its lines.
const MOST_FINDINGS: usize = 500;

/// All mistakes of one file, in the order of their discovery.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    errors: usize,
    more: usize,
}

impl Findings {
    /// How many errors there are, warnings not counted.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many problems are told so far.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Whether an error is told of this part of a document, or of something in it, after the first so many problems.
    pub fn has_error_in(&self, part: &str, after: usize) -> bool {
        let inside = |path: &str| path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.list.iter().skip(after).any(|finding| finding.severity == Severity::Error && inside(&finding.path))
    }

    /// The file, or this document of it, cannot be used.
    pub fn error(&mut self, place: Place, path: impl fmt::Display, what: impl Into<String>) -> &mut Self {
        self.errors += 1;
        self.push(Severity::Error, place, path, what.into())
    }

    /// Something has no effect.
    pub fn warning(&mut self, place: Place, path: impl fmt::Display, what: impl Into<String>) -> &mut Self {
        self.push(Severity::Warning, place, path, what.into())
    }

    fn push(&mut self, severity: Severity, place: Place, path: impl fmt::Display, what: String) -> &mut Self {
        if self.list.len() < MOST_FINDINGS {
            self.list.push(Finding { severity, place, path: path.to_string(), what, hint: None });
        } else {
            self.more += 1;
        }
        self
    }

    /// What would be right instead of the mistake just told.
    pub fn hint(&mut self, hint: impl Into<String>) {
        if let Some(last) = self.list.last_mut().filter(|_| self.more == 0) {
            last.hint = Some(hint.into());
        }
    }

    /// The same, where there is something to say.
    pub fn maybe_hint(&mut self, hint: Option<String>) {
        if let Some(hint) = hint {
            self.hint(hint);
        }
    }

    /// The problems of a file in the order of its lines.
    pub fn into_problems(mut self, file: &str, text: &str) -> Vec<Problem> {
        if let (more @ 1.., Some(last)) = (self.more, self.list.last()) {
            let (severity, place) = (if self.errors > 0 { Severity::Error } else { Severity::Warning }, last.place);
            let what = format!("{more} more problems in this file");
            self.list.push(Finding { severity, place, path: String::new(), what, hint: None });
        }
        self.list.sort_by_key(|finding| (finding.place.line, finding.place.column));
        self.list.dedup();
        let lines = lines_of(text);
        self.list.into_iter().map(|finding| finding.into_problem(file, &lines)).collect()
    }
}

impl Finding {
    fn into_problem(self, file: &str, lines: &[&str]) -> Problem {
        let Place { line, column, .. } = self.place;
        let snippet = snippet(lines, self.place);
        let Self { severity, path, what, hint, .. } = self;
        Problem { severity, file: file.to_owned(), line, column, path, what, hint, snippet }
    }
}

/// The lines of a text as YAML breaks them: after `\n`, `\r\n` and a lone `\r`.
fn lines_of(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.bytes().position(|byte| matches!(byte, b'\n' | b'\r')) {
        lines.push(&rest[..end]);
        let width = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = &rest[end + width..];
    }
    lines.push(rest);
    lines
}

/// Wider lines are cut around the caret, so that a file of one huge line stays readable.
const SNIPPET_WIDTH: usize = 110;

/// The line of a place with one neighbour on either side, and carets below the place.
fn snippet(lines: &[&str], place: Place) -> String {
    let column = place.column.saturating_sub(1);
    let skipped = if column > SNIPPET_WIDTH * 2 / 3 { column - SNIPPET_WIDTH / 3 } else { 0 };
    let last = (place.line + 1).min(lines.len());
    let margin = last.to_string().len();
    let mut out = format!("{:margin$} |\n", "");
    for number in place.line.saturating_sub(1).max(1)..=last {
        let Some(line) = lines.get(number - 1) else { continue };
        let shown = window(line, skipped);
        if number != place.line && shown.trim().is_empty() {
            continue;
        }
        out.push_str(format!("{number:margin$} | {shown}").trim_end());
        out.push('\n');
        if number == place.line {
            out.push_str(&format!("{:margin$} | {}\n", "", carets(line, column, skipped, place.width)));
        }
    }
    out
}

/// The part of a line that is shown, without characters that would move the cursor.
fn window(line: &str, skipped: usize) -> String {
    let visible = |character: char| if character.is_control() { ' ' } else { character };
    line.chars().skip(skipped).take(SNIPPET_WIDTH).map(visible).collect()
}

fn carets(line: &str, column: usize, skipped: usize, width: usize) -> String {
    let left = column - skipped;
    let length = line.chars().skip(skipped).take(SNIPPET_WIDTH).count();
    let rest = length.saturating_sub(left).max(1);
    let width = if width == 0 { rest } else { width.min(rest) };
    format!("{}{}", " ".repeat(left), "^".repeat(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, place: Place) -> Problem {
        let mut findings = Findings::default();
        findings.error(place, "a.b", "`x` is wrong").hint("write `y`");
        findings.into_problems("f.yml", text).remove(0)
    }

    #[test]
    fn a_problem_prints_like_a_compiler_would() {
        let problem = one("one\r\n  two: x\r\nthree", Place { line: 2, column: 8, width: 1 });
        let expected = "\
error: `x` is wrong
  --> f.yml:2:8 (a.b)
  |
1 | one
2 |   two: x
  |        ^
3 | three
   = hint: write `y`";
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn a_huge_line_is_cut_around_the_caret() {
        let text = format!("{}wrong{}", "a".repeat(100_000), "b".repeat(100_000));
        let problem = one(&text, Place { line: 1, column: 100_001, width: 5 });
        assert!(problem.snippet.len() < 400, "{}", problem.snippet);
        let lines: Vec<&str> = problem.snippet.lines().collect();
        assert_eq!(lines[1].find("wrong"), lines[2].find("^^^^^"));
    }

    #[test]
    fn places_outside_the_text_and_control_characters_do_no_harm() {
        assert_eq!(one("", Place { line: 9, column: 9, width: 9 }).snippet, "  |\n");
        assert!(!one("a\u{1b}[31mb", Place { line: 1, column: 1, width: 0 }).snippet.contains('\u{1b}'));
    }

    #[test]
    fn a_flood_of_problems_is_counted() {
        let mut findings = Findings::default();
        for line in 1..=MOST_FINDINGS + 7 {
            findings.warning(Place { line, column: 1, width: 1 }, "", format!("{line}"));
        }
        let problems = findings.into_problems("f", "");
        assert_eq!(problems.len(), MOST_FINDINGS + 1);
        assert_eq!(problems.iter().filter(|problem| problem.what == "7 more problems in this file").count(), 1);
    }
}
