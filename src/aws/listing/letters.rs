//! Which characters keys are made of, place by place.
//!
//! `2024-05-13T07` has two possible characters at one place, one at another and ten at a third. Knowing that, a key can
//! be read as a number, and a number be turned into a key that may well exist. Learnt from a few keys of each page
//! and shared by all ranges, for the keys of a bucket are mostly named alike.

use super::page::Keyed;

/// Keys of a page that are looked at.
const KEYS: usize = 32;
/// Depths and characters of a name that are remembered; keys differ sooner, if they can be told apart at all.
const DEPTHS: usize = 24;
const NAME: usize = 64;
/// Characters remembered for one place: more are no alphabet.
const LETTERS: usize = 128;
/// Pages from which on the places are trusted: the first ones may all come from one corner.
const TRUSTED_PAGES: usize = 24;

/// A place in a key: how many directories deep, how many characters into the name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    depth: usize,
    offset: usize,
}

impl Place {
    /// The place after the text.
    pub(super) fn after(text: &str) -> Self {
        text.chars().fold(Self::default(), Self::next)
    }

    /// The place after a character at this place.
    pub(super) fn next(self, letter: char) -> Self {
        match letter {
            '/' => Self { depth: self.depth + 1, offset: 0 },
            _ => Self { offset: self.offset + 1, ..self },
        }
    }
}

#[derive(Debug, Default, Clone)]
struct Seen {
    /// Ascending.
    letters: Vec<char>,
    /// It was looked for others above this one.
    looked_beyond: Option<char>,
}

/// The characters seen at each place below a prefix.
#[derive(Debug, Default)]
pub(super) struct Letters {
    /// By depth and offset.
    places: Vec<Vec<Seen>>,
    pages: usize,
}

impl Letters {
    /// Looks at a page of keys; `root` is the length of the prefix.
    pub(super) fn learn<E: Keyed>(&mut self, objects: &[E], root: usize) {
        self.pages += usize::from(!objects.is_empty());
        for object in objects.iter().step_by(objects.len().div_ceil(KEYS).max(1)) {
            let mut place = Place::default();
            for letter in object.key().get(root..).unwrap_or_default().chars() {
                self.add(place, letter);
                place = place.next(letter);
            }
        }
    }

    fn add(&mut self, place: Place, letter: char) {
        if place.depth >= DEPTHS || place.offset >= NAME {
            return;
        }
        if self.places.len() <= place.depth {
            self.places.resize_with(place.depth + 1, Vec::new);
        }
        let names = &mut self.places[place.depth];
        if names.len() <= place.offset {
            names.resize_with(place.offset + 1, Seen::default);
        }
        let letters = &mut names[place.offset].letters;
        if let Err(at) = letters.binary_search(&letter)
            && letters.len() < LETTERS
        {
            letters.insert(at, letter);
        }
    }

    /// Whether enough was seen.
    pub(super) fn are_trusted(&self) -> bool {
        self.pages >= TRUSTED_PAGES
    }

    /// The characters seen at a place, ascending; `None`: none yet.
    pub(super) fn at(&self, place: Place) -> Option<&[char]> {
        let seen = self.places.get(place.depth)?.get(place.offset)?;
        (!seen.letters.is_empty()).then_some(&seen.letters)
    }

    /// Whether `letter` is the highest seen at a place, and nobody looked for higher ones.
    pub(super) fn may_go_beyond(&self, place: Place, letter: char) -> bool {
        let seen = self.places.get(place.depth).and_then(|names| names.get(place.offset));
        seen.is_some_and(|seen| seen.letters.last() == Some(&letter) && seen.looked_beyond < Some(letter))
    }

    /// Remembers that keys above these characters are being looked for.
    pub(super) fn looked_beyond(&mut self, places: &[(Place, char)]) {
        for (place, letter) in places {
            let seen = self.places.get_mut(place.depth).and_then(|names| names.get_mut(place.offset));
            if let Some(seen) = seen {
                seen.looked_beyond = seen.looked_beyond.max(Some(*letter));
            }
        }
    }
}
