//! From RE2's language, with grok references, to the language of the `regex` crate.
//!
//! Most of the two is the same. What differs is written anew: `\w`, `\d`, `\s` and `\b` are ASCII in RE2; brackets,
//! braces, `\<` and `&&` have meanings in the crate that RE2 does not know; `\Q..\E` and octal escapes are only in RE2.
//! Groups without a name become groups that are not captured, since no one can refer to them; those with one are told by
//! their number, because two may have the same name.

use super::class;
use super::library::{Library, is_name};

/// An expression may grow to this many bytes by its references: definitions that use each other can double with each step.
const EXPANDED_LIMIT: usize = 1 << 20;

/// References may stand in definitions that deep.
const REFERENCE_DEPTH: usize = 64;

/// RE2 takes no larger counts.
const MOST_REPETITIONS: f64 = 1_000.0;

/// Groups may be nested that deep (each is a call when the expression is compiled).
const GROUP_DEPTH: usize = 200;

/// An expression in the words of the `regex` crate.
#[derive(Debug)]
pub(super) struct Translation {
    pub text: String,
    /// The names of its groups, which are those with the numbers 1, 2, ..
    pub groups: Vec<String>,
    /// What stands one after the other at the top, if no alternation does.
    pub atoms: Vec<Atom>,
}

/// Where one part of an expression begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    /// Byte offset into the source.
    pub source: usize,
    /// Byte offset into the translation.
    pub text: usize,
}

/// Translates an expression.
///
/// # Errors
/// What is malformed, unknown or recursive.
pub(super) fn translate(source: &str, library: &Library<'_>) -> Result<Translation, String> {
    let (out, groups) = (String::new(), Vec::new());
    let mut translator = Translator { library, path: Vec::new(), out, groups, depth: 0 };
    let mut atoms = Vec::new();
    translator.expression(source, Some(&mut atoms))?;
    Ok(Translation { text: translator.out, groups: translator.groups, atoms })
}

/// A place in an expression.
#[derive(Debug)]
pub(super) struct Characters<'s> {
    source: &'s str,
    at: usize,
}

impl<'s> Characters<'s> {
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    pub fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub fn take(&mut self, wanted: char) -> bool {
        let there = self.rest().starts_with(wanted);
        if there {
            self.at += wanted.len_utf8();
        }
        there
    }

    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }
}

/// An error about what stands from a place on.
pub(super) fn wrong(characters: &Characters<'_>, from: usize, what: &str) -> String {
    let near: String = characters.source[from..].chars().take(20).collect();
    format!("`{near}` at character {} of the expression {what}", characters.source[..from].chars().count() + 1)
}

struct Translator<'l, 'd> {
    library: &'l Library<'d>,
    /// The names whose definitions are being read.
    path: Vec<String>,
    out: String,
    groups: Vec<String>,
    depth: usize,
}

impl Translator<'_, '_> {
    fn expression(&mut self, source: &str, mut atoms: Option<&mut Vec<Atom>>) -> Result<(), String> {
        let mut characters = Characters { source, at: 0 };
        let top = self.depth;
        let mut alternation = false;
        while let Some(next) = characters.rest().chars().next() {
            if self.depth == top
                && let Some(atoms) = &mut atoms
                && !matches!(next, '*' | '+' | '?' | '|')
                && repetition(characters.rest()).is_none()
            {
                atoms.push(Atom { source: characters.at, text: self.out.len() });
            }
            alternation |= next == '|' && self.depth == top;
            self.part(&mut characters, top)?;
            if self.out.len() > EXPANDED_LIMIT {
                return Err(format!("the expression is too large: more than {EXPANDED_LIMIT} characters"));
            }
        }
        if self.depth > top {
            return Err("a `(` of the expression is not closed by `)`".to_owned());
        }
        if let (true, Some(atoms)) = (alternation, atoms) {
            atoms.clear();
        }
        Ok(())
    }

    fn part(&mut self, characters: &mut Characters<'_>, top: usize) -> Result<(), String> {
        let start = characters.at;
        if let Some(length) = repetition(characters.rest()) {
            let counted = &characters.rest()[..length];
            let digits = |byte: char| !byte.is_ascii_digit();
            if counted.split(digits).any(|count| count.parse().is_ok_and(|count: f64| count > MOST_REPETITIONS)) {
                return Err(wrong(characters, start, "repeats more than 1000 times, which RE2 refuses"));
            }
            self.out.push_str(counted);
            characters.skip(length);
            return self.repeated(characters, start);
        }
        match characters.next() {
            Some('\\') => self.escape(characters, start),
            Some('[') => class::read(characters, &mut self.out),
            Some('(') => self.group(characters, start),
            Some(')') if self.depth == top => Err(wrong(characters, start, "closes no group")),
            Some(')') => {
                self.depth -= 1;
                self.out.push(')');
                Ok(())
            }
            Some('%') if repetition(characters.rest()).is_none() && characters.take('{') => {
                self.reference(characters, start)
            }
            Some(plain @ ('{' | '}' | ']')) => {
                class::literal(plain, &mut self.out);
                Ok(())
            }
            Some(sign @ ('*' | '+' | '?')) => {
                self.out.push(sign);
                self.repeated(characters, start)
            }
            Some(plain) => {
                self.out.push(plain);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// After a repetition: `?` makes it lazy, and no other may follow. The crate would repeat the repetition, and who
    /// writes `++` means something else.
    fn repeated(&mut self, characters: &mut Characters<'_>, start: usize) -> Result<(), String> {
        if characters.take('?') {
            self.out.push('?');
        }
        let rest = characters.rest();
        if rest.starts_with(['*', '+', '?']) || repetition(rest).is_some() {
            return Err(wrong(characters, start, "repeats a repetition, which RE2 does not know"));
        }
        Ok(())
    }

    fn escape(&mut self, characters: &mut Characters<'_>, start: usize) -> Result<(), String> {
        let kind = characters.rest().chars().next();
        let same = match kind {
            Some('d') => r"[0-9]",
            Some('D') => r"[^0-9]",
            Some('w') => r"(?-u:\w)",
            Some('W') => r"[^0-9A-Za-z_]",
            Some('s') => r"[\t\n\x0C\r\x20]",
            Some('S') => r"[^\t\n\x0C\r\x20]",
            Some('b') => r"(?-u:\b)",
            Some('B') => r"(?-u:\B)",
            Some('A') => r"\A",
            Some('z') => r"\z",
            Some('p' | 'P') => {
                characters.at = start;
                return class::property(characters, &mut self.out);
            }
            Some('Q') => {
                characters.next();
                self.quoted(characters);
                return Ok(());
            }
            _ => {
                class::literal(character_escape(characters)?, &mut self.out);
                return Ok(());
            }
        };
        characters.next();
        self.out.push_str(same);
        Ok(())
    }

    /// `\Q..\E`: all plain.
    fn quoted(&mut self, characters: &mut Characters<'_>) {
        let rest = characters.rest();
        let (plain, length) = match rest.find("\\E") {
            Some(end) => (&rest[..end], end + 2),
            None => (rest, rest.len()),
        };
        plain.chars().for_each(|character| class::literal(character, &mut self.out));
        characters.skip(length);
    }

    fn group(&mut self, characters: &mut Characters<'_>, start: usize) -> Result<(), String> {
        self.depth += 1;
        if self.depth > GROUP_DEPTH {
            return Err(wrong(characters, start, "is nested too deep"));
        }
        let rest = characters.rest();
        let Some(head) = rest.strip_prefix('?') else {
            self.out.push_str("(?:");
            return Ok(());
        };
        let name = head.strip_prefix("P<").or_else(|| head.strip_prefix('<'));
        if let Some(name) = name.filter(|name| !name.starts_with(['=', '!'])) {
            let (name, _) = name.split_once('>').ok_or_else(|| wrong(characters, start, "has no `>`"))?;
            self.name_group(name, characters, start)?;
            characters.skip(rest.find('>').map_or(0, |end| end + 1));
            return Ok(());
        }
        let end = head.find([':', ')']).unwrap_or(head.len());
        if head[..end].is_empty() && head.starts_with(')') || !head[..end].chars().all(|flag| "imsU-".contains(flag)) {
            let look_around = ["=", "!", "<=", "<!"].iter().any(|sign| head.starts_with(sign));
            return Err(wrong(
                characters,
                start,
                match look_around {
                    true => "is no group that RE2 knows: it has no look-around",
                    false => "is no group that RE2 knows: its flags are `i`, `m`, `s` and `U`, and it has no comments",
                },
            ));
        }
        self.out.push_str("(?");
        self.out.push_str(&head[..end]);
        if head[end..].starts_with(':') {
            self.out.push(':');
            characters.skip(end + 2);
        } else {
            characters.skip(end + 1);
        }
        Ok(())
    }

    fn name_group(&mut self, name: &str, characters: &Characters<'_>, start: usize) -> Result<(), String> {
        let fits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !fits {
            let what = format!("names the field `{name}`: only letters, digits and `_` may stand there");
            return Err(wrong(characters, start, &what));
        }
        self.groups.push(name.to_owned());
        self.out.push('(');
        Ok(())
    }

    /// `%{NAME}` or `%{NAME:field}`, whose `%{` was read.
    fn reference(&mut self, characters: &mut Characters<'_>, start: usize) -> Result<(), String> {
        let end = characters.rest().find('}').ok_or_else(|| wrong(characters, start, "is not closed by `}`"))?;
        let inner = &characters.rest()[..end];
        let (name, field) = match inner.split_once(':') {
            Some((name, field)) => (name.trim(), Some(field.trim())),
            None => (inner.trim(), None),
        };
        if !is_name(name) {
            return Err(wrong(characters, start, "is no reference: `%{NAME}` or `%{NAME:field}`, NAME in capitals"));
        }
        if self.path.iter().any(|known| known == name) {
            return Err(format!("the pattern `{name}` uses itself: {} -> {name}", self.path.join(" -> ")));
        }
        if self.path.len() >= REFERENCE_DEPTH {
            return Err(format!("the pattern `{name}` stands more than {REFERENCE_DEPTH} references deep"));
        }
        match field {
            Some(field) => self.name_group(field, characters, start)?,
            None => self.out.push_str("(?:"),
        }
        let definition = self.library.get(name)?;
        self.path.push(name.to_owned());
        self.expression(definition, None).map_err(|error| within(name, error))?;
        self.path.pop();
        self.out.push(')');
        characters.skip(end + 1);
        Ok(())
    }
}

/// Says once in which definition the error is.
fn within(name: &str, error: String) -> String {
    if error.contains("of the expression") {
        error.replace("of the expression", &format!("of `{name}`"))
    } else {
        error
    }
}

/// The length of a repetition such as `{2,3}` at the beginning; other braces are plain.
fn repetition(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    let (low, high) = inner[..end].split_once(',').unwrap_or((&inner[..end], ""));
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!low.is_empty() && number(low) && number(high)).then_some(end + 2)
}

/// The character that an escape means, whose backslash was read.
pub(super) fn character_escape(characters: &mut Characters<'_>) -> Result<char, String> {
    let start = characters.at.saturating_sub(1);
    let unknown = |characters: &Characters<'_>| wrong(characters, start, "is no escape that RE2 knows");
    let Some(kind) = characters.next() else {
        return Err("the expression ends with a backslash".to_owned());
    };
    match kind {
        'a' => Ok('\x07'),
        'f' => Ok('\x0c'),
        't' => Ok('\t'),
        'n' => Ok('\n'),
        'r' => Ok('\r'),
        'v' => Ok('\x0b'),
        'x' => hexadecimal(characters).ok_or_else(|| unknown(characters)),
        '0'..='7' => octal(characters, kind).ok_or_else(|| unknown(characters)),
        other if other.is_ascii_punctuation() || other == ' ' => Ok(other),
        _ => Err(unknown(characters)),
    }
}

fn hexadecimal(characters: &mut Characters<'_>) -> Option<char> {
    let rest = characters.rest();
    let (digits, length) = match rest.strip_prefix('{') {
        Some(inner) => inner.find('}').map(|end| (&inner[..end], end + 2))?,
        None => (rest.get(..2)?, 2),
    };
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let value = plain.then(|| u32::from_str_radix(digits, 16).ok())??;
    characters.skip(length);
    char::from_u32(value)
}

/// `\0` alone or with up to two more digits, `\1` to `\7` with at least one more: alone they would refer to groups.
fn octal(characters: &mut Characters<'_>, first: char) -> Option<char> {
    let more = characters.rest().bytes().take(2).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    if first != '0' && more == 0 {
        return None;
    }
    let digits = format!("{first}{}", &characters.rest()[..more]);
    characters.skip(more);
    char::from_u32(u32::from_str_radix(&digits, 8).ok()?)
}
