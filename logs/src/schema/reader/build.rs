//! The tree into the model.
//!
//! Shapes are checked before: what has a wrong one is told already, and silently left out here. The document gives no
//! schema then, but names and references of everything else are still checked.

use super::super::keys::{INTEGERS, Mode};
use super::super::problem::Findings;
use super::super::yaml::Node;
use super::super::{
    AddressFamily, Embedded, Field, Generation, Indicator, Integer, Kind, Schema, TimeFormat, Timestamp, Validate,
    Value,
};
use super::Compile;
use super::definitions::Definitions;
use super::names::Named;
use super::path::Path;
use super::time_format::time_format;

/// Objects inside one another, the event not counted: the limit of the language.
pub(super) const DEEPEST_OBJECTS: usize = 64;
/// Objects, arrays and references inside one another: each of the 64 objects in an array, and then some. Everything
/// that walks a schema does so by recursion, and this bounds its stack.
pub(super) const DEEPEST: usize = 160;
/// Values of one schema, references counted each time they are used; a few definitions that use each other twice would
/// otherwise grow beyond any memory.
pub(super) const MOST_VALUES: usize = 100_000;

/// One document on its way into the model.
pub(super) struct Builder<'a> {
    pub findings: &'a mut Findings,
    pub mode: Mode,
    pub compile: &'a Compile,
    pub path: Path,
    pub definitions: Definitions<'a>,
    /// The log type's name, if the document gives one.
    pub log_type: &'a str,
    /// Objects around the current value.
    pub objects: usize,
    /// Objects, arrays and references around the current value.
    pub around: usize,
    /// Values made so far.
    pub values: usize,
    /// Problems told before this document.
    pub first: usize,
}

impl<'a> Builder<'a> {
    pub fn new(findings: &'a mut Findings, mode: Mode, compile: &'a Compile, root: &'a Node, first: usize) -> Self {
        let definitions = Definitions::of(root);
        let log_type = root.get("schema").and_then(Node::text).unwrap_or_default();
        let path = Path::default();
        Self { findings, mode, compile, path, definitions, log_type, objects: 0, around: 0, values: 0, first }
    }

    /// The whole document.
    pub fn schema(mut self, root: &'a Node) -> Schema {
        let parser = root.get("parser").and_then(|node| self.parser(node));
        let strict = self.mode == Mode::BuiltIn && text(root, "generation").as_deref() == Some("strict");
        self.path.key("fields");
        let fields = root.get("fields").map(|node| self.fields(node, true)).unwrap_or_default();
        self.path.pop();
        self.unused_definitions();
        Schema {
            name: text(root, "schema").unwrap_or_default(),
            description: text(root, "description").unwrap_or_default(),
            reference_url: text(root, "referenceURL").filter(|url| url != "-").unwrap_or_default(),
            parser,
            fields,
            field_discovery: flag(root, "fieldDiscoveryEnabled"),
            generation: if strict { Generation::Strict } else { Generation::Lenient },
        }
    }

    /// The fields of an event or of an object.
    fn fields(&mut self, node: &'a Node, top: bool) -> Vec<Field> {
        let mut names = Vec::new();
        let mut fields = Vec::new();
        for (index, element) in node.elements().iter().enumerate() {
            self.path.index(index);
            if let Some(name) = element.get("name").filter(|name| name.text().is_some_and(|text| !text.is_empty())) {
                names.push(Named { name: name.text().unwrap_or_default(), place: name.place, index });
            }
            fields.extend(self.field(element));
            self.path.pop();
        }
        self.check_names(&names, top);
        fields
    }

    fn field(&mut self, node: &'a Node) -> Option<Field> {
        let value = self.value(node)?;
        let name = text(node, "name")?;
        let required = flag(node, "required");
        Some(Field {
            name,
            required,
            description: text(node, "description").unwrap_or_default(),
            value,
            transforms: self.transforms(node),
            rules: self.rules(node, required),
            plain: self.built_in_flag(node, "plain"),
        })
    }

    /// A value, wherever it stands.
    pub fn value(&mut self, node: &'a Node) -> Option<Value> {
        let of_type = node.get("type")?.text()?;
        self.values += 1;
        if self.values > MOST_VALUES {
            if self.values == MOST_VALUES + 1 {
                self.too_many(node);
            }
            return None;
        }
        if of_type == "ref" {
            return self.reference(node.get("target")?);
        }
        let mut value = Value {
            kind: self.kind(node, of_type)?,
            indicators: self.indicators(node),
            validate: self.validate(node),
            embedded: embedded(node, of_type),
            exact: node.get("exact").filter(|_| self.mode == Mode::BuiltIn).and_then(Node::boolean),
        };
        if of_type == "array" {
            self.hand_indicators_down(node, &mut value);
        }
        Some(value)
    }

    pub fn too_many(&mut self, node: &Node) {
        let what = format!("the schema has more than {MOST_VALUES} values, references counted each time they are used");
        self.findings.error(node.place, &self.path, what).hint("use the type `json` for a part of it");
    }

    fn kind(&mut self, node: &'a Node, of_type: &str) -> Option<Kind> {
        if let Some((_, bits, signed)) = INTEGERS.iter().find(|(name, ..)| *name == of_type) {
            return Some(Kind::Integer(Integer {
                bits: *bits,
                signed: *signed,
                or_text: self.built_in_flag(node, "orText"),
            }));
        }
        Some(match of_type {
            "string" => Kind::String,
            "float" => Kind::Float { bits: 64 },
            "float32" => Kind::Float { bits: 32 },
            "boolean" => Kind::Boolean { quoted: self.built_in_flag(node, "quoted") },
            "timestamp" => Kind::Timestamp(self.timestamp(node)?),
            "json" => Kind::Json,
            "object" => Kind::Object(self.object(node)?),
            "array" => {
                let checked = self.mode == Mode::Public || flag(node, "validateElements");
                Kind::Array { element: Box::new(self.element(node)?), checked }
            }
            "map" => Kind::Map(Box::new(self.element(node)?)),
            _ => return None,
        })
    }

    /// The boolean of a key that only built-in types have: in other files it means nothing, and a warning says so.
    fn built_in_flag(&self, node: &Node, key: &str) -> bool {
        self.mode == Mode::BuiltIn && flag(node, key)
    }

    fn object(&mut self, node: &'a Node) -> Option<Vec<Field>> {
        let fields = node.get("fields")?;
        if self.objects == DEEPEST_OBJECTS {
            self.too_deep(node);
            return None;
        }
        self.objects += 1;
        self.path.key("fields");
        let found = self.inside(node, |builder| Some(builder.fields(fields, false)));
        self.path.pop();
        self.objects -= 1;
        found
    }

    fn element(&mut self, node: &'a Node) -> Option<Value> {
        let element = node.get("element")?;
        self.path.key("element");
        let found = self.inside(node, |builder| builder.value(element));
        self.path.pop();
        found
    }

    /// One step deeper, if that is not too deep.
    pub fn inside<T>(&mut self, node: &Node, work: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.around == DEEPEST {
            self.too_deep(node);
            return None;
        }
        self.around += 1;
        let found = work(self);
        self.around -= 1;
        found
    }

    pub fn too_deep(&mut self, node: &Node) {
        let what = format!("values nest too deep here: more than {DEEPEST_OBJECTS} objects inside one another");
        self.findings.error(node.place, &self.path, what).hint("use the type `json` for what is below");
    }

    fn timestamp(&mut self, node: &Node) -> Option<Timestamp> {
        let (one, many) = (node.get("timeFormat"), node.get("timeFormats"));
        if one.is_none() && many.is_none() {
            self.findings
                .error(node.place, &self.path, "the type `timestamp` needs the key `timeFormat`")
                .hint("for times as `2021-01-31T23:59:59Z` write `timeFormat: rfc3339`");
        }
        let all = one.into_iter().chain(many.map(Node::elements).unwrap_or_default());
        let mut formats: Vec<TimeFormat> = Vec::new();
        for format in all.filter_map(|node| time_format(node.text()?, self.mode).ok()) {
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        let (event_time, expiration) = (flag(node, "isEventTime"), flag(node, "isExpiration"));
        (!formats.is_empty()).then_some(Timestamp { formats, event_time, expiration })
    }

    fn indicators(&mut self, node: &Node) -> Vec<Indicator> {
        let mut found = Vec::new();
        for (index, element) in node.get("indicators").map(Node::elements).unwrap_or_default().iter().enumerate() {
            let Some(indicator) = element.text().and_then(Indicator::of) else { continue };
            if found.contains(&indicator) {
                let path = format!("{}.indicators[{index}]", self.path);
                self.findings.warning(element.place, path, format!("`{}` stands here twice", indicator.name()));
            } else {
                found.push(indicator);
            }
        }
        found
    }

    /// Indicators of an array are those of its strings.
    fn hand_indicators_down(&mut self, node: &Node, value: &mut Value) {
        let (indicators, Kind::Array { element, .. }) = (std::mem::take(&mut value.indicators), &mut value.kind) else {
            return;
        };
        if element.kind == Kind::String {
            element.indicators.extend(indicators);
            element.indicators.dedup();
        } else if let Some(place) = node.get("indicators").map(|node| node.place) {
            self.findings
                .warning(place, &self.path, "`indicators` of an array mean nothing unless its elements are strings")
                .hint("give them to the strings inside");
        }
    }

    fn validate(&mut self, node: &Node) -> Validate {
        let Some(rules) = node.get("validate") else { return Validate::default() };
        let path = format!("{}.validate", self.path);
        if let (Some(_), Some(deny)) = (rules.get("allow"), rules.get("deny")) {
            self.findings
                .error(deny.place, &path, "`allow` and `deny` exclude each other")
                .hint("keep `allow`: what it does not list is refused anyway");
        }
        if rules.entries().is_empty() && !rules.is_null() {
            self.findings.warning(rules.place, &path, "`validate` is empty and has no effect");
        }
        Validate {
            allow: texts(rules, "allow"),
            deny: texts(rules, "deny"),
            ip: text(rules, "ip").and_then(|word| family(&word)),
            cidr: text(rules, "cidr").and_then(|word| family(&word)),
        }
    }
}

/// Only types that JSON text can hold may be embedded; for others the key is told to mean nothing.
fn embedded(node: &Node, of_type: &str) -> Embedded {
    let can = matches!(of_type, "object" | "array" | "json");
    if can && flag(node, "isEmbeddedJSON") { Embedded::Json } else { Embedded::No }
}

fn family(word: &str) -> Option<AddressFamily> {
    match word {
        "ipv4" => Some(AddressFamily::V4),
        "ipv6" => Some(AddressFamily::V6),
        "any" => Some(AddressFamily::Any),
        _ => None,
    }
}

/// The text of a key.
pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

/// The boolean of a key, false if it is left out.
pub(super) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::boolean).unwrap_or_default()
}

/// The texts of a key.
pub(super) fn texts(node: &Node, key: &str) -> Vec<String> {
    let elements = node.get(key).map(Node::elements).unwrap_or_default();
    elements.iter().filter_map(Node::text).map(str::to_owned).collect()
}
