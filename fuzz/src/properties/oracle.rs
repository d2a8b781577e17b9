//! Another reader of JSON, to judge ours and what we write.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

/// Whether a text begins with a JSON value, by serde_json. It looks at grammar alone: neither range nor depth.
pub fn begins_with_json(text: &str) -> bool {
    IgnoredAny::deserialize(&mut serde_json::Deserializer::from_str(text)).is_ok()
}

/// The first value of a text, if serde_json can hold it.
pub fn first_value(text: &str) -> Option<serde_json::Value> {
    serde_json::Value::deserialize(&mut serde_json::Deserializer::from_str(text)).ok()
}

/// Panics unless a text is one JSON object, all of it, with no key twice; answers its keys.
pub fn keys_of_object(text: &str) -> HashSet<String> {
    let Keys(keys) = serde_json::from_str(text).unwrap_or_else(|wrong| panic!("{wrong}: {text}"));
    let all: HashSet<String> = keys.iter().cloned().collect();
    assert_eq!(all.len(), keys.len(), "a key stands twice: {text}");
    all
}

/// The keys of an object, in order.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Keys;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
