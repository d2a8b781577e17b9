//! Which log types a command works with: built-in ones by name, own ones from files and folders.

use std::path::{Path, PathBuf};

use opstools::error::{Failure, near};
use opstools::parse::catalogue;
use opstools::parse::judgement::JUDGEMENT;
use opstools::schema::{Mode, Schema, is_test_file, log_type_of_file, read_bytes};

use crate::parse::Arguments;

/// What names of own log types begin with; others are refused when a schema is uploaded.
const OWN: &str = "Custom.";

/// What `customlogs` called any schema.
const TEST: &str = "Custom.Test";

/// Problems of a schema file that are shown.
const PROBLEMS_SHOWN: usize = 10;

/// The chosen log types.
pub struct LogTypes {
    /// Their schemas, each with its name; no name twice.
    pub schemas: Vec<Schema>,
    /// What to think about.
    pub warnings: Vec<String>,
}

/// A schema, and the file that it is from.
#[derive(Clone, Debug)]
pub struct FoundSchema {
    /// The schema; its name is empty if the file gives none.
    pub schema: Schema,
    /// The file.
    pub file: PathBuf,
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

/// The log types that the flags of `parse` choose: the union of what they name, or all built-in ones.
///
/// # Errors
/// A name that is not there, a schema with mistakes, or two schemas of one name.
pub fn chosen(arguments: &Arguments) -> Result<LogTypes, Failure> {
    if arguments.path.is_empty() && !arguments.schemas.is_empty() {
        return Err(Failure::usage("`--schemas` chooses among the schemas of `--path`, which is missing")
            .hint("`--log-types` names built-in ones"));
    }
    let mut own = Own::default();
    for path in &arguments.path {
        own.add(path, arguments.schemas.as_slice())?;
    }
    own.keep(&arguments.schemas)?;
    if let Some(file) = &arguments.schema_file {
        own.add(file, &[TEST.to_owned()])?;
    }
    own.refuse_twins()?;
    let mut schemas = Vec::new();
    for name in arguments.log_types.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let known = own.all.iter().chain(&own.kept).any(|found| found.schema.name == name);
        match catalogue::built_in(name) {
            _ if known => own.also(name),
            Some(schema) if !schemas.contains(&schema) => schemas.push(schema),
            Some(_) => {}
            None => return Err(unknown(name, own.known_names().into_iter())),
        }
    }
    let nothing_named = arguments.path.is_empty() && arguments.schema_file.is_none() && arguments.log_types.is_empty();
    if nothing_named {
        schemas.extend(catalogue::names().filter_map(catalogue::built_in));
    }
    let warnings = own.warnings;
    schemas.extend(own.kept.into_iter().map(|found| found.schema));
    Ok(LogTypes { schemas, warnings })
}

/// A log type that is not there, with near names.
pub fn unknown<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Failure {
    let failure = Failure::failed(format!("there is no log type `{name}`"));
    match near(name, known) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`pantherlog types` lists the built-in ones; `--path` names schemas of your own"),
    }
}

/// Own schemas on their way to a choice.
#[derive(Default)]
struct Own {
    /// Those that are wanted.
    kept: Vec<FoundSchema>,
    /// Those that are there, and were not asked for.
    all: Vec<FoundSchema>,
    warnings: Vec<String>,
}

impl Own {
    /// Adds the schemas of a file or folder; a single one of `names` names a single schema that has no name.
    fn add(&mut self, path: &Path, names: &[String]) -> Result<(), Failure> {
        let mut found = schemas_at(path, &mut self.warnings)?;
        let nameless = found.iter().filter(|found| found.schema.name.is_empty()).count();
        for FoundSchema { schema, file } in found.iter_mut().filter(|found| found.schema.name.is_empty()) {
            schema.name = match names {
                [name] if nameless == 1 => name.clone(),
                _ => log_type_of_file(file),
            };
        }
        for FoundSchema { schema, file } in found.iter().filter(|found| !found.schema.name.starts_with(OWN)) {
            let (name, file) = (&schema.name, file.display());
            self.warnings
                .push(format!("`{name}` of `{file}` does not begin with `{OWN}`: such a schema cannot be uploaded"));
        }
        self.kept.extend(found);
        Ok(())
    }

    /// Keeps only these, if any are named.
    fn keep(&mut self, names: &[String]) -> Result<(), Failure> {
        if let Some(strange) = names.iter().find(|name| !self.names().any(|known| known == name.as_str())) {
            let failure = unknown(strange, self.names());
            let known: Vec<&str> = self.names().take(PROBLEMS_SHOWN).collect();
            return Err(failure.because(format!("the schemas of `--path` are {}", known.join(", "))));
        }
        if !names.is_empty() {
            (self.kept, self.all) =
                std::mem::take(&mut self.kept).into_iter().partition(|found| names.contains(&found.schema.name));
        }
        Ok(())
    }

    /// Takes back one that was not kept.
    fn also(&mut self, name: &str) {
        if let Some(place) = self.all.iter().position(|found| found.schema.name == name) {
            self.kept.push(self.all.remove(place));
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().chain(&self.all).map(|found| found.schema.name.as_str())
    }

    /// All names that may be asked for.
    fn known_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.names().collect();
        for name in catalogue::names() {
            names.push(name);
        }
        names
    }

    fn refuse_twins(&self) -> Result<(), Failure> {
        for (place, found) in self.kept.iter().enumerate() {
            let name = &found.schema.name;
            if let Some(twin) = self.kept[..place].iter().find(|twin| twin.schema.name == *name) {
                let (one, other) = (twin.file.display(), found.file.display());
                return Err(Failure::failed(format!("there are two schemas `{name}`"))
                    .because(format!("one in `{one}`, one in `{other}`"))
                    .hint("give each its name with the key `schema`, or name one of the files with `--path`"));
            }
        }
        Ok(())
    }
}

/// The schemas of a file, or of all YAML files of a folder and below it; test files and hidden files are none.
///
/// # Errors
/// It cannot be read, holds no schema, or a schema has mistakes: all of them are told.
pub fn schemas_at(path: &Path, warnings: &mut Vec<String>) -> Result<Vec<FoundSchema>, Failure> {
    let mut files = Vec::new();
    if path.is_dir() {
        collect(path, &mut files)?;
        if files.is_empty() {
            return Err(Failure::failed(format!("there is no schema in `{}`", path.display()))
                .because("no file below it is called .yml or .yaml, test files not counted"));
        }
    } else {
        files.push(path.to_owned());
    }
    let mut found = Vec::new();
    for file in files {
        let schemas = schemas_of(&file, warnings)?;
        found.extend(schemas.into_iter().map(|schema| FoundSchema { schema, file: file.clone() }));
    }
    Ok(found)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let doing = |error| Failure::failed(format!("cannot read folder `{}`", folder.display())).because(error);
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(doing)? {
        entries.push(entry.map_err(doing)?.path());
    }
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // A link to a folder may lead back to where it stands.
        if path.is_dir() && !path.is_symlink() {
            collect(&path, files)?;
        } else if (name.ends_with(".yml") || name.ends_with(".yaml")) && !is_test_file(&name) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn schemas_of(file: &Path, warnings: &mut Vec<String>) -> Result<Vec<Schema>, Failure> {
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::failed(format!("cannot read schema file `{}`", file.display())).because(error))?;
    let reading = read_bytes(&file.display().to_string(), &bytes, Mode::Public, &JUDGEMENT);
    warnings.extend(reading.warnings().map(|problem| in_short(&problem.to_string(), "warning: ")));
    reading.into_schemas().map_err(|problems| {
        let shown: Vec<String> = problems.iter().take(PROBLEMS_SHOWN).map(ToString::to_string).collect();
        let more = problems.len().saturating_sub(PROBLEMS_SHOWN);
        let more = if more == 0 { String::new() } else { format!("\nand {more} more") };
        Failure::failed(format!("schema file `{}` cannot be used", file.display()))
            .because(format!("\n{}{more}", shown.join("\n")))
    })
}

fn in_short(text: &str, prefix: &str) -> String {
    text.strip_prefix(prefix).unwrap_or(text).to_owned()
}
