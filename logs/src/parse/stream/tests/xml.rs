//! XML and its mapping.

use super::*;

fn rooted() -> Kind {
    Kind::Xml { root: Some("Events".to_owned()) }
}

#[test]
fn elements_become_objects() {
    for (element, expected) in [
        ("<e/>", "{}"),
        ("<e>text</e>", r##"{"#text":"text"}"##),
        ("<e><a>text</a></e>", r#"{"a":"text"}"#),
        ("<e><a/><b></b><c> </c></e>", r#"{"a":null,"b":null,"c":null}"#),
        ("<e x='1' y=\"2\"/>", r#"{"x":"1","y":"2"}"#),
        ("<e><a x='1'>text</a></e>", r##"{"a":{"x":"1","#text":"text"}}"##),
        ("<e><a><b>1</b><c>2</c></a></e>", r#"{"a":{"b":"1","c":"2"}}"#),
        ("<e><b>1</b><c/><b>2</b><b>3</b></e>", r#"{"b":["1","2","3"],"c":null}"#),
        ("<e><a b='1'><b>2</b></a></e>", r#"{"a":{"b":["1","2"]}}"#),
        ("<e> one <a/> two\n<a/></e>", r##"{"a":[null,null],"#text":"one two"}"##),
        ("<e><a>a &amp; &lt;b&gt; &#228;&#xe4; &unknown;</a></e>", r#"{"a":"a & <b> ää &unknown;"}"#),
        ("<e a='&quot;x&quot; &unknown;'/>", r#"{"a":"\"x\" &unknown;"}"#),
        ("<e><a>\n <![CDATA[<x> & ]]]]>\n</a></e>", r#"{"a":"<x> & ]]"}"#),
        ("<e xmlns='u' xmlns:p='v' p:x='1'><p:a>1</p:a></e>", r#"{"p:x":"1","p:a":"1"}"#),
        ("<e><!-- c --><?pi x?><a>1</a></e>", r#"{"a":"1"}"#),
        ("<e><a>{\"x\"\n</a></e>", r#"{"a":"{\"x\""}"#),
    ] {
        assert_eq!(told_as(Kind::Xml { root: None }, element), [format!("1:{expected}")], "{element}");
    }
}

#[test]
fn children_of_the_root_are_logs() {
    let input = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n<Events>\n  <e><a>1</a></e>\n  <f\n b='2'/>\n</Events>\n";
    assert_eq!(told_as(rooted(), input), ["4:{\"a\":\"1\"}", "5:{\"b\":\"2\"}"]);
    let (seen, _) = read(input.as_bytes(), Options::of(rooted()));
    assert_eq!(
        seen.iter().map(|seen| seen.offset as usize).collect::<Vec<_>>(),
        [input.find("<e>").expect("there"), input.find("<f").expect("there")]
    );
    assert_eq!(told_as(Kind::Xml { root: None }, "<e>1</e>\n<e>2</e>"), ["1:{\"#text\":\"1\"}", "2:{\"#text\":\"2\"}"]);
    assert_eq!(told_as(rooted(), "<Events/><Events><e/></Events>"), ["1:{}"], "documents one after another");
}

#[test]
fn a_fault_ends_the_stream_behind_the_logs() {
    for (input, place, cause) in [
        ("<Other><e/></Other>", (1, 0), "expected the root element `Events`, found `Other`"),
        ("<Events><e/>", (1, 12), "the text ends before `</Events>`"),
        ("<Events>\n<e/>\n<e><a>", (3, 20), "the text ends within the log that begins in line 3 (byte 14)"),
        ("<Events><e/>\ntext</Events>", (1, 12), "expected an element, found text"),
        ("<Events><e/><e><a></e></Events>", (1, 22), "ill-formed document: expected `</a>`, but `</e>` was found"),
        ("<Events><e/><e a='1' a='2'/></Events>", (1, 12), "an attribute of `e`: "),
    ] {
        let (seen, fault) = read(input.as_bytes(), Options::of(rooted()));
        let fault = fault.expect(input).to_string();
        let expected = format!("`logs/a.json`: cannot read the XML at line {}, byte {}: {cause}", place.0, place.1);
        assert!(fault.starts_with(&expected), "{fault}");
        assert_eq!(seen.len(), usize::from(!input.starts_with("<Other")), "{input}");
    }
}

#[test]
fn nesting_is_bounded_and_the_next_log_read() {
    let deep = format!("<e/>\n<e>{}{}</e>\n<f/>", "<a>".repeat(50_000), "</a>".repeat(50_000));
    let told = told_as(Kind::Xml { root: None }, deep);
    assert_eq!(told, ["1:{}", "2!elements are nested deeper than 100", "3:{}"]);
    let fits = format!("<e>{}{}</e>", "<a>".repeat(99), "</a>".repeat(99));
    assert!(told_as(Kind::Xml { root: None }, fits)[0].starts_with("1:{"));
}

#[test]
fn one_log_does_not_take_all_memory() {
    let input = format!("<e/><e>{}</e>", "x".repeat(1 << 20));
    let options = Options { longest_log: 100_000, ..Options::of(Kind::Xml { root: None }) };
    let told = told(input, options);
    assert_eq!(told[0], "1:{}");
    assert!(
        told[1].contains("the log that begins in line 1 (byte 4) is longer than the limit of 100000 bytes"),
        "{}",
        told[1]
    );
}
