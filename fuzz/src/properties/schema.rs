//! The reader of schemas: any file is read to its end and told about, and a schema that it accepts can be printed, read
//! again as the same, compiled, compared and merged with itself.

use opstools_logs::parse::judgement::JUDGEMENT;
use opstools_logs::parse::layout::Encoding;
use opstools_logs::schema::{
    Form, Mode, Problem, Schema, diff, merge, native, print, read, read_bytes, read_test_bytes,
};

use super::choices::Choices;
use super::estate;
use super::subject::Subject;

/// Kinds of files, by the first byte.
const PUBLIC: usize = 0;
const BUILT_IN: usize = 1;
const TESTS: usize = 2;
const FILES: usize = 3;

/// Panics if it does not hold.
pub fn holds(data: &[u8]) {
    opstools_script::install();
    let mut choices = Choices::new(data);
    match choices.below(FILES) {
        TESTS => told(&read_test_bytes("tests.yml", choices.rest(), &JUDGEMENT).problems, choices_lines(data)),
        BUILT_IN => schemas(choices.rest(), Mode::BuiltIn, Form::BuiltIn),
        _ => schemas(choices.rest(), Mode::Public, Form::Public),
    }
}

/// Lines of a file, and one for what stands behind the last.
fn choices_lines(data: &[u8]) -> usize {
    String::from_utf8_lossy(data).split(['\n', '\r']).count() + 1
}

fn schemas(file: &[u8], mode: Mode, form: Form) {
    let reading = read_bytes("schema.yml", file, mode, &JUDGEMENT);
    told(&reading.problems, choices_lines(file));
    for document in &reading.documents {
        printed(&document.schema, mode, form);
        used(&document.schema);
    }
}

/// Each problem has a place in the file, and can be shown.
fn told(problems: &[Problem], lines: usize) {
    for problem in problems {
        assert!((1..=lines).contains(&problem.line), "line {} of {lines}: {problem}", problem.line);
        assert!(!problem.to_string().is_empty());
    }
}

/// What is printed is the same schema.
fn printed(schema: &Schema, mode: Mode, form: Form) {
    let yaml = print(schema, form);
    let reading = read("printed.yml", &yaml, mode, &JUDGEMENT);
    let errors: Vec<String> = reading.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:?}\n{yaml}");
    assert_eq!(reading.documents.first().map(|document| &document.schema), Some(schema), "{yaml}");
}

/// What the reader accepts, everything else can work with.
fn used(schema: &Schema) {
    assert_eq!(diff(schema, schema), [], "a schema does not differ from itself");
    assert!(merge([schema.clone(), schema.clone()]).is_ok(), "a schema can be merged with itself");
    for encoding in [Encoding::Plain, Encoding::DataLake] {
        let mut subject = Subject::new(std::slice::from_ref(schema), encoding);
        for log in ["{}", "{\"a\":[1,\"2\",{\"a\":null}],\"b\":{\"a\":\"x\"}}", "a b,c\td=1"] {
            subject.events(log);
        }
    }
}

/// Schemas of people, of built-in types, and tests.
pub fn seeds() -> Vec<Vec<u8>> {
    let numbered = |number: usize, text: &str| [&[number as u8], text.as_bytes()].concat();
    let mut seeds = vec![
        numbered(PUBLIC, estate::FAITHFUL),
        numbered(PUBLIC, estate::INVENTIVE),
        numbered(PUBLIC, include_str!("schemas/language.yml")),
        numbered(PUBLIC, include_str!("../../../tests/data/pantherlog/mistakes.yml")),
        numbered(TESTS, include_str!("../../../tests/data/pantherlog/orders/orders_tests.yml")),
    ];
    seeds.extend(estate::TEXTUAL.map(|text| numbered(PUBLIC, text)));
    seeds.extend(native::ALL.iter().map(|built_in| numbered(BUILT_IN, built_in.source)));
    seeds
}
