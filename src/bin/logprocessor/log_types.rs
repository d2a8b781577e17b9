//! The log types of a run: built-in ones by name, custom ones from schema files.

use std::path::{Path, PathBuf};

use opstools::error::{Failure, near};
use opstools::parse::catalogue;
use opstools::parse::judgement::JUDGEMENT;
use opstools::schema::{Mode, Schema, Severity, is_test_file, log_type_of_file, read_bytes};

/// Which log types were asked for.
pub struct Wanted<'a> {
    /// Built-in or custom ones by name.
    pub log_types: &'a [String],
    /// Files and folders of custom schemas.
    pub paths: &'a [PathBuf],
    /// Names of those that are meant; none means all.
    pub schemas: &'a [String],
}

/// Schemas, and what to warn of.
#[derive(Debug)]
pub struct Chosen {
    /// In the order of their names, none twice.
    pub schemas: Vec<Schema>,
    /// Warnings of the schema files.
    pub warnings: Vec<String>,
}

impl Wanted<'_> {
    /// The schemas that are meant: those of `--schemas` and `--log-types`; all custom ones without `--schemas`; all built-in ones
    /// when nothing was named at all.
    ///
    /// # Errors
    /// A name that nobody knows, a file that cannot be read, a schema with mistakes.
    pub fn choose(&self) -> Result<Chosen, Failure> {
        let (mut custom, warnings) = self.custom()?;
        let names: Vec<&str> = given(self.log_types).collect();
        let mut schemas = Vec::new();
        for name in &names {
            match custom.iter().find(|schema| schema.name == *name) {
                Some(schema) => schemas.push(schema.clone()),
                None => schemas.push(catalogue::built_in(name).ok_or_else(|| unknown(name, &custom))?),
            }
        }
        let named: Vec<&str> = given(self.schemas).collect();
        if let Some(missing) = named.iter().find(|name| !custom.iter().any(|schema| schema.name == **name)) {
            return Err(unknown(missing, &custom));
        }
        custom.retain(|schema| named.is_empty() || named.contains(&schema.name.as_str()));
        schemas.extend(custom);
        if schemas.is_empty() {
            schemas.extend(catalogue::names().filter_map(catalogue::built_in));
        }
        schemas.sort_by(|one, other| one.name.cmp(&other.name));
        schemas.dedup_by(|one, other| one.name == other.name);
        Ok(Chosen { schemas, warnings })
    }

    fn custom(&self) -> Result<(Vec<Schema>, Vec<String>), Failure> {
        let (mut schemas, mut warnings) = (Vec::<Schema>::new(), Vec::new());
        for path in self.paths {
            for file in files(path)? {
                let (found, told) = read_file(&file, self.schemas)?;
                warnings.extend(told);
                for schema in found {
                    if schemas.iter().any(|known| known.name == schema.name) {
                        return Err(Failure::failed(format!("two schemas are named `{}`", schema.name))
                            .because(format!("the second is in `{}`", file.display())));
                    }
                    schemas.push(schema);
                }
            }
        }
        if !self.paths.is_empty() && schemas.is_empty() {
            return Err(Failure::failed("`--path` names no schema").hint("schemas are files that end in .yml or .yaml"));
        }
        Ok((schemas, warnings))
    }
}

fn given(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(|name| name.trim()).filter(|name| !name.is_empty())
}

fn unknown(name: &str, custom: &[Schema]) -> Failure {
    let failure = Failure::usage(format!("`{name}` is no log type of this run"));
    let mut known: Vec<&str> = catalogue::names().collect();
    known.extend(custom.iter().map(|schema| schema.name.as_str()));
    match near(name, known.into_iter()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("custom log types need their schemas: give them with `--path`"),
    }
}

/// The schema files of a path, in order: itself, or all below it that are no tests.
fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failure = |error| Failure::failed(format!("cannot read `{}`", path.display())).because(error);
    if !std::fs::metadata(path).map_err(failure)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failure)? {
        let entry = entry.map_err(failure)?.path();
        let yaml = entry.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
        if entry.is_dir() {
            found.extend(files(&entry)?);
        } else if yaml && !is_test_file(&entry.to_string_lossy()) {
            found.push(entry);
        }
    }
    found.sort();
    Ok(found)
}

/// The schemas of a file; one without a name gets the only name that was asked for, or its file's.
fn read_file(file: &Path, asked: &[String]) -> Result<(Vec<Schema>, Vec<String>), Failure> {
    let name = file.display().to_string();
    let failure = || Failure::failed(format!("cannot read schema `{name}`"));
    let bytes = std::fs::read(file).map_err(|error| failure().because(error))?;
    let reading = read_bytes(&name, &bytes, Mode::Public, &JUDGEMENT);
    let (wrong, warnings): (Vec<_>, Vec<_>) =
        reading.problems.iter().partition(|problem| problem.severity == Severity::Error);
    if !wrong.is_empty() {
        let told: Vec<String> = wrong.iter().map(|problem| format!("\n{problem}")).collect();
        return Err(failure().because(told.concat()));
    }
    let only = (asked.len() == 1).then(|| asked[0].clone());
    let schemas = reading.documents.into_iter().map(|document| match document.schema.name.is_empty() {
        true => Schema { name: only.clone().unwrap_or_else(|| log_type_of_file(file)), ..document.schema },
        false => document.schema,
    });
    Ok((schemas.collect(), warnings.iter().map(|problem| problem.to_string()).collect()))
}
