//! `--name`: what the schema that is printed is called.

use opstools::error::Failure;
use opstools::parse::judgement::JUDGEMENT;
use opstools::schema::{Embedded, Field, Form, Kind, Mode, Schema, Validate, Value, print, read};

/// The name, if it keeps the rules; none is fine.
///
/// # Errors
/// It is no name of a log type.
pub fn checked(name: Option<String>) -> Result<String, Failure> {
    let Some(name) = name else { return Ok(String::new()) };
    // The reader knows the rules and the words for them, and judges schemas: so it is shown one.
    let text = print(&Schema { name: name.clone(), fields: vec![field()], ..Schema::default() }, Form::Public);
    match read("--name", &text, Mode::Public, &JUDGEMENT).errors().next() {
        None => Ok(name),
        Some(problem) => {
            let failure = Failure::usage("`--name` cannot be used").because(&problem.what);
            Err(problem.hint.iter().fold(failure, |failure, hint| failure.hint(hint)))
        }
    }
}

fn field() -> Field {
    Field {
        name: "any".to_owned(),
        required: false,
        description: String::new(),
        value: Value {
            kind: Kind::String,
            indicators: Vec::new(),
            validate: Validate::default(),
            embedded: Embedded::No,
            exact: None,
        },
        transforms: Vec::new(),
        rules: Vec::new(),
        plain: false,
    }
}
