//! Names of columns: what a field is called in a table.
//!
//! A table's columns have ASCII names of letters, digits, `_` and `-`; fields of events may be called anything. Signs that
//! names really contain become words, letters of other scripts are transliterated, and the rest becomes `_`. The
//! transliteration is pinned to the tables that named the columns of existing deployments: later ones write `Æ` as `Ae`,
//! which would be another column.

use std::borrow::Cow;

use any_ascii::any_ascii_char;

/// The name of the column in which a field of this name stands.
///
/// Two names may become one; schemas are checked for that.
#[must_use]
pub fn column_name(name: &str) -> Cow<'_, str> {
    if name.bytes().all(is_plain) {
        return Cow::Borrowed(name);
    }
    let mut column = String::with_capacity(name.len() + 8);
    for (at, character) in name.char_indices() {
        let is_last = at + character.len_utf8() == name.len();
        add(character, at == 0, is_last, &mut column);
    }
    Cow::Owned(column)
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn add(character: char, is_first: bool, is_last: bool, column: &mut String) {
    if let Some(word) = word_for(character) {
        column.push_str(if is_first { "" } else { "_" });
        column.push_str(word);
        column.push_str(if is_last { "" } else { "_" });
    } else if character.is_ascii() {
        column.push(if is_plain(character as u8) { character } else { '_' });
    } else if is_letter(character) {
        add_transliterated(any_ascii_char(character), column);
    } else {
        column.push('_');
    }
}

/// What transliteration itself cannot say in letters and digits, such as the soft sign, becomes `_`, and so does a letter
/// that the tables do not know.
fn add_transliterated(ascii: &str, column: &mut String) {
    if ascii.is_empty() {
        column.push('_');
    }
    column.extend(ascii.chars().map(|sign| if is_plain(sign as u8) { sign } else { '_' }));
}

const fn word_for(character: char) -> Option<&'static str> {
    Some(match character {
        '@' => "at_sign",
        ',' => "comma",
        '`' => "backtick",
        '\'' => "apostrophe",
        '$' => "dollar_sign",
        '*' => "asterisk",
        '&' => "ampersand",
        '!' => "exclamation",
        '%' => "percent",
        '+' => "plus",
        '/' => "slash",
        '\\' => "backslash",
        '#' => "hash",
        '~' => "tilde",
        '=' => "eq",
        _ => return None,
    })
}

/// Whether Unicode calls this a letter. Its property "alphabetic" also holds for vowel signs, numerals and letters in
/// circles, which are none.
fn is_letter(character: char) -> bool {
    let code = character as u32;
    let place = ALPHABETIC_NOT_LETTERS.partition_point(|(_, last)| *last < code);
    character.is_alphabetic() && ALPHABETIC_NOT_LETTERS.get(place).is_none_or(|(first, _)| *first > code)
}

/// Ranges without letters around what is alphabetic and has a transliteration; sorted.
const ALPHABETIC_NOT_LETTERS: &[(u32, u32)] = &[
    (0x0363, 0x036f),
    (0x0483, 0x0487),
    (0x05b0, 0x05c7),
    (0x0616, 0x0616),
    (0x064e, 0x065f),
    (0x0670, 0x0670),
    (0x0711, 0x0711),
    (0x0730, 0x0742),
    (0x07a6, 0x07af),
    (0x07f2, 0x07f2),
    (0x07fd, 0x07fd),
    (0x0816, 0x0817),
    (0x081b, 0x0823),
    (0x0825, 0x0827),
    (0x0829, 0x082b),
    (0x0859, 0x0859),
    (0x08e3, 0x0903),
    (0x093a, 0x093b),
    (0x093e, 0x094f),
    (0x0955, 0x0957),
    (0x0962, 0x0963),
    (0x0981, 0x0983),
    (0x09be, 0x09cc),
    (0x09d7, 0x09d7),
    (0x09e2, 0x09e3),
    (0x09fe, 0x0a03),
    (0x0a3e, 0x0a4c),
    (0x0a70, 0x0a71),
    (0x0a75, 0x0a83),
    (0x0abe, 0x0acc),
    (0x0ae2, 0x0ae3),
    (0x0b01, 0x0b03),
    (0x0b3e, 0x0b57),
    (0x0b62, 0x0b63),
    (0x0b82, 0x0b82),
    (0x0bbe, 0x0bcc),
    (0x0bd7, 0x0c04),
    (0x0c3e, 0x0c56),
    (0x0c62, 0x0c63),
    (0x0c81, 0x0c83),
    (0x0cbe, 0x0cd6),
    (0x0ce2, 0x0ce3),
    (0x0d00, 0x0d03),
    (0x0d3e, 0x0d4c),
    (0x0d57, 0x0d57),
    (0x0d62, 0x0d63),
    (0x0d81, 0x0d83),
    (0x0dcf, 0x0df3),
    (0x0e31, 0x0e31),
    (0x0e34, 0x0e39),
    (0x0e4d, 0x0e4d),
    (0x0eb1, 0x0eb1),
    (0x0eb4, 0x0ebc),
    (0x0ecd, 0x0ecd),
    (0x0f39, 0x0f39),
    (0x0f71, 0x0f83),
    (0x0f90, 0x0fbc),
    (0x102b, 0x103e),
    (0x1056, 0x1059),
    (0x105e, 0x1060),
    (0x1062, 0x1062),
    (0x1067, 0x1068),
    (0x1071, 0x1074),
    (0x1082, 0x1086),
    (0x109c, 0x109d),
    (0x16ee, 0x16f0),
    (0x1712, 0x1713),
    (0x1732, 0x1733),
    (0x1752, 0x1753),
    (0x1772, 0x1773),
    (0x17b6, 0x17d0),
    (0x1885, 0x1886),
    (0x1920, 0x193a),
    (0x1a17, 0x1a1b),
    (0x1a55, 0x1a7f),
    (0x1b00, 0x1b04),
    (0x1b34, 0x1b43),
    (0x1b80, 0x1b82),
    (0x1ba1, 0x1bad),
    (0x1be6, 0x1bf1),
    (0x1c24, 0x1c37),
    (0x2160, 0x2182),
    (0x2185, 0x24e9),
    (0x2cef, 0x2cef),
    (0x2de0, 0x2dff),
    (0x3007, 0x3029),
    (0x3038, 0x303a),
    (0x3099, 0x309a),
    (0xa66f, 0xa67d),
    (0xa69e, 0xa69f),
    (0xa6e6, 0xa6f1),
    (0xa802, 0xa802),
    (0xa80b, 0xa80b),
    (0xa823, 0xa827),
    (0xa880, 0xa881),
    (0xa8b4, 0xa8c5),
    (0xa8ff, 0xa8ff),
    (0xa926, 0xa92a),
    (0xa947, 0xa952),
    (0xa980, 0xa983),
    (0xa9b3, 0xa9bf),
    (0xaa29, 0xaa36),
    (0xaa43, 0xaa43),
    (0xaa4c, 0xaa4d),
    (0xaab0, 0xaab0),
    (0xaab2, 0xaab4),
    (0xaab7, 0xaab8),
    (0xaabe, 0xaabe),
    (0xaaeb, 0xaaef),
    (0xaaf5, 0xaaf5),
    (0xabe3, 0xabea),
    (0xfb1e, 0xfb1e),
    (0x102e0, 0x102e0),
    (0x10341, 0x10341),
    (0x1034a, 0x1034a),
    (0x10376, 0x1037a),
    (0x103d1, 0x103d5),
    (0x10a01, 0x10a0f),
    (0x11173, 0x11173),
    (0x11180, 0x11182),
    (0x111b3, 0x111bf),
    (0x111ca, 0x111cf),
    (0x11930, 0x1193c),
    (0x11940, 0x11940),
    (0x11942, 0x11942),
    (0x11c92, 0x11cb6),
    (0x11ef3, 0x11ef6),
    (0x16f4f, 0x16f4f),
    (0x16f51, 0x16f87),
    (0x1e000, 0x1e02a),
    (0x1e947, 0x1e947),
    (0x1f130, 0x1f17f),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_columns() {
        for (name, column) in [
            ("", ""),
            ("plain_Name-1", "plain_Name-1"),
            ("@type", "at_sign_type"),
            ("a@b", "a_at_sign_b"),
            ("b@", "b_at_sign"),
            ("@", "at_sign"),
            ("a@@b", "a_at_sign__at_sign_b"),
            (
                "@,`'$*&!%+/\\#~=",
                "at_sign__comma__backtick__apostrophe__dollar_sign__asterisk__ampersand__exclamation__percent__plus__slash__backslash__hash__tilde__eq",
            ),
            ("id.orig_h", "id_orig_h"),
            ("two words", "two_words"),
            ("a:b;c(d)[e]{f}", "a_b_c_d__e__f_"),
            ("tab\tnul\0", "tab_nul_"),
            ("straße", "strasse"),
            ("naïve", "naive"),
            ("Æther", "AEther"),
            ("Öffnung", "Offnung"),
            ("имя", "imya"),
            ("объект", "ob_ekt"),
            ("名前", "MingQian"),
            ("€uro", "_uro"),
            ("x😀", "x_"),
            ("ⓐ", "_"),
            ("Ⅳ", "_"),
        ] {
            assert_eq!(column_name(name), column, "{name}");
        }
    }

    #[test]
    fn a_plain_name_is_not_copied() {
        assert!(matches!(column_name("eventName"), Cow::Borrowed("eventName")));
    }

    #[test]
    fn ranges_are_sorted_and_apart() {
        assert!(ALPHABETIC_NOT_LETTERS.is_sorted_by(|before, after| before.0 <= before.1 && before.1 < after.0));
    }

    proptest! {
        #[test]
        fn a_column_has_only_plain_characters_and_is_its_own_column(name in "\\PC{0,12}") {
            let column = column_name(&name);
            prop_assert!(column.bytes().all(is_plain));
            prop_assert_eq!(column_name(&column), column.clone());
            prop_assert_eq!(name.is_empty(), column.is_empty());
        }
    }
}
