//! `json-schema`: what editors check files against.

use super::pantherlog;

#[test]
fn both_languages_are_printed() {
    let schema = pantherlog(["json-schema"]).run().code(0).stdout_json();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(schema["required"], serde_json::json!(["fields"]));
    assert!(schema["properties"]["parser"].is_object() && schema["properties"]["generation"].is_null());
    let tests = pantherlog(["json-schema", "--tests"]).run().code(0).stdout_json();
    assert!(tests["properties"]["logType"].is_object() && tests["properties"]["fields"].is_null());
}
