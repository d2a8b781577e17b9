//! The mappings of a schema file.

use super::words::{FAMILIES, GENERATIONS, INDICATORS, MASKS};
use super::{Key, Names, Needed, Shape, TYPES, Table};

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { name, doc, shape, needed: Needed::No, types: &[], built_in: false }
}

const fn must(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { needed: Needed::Yes, ..key(name, shape, doc) }
}

/// A key of some types only.
const fn of(types: &'static [&'static str], name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { types, ..key(name, shape, doc) }
}

/// A key without which some types mean nothing.
const fn heart(types: &'static [&'static str], name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { needed: Needed::ForItsTypes, ..of(types, name, shape, doc) }
}

const fn inner(key: Key) -> Key {
    Key { built_in: true, ..key }
}

const fn table(name: &'static str, noun: &'static str, doc: &'static str, keys: &'static [Key]) -> Table {
    Table { name, noun, doc, keys, also: None, one_of: false, strict: false }
}

const TEXTS: Shape = Shape::List(&Shape::Text, 0);
const SOME_TEXTS: Shape = Shape::List(&Shape::Text, 1);
const FILLED_TEXTS: Shape = Shape::List(&Shape::Filled, 1);
const INTEGERS: &[&str] = &["int", "smallint", "bigint", "tinyint", "utinyint", "usmallint", "uint", "ubigint"];

/// A schema file.
pub(in crate::schema) static SCHEMA: Table = table(
    "schema",
    "a schema",
    "What the events of one log type look like.",
    &[
        key("schema", Shape::LogType, "The log type's name. Own types begin with `Custom.`."),
        key("description", Shape::Text, "What the log type is, in a sentence."),
        key("referenceURL", Shape::Url, "Where the format is documented."),
        key("fieldDiscoveryEnabled", Shape::Boolean, "Top-level fields that the schema lacks are kept, too."),
        key("version", Shape::Whole(0, 0), "The version of the schema language; only 0 exists."),
        inner(key("generation", Shape::Word(&GENERATIONS), "How values are decoded.")),
        key("parser", Shape::Table(&PARSER), "How a line becomes fields. Without it a line is a JSON object."),
        key(
            "definitions",
            Shape::Names(Names::Definitions, &Shape::Table(&VALUE)),
            "Value schemas with names, for values of `type: ref`.",
        ),
        must("fields", Shape::List(&Shape::Table(&FIELD), 1), "The fields of an event, in the order of the output."),
    ],
);

/// A field: a name, what is done to its value, and a value.
pub(in crate::schema) static FIELD: Table = Table {
    also: Some(&VALUE),
    ..table(
        "field",
        "a field",
        "A named value.",
        &[
            must("name", Shape::Filled, "The key in the event."),
            key("required", Shape::Boolean, "An event without it, or with `null`, is refused."),
            key("rename", Shape::Table(&RENAME), "Reads another key of the input."),
            key(
                "copy",
                Shape::Table(&COPY),
                "Takes the value from elsewhere in the event. Unconfirmed: Panther publishes the name, not the details.",
            ),
            key(
                "concat",
                Shape::Table(&CONCAT),
                "Joins texts from elsewhere in the event. Unconfirmed: Panther publishes the name, not the details.",
            ),
            key(
                "split",
                Shape::Table(&SPLIT),
                "Takes one piece of a text. Unconfirmed: Panther publishes the name, not the details.",
            ),
            key("mask", Shape::Table(&MASK), "Hides the value."),
            inner(key("plain", Shape::Boolean, "Zero, false and empty count as absent.")),
            inner(key("rules", Shape::Table(&RULES), "Rules for the value, in this order.")),
        ],
    )
};

/// What a value holds.
pub(in crate::schema) static VALUE: Table = table(
    "value",
    "a value",
    "What a value holds.",
    &[
        key("description", Shape::Text, "What it is, for people."),
        must("type", Shape::Word(&TYPES), "The type."),
        heart(&["object"], "fields", Shape::List(&Shape::Table(&FIELD), 1), "The fields of an object."),
        heart(&["array", "map"], "element", Shape::Table(&VALUE), "What each element holds."),
        heart(&["ref"], "target", Shape::Definition, "The name in `definitions`."),
        of(
            &["string", "array"],
            "indicators",
            Shape::List(&Shape::Word(&INDICATORS), 0),
            "The search columns that the text feeds; of an array of strings, that its elements feed.",
        ),
        of(&["string"], "validate", Shape::Table(&VALIDATE), "Which texts are accepted."),
        of(&["timestamp"], "timeFormat", Shape::TimeFormat, "How the time is written."),
        of(
            &["timestamp"],
            "timeFormats",
            Shape::List(&Shape::TimeFormat, 1),
            "How the time may be written; the first format that fits is taken.",
        ),
        of(&["timestamp"], "isEventTime", Shape::Boolean, "It is the time of the event, `p_event_time`."),
        of(&["timestamp"], "isExpiration", Shape::Boolean, "A row of a lookup table ends then."),
        of(
            &["object", "array", "json"],
            "isEmbeddedJSON",
            Shape::Boolean,
            "The value may be a text that holds JSON; it is stored as structure.",
        ),
        inner(of(INTEGERS, "orText", Shape::Boolean, "In a strict type: also accepted inside quotes.")),
        inner(of(&["boolean"], "quoted", Shape::Boolean, "Stands inside quotes, and is written so.")),
        inner(of(&["string"], "exact", Shape::Boolean, "Only a JSON string is accepted, whatever the generation.")),
        inner(of(&["array"], "validateElements", Shape::Boolean, "Rules hold inside its elements.")),
    ],
);

static VALIDATE: Table = table(
    "validate",
    "`validate`",
    "Which texts are accepted; an absent value passes.",
    &[
        key("allow", FILLED_TEXTS, "Only these."),
        key("deny", FILLED_TEXTS, "Any but these."),
        key("ip", Shape::Word(&FAMILIES), "An address of this family."),
        key("cidr", Shape::Word(&FAMILIES), "A network of this family."),
    ],
);

static RENAME: Table =
    table("rename", "`rename`", "Another key of the input.", &[must("from", Shape::Text, "The key in the input.")]);

static COPY: Table = table(
    "copy",
    "`copy`",
    "A value from elsewhere in the event.",
    &[must("from", Shape::Filled, "Where it stands: keys and places in lists, with dots between them.")],
);

static CONCAT: Table = table(
    "concat",
    "`concat`",
    "Texts from elsewhere in the event, joined.",
    &[
        must("paths", FILLED_TEXTS, "Where they stand."),
        key("separator", Shape::Text, "What stands between them; nothing if it is left out."),
    ],
);

static SPLIT: Table = table(
    "split",
    "`split`",
    "One piece of a text.",
    &[
        must("from", Shape::Filled, "Where the text stands."),
        must("separator", Shape::Filled, "What stands between the pieces."),
        must("index", Shape::Whole(0, u32::MAX as i64), "Which piece; the first is 0."),
    ],
);

static MASK: Table = table(
    "mask",
    "`mask`",
    "Hides a value.",
    &[
        must("type", Shape::Word(&MASKS), "How it is hidden."),
        heart(&["redact"], "to", Shape::Text, "The text that stands instead."),
        of(&["obfuscate"], "salt", Shape::Text, "The salt of the hash."),
    ],
);

static RULES: Table = table(
    "rules",
    "`rules`",
    "Rules of a field of a built-in type.",
    &[
        key("omitEmpty", Shape::Boolean, "The rules after it pass an absent value."),
        key("oneOf", SOME_TEXTS, "One of these texts."),
        key("noneOf", SOME_TEXTS, "None of these texts."),
        key("length", Shape::Whole(0, u32::MAX as i64), "This many characters."),
        key("minimum", Shape::Number, "At least: a number, characters or elements."),
        key("maximum", Shape::Number, "At most: a number, characters or elements."),
        key("numeric", Shape::Boolean, "A number in text."),
        key("alphanumeric", Shape::Boolean, "ASCII letters and digits."),
        key("uuid", Shape::Boolean, "A UUID."),
    ],
);

static PARSER: Table = Table {
    one_of: true,
    ..table(
        "parser",
        "`parser`",
        "How a line becomes fields; exactly one way.",
        &[
            key("csv", Shape::Table(&CSV), "Values with a separator between them."),
            key("fastmatch", Shape::Table(&FASTMATCH), "Literal text with placeholders."),
            key("regex", Shape::Table(&REGEX), "A regular expression with named groups and grok patterns."),
            key("native", Shape::Table(&NATIVE), "The parser of a built-in log type."),
            key("script", Shape::Table(&SCRIPT), "A Starlark function."),
        ],
    )
};

/// What the text parsers have in common.
static TEXT_RULES: Table = table(
    "textRules",
    "a text parser",
    "What the text parsers have in common.",
    &[
        key("skipPrefix", Shape::Text, "A line that begins so is no event."),
        key("trimSpace", Shape::Boolean, "Blanks around values are removed."),
        key("emptyValues", TEXTS, "Values that mean nothing, such as `-`."),
        key(
            "expandFields",
            Shape::Names(Names::Any, &Shape::Text),
            "Further fields made of matched ones: names, and templates with `%{field}`.",
        ),
    ],
);

static CSV: Table = Table {
    also: Some(&TEXT_RULES),
    ..table(
        "csv",
        "`csv`",
        "Values with a separator between them.",
        &[
            key("delimiter", Shape::Character, "What stands between values; a comma if it is left out."),
            key("hasHeader", Shape::Boolean, "The first line holds the names of the columns."),
            key("columns", Shape::List(&Shape::Text, 1), "Names of the columns; an empty name skips its column."),
        ],
    )
};

static FASTMATCH: Table = Table {
    also: Some(&TEXT_RULES),
    ..table(
        "fastmatch",
        "`fastmatch`",
        "Literal text with placeholders.",
        &[must("match", FILLED_TEXTS, "Patterns, tried in order: text with `%{name}`; `%{}` skips.")],
    )
};

static REGEX: Table = Table {
    also: Some(&TEXT_RULES),
    ..table(
        "regex",
        "`regex`",
        "A regular expression with named groups and grok patterns.",
        &[
            must(
                "match",
                FILLED_TEXTS,
                "Parts of the expression, joined as they are: `(?P<name>..)`, `%{PATTERN:name}`.",
            ),
            key(
                "patternDefinitions",
                Shape::Names(Names::Patterns, &Shape::Filled),
                "Grok patterns of the file's own; they win over built-in ones.",
            ),
        ],
    )
};

static NATIVE: Table = table(
    "native",
    "`native`",
    "The parser of a built-in log type.",
    &[must("name", Shape::Filled, "The log type whose parser it is.")],
);

static SCRIPT: Table = table(
    "script",
    "`script`",
    "A Starlark function.",
    &[must("function", Shape::Filled, "Source of one function from the line to a dictionary.")],
);
