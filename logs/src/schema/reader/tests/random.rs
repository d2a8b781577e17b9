//! Random and mutated files: whatever they hold, the reader tells it and goes on.

use super::*;
use proptest::prelude::*;

/// A schema with one of everything, for mutations.
const EVERYTHING: &str = "\
schema: Custom.Every.Thing
referenceURL: https://example.com
parser:
  fastmatch:
    match: ['%{a} %{b}']
    emptyValues: ['-']
    expandFields: {c: '%{a}'}
definitions:
  Ip: &x {type: string, indicators: [ip], validate: {allow: ['1.1.1.1'], ip: any}}
fields:
- name: a
  required: true
  type: ref
  target: Ip
- name: b
  type: timestamp
  timeFormats: [rfc3339, '%Y']
  isEventTime: yes
- name: c
  type: array
  element: {<<: *x}
  rename: {from: C}
  mask: {type: redact, to: x}
";

proptest! {
    #[test]
    fn random_text_never_panics(text in "(?s).{0,200}") {
        let _ = read("f", &text, Mode::Public, &COMPILE);
    }

    #[test]
    fn yaml_like_text_never_panics(text in "([a-z]{0,3}|[ \n:&*<>|'\"\\[\\]{}#%!,?-]|fields: |type: |name: |ref|\t|---\n|0){0,80}") {
        let _ = read("f", &text, Mode::BuiltIn, &COMPILE);
    }

    #[test]
    fn mutated_schemas_never_panic(cuts in prop::collection::vec((0..EVERYTHING.len(), 0_usize..12, "[a-z \n:\\[{&*'-]{0,3}"), 1..6)) {
        let mut text = EVERYTHING.to_owned();
        for (at, length, put) in cuts {
            let at = at.min(text.len());
            text.replace_range(at..(at + length).min(text.len()), &put);
        }
        for problem in read("f", &text, Mode::Public, &COMPILE).problems {
            prop_assert!(problem.line >= 1 && problem.line <= text.split('\n').count() + 1, "{}", problem);
        }
    }
}

#[test]
fn the_schema_for_mutations_is_good() {
    let found = told(EVERYTHING);
    assert!(found.iter().all(|problem| problem.contains("warning")), "{found:?}");
}
