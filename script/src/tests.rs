use opstools_logs::parse::text::script::Function as _;

use super::*;

fn function(source: &str) -> Result<Function, String> {
    Function::new(&Script { function: source.to_owned() })
}

fn call(source: &str, line: &str) -> Result<String, String> {
    let mut out = String::new();
    function(source)?.call(line, &mut out).map(|()| out)
}

#[test]
fn a_function_makes_an_object_of_a_line() {
    let table = [
        ("def parse(line):\n  return {'a': line}", r#"{"a":"x \"y\" é\\"}"#),
        ("def anything(line):\n  k = line.split(' ')\n  return {'n': len(k), 'f': k[0]}", r#"{"n":3,"f":"x"}"#),
        ("def helper(x):\n  return x[0]\ndef parse(line):\n  return {'a': helper(line)}", r#"{"a":"x"}"#),
        (
            "def parse(line):\n  return {'a': [1, -2, 1.5, None, True, False, (1, 'b')], 'o': {'p': {}}}",
            r#"{"a":[1,-2,1.5,null,true,false,[1,"b"]],"o":{"p":{}}}"#,
        ),
        ("def parse(line):\n  return {'t': 'a\\tb\\x01'}", r#"{"t":"a\u0009b\u0001"}"#),
        ("def parse(line):\n  return {'n': 12345678901234567890123}", r#"{"n":12345678901234567890123}"#),
        ("def parse(line):\n  return {'a': json.encode({'b': [1]})}", r#"{"a":"{\"b\":[1]}"}"#),
        ("def parse(line):\n  return json.decode('{\"a\": {\"b\": [1, null, 2.5]}}')", r#"{"a":{"b":[1,null,2.5]}}"#),
        (
            "def parse(line):\n  return {'a': base64.encode('hé'), 'b': base64.decode('aMOp')}",
            r#"{"a":"aMOp","b":"hé"}"#,
        ),
        ("def parse(line):\n  return {'a': [i * 2 for i in range(3)], 'b': 'ab' * 2}", r#"{"a":[0,2,4],"b":"abab"}"#),
        (
            "def parse(line):\n  return {'a': range(5, 0, -2), 'b': range(2, 4), 'c': range(3, 1)}",
            r#"{"a":[5,3,1],"b":[2,3],"c":[]}"#,
        ),
        ("LIMIT = 3\ndef parse(line):\n  return {'a': LIMIT, 'b': 2 * [1]}", r#"{"a":3,"b":[1,1]}"#),
    ];
    for (source, expected) in table {
        assert_eq!(call(source, "x \"y\" é\\").as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn scripts_that_cannot_work_are_refused_with_their_place() {
    let table = [
        ("def parse(line)\n  return {}", "script, line 1, column"),
        ("x = 1", "defines no function"),
        ("def a(x):\n  return {}\ndef b(x):\n  return {}", "name the one to be called `parse`"),
        ("load('x.star', 'y')\ndef parse(line):\n  return {}", "script, line 1"),
        ("def parse(line):\n  return {'a': nothing}", "nothing"),
        ("def parse(line):\n  line *= 2\n  return {'a': line}", "`*=`"),
        ("def parse(line):\n  print(line)\n  return {'a': line}", "print"),
    ];
    for (source, expected) in table {
        let error = function(source).unwrap_err();
        assert!(error.contains(expected), "{source}: {error}");
    }
}

#[test]
fn a_call_that_fails_says_why_and_leaves_the_output() {
    let table = [
        ("return {}", "empty dictionary"),
        ("return None", "must return a dictionary, but returned `NoneType`"),
        ("return [line]", "must return a dictionary, but returned `list`"),
        ("return {1: 2}", "keys of a dictionary must be strings"),
        ("return {'a': parse}", "cannot be written as JSON"),
        ("return {'a': float('inf')}", "infinite"),
        ("return {'a': line.split()[9]}", "script, line 2"),
        ("fail('not mine')", "not mine"),
        ("return json.decode('{')", "json.decode"),
        ("return {'a': base64.decode('!')}", "base64.decode"),
    ];
    for (body, expected) in table {
        let function = function(&format!("def parse(line):\n  {body}")).unwrap();
        let mut out = "before".to_owned();
        let error = function.call("a b", &mut out).unwrap_err();
        assert!(error.contains(expected), "{body}: {error}");
        assert_eq!(out, "before");
    }
}

#[test]
fn slips_are_bounded() {
    let table = [
        ("for i in range(1000000):\n    for j in range(1000000):\n      pass", ""),
        ("s = line\n  for i in range(100):\n    s = s + s", "memory"),
        ("s = line\n  for i in range(100):\n    s += s", "memory"),
        ("s = [line]\n  for i in range(100):\n    s = s + s", "memory"),
        ("s = line * 1000000000", "a product of more than"),
        ("s = 1000000000 * [line]", "a product of more than"),
        ("s = list(range(1000000000))", "range: more than"),
        ("n = 10\n  for i in range(100):\n    n = n * n", "40 digits"),
        ("a = [line * 1000]\n  for i in range(50):\n    a = [a, a]\n  return {'a': a}", "as JSON"),
        ("a = [line * 1000]\n  for i in range(50):\n    a = [a, a]\n  json.encode(a)", "as JSON"),
        ("a = []\n  a.append(a)\n  return {'a': a}", "nested more than"),
        ("return parse(line)", ""),
    ];
    for (body, expected) in table {
        let error = call(&format!("def parse(line):\n  {body}\n  return {{'a': 1}}"), "abc").unwrap_err();
        assert!(error.contains(expected), "{body}: {error}");
    }
}

#[test]
fn numbers_are_read_to_the_last_digit_or_refused() {
    let script = "def parse(line):\n  return {'a': json.decode(line)}";
    for (text, expected) in [
        ("[1,-7,2.5,1e3]", "[1,-7,2.5,1000]"),
        ("18446744073709551616", "18446744073709551616"),
        ("-123456789012345678901234567890", "-123456789012345678901234567890"),
        (r#"{"b":[null,true,"x",{}]}"#, r#"{"b":[null,true,"x",{}]}"#),
    ] {
        assert_eq!(call(script, text).as_deref(), Ok(format!("{{\"a\":{expected}}}").as_str()));
    }
    for text in ["51e400", "[-1e999]", &"9".repeat(400)] {
        assert!(call(script, text).unwrap_err().contains("is beyond the range of numbers"), "{text}");
    }
}

#[test]
fn a_function_serves_many_threads() {
    let function = function("def parse(line):\n  return {'n': len(line)}").unwrap();
    std::thread::scope(|scope| {
        for length in 1..4 {
            let function = &function;
            scope.spawn(move || {
                let mut out = String::new();
                function.call(&"x".repeat(length), &mut out).unwrap();
                assert_eq!(out, format!("{{\"n\":{length}}}"));
            });
        }
    });
}

#[test]
#[ignore = "a measurement, sensible in a release build only"]
fn speed_of_a_script() {
    const CALLS: u32 = 20_000;
    let source = "def parse(line):\n  w = line.split(' ')\n  return {'host': w[0], 'user': w[2], 'status': w[8]}";
    let function = function(source).unwrap();
    let line = "10.1.2.3 - joe [10/Oct/2024:13:55:36 +0000] \"GET /a/b?c=d HTTP/1.1\" 200 2326 \"-\" \"Mozilla/5.0\"";
    let mut out = String::new();
    let start = monotonic();
    for _ in 0..CALLS {
        out.clear();
        function.call(line, &mut out).unwrap();
    }
    println!("script: {:.1} microseconds a line", start.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS));
    assert_eq!(out, r#"{"host":"10.1.2.3","user":"joe","status":"200"}"#);
}

#[test]
fn deeply_nested_sources_are_refused_or_read() {
    let nested = |open: &str, middle: &str, close: &str, times: usize| {
        let body = format!("{}{middle}{}", open.repeat(times), close.repeat(times));
        format!("def parse(line):\n  return {{'a': {body}}}")
    };
    for (open, middle, close) in [("[", "1", "]"), ("(", "1", ")"), ("not ", "1", ""), ("-", "1", ""), ("1+", "1", "")]
    {
        let room = LONGEST / (open.len() + close.len() + 1);
        assert!(function(&nested(open, middle, close, 20)).is_ok(), "{open}");
        let _ = function(&nested(open, middle, close, room));
        assert!(function(&nested(open, middle, close, LONGEST)).unwrap_err().contains("longer than"), "{open}");
    }
}
