//! Internationalised names: `xn--` labels in the script that people read.
//!
//! Plain punycode (RFC 3492): nothing is mapped, lower-cased or judged, because what was logged is what is searched for.

/// What begins a label in punycode.
const PREFIX: &str = "xn--";

const BASE: u32 = 36;
const LEAST_THRESHOLD: u32 = 1;
const MOST_THRESHOLD: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_CODE: u32 = 128;

/// The longest label that is decoded; names in the DNS have no more than 63, and the work grows with the square.
const LONGEST_LABEL: usize = 255;

/// Appends a name with its punycode labels decoded; a label that cannot be decoded stays as it is.
pub(super) fn append_readable(name: &str, out: &mut String) {
    for (index, label) in name.split('.').enumerate() {
        if index > 0 {
            out.push('.');
        }
        let start = out.len();
        let encoded = label.strip_prefix(PREFIX).filter(|encoded| encoded.len() <= LONGEST_LABEL);
        if encoded.is_none_or(|encoded| decode(encoded, start, out).is_none()) {
            out.truncate(start);
            out.push_str(label);
        }
    }
}

/// Whether a name is to be made readable at all.
pub(super) fn is_encoded(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Decodes a label behind what stands in `out` before `start`; `None` if it is broken.
fn decode(encoded: &str, start: usize, out: &mut String) -> Option<()> {
    let (plain, deltas) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    if encoded.is_empty() || encoded.starts_with('-') && plain.is_empty() || !plain.is_ascii() {
        return None;
    }
    out.push_str(plain);
    let mut count = u32::try_from(plain.len()).ok()?;
    let (mut code, mut bias, mut place) = (FIRST_CODE, FIRST_BIAS, 0_u32);
    let mut digits = deltas.bytes();
    while digits.len() > 0 {
        let before = place;
        place = place.checked_add(delta(&mut digits, bias)?)?;
        count += 1;
        bias = adapt(place - before, count, before == 0);
        code = code.checked_add(place / count)?;
        place %= count;
        insert(char::from_u32(code)?, place, start, out);
        place += 1;
    }
    Some(())
}

/// Reads a number in digits of varying weight.
fn delta(digits: &mut std::str::Bytes<'_>, bias: u32) -> Option<u32> {
    let (mut sum, mut weight) = (0_u32, 1_u32);
    for step in (BASE..).step_by(BASE as usize) {
        let digit = match digits.next()? {
            letter @ (b'a'..=b'z' | b'A'..=b'Z') => u32::from(letter.to_ascii_lowercase() - b'a'),
            number @ b'0'..=b'9' => u32::from(number - b'0') + 26,
            _ => return None,
        };
        sum = sum.checked_add(digit.checked_mul(weight)?)?;
        let threshold = step.saturating_sub(bias).clamp(LEAST_THRESHOLD, MOST_THRESHOLD);
        if digit < threshold {
            return Some(sum);
        }
        weight = weight.checked_mul(BASE - threshold)?;
    }
    None
}

fn adapt(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > (BASE - LEAST_THRESHOLD) * MOST_THRESHOLD / 2 {
        delta /= BASE - LEAST_THRESHOLD;
        steps += BASE;
    }
    steps + (BASE - LEAST_THRESHOLD + 1) * delta / (delta + SKEW)
}

/// Inserts a character before the one with the number `place` of the label.
fn insert(character: char, place: u32, start: usize, out: &mut String) {
    let offset = out[start..].char_indices().nth(place as usize).map_or(out.len() - start, |(offset, _)| offset);
    out.insert(start + offset, character);
}
