use super::super::super::problem::{Findings, Problem};
use super::*;

fn read(text: &str) -> (Vec<Document>, Vec<Problem>) {
    let mut findings = Findings::default();
    let documents = load(text, &mut findings);
    (documents, findings.into_problems("f.yml", text))
}

fn good(text: &str) -> Node {
    let (mut documents, problems) = read(text);
    assert_eq!(problems, [], "{text}");
    assert!(!documents[0].flawed);
    documents.remove(0).root
}

fn wrong(text: &str) -> (usize, usize, String, String) {
    let (_, problems) = read(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = problems.into_iter().next().unwrap();
    (problem.line, problem.column, problem.what, problem.hint.unwrap_or_default())
}

#[test]
fn everything_has_its_place() {
    let root = good("a: 1\nlist:\n- x\n- {b: 'y'}\n");
    assert_eq!(root.entries()[1].place, Place { line: 2, column: 1, width: 4 });
    let list = root.get("list").unwrap();
    assert_eq!(list.elements()[0].place, Place { line: 3, column: 3, width: 1 });
    assert_eq!(list.elements()[1].get("b").unwrap().place, Place { line: 4, column: 7, width: 3 });
}

#[test]
fn a_mark_of_byte_order_and_windows_line_ends_are_no_content() {
    let root = good("\u{feff}a: x\r\nb: y\r\n");
    assert_eq!(root.get("a").and_then(Node::text), Some("x"));
    assert_eq!(root.get("b").unwrap().place, Place { line: 2, column: 4, width: 1 });
}

#[test]
fn scalars_keep_their_source_text() {
    let root = good("[1e3, no, 0x1F, 2021-01-01, '5', !!str 7, ~]");
    let texts: Vec<_> = root.elements().iter().map(Node::text).collect();
    assert_eq!(texts, [Some("1e3"), Some("no"), Some("0x1F"), Some("2021-01-01"), Some("5"), Some("7"), None]);
    assert_eq!(root.elements()[4].whole(), None);
    assert_eq!(root.elements()[5].whole(), None);
    assert_eq!(root.elements()[1].boolean(), Some(false));
}

#[test]
fn merge_keys_give_way_to_the_mapping_and_to_earlier_ones() {
    let root = good("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 0}\n");
    let merged = root.get("z").unwrap();
    let entries: Vec<_> = merged.entries().iter().map(|e| (e.key.as_str(), e.value.text().unwrap())).collect();
    assert_eq!(entries, [("a", "0"), ("b", "1"), ("c", "2")]);
    assert_eq!(wrong("z: {<<: 5}").2, "`<<` merges mappings, and this is none");
    assert_eq!(good("z: {'<<': 5}").get("z").unwrap().entries()[0].key, "<<");
}

#[test]
fn a_key_twice_is_told_with_both_lines() {
    let found = wrong("a:\n  b: 1\n  c: 2\n  b: 3\n");
    assert_eq!((found.0, found.1), (4, 3));
    assert_eq!(found.2, "the key `b` stands twice in this mapping");
    assert_eq!(found.3, "it stands first in line 2; keep one of the two");
    let (documents, _) = read("b: 1\nb: 3\n");
    assert!(documents[0].flawed);
    assert_eq!(documents[0].root.get("b").and_then(Node::whole), Some(1));
}

#[test]
fn keys_that_are_no_text_are_told() {
    assert_eq!(wrong("? [a, b]\n: c\n").2, "a key must be a text, not a list or a mapping");
}

#[test]
fn aliases_that_lead_nowhere_are_told() {
    assert_eq!(wrong("a: *b\n").2, "no anchor `&b` stands before this alias");
    assert_eq!(wrong("a: &a [*a]\n").2, "this alias stands inside the value that it means");
}

#[test]
fn a_bomb_of_aliases_does_not_go_off() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..30 {
        let aliases = vec![format!("*a{}", n - 1); 10].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{aliases}]\n"));
    }
    assert!(wrong(&text).2.starts_with("the file has more than 1000000 values"));
    let mut deep = format!("a0: &a0 {}{}\n", "[".repeat(300), "]".repeat(300));
    deep.push_str(&format!("b: {}*a0{}\n", "[".repeat(300), "]".repeat(300)));
    assert_eq!(wrong(&deep).2, "more than 400 lists and mappings stand inside one another, aliases counted in full");
}

#[test]
fn deep_nesting_and_huge_files_are_refused() {
    assert!(wrong(&"[".repeat(100_000)).2.starts_with("this is not YAML"));
    let blocks: String = (0..300).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let mixed = format!("{blocks}{}{}{}", " ".repeat(300), "[".repeat(300), "]".repeat(300));
    assert!(wrong(&mixed).2.starts_with("more than 400 lists and mappings"));
    assert!(wrong(&" ".repeat(MOST_BYTES + 1)).2.contains("more than the 33554432 that are read"));
}

#[test]
fn tabs_are_told_with_what_to_do() {
    let found = wrong("a:\n\tb: 1\n");
    assert_eq!((found.0, found.3.as_str()), (2, "indent with blanks: YAML does not take tabs there"));
}

#[test]
fn a_broken_document_does_not_hide_the_next() {
    let (documents, problems) = read("a: [1\n---\nb: 2\n---\nc: 'x\n");
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0].root.get("b").and_then(Node::whole), Some(2));
    assert_eq!(problems.len(), 2);
}

#[test]
fn tags_of_others_are_refused() {
    assert_eq!(wrong("a: !Ref x\n").2, "the tag `!Ref` has no meaning here");
    assert_eq!(wrong("a: !!set {x}\n").3, "remove it");
}
