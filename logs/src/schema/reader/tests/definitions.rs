//! Definitions and references, and the limits of both.

use super::*;

#[test]
fn references_become_what_they_mean() {
    let text = "\
definitions:
  Address: {type: string, indicators: [ip]}
  Pair: {type: object, fields: [{name: from, type: ref, target: Address}]}
fields:
- {name: a, type: ref, target: Pair}
- {name: b, required: true, type: array, element: {type: ref, target: Address}}
";
    let schema = schema(text);
    let Kind::Object(pair) = &schema.fields[0].value.kind else { panic!() };
    assert_eq!(pair[0].value.indicators, [Indicator::Ip]);
    assert!(schema.fields[1].required);
}

#[test]
fn references_to_nothing_are_told() {
    let text = "definitions:\n  Address: {type: string}\nfields:\n- {name: a, type: ref, target: Adress}\n";
    assert_eq!(told(text), ["4:32 fields[0].target: `definitions` has no `Adress` | did you mean `Address`?"]);
    let none = field_told("{name: a, type: ref, target: X}");
    assert_eq!(none, ["2:32 fields[0].target: `definitions` has no `X` | the file has no `definitions`"]);
    let name = told("definitions:\n  address: {type: string}\nfields:\n- {name: a, type: int}\n");
    assert!(name[0].contains("definitions.address: `address` is no name that may stand here"), "{name:?}");
}

#[test]
fn cycles_are_told_with_their_chain() {
    let text = "\
definitions:
  Aa: {type: array, element: {type: ref, target: Bb}}
  Bb: {type: object, fields: [{name: c, type: ref, target: Cc}]}
  Cc: {type: ref, target: Bb}
  Dd: {type: ref, target: Dd}
fields:
- {name: a, type: ref, target: Aa}
";
    let expected = [
        "4:27 definitions.Cc.target: the definition `Bb` contains itself: Bb -> Cc -> Bb | values that contain their like are of type `json`",
        "5:27 definitions.Dd.target: the definition `Dd` contains itself: Dd -> Dd | values that contain their like are of type `json`",
    ];
    assert_eq!(told(text), expected);
}

fn nested(objects: usize) -> String {
    let mut field = "{name: z, type: int}".to_owned();
    for _ in 0..objects {
        field = format!("{{name: a, type: object, fields: [{field}]}}");
    }
    format!("fields: [{field}]")
}

#[test]
fn objects_nest_sixty_four_deep_and_no_deeper() {
    assert_eq!(told(&nested(64)), [""; 0]);
    let found = told(&nested(65));
    assert!(found.len() == 1 && found[0].contains("more than 64 objects inside one another"), "{found:?}");
    let mut text = "definitions:\n  A0: {type: object, fields: [{name: a, type: int}]}\n".to_owned();
    for n in 1..70 {
        let inner = n - 1;
        text.push_str(&format!("  A{n}: {{type: object, fields: [{{name: a, type: ref, target: A{inner}}}]}}\n"));
    }
    text.push_str("fields: [{name: a, type: ref, target: A69}]");
    let found = told(&text);
    assert!(found.iter().any(|problem| problem.contains("more than 64 objects")), "{found:?}");
    assert!(found.len() < 10, "{found:?}");
}

#[test]
fn definitions_that_multiply_are_bounded() {
    let mut text =
        "definitions:\n  A0: {type: object, fields: [{name: a, type: int}, {name: b, type: int}]}\n".to_owned();
    for n in 1..40 {
        let target = format!("type: ref, target: A{}", n - 1);
        text.push_str(&format!("  A{n}: {{type: object, fields: [{{name: a, {target}}}, {{name: b, {target}}}]}}\n"));
    }
    text.push_str("fields: [{name: a, type: ref, target: A39}]");
    let found = told(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("more than 100000 values"), "{found:?}");
}

/// However many of them a definition has: what is too much is told, never left out of the schema.
#[test]
fn what_multiplies_is_told_at_any_rate() {
    for uses in [3, 8, 50] {
        let mut text = "definitions:\n  A0: {type: object, fields: [{name: a, type: int}]}\n".to_owned();
        for n in 1..12 {
            let one = |field| format!("{{name: f{field}, type: ref, target: A{}}}", n - 1);
            let fields: Vec<String> = (0..uses).map(one).collect();
            text.push_str(&format!("  A{n}: {{type: object, fields: [{}]}}\n", fields.join(", ")));
        }
        text.push_str("fields: [{name: a, type: ref, target: A11}]");
        let found = told(&text);
        assert!(found.len() == 1 && found[0].contains("more than 100000 values"), "{uses}: {found:?}");
    }
}

#[test]
fn long_chains_of_references_are_bounded() {
    let mut text = "definitions:\n  A0: {type: int}\n".to_owned();
    for n in 1..5000 {
        text.push_str(&format!("  A{n}: {{type: ref, target: A{}}}\n", n - 1));
    }
    text.push_str("fields: [{name: a, type: ref, target: A4999}]");
    assert!(told(&text)[0].contains("values nest too deep"));
}

#[test]
fn arrays_nest_to_a_bound_too() {
    let nested = |levels: usize| {
        format!("fields: [{{name: a, {}type: int{}}}]", "type: array, element: {".repeat(levels), "}".repeat(levels))
    };
    assert_eq!(told(&nested(100)), [""; 0]);
    for levels in [200, 390] {
        let found = told(&nested(levels));
        assert!(found.len() == 1 && found[0].contains("values nest too deep here"), "{found:?}");
    }
}
