//! The log types of a run: built-in ones by name, own ones from files and folders of schemas.
//!
//! Every tool that parses or makes logs chooses them here, so that the same flags mean the same types everywhere.

use std::path::{Path, PathBuf};

use crate::error::{Failure, near};
use crate::schema::{Schema, native};

use super::catalogue;
use super::schema_files::{SchemaFile, files_of_schemas};

/// What names of own log types begin with; others are refused when a schema is uploaded.
const OWN: &str = "Custom.";

/// What `customlogs` called any schema.
const TEST: &str = "Custom.Test";

/// Names of schemas that an error lists.
const NAMES_SHOWN: usize = 10;

/// What a command line asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Built-in or own ones by name.
    pub log_types: &'a [String],
    /// Files and folders of schemas.
    pub paths: &'a [PathBuf],
    /// Those of their schemas that are meant; none means all. A single name also names a schema that has none.
    pub schemas: &'a [String],
    /// One more schema file, in which a schema without a name is called `Custom.Test`.
    pub test_schema: Option<&'a Path>,
}

/// The chosen log types.
#[derive(Debug)]
pub struct LogTypes {
    /// Their schemas, each with its name; no name twice.
    pub schemas: Vec<Schema>,
    /// What to think about.
    pub warnings: Vec<String>,
}

impl LogTypes {
    /// Them in a few words.
    pub fn in_words(&self) -> String {
        match self.schemas.as_slice() {
            all if all.len() == catalogue::names().count() => "all built-in ones".to_owned(),
            few if few.len() <= 5 => few.iter().map(|schema| schema.name.as_str()).collect::<Vec<_>>().join(", "),
            many => format!("{} of them", many.len()),
        }
    }
}

impl Wanted<'_> {
    /// The union of what is named, or all built-in ones when nothing is.
    ///
    /// # Errors
    /// A name that is not there, a file that cannot be read, a schema with mistakes, or two schemas of one name.
    pub fn choose(&self) -> Result<LogTypes, Failure> {
        let mut own = self.own()?;
        let mut schemas = Vec::new();
        for name in self.log_types.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            match catalogue::built_in(name) {
                _ if own.holds(name) => own.also(name),
                Some(schema) if !schemas.contains(&schema) => schemas.push(schema),
                Some(_) => {}
                None => {
                    // Collected: both kinds of names live as long as the shorter.
                    let known: Vec<&str> = own.names().chain(catalogue::names().map(|name| name as &str)).collect();
                    return Err(unknown(name, known.into_iter()));
                }
            }
        }
        if self.names_nothing() {
            schemas.extend(catalogue::names().filter_map(catalogue::built_in));
        }
        schemas.extend(own.kept.into_iter().map(|found| found.schema));
        if schemas.is_empty() {
            return Err(Failure::usage("no log type is named")
                .hint("`--log-types` takes names such as `AWS.CloudTrail`; left out, all built-in ones are meant"));
        }
        Ok(LogTypes { schemas, warnings: own.warnings })
    }

    fn names_nothing(&self) -> bool {
        self.paths.is_empty() && self.test_schema.is_none() && self.log_types.is_empty()
    }

    fn own(&self) -> Result<Own, Failure> {
        if self.paths.is_empty() && !self.schemas.is_empty() {
            return Err(Failure::usage("`--schemas` chooses among the schemas of `--path`, which is missing")
                .hint("`--log-types` names built-in ones"));
        }
        let mut own = Own::default();
        for path in self.paths {
            own.add(path, self.schemas)?;
        }
        own.keep(self.schemas)?;
        if let Some(file) = self.test_schema {
            own.add(file, &[TEST.to_owned()])?;
        }
        own.refuse_twins()?;
        Ok(own)
    }
}

/// A log type that is not there, with near names.
pub fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Failure {
    let failure = Failure::usage(format!("there is no log type `{name}`"));
    // The built-in ones are also known by the second half of their names.
    match near(name, known).or_else(|| native::near(name).first().copied()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`pantherlog types` lists the built-in ones; own ones need their schemas: name the files"),
    }
}

/// The schemas of a file, or of a folder and below it, and what to think about in them.
///
/// # Errors
/// It cannot be read, holds no schema, or has mistakes: they are told at their places.
pub fn schemas_at(path: &Path) -> Result<LogTypes, Failure> {
    let mut own = Own::default();
    own.add(path, &[])?;
    own.refuse_twins()?;
    Ok(LogTypes { schemas: own.kept.into_iter().map(|found| found.schema).collect(), warnings: own.warnings })
}

/// Own schemas on their way to a choice.
#[derive(Default)]
struct Own {
    /// Those that are wanted.
    kept: Vec<Found>,
    /// Those that are there, and were not asked for.
    others: Vec<Found>,
    warnings: Vec<String>,
}

/// A schema, and the file that it is from.
struct Found {
    schema: Schema,
    file: PathBuf,
}

impl Own {
    /// Adds the schemas of a file or folder; a single one of `names` names a single schema that has no name.
    fn add(&mut self, path: &Path, names: &[String]) -> Result<(), Failure> {
        let mut found = Vec::new();
        let mut nameless = Vec::new();
        for file in files_of_schemas(path)? {
            let read = SchemaFile::usable(&file)?;
            self.warnings.extend(read.warnings());
            for (document, schema) in read.reading.documents.iter().zip(read.schemas()) {
                if document.schema.name.is_empty() {
                    nameless.push(found.len());
                }
                found.push(Found { schema, file: file.clone() });
            }
        }
        if let ([name], [place]) = (names, nameless.as_slice()) {
            found[*place].schema.name.clone_from(name);
        }
        for Found { schema, file } in found.iter().filter(|found| !found.schema.name.starts_with(OWN)) {
            let (name, file) = (&schema.name, file.display());
            self.warnings
                .push(format!("`{name}` of `{file}` does not begin with `{OWN}`: such a schema cannot be uploaded"));
        }
        self.kept.extend(found);
        Ok(())
    }

    /// Keeps only these, if any are named.
    fn keep(&mut self, names: &[String]) -> Result<(), Failure> {
        if let Some(strange) = names.iter().find(|name| !self.holds(name)) {
            let known: Vec<&str> = self.names().take(NAMES_SHOWN).collect();
            return Err(
                unknown(strange, self.names()).because(format!("the schemas of `--path` are {}", known.join(", ")))
            );
        }
        if !names.is_empty() {
            (self.kept, self.others) =
                std::mem::take(&mut self.kept).into_iter().partition(|found| names.contains(&found.schema.name));
        }
        Ok(())
    }

    /// Takes back one that was not kept.
    fn also(&mut self, name: &str) {
        if let Some(place) = self.others.iter().position(|found| found.schema.name == name) {
            self.kept.push(self.others.remove(place));
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().chain(&self.others).map(|found| found.schema.name.as_str())
    }

    fn holds(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    fn refuse_twins(&self) -> Result<(), Failure> {
        for (place, found) in self.kept.iter().enumerate() {
            let name = &found.schema.name;
            if let Some(twin) = self.kept[..place].iter().find(|twin| twin.schema.name == *name) {
                let (one, other) = (twin.file.display(), found.file.display());
                return Err(Failure::usage(format!("there are two schemas `{name}`"))
                    .because(format!("one in `{one}`, one in `{other}`"))
                    .hint("give each its name with the key `schema`, or name one of the files alone"));
            }
        }
        Ok(())
    }
}
