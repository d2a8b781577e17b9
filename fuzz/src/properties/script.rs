//! Scripts are bounded: whatever one does, compiling it and calling it end, with an object that is JSON or with words
//! for its author. (That time and memory are bounded is for the fuzzer's own limits to see.)

use opstools_logs::parse::text::script::Function as _;
use opstools_logs::schema::Script;
use opstools_script::Function;

use super::choices::Choices;
use super::oracle;

/// What ends the script of an input.
const END: char = '\0';

/// What stands before what a call writes.
const BEFORE: &str = "before";

/// The body of a function, so that an input need not begin with its head.
const HEAD: &str = "def parse(line):\n ";

/// Panics if it does not hold.
pub fn holds(data: &[u8]) {
    let mut choices = Choices::new(data);
    let whole = choices.byte().is_multiple_of(2);
    let text = choices.text();
    let (source, line) = text.split_once(END).unwrap_or((&text, "a=1 b=2"));
    let source = if whole { source.to_owned() } else { format!("{HEAD}{}", source.replace('\n', "\n ")) };
    match Function::new(&Script { function: source }) {
        Err(why) => assert!(!why.is_empty()),
        Ok(function) => {
            let mut out = BEFORE.to_owned();
            let called = function.call(line, &mut out);
            let written = out.strip_prefix(BEFORE).expect("what stood before is left alone");
            match called {
                Ok(()) => _ = oracle::keys_of_object(written),
                Err(why) => assert!(written.is_empty() && !why.is_empty()),
            }
        }
    }
}

/// Scripts that use the language, and some that try its bounds.
pub fn seeds() -> Vec<Vec<u8>> {
    let whole = [
        "def parse(line):\n  return {'a': line.upper(), 'b': [1, 2.5, None, True, ('x',)], 'c': {'d': len(line)}}\0a b",
        "def f(x):\n  return json.decode(x)\ndef parse(line):\n  return f(line)\0{\"a\":[1,{\"b\":null}]}",
        "def parse(line):\n  return {k: base64.encode(v) for k, v in [p.split('=', 1) for p in line.split(' ')]}\0a=1 b=2",
        "def parse(line):\n  x = 'a' * 1000\n  return {'x': [x for _ in range(1 << 10)]}\0",
        "def parse(line):\n  return {'n': 7 // 2, 'm': -7 % 3, 's': line[1:-1], 't': '%s-%d' % (line, 3), 'u': f'{line}'}\0abc",
    ];
    let bodies = [
        "x = [1]\nfor i in range(100):\n  x = x + x\nreturn {'x': x}\0",
        "x = 2\nfor i in range(1000):\n  x = x * x\nreturn {'x': x}\0",
        "d = {}\nd['d'] = d\nreturn d\0",
        "return {'a': line.replace('a', line).replace('b', line)}\0abababab",
        "return {'a': 1 << 31, 'b': '{:x}'.format(255), 'c': sorted([3, 1]), 'd': dict(a=1), 'e': zip([1], [2])}\0",
    ];
    let numbered = |number: u8| move |text: &&str| [&[number], text.as_bytes()].concat();
    whole.iter().map(numbered(0)).chain(bodies.iter().map(numbered(1))).collect()
}
