//! `definitions` and `ref`: each definition is built once and copied where it is used.

use std::collections::HashMap;

use super::super::yaml::Node;
use super::super::{Kind, Value};
use super::build::{Builder, DEEPEST, DEEPEST_OBJECTS, MOST_VALUES};
use super::path::Path;
use super::shapes::listed;
use crate::error::near;

/// The definitions of a document.
pub(super) struct Definitions<'a> {
    named: HashMap<&'a str, Definition<'a>>,
    /// Names of those being built, the outermost first.
    open: Vec<&'a str>,
    order: Vec<&'a str>,
}

struct Definition<'a> {
    node: &'a Node,
    state: State,
}

enum State {
    Waiting,
    Open,
    /// Built; without a value where it is wrong, which is told.
    Done(Option<(Value, Size)>),
}

/// How big a value is.
#[derive(Clone, Copy, Default)]
struct Size {
    values: usize,
    /// Objects inside one another.
    objects: usize,
    /// Objects and arrays inside one another.
    depth: usize,
}

impl<'a> Definitions<'a> {
    pub fn of(root: &'a Node) -> Self {
        let entries = root.get("definitions").map(Node::entries).unwrap_or_default();
        let one = |node| Definition { node, state: State::Waiting };
        let named = entries.iter().map(|entry| (entry.key.as_str(), one(&entry.value))).collect();
        let order = entries.iter().map(|entry| entry.key.as_str()).collect();
        Self { named, open: Vec::new(), order }
    }
}

impl<'a> Builder<'a> {
    /// What `target` means, in full.
    pub fn reference(&mut self, target: &'a Node) -> Option<Value> {
        let name = target.text()?;
        match self.definitions.named.get(name).map(|definition| &definition.state) {
            None => {
                self.unresolved(name, target);
                None
            }
            Some(State::Open) => {
                self.cyclic(name, target);
                None
            }
            Some(State::Done(None)) => None,
            Some(State::Done(Some(_))) => self.copy(name, target),
            Some(State::Waiting) => {
                self.inside(target, |builder| {
                    builder.define(name);
                    Some(())
                })?;
                self.copy(name, target)
            }
        }
    }

    /// Definitions that nothing uses are still read, for the mistakes in them.
    pub fn unused_definitions(&mut self) {
        for name in self.definitions.order.clone() {
            if matches!(self.definitions.named[name].state, State::Waiting) {
                self.define(name);
            }
        }
    }

    /// Builds a definition.
    fn define(&mut self, name: &'a str) {
        let Some(definition) = self.definitions.named.get_mut(name) else { return };
        definition.state = State::Open;
        let node = definition.node;
        self.definitions.open.push(name);
        let mut path = Path::default();
        path.key("definitions");
        path.key(name);
        let outer = std::mem::replace(&mut self.path, path);
        let value = self.value(node);
        self.path = outer;
        self.definitions.open.pop();
        let built = value.map(|value| {
            let size = size_of(&value);
            (value, size)
        });
        if let Some(definition) = self.definitions.named.get_mut(name) {
            definition.state = State::Done(built);
        }
    }

    /// A definition that is built, once more; nothing if it is wrong, or too much here, which is told.
    fn copy(&mut self, name: &str, target: &Node) -> Option<Value> {
        let State::Done(Some((_, size))) = self.definitions.named.get(name)?.state else { return None };
        if !self.fits(size, target) {
            return None;
        }
        self.values += size.values;
        match &self.definitions.named.get(name)?.state {
            State::Done(Some((value, _))) => Some(value.clone()),
            _ => None,
        }
    }

    /// Whether a definition can be used here without going beyond a limit.
    fn fits(&mut self, size: Size, target: &Node) -> bool {
        if self.objects + size.objects > DEEPEST_OBJECTS || self.around + size.depth > DEEPEST {
            self.too_deep(target);
            return false;
        }
        if self.values > MOST_VALUES {
            return false;
        }
        if self.values + size.values > MOST_VALUES {
            self.values = MOST_VALUES + 1;
            self.too_many(target);
            return false;
        }
        true
    }

    fn unresolved(&mut self, name: &str, target: &Node) {
        let known = || self.definitions.order.iter().copied();
        let hint = match near(name, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.definitions.order.is_empty() => "the file has no `definitions`".to_owned(),
            None => format!("defined are {}", listed(known().take(20))),
        };
        let path = format!("{}.target", self.path);
        self.findings.error(target.place, path, format!("`definitions` has no `{name}`")).hint(hint);
    }

    fn cyclic(&mut self, name: &str, target: &Node) {
        let open = &self.definitions.open;
        let first = open.iter().position(|other| *other == name).unwrap_or_default();
        let chain: Vec<&str> = open[first..].iter().copied().chain([name]).collect();
        let path = format!("{}.target", self.path);
        self.findings
            .error(target.place, path, format!("the definition `{name}` contains itself: {}", chain.join(" -> ")))
            .hint("values that contain their like are of type `json`");
    }
}

fn size_of(value: &Value) -> Size {
    let mut size = Size { values: 1, ..Size::default() };
    let inner: Vec<&Value> = match &value.kind {
        Kind::Object(fields) => fields.iter().map(|field| &field.value).collect(),
        Kind::Array { element, .. } | Kind::Map(element) => vec![element],
        _ => return size,
    };
    for below in inner.into_iter().map(size_of) {
        size.values += below.values;
        size.objects = size.objects.max(below.objects);
        size.depth = size.depth.max(below.depth);
    }
    size.objects += usize::from(matches!(value.kind, Kind::Object(_)));
    size.depth += 1;
    size
}
