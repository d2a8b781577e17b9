//! `merge`: what all schemas have in common; where they exclude each other, both places are shown.

use super::{golden, pantherlog};
use crate::support::{Home, Outcome, tool};

fn merged(one: &str, other: &str) -> Outcome {
    let home = Home::new();
    home.write("one.yml", one);
    home.write("other.yml", other);
    tool("pantherlog").args(["merge", "one.yml", "other.yml"]).home(&home).run()
}

#[test]
fn schemas_meet_in_what_accepts_both_and_what_widens_is_told() {
    let outcome = pantherlog(["merge", "shop-a.yml", "shop-b.yml"]).run();
    assert_eq!(outcome.code(0).stdout_text(), golden("shop.merged.yml"));
    outcome
        .stderr_has("shop-a.yml:3:9: `id` is `bigint` here; the schemas have in common that it is `string`")
        .stderr_has("shop-a.yml:12:9: `total` is `bigint` here; the schemas have in common that it is `float`");
}

#[test]
fn a_name_can_be_given() {
    let outcome = pantherlog(["merge", "--name", "Custom.Both", "shop-a.yml", "shop-b.yml"]).run();
    outcome.code(0).stdout_has("schema: Custom.Both\n");
}

#[test]
fn transformations_that_differ_are_shown_in_both_files() {
    let one = "fields:\n- name: o\n  type: object\n  fields:\n  - {name: x, type: int, rename: {from: y}}\n";
    let other = "fields:\n- name: o\n  type: object\n  fields:\n  - {name: x, type: int}\n";
    let outcome = merged(one, other);
    outcome.code(1).stdout_empty().stderr_has("they transform the field `o.x` in different ways");
    outcome.stderr_has("--> one.yml:5:12 (o.x)").stderr_has("--> other.yml:5:12 (o.x)");
}

#[test]
fn parsers_that_differ_are_shown_in_both_files() {
    let one = "parser: {csv: {delimiter: \",\", columns: [a]}}\nfields: [{name: a, type: int}]\n";
    let other = "fields: [{name: a, type: int}]\n";
    let outcome = merged(one, other);
    outcome.code(1).stdout_empty().stderr_has("they read lines in different ways");
    outcome.stderr_has("--> one.yml:1:9 (parser)").stderr_has("--> other.yml:1:1 (parser)");
}

#[test]
fn columns_that_would_collide_are_refused() {
    let outcome = merged("fields: [{name: a.b, type: int}]\n", "fields: [{name: a_b, type: int}]\n");
    outcome.code(1).stdout_empty().stderr_has("stored in the same column");
}

#[test]
fn mistakes_and_single_schemas_are_usage_errors() {
    pantherlog(["merge", "shop-a.yml"]).run().code(2).stderr_has("there is nothing to merge: 1 schema");
    let outcome = pantherlog(["merge", "shop-a.yml", "mistakes.yml"]).run();
    outcome.code(2).stdout_empty().stderr_has("mistakes.yml:8:9").stderr_has("did you mean `string`?");
}
