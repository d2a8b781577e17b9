//! `diff`: what changes, where, and whether stored data allow it.

use super::{golden, pantherlog};
use crate::support::{Home, tool};

#[test]
fn changes_are_listed_with_their_places() {
    let outcome = pantherlog(["diff", "shop-a.yml", "shop-b.yml"]).run();
    assert_eq!(outcome.code(4).stdout_text(), golden("shop.diff.tsv"));
}

#[test]
fn an_edit_that_is_allowed_ends_well() {
    let home = Home::new();
    home.write("old.yml", "fields:\n- {name: a, type: int}\n");
    home.write("new.yml", "fields:\n- {name: a, type: int, required: true}\n- {name: b, type: json}\n");
    let diff = |old: &str, new: &str| tool("pantherlog").args(["diff", old, new]).home(&home).run();
    let outcome = diff("old.yml", "new.yml");
    outcome.code(0).stdout_has("allowed\tAddField\tnew.yml:3:10\t").nowhere("forbidden");
    diff("old.yml", "old.yml").code(0).stdout_empty();
    diff("new.yml", "old.yml").code(4).stdout_has("forbidden\tDeleteField\tnew.yml:3:10\tcannot delete the field `b`");
}

#[test]
fn the_report_has_them_as_json() {
    let outcome = pantherlog(["diff", "--json", "shop-a.yml", "shop-b.yml"]).run();
    let report = outcome.code(4).stdout_json();
    assert_eq!(report["status"], "findings");
    assert_eq!(
        (&report["summary"]["changes_allowed"], &report["summary"]["changes_forbidden"]),
        (&2.into(), &3.into())
    );
    let change = &report["changes"][0];
    assert_eq!((&change["change"], &change["allowed"]), (&"UpdateValue".into(), &false.into()));
    assert_eq!((&change["old_type"], &change["new_type"]), (&"bigint".into(), &"string".into()));
    assert_eq!((&change["path"], &change["file"], &change["line"]), (&"id".into(), &"shop-b.yml".into(), &3.into()));
}

#[test]
fn of_files_with_several_schemas_those_of_one_name_are_compared() {
    let home = Home::new();
    let one = |name: &str, kind: &str| format!("schema: {name}\nfields: [{{name: a, type: {kind}}}]\n");
    home.write("old.yml", one("Custom.Aa", "int") + "---\n" + &one("Custom.Bb", "int"));
    home.write("new.yml", one("Custom.Bb", "bigint") + "---\n" + &one("Custom.Aa", "int"));
    home.write("less.yml", one("Custom.Aa", "int"));
    let diff = |new: &str| tool("pantherlog").args(["diff", "old.yml", new]).home(&home).run();
    let outcome = diff("new.yml");
    outcome.code(4).stdout_has("from `int` to `bigint`");
    assert_eq!(outcome.stdout_text().lines().count(), 2, "{outcome}");
    diff("less.yml").code(1).stdout_empty().stderr_has("`less.yml` has no schema `Custom.Bb`");
}
