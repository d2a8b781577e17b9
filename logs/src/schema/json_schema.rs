//! The schema language as JSON Schema, for editors: keys with their meaning while one types, mistakes underlined.
//!
//! Made of the same table that the reader checks files against. Draft 7, because that is what editors of YAML know.
//! It says less than the reader, which also follows references and compares names.

use serde_json::{Map, Value as Json, json};

use super::keys::{FORMATS, Key, Mode, Names, Needed, SCHEMA, Shape, TEST, Table, VALUE, Word};
use super::reader::LOG_TYPE_PATTERN;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The JSON Schema of schema files.
#[must_use]
pub fn schema_file() -> Json {
    document(&SCHEMA, "Log schema")
}

/// The JSON Schema of one document of a test file.
#[must_use]
pub fn test_file() -> Json {
    document(&TEST, "Test of a log schema")
}

fn document(table: &'static Table, title: &str) -> Json {
    let mut definitions = Definitions::default();
    let root = definitions.object(table);
    let mut members = Map::new();
    members.insert("$schema".to_owned(), json!(DRAFT));
    members.insert("title".to_owned(), json!(title));
    members.extend(root);
    if !definitions.made.is_empty() {
        members.insert("definitions".to_owned(), Json::Object(definitions.made));
    }
    Json::Object(members)
}

/// Tables that are used, each made once.
#[derive(Default)]
struct Definitions {
    made: Map<String, Json>,
}

impl Definitions {
    fn reference(&mut self, table: &'static Table) -> Json {
        if !self.made.contains_key(table.name) {
            // Tables contain each other: the name is taken before what it names is made.
            self.made.insert(table.name.to_owned(), Json::Null);
            let made = self.object(table);
            self.made.insert(table.name.to_owned(), Json::Object(made));
        }
        json!({ "$ref": format!("#/definitions/{}", table.name) })
    }

    fn object(&mut self, table: &'static Table) -> Map<String, Json> {
        let keys: Vec<&'static Key> = table.all().filter(|key| Mode::Public.has(key.built_in)).collect();
        let mut properties = Map::new();
        for key in &keys {
            properties.insert(key.name.to_owned(), self.property(key));
        }
        let mut object = Map::new();
        object.insert("type".to_owned(), json!("object"));
        object.insert("description".to_owned(), json!(table.doc));
        object.insert("properties".to_owned(), Json::Object(properties));
        let needed: Vec<&str> = keys.iter().filter(|key| key.needed == Needed::Yes).map(|key| key.name).collect();
        if !needed.is_empty() {
            object.insert("required".to_owned(), json!(needed));
        }
        object.insert("additionalProperties".to_owned(), json!(false));
        if table.one_of {
            object.insert("minProperties".to_owned(), json!(1));
            object.insert("maxProperties".to_owned(), json!(1));
        }
        let mut conditions = conditions(&keys);
        conditions.extend(together(table.name));
        if !conditions.is_empty() {
            object.insert("allOf".to_owned(), Json::Array(conditions));
        }
        object
    }

    fn property(&mut self, key: &'static Key) -> Json {
        let mut property = self.shape(&key.shape);
        if let Some(members) = property.as_object_mut() {
            // Beside `$ref` draft 7 ignores everything, so a description needs a list of one.
            if let Some(reference) = members.remove("$ref") {
                members.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
            }
            members.insert("description".to_owned(), json!(key.doc));
        }
        property
    }

    fn shape(&mut self, shape: &'static Shape) -> Json {
        // What stands where text is wanted may look like a number or a boolean.
        let text = json!(["string", "number", "boolean"]);
        match shape {
            Shape::Text => json!({ "type": text }),
            Shape::Filled | Shape::Definition => json!({ "type": text, "minLength": 1 }),
            Shape::Character => json!({ "type": text, "minLength": 1, "maxLength": 1 }),
            Shape::Url => json!({ "type": "string", "pattern": "^(https?://\\S+|-)$" }),
            Shape::LogType => {
                json!({ "type": "string", "pattern": LOG_TYPE_PATTERN, "minLength": 3, "maxLength": 255 })
            }
            Shape::Boolean => json!({ "type": "boolean" }),
            Shape::Whole(least, most) if least == most => json!({ "const": least }),
            Shape::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Shape::Number => json!({ "type": "number" }),
            Shape::Word(words) => json!({ "oneOf": alternatives(words) }),
            Shape::TimeFormat => {
                let pattern = json!({ "type": "string", "pattern": "%|^layout=|^$", "description": PATTERNS });
                let mut any = alternatives(&FORMATS);
                any.push(pattern);
                json!({ "anyOf": any })
            }
            Shape::List(of, least) => json!({ "type": "array", "minItems": least, "items": self.shape(of) }),
            Shape::Table(table) => self.reference(table),
            Shape::Names(Names::Any, of) => json!({ "type": "object", "additionalProperties": self.shape(of) }),
            Shape::Names(names, of) => {
                json!({
                    "type": "object",
                    "propertyNames": { "pattern": names.pattern() },
                    "additionalProperties": self.shape(of),
                })
            }
        }
    }
}

/// What the keys of a table have to do with each other.
fn together(table: &str) -> Option<Json> {
    match table {
        "validate" => Some(json!({ "not": { "required": ["allow", "deny"] } })),
        "csv" => {
            let header = json!({ "properties": { "hasHeader": { "const": true } }, "required": ["hasHeader"] });
            Some(json!({ "anyOf": [{ "required": ["columns"] }, header] }))
        }
        _ => None,
    }
}

const PATTERNS: &str = "A pattern such as `%Y-%m-%d %H:%M:%S`, or `layout=` and a layout of the reference time.";

fn alternatives(words: &'static [Word]) -> Vec<Json> {
    let public = words.iter().filter(|word| !word.built_in);
    public.map(|word| json!({ "const": word.name, "description": word.doc })).collect()
}

/// Keys that some types need, and those that only some know.
fn conditions(keys: &[&'static Key]) -> Vec<Json> {
    let typed: Vec<&&Key> = keys.iter().filter(|key| !key.types.is_empty()).collect();
    let public =
        |types: &[&'static str]| types.iter().copied().filter(|name| is_public(name)).collect::<Vec<&'static str>>();
    let mut found = Vec::new();
    for key in &typed {
        let is_one = json!({ "properties": { "type": { "enum": public(key.types) } }, "required": ["type"] });
        let mut condition = json!({ "if": is_one, "else": { "properties": { key.name: false } } });
        if key.needed == Needed::ForItsTypes {
            condition["then"] = json!({ "required": [key.name] });
        }
        found.push(condition);
    }
    if typed.iter().any(|key| key.name == "timeFormat") {
        let is_time = json!({ "properties": { "type": { "const": "timestamp" } }, "required": ["type"] });
        let either = json!({ "anyOf": [{ "required": ["timeFormat"] }, { "required": ["timeFormats"] }] });
        found.push(json!({ "if": is_time, "then": either }));
    }
    found
}

/// Types that only built-in schemas have are not told.
fn is_public(name: &str) -> bool {
    let mut types = VALUE.all().filter_map(|key| match &key.shape {
        Shape::Word(words) if key.name == "type" => Some(words),
        _ => None,
    });
    types.all(|words| words.iter().all(|word| word.name != name || !word.built_in))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_public_key_is_told_and_no_other() {
        let schema = schema_file();
        let field = &schema["definitions"]["field"];
        assert_eq!(schema["required"], json!(["fields"]));
        assert_eq!(field["required"], json!(["name", "type"]));
        for key in SCHEMA.all() {
            assert_eq!(schema["properties"].get(key.name).is_some(), !key.built_in, "{}", key.name);
        }
        for key in super::super::keys::FIELD.all() {
            assert_eq!(field["properties"].get(key.name).is_some(), !key.built_in, "{}", key.name);
        }
        let text = schema.to_string();
        for hidden in ["utinyint", "lacework", "omitEmpty", "validateElements", "\"exact\""] {
            assert!(!text.contains(hidden), "{hidden}");
        }
    }

    #[test]
    fn what_is_a_guess_is_marked() {
        let schema = schema_file();
        let field = &schema["definitions"]["field"]["properties"];
        for key in ["copy", "concat", "split"] {
            assert!(field[key]["description"].as_str().unwrap().contains("Unconfirmed"), "{key}");
        }
        let masks = schema["definitions"]["mask"]["properties"]["type"]["oneOf"].to_string();
        assert_eq!(masks.matches("Unconfirmed").count(), 1, "{masks}");
    }

    #[test]
    fn keys_that_exclude_or_need_each_other_say_so() {
        let definitions = &schema_file()["definitions"];
        assert_eq!(definitions["validate"]["allOf"][0]["not"]["required"], json!(["allow", "deny"]));
        assert_eq!(definitions["csv"]["allOf"][0]["anyOf"][0]["required"], json!(["columns"]));
    }

    #[test]
    fn every_reference_leads_somewhere() {
        for schema in [schema_file(), test_file()] {
            let text = schema.to_string();
            for (at, start) in text.match_indices("#/definitions/") {
                let name = text[at + start.len()..].split('"').next().unwrap();
                assert!(schema["definitions"][name].is_object(), "{name}");
            }
        }
    }

    #[test]
    fn types_bring_their_keys() {
        let schema = schema_file();
        let conditions = schema["definitions"]["field"]["allOf"].as_array().unwrap().clone();
        let needs = |of_type: &str, key: &str| {
            conditions.iter().any(|one| {
                let types = one["if"]["properties"]["type"]["enum"].as_array();
                types.is_some_and(|types| types.contains(&json!(of_type))) && one["then"]["required"] == json!([key])
            })
        };
        assert!(needs("object", "fields") && needs("array", "element") && needs("ref", "target"));
        assert!(!needs("string", "indicators"));
    }
}
