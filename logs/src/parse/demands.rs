//! What an event of a log type must say, besides the keys that it must have: the texts that tell types apart, looked at before
//! anything is decoded.
//!
//! They follow from the schema, so that no event is refused which the type would accept.

use super::layout::{Decode, Layout, Object, Slot, Special};
use super::native::rules::{self, Rules};
use super::values::JsonValues;
use crate::schema::Rule;

/// Whether keys match whatever their case.
#[must_use]
pub const fn ignores_case(layout: &Layout, rules: &Rules) -> bool {
    layout.strict || rules.fold_keys
}

/// Top-level fields without whose keys no event can be.
pub fn needed(layout: &Layout) -> impl Iterator<Item = &Slot> {
    let event = &layout.objects[layout.root()];
    let plain = |(index, slot): &(usize, &Slot)| stands_by_itself(slot) && !layout.aliases.contains(index);
    event.fields.iter().enumerate().filter(plain).map(|(_, slot)| slot).filter(must_be_there)
}

/// Whether an event without the field is refused: what is not there fulfils no rule. An object that is always written stands for
/// one that is not there.
fn must_be_there(slot: &&Slot) -> bool {
    let stands_in = slot.plain && matches!(slot.value.decode, Decode::Object(_));
    !stands_in && (slot.required || !slot.rules.is_empty() && !slot.rules.contains(&Rule::OmitEmpty))
}

/// Whether a field's value is the member of its name, and nothing else.
fn stands_by_itself(slot: &Slot) -> bool {
    slot.transform.is_none() && slot.special == Special::None
}

/// What an event must say.
#[derive(Clone, Debug, Default)]
pub struct Demands(Box<[Demand]>);

/// A text that decides.
#[derive(Clone, Debug)]
struct Demand {
    /// Where it stands.
    path: Box<[Box<str>]>,
    words: Box<[String]>,
    /// Whether it must be one of the words, or none of them.
    one: bool,
}

impl Demands {
    /// What a type demands. Nothing of documents of many events, each of which is looked at when it is decoded.
    #[must_use]
    pub fn new(layout: &Layout, rules: &Rules) -> Self {
        if rules.document != rules::Document::Event {
            return Self::default();
        }
        let mut demands = Vec::new();
        demand(layout, &layout.objects[layout.root()], &[], &mut demands);
        Self(demands.into_boxed_slice())
    }

    /// Does an event fulfil them, as far as texts are there?
    #[must_use]
    pub fn allow(&self, event: &JsonValues<'_>) -> bool {
        self.0.iter().all(|demand| demand.allows(event))
    }
}

impl Demand {
    fn allows(&self, event: &JsonValues<'_>) -> bool {
        let text = event.text_at(&self.path);
        text.is_none_or(|text| self.words.iter().any(|word| *word == *text) == self.one)
    }
}

/// The demands of an object's fields, and of those of objects that must be there.
fn demand(layout: &Layout, object: &Object, path: &[Box<str>], into: &mut Vec<Demand>) {
    let is_event = path.is_empty();
    for (index, slot) in object.fields.iter().enumerate() {
        let aliased = is_event && layout.aliases.contains(&index);
        if !stands_by_itself(slot) || slot.value.embedded || aliased {
            continue;
        }
        let path: Box<[Box<str>]> = path.iter().cloned().chain([slot.input.as_str().into()]).collect();
        match &slot.value.decode {
            Decode::Object(inner) if slot.required => demand(layout, &layout.objects[*inner], &path, into),
            Decode::String => into.extend(words(slot).map(|(words, one)| Demand { path: path.clone(), words, one })),
            _ => {}
        }
    }
}

/// The words that a field's text must be one of (true), or none of.
fn words(slot: &Slot) -> impl Iterator<Item = (Box<[String]>, bool)> {
    let binding = !slot.rules.contains(&Rule::OmitEmpty);
    let rules = slot.rules.iter().filter(move |_| binding).filter_map(|rule| match rule {
        Rule::OneOf(words) => Some((words.clone(), true)),
        Rule::NoneOf(words) => Some((words.clone(), false)),
        _ => None,
    });
    let validate = slot.value.validate.iter().flat_map(|validate| {
        let lists = [(validate.allow.clone(), true), (validate.deny.clone(), false)];
        lists.into_iter().filter(|(words, _)| !words.is_empty())
    });
    rules.chain(validate).map(|(words, one)| (words.into_boxed_slice(), one))
}
