//! What is done to a value before it is decoded, and the rules of fields of built-in types.

use super::super::keys::Mode;
use super::super::yaml::{Entry, Node, short};
use super::super::{Mask, Rule, Transform};
use super::build::{Builder, text, texts};

impl Builder<'_> {
    /// The transformations of a field, in the order in which they run, whatever the order of the file.
    pub fn transforms(&mut self, node: &Node) -> Vec<Transform> {
        let rename = node.get("rename").and_then(|node| Some(Transform::Rename { from: text(node, "from")? }));
        let copy = node.get("copy").and_then(|node| Some(Transform::Copy { from: text(node, "from")? }));
        let concat = node.get("concat").map(|node| Transform::Concat {
            paths: texts(node, "paths"),
            separator: text(node, "separator").unwrap_or_default(),
        });
        self.check_mask(node);
        let all = [rename, copy, concat, node.get("split").and_then(split), node.get("mask").and_then(mask)];
        all.into_iter().flatten().collect()
    }

    /// What hides a value is text, so the value must be one that text can stand for.
    fn check_mask(&mut self, node: &Node) {
        let of_type = node.get("type").and_then(Node::text).unwrap_or_default();
        let Some(masked) = node.get("mask").filter(|_| !matches!(of_type, "string" | "json" | "ref")) else { return };
        let number = matches!(of_type, "int" | "smallint" | "bigint" | "float");
        let stands = masked.get("to").and_then(Node::text).is_some_and(|to| to.is_empty() || to.parse::<f64>().is_ok());
        if number && stands {
            return;
        }
        let path = format!("{}.mask", self.path);
        let what = format!("what hides a value is text, and this one is of the type `{}`", short(of_type));
        self.findings
            .warning(masked.place, path, format!("{what}: an event that has it is refused"))
            .hint("use the type `string` or `json`");
    }

    /// The rules of a field of a built-in type; `required` is the first of them.
    pub fn rules(&mut self, node: &Node, required: bool) -> Vec<Rule> {
        let Some(rules) = node.get("rules").filter(|_| self.mode == Mode::BuiltIn) else { return Vec::new() };
        let first = required.then_some(Rule::Required);
        first.into_iter().chain(rules.entries().iter().filter_map(rule)).collect()
    }
}

fn split(node: &Node) -> Option<Transform> {
    let index = node.get("index")?.whole()?;
    let index = usize::try_from(index).ok()?;
    Some(Transform::Split { from: text(node, "from")?, separator: text(node, "separator")?, index })
}

fn mask(node: &Node) -> Option<Transform> {
    let mask = match node.get("type")?.text()? {
        "redact" => Mask::Redact { to: text(node, "to")? },
        "obfuscate" => Mask::Obfuscate { salt: text(node, "salt").unwrap_or_default() },
        _ => return None,
    };
    Some(Transform::Mask(mask))
}

fn rule(entry: &Entry) -> Option<Rule> {
    let node = &entry.value;
    let words = || node.elements().iter().filter_map(Node::text).map(str::to_owned).collect();
    let on = |rule| node.boolean().unwrap_or_default().then_some(rule);
    match entry.key.as_str() {
        "omitEmpty" => on(Rule::OmitEmpty),
        "oneOf" => Some(Rule::OneOf(words())),
        "noneOf" => Some(Rule::NoneOf(words())),
        "length" => usize::try_from(node.whole()?).ok().map(Rule::Length),
        "minimum" => node.number().map(Rule::Minimum),
        "maximum" => node.number().map(Rule::Maximum),
        "numeric" => on(Rule::Numeric),
        "alphanumeric" => on(Rule::Alphanumeric),
        "uuid" => on(Rule::Uuid),
        _ => None,
    }
}
