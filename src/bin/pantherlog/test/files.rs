//! Which files are schemas, and which hold tests of them.

use std::path::{Path, PathBuf};

use opstools::error::Failure;

use opstools::parse::schema_files::{holds_tests, yaml_files};

/// The files of a test run.
pub struct Files {
    /// Schemas.
    pub schemas: Vec<PathBuf>,
    /// Tests.
    pub tests: Vec<PathBuf>,
}

impl Files {
    /// What a command line means: a schema file or a folder, then test files and folders of them.
    ///
    /// # Errors
    /// A path is not there, or no tests are.
    pub fn of(first: &Path, rest: &[PathBuf]) -> Result<Self, Failure> {
        let found = yaml_files(&[first.to_owned()])?;
        let (beside, schemas): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| holds_tests(path));
        let named = yaml_files(rest)?.into_iter();
        // A folder of tests may hold schemas as well; a file that is named holds tests, whatever its name.
        let named: Vec<PathBuf> = named.filter(|path| rest.contains(path) || holds_tests(path)).collect();
        let tests = match (rest.is_empty(), first.is_dir()) {
            (false, _) => named,
            (true, true) => beside,
            (true, false) if schemas.is_empty() => beside,
            (true, false) => tests_of(first),
        };
        if tests.is_empty() {
            return Err(no_tests(first, rest));
        }
        Ok(Self { schemas, tests })
    }
}

/// Where the tests of a schema file often lie, beside it.
const FOLDER: &str = "tests";

/// The test files that go with a schema file by their names, beside it and in a folder `tests` there.
fn tests_of(schema: &Path) -> Vec<PathBuf> {
    let stem = schema.file_stem().unwrap_or_default().to_string_lossy();
    let folders = [schema.with_file_name(""), schema.with_file_name(FOLDER)];
    let names = ["yml", "yaml"].map(|ending| format!("{stem}_tests.{ending}"));
    let candidates = folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name)));
    candidates.filter(|path| path.is_file()).collect()
}

fn no_tests(first: &Path, rest: &[PathBuf]) -> Failure {
    let failure = Failure::failed("there are no tests");
    if !rest.is_empty() {
        return failure.because("the folders that are named hold no file that ends in `_tests.yml` or `_tests.yaml`");
    }
    if first.is_dir() {
        return failure
            .because(format!("`{}` holds no file that ends in `_tests.yml` or `_tests.yaml`", first.display()))
            .hint("name the test files after it");
    }
    let stem = first.file_stem().unwrap_or_default().to_string_lossy();
    failure
        .because(format!("no `{stem}_tests.yml` lies beside `{}`, nor in `{FOLDER}/` there", first.display()))
        .hint("name the test files after it")
}
