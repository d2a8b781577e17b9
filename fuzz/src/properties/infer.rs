//! A schema found from lines accepts each of them, and is one that people may keep: it reads back as the same.

use opstools_logs::parse::judgement::JUDGEMENT;
use opstools_logs::parse::layout::Encoding;
use opstools_logs::schema::{Form, Inference, Mode, Schema, print, read};

use super::estate;
use super::subject::Subject;

/// Panics if it does not hold.
pub fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut inference = Inference::default();
    let lines: Vec<&str> = text.split('\n').filter(|line| inference.observe(line).is_ok()).collect();
    let Ok(schema) = inference.finish(&JUDGEMENT) else { return };
    let schema = Schema { name: "Custom.Inferred".to_owned(), ..schema };
    let yaml = print(&schema, Form::Public);
    let reading = read("inferred.yml", &yaml, Mode::Public, &JUDGEMENT);
    let errors: Vec<String> = reading.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:?}\n{yaml}");
    assert_eq!(reading.documents[0].schema, schema, "{yaml}");
    for encoding in [Encoding::Plain, Encoding::DataLake] {
        let mut subject = Subject::new(std::slice::from_ref(&schema), encoding);
        for line in &lines {
            assert!(subject.events(line).is_some(), "a line is not accepted: {line}\n{yaml}");
        }
    }
}

/// Values that are near to something else, and real logs.
pub fn seeds() -> Vec<Vec<u8>> {
    let texts = [
        "{\"a\":1,\"b\":\"10.0.0.1\",\"c\":[1,null,2.5],\"d\":{\"e\":\"2024-01-01T00:00:00Z\"}}\n{\"a\":\"2\",\"c\":[]}\n\n{}",
        r#"{"A":1,"a":2,"":3,"p_log_type":4,"a b":5,"a_b":6,"x":"0x1p-2","y":"1_000","z":"NaN","w":1e400,"v":"t"}"#,
        r#"{"a":"\ud83d","b":{"b":{"b":[[[]]]}},"c":"http://a b","d":"arn:aws:s3:::b","e":9223372036854775808}"#,
        "{\"t\":\"0001-01-01T00:00:00Z\",\"u\":\"2024-02-29T23:59:59.999+23:59\"}\n{\"t\":true}\n{\"t\":{\"x\":1}}",
    ];
    let logs = ["AWS.CloudTrail", "Okta.SystemLog", "Zeek.DNS", "Sophos.Central"].map(|name| estate::lines(name, 2));
    texts.iter().map(|text| text.as_bytes().to_vec()).chain(logs.map(String::into_bytes)).collect()
}
