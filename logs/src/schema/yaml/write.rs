//! YAML as text: block style, quotes only where a reader could misunderstand.

use super::ScalarKind;
use super::scalar::kind_of;

/// Writes mappings line by line.
#[derive(Debug, Default)]
pub(in crate::schema) struct Writer {
    out: String,
    dash: bool,
}

impl Writer {
    pub fn finish(self) -> String {
        self.out
    }

    /// The next key begins an element of a list.
    pub fn element(&mut self) {
        self.dash = true;
    }

    /// `key:`, whose value follows on lines of its own.
    pub fn open(&mut self, indent: usize, key: &str) {
        self.key(indent, key);
        self.out.push_str(":\n");
    }

    /// `key: value` with a word that needs no quotes.
    pub fn word(&mut self, indent: usize, key: &str, word: impl std::fmt::Display) {
        self.key(indent, key);
        self.out.push_str(&format!(": {word}\n"));
    }

    /// `key: text`.
    pub fn text(&mut self, indent: usize, key: &str, text: &str) {
        self.key(indent, key);
        self.out.push_str(": ");
        self.scalar(text, indent);
    }

    /// `key:` and a list of texts.
    pub fn texts<T: AsRef<str>>(&mut self, indent: usize, key: &str, texts: &[T]) {
        self.open(indent, key);
        for text in texts {
            self.out.push_str(&" ".repeat(indent));
            self.out.push_str("- ");
            self.scalar(text.as_ref(), indent);
        }
    }

    fn key(&mut self, indent: usize, key: &str) {
        if std::mem::take(&mut self.dash) {
            self.out.push_str(&" ".repeat(indent.saturating_sub(2)));
            self.out.push_str("- ");
        } else {
            self.out.push_str(&" ".repeat(indent));
        }
        self.out.push_str(&quoted(key));
    }

    /// A text and the end of its line; several lines as a block, where a block can hold them.
    fn scalar(&mut self, text: &str, indent: usize) {
        if fits_block(text) {
            self.block(text, indent + 2);
        } else {
            self.out.push_str(&quoted(text));
            self.out.push('\n');
        }
    }

    fn block(&mut self, text: &str, indent: usize) {
        let body = text.trim_end_matches('\n');
        self.out.push_str(match text.len() - body.len() {
            0 => "|-\n",
            1 => "|\n",
            _ => "|+\n",
        });
        let lines = text.strip_suffix('\n').unwrap_or(text);
        for line in lines.split('\n') {
            if !line.is_empty() {
                self.out.push_str(&" ".repeat(indent));
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }
}

/// A block holds several lines that begin with content; anything that a terminal or an editor would change needs escapes.
fn fits_block(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    body.contains('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && body.chars().all(|character| character == '\n' || character == '\t' || is_plain_sight(character))
}

/// Neither a control character nor one that ends lines or has no width.
fn is_plain_sight(character: char) -> bool {
    !character.is_control() && !matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A scalar on one line, in quotes where they are needed.
fn quoted(text: &str) -> String {
    if is_safe(text) {
        text.to_owned()
    } else if text.chars().all(is_plain_sight) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

/// A text that every reader of YAML 1.1 and 1.2 takes for the same text.
fn is_safe(text: &str) -> bool {
    let inside =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-' | '+' | '(' | ')' | '$' | ' ');
    let first = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$');
    // A colon means nothing before anything but a blank; but digits around it are a number to base 60 for old readers,
    // which the first character rules out.
    let after_colon = |rest: &str| rest.chars().next().is_some_and(|next| next != ' ');
    text.starts_with(first)
        && !text.ends_with(' ')
        && text.chars().all(|c| inside(c) || c == ':')
        && text.match_indices(':').all(|(at, _)| after_colon(&text[at + 1..]))
        && kind_of(text) == ScalarKind::Text
        && !matches!(text, "y" | "Y" | "n" | "N")
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character if is_plain_sight(character) => out.push(character),
            character if u32::from(character) <= 0xff => out.push_str(&format!("\\x{:02x}", u32::from(character))),
            character => out.push_str(&format!("\\u{:04x}", u32::from(character))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::problem::Findings;
    use super::super::{Node, load};
    use super::*;
    use proptest::prelude::*;

    fn back(yaml: &str) -> Node {
        let mut findings = Findings::default();
        let mut documents = load(yaml, &mut findings);
        assert_eq!(findings.into_problems("f", yaml), [], "{yaml}");
        documents.remove(0).root
    }

    #[test]
    fn quotes_stand_where_they_are_needed() {
        let table = [
            ("plain", "plain"),
            ("aws_arn", "aws_arn"),
            ("https://example.com/a", "https://example.com/a"),
            ("Custom.A", "Custom.A"),
            ("yes", "'yes'"),
            ("n", "'n'"),
            ("1e3", "'1e3'"),
            ("", "''"),
            ("-", "'-'"),
            ("a: b", "'a: b'"),
            ("it's", "'it''s'"),
            ("%Y-%m", "'%Y-%m'"),
            ("\t", "\"\\t\""),
            ("\u{1b}", "\"\\x1b\""),
            ("trailing ", "'trailing '"),
        ];
        for (text, expected) in table {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn several_lines_become_a_block() {
        let mut writer = Writer::default();
        writer.text(0, "function", "def parse(log):\n  return {}\n");
        let text = writer.finish();
        assert_eq!(text, "function: |\n  def parse(log):\n    return {}\n");
        assert_eq!(back(&text).get("function").and_then(Node::text), Some("def parse(log):\n  return {}\n"));
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in "(?s).{0,12}", other in "[ \t\n:#a'\"\\\\|>%-]{0,12}") {
            let mut writer = Writer::default();
            writer.text(0, "a", &text);
            writer.texts(0, "b", &[&text, &other]);
            writer.open(0, "c");
            writer.text(2, "d", &other);
            let yaml = writer.finish();
            let root = back(&yaml);
            prop_assert_eq!(root.get("a").and_then(Node::text), Some(text.as_str()), "{}", yaml);
            let list: Vec<_> = root.get("b").unwrap().elements().iter().map(|node| node.text().unwrap()).collect();
            prop_assert_eq!(list, [text.as_str(), other.as_str()], "{}", yaml);
            prop_assert_eq!(root.get("c").unwrap().get("d").and_then(Node::text), Some(other.as_str()), "{}", yaml);
        }
    }
}
