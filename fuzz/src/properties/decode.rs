//! The decoder of JSON logs: whatever a log says, what is written of it is JSON; and what was written in the plain
//! encoding is read again as the same event, where a schema loses nothing.

use opstools_logs::parse::catalogue;
use opstools_logs::schema::Schema;

use super::choices::Choices;
use super::subject::{kept, schema};
use super::{estate, oracle};

/// What a log can be held against: the built-in types, one by one, then these.
const FAITHFUL: usize = 74;
const INVENTIVE: usize = 75;
/// All built-in types at once.
const ALL: usize = 76;
const SUBJECTS: usize = 77;

/// Panics if it does not hold.
pub fn holds(data: &[u8]) {
    let mut choices = Choices::new(data);
    let (number, plain) = (choices.below(SUBJECTS), choices.byte().is_multiple_of(2));
    let log = choices.text();
    kept("decode", number, plain, schemas, |subject| {
        subject.reset();
        let events = subject.events(&log);
        subject.events("null");
        subject.reset();
        assert_eq!(subject.events(&log), events, "what came before does not matter");
        if let (FAITHFUL, true, Some(event)) = (number, plain, events) {
            assert_eq!(subject.events(&event).as_ref(), Some(&event), "an event is read as itself");
        }
    });
}

fn schemas(number: usize) -> Vec<Schema> {
    match number {
        FAITHFUL => vec![schema(estate::FAITHFUL)],
        INVENTIVE => vec![schema(estate::INVENTIVE)],
        _ => {
            let all = catalogue::names().enumerate().filter(|(index, _)| number == ALL || *index == number);
            all.filter_map(|(_, name)| catalogue::built_in(name)).collect()
        }
    }
}

/// Logs of all JSON types; and of the two schemas.
pub fn seeds() -> Vec<Vec<u8>> {
    let numbered = |number: usize, log: &str| [&[number as u8, 0], log.as_bytes()].concat();
    let logs = catalogue::names().enumerate().map(|(index, name)| (index, estate::lines(name, 1)));
    let mut seeds: Vec<_> =
        logs.filter(|(_, log)| oracle::begins_with_json(log)).map(|(index, log)| numbered(index, &log)).collect();
    for number in [FAITHFUL, INVENTIVE, ALL] {
        seeds.push(numbered(number, include_str!("schemas/every.json")));
        seeds.push(numbered(number, &include_str!("schemas/every.json").replace("\":", "\"\n:\r\n")));
        seeds.push(numbered(number, include_str!("schemas/odd.json")));
    }
    seeds
}
