//! Files and stanzas that a tool must have, and that no stranger may have.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use super::entry::Tool;
use crate::project::Project;

/// Differences between the register and `Cargo.toml`, `src/bin` and `dist/iam`.
pub fn problems(project: &Project, tools: &[Tool]) -> Result<Vec<String>> {
    let registered: BTreeSet<String> = tools.iter().map(|tool| tool.name.clone()).collect();
    let cargo = project.cargo_manifest()?;
    let stanzas = cargo.bins.iter().map(|bin| bin.name.clone()).collect();
    let sources = stems(&project.path("src/bin"))?;
    let policies = stems(&project.path("dist/iam"))?;
    let mut problems = compare(&registered, &stanzas, "a [[bin]] stanza in Cargo.toml");
    problems.extend(compare(&registered, &sources, "a file or folder in src/bin"));
    problems.extend(compare(&registered, &policies, "a policy in dist/iam"));
    for bin in &cargo.bins {
        if !lies_where_expected(&bin.name, &bin.path) || !project.path(&bin.path).is_file() {
            problems.push(format!("Cargo.toml: `{}`: path is `{}`, not its file of src/bin", bin.name, bin.path));
        }
    }
    Ok(problems)
}

fn compare(registered: &BTreeSet<String>, found: &BTreeSet<String>, what: &str) -> Vec<String> {
    let missing = registered.difference(found).map(|name| format!("`{name}` is in tools.toml but lacks {what}"));
    let strange = found.difference(registered).map(|name| format!("`{name}` has {what} but is not in tools.toml"));
    missing.chain(strange).collect()
}

fn lies_where_expected(name: &str, path: &str) -> bool {
    path == format!("src/bin/{name}.rs") || path == format!("src/bin/{name}/main.rs")
}

/// Names in a folder without their extensions; hidden files do not count.
fn stems(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.insert(name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned()));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::super::entry::sample;
    use super::*;

    /// A project with one tool in every place.
    fn small_project() -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::at(folder.path());
        for part in ["src/bin/requeue", "dist/iam"] {
            std::fs::create_dir_all(project.path(part)).unwrap();
        }
        put(&project, "src/bin/requeue/main.rs", "fn main() {}");
        put(&project, "dist/iam/requeue.json", "{}");
        put(&project, "Cargo.toml", &cargo(&["requeue"]));
        (folder, project)
    }

    fn cargo(tools: &[&str]) -> String {
        let bins = tools.iter().map(|name| format!("[[bin]]\nname = \"{name}\"\npath = \"src/bin/{name}/main.rs\"\n"));
        format!("[workspace.package]\nversion = \"0.1.0\"\n{}", bins.collect::<String>())
    }

    fn put(project: &Project, path: &str, text: &str) {
        std::fs::write(project.path(path), text).unwrap();
    }

    fn found(project: &Project) -> Vec<String> {
        problems(project, &[sample("requeue")]).unwrap()
    }

    #[test]
    fn a_tool_that_is_everywhere_has_no_problem() {
        assert_eq!(found(&small_project().1), Vec::<String>::new());
    }

    #[test]
    fn each_missing_part_is_named() {
        let cases = [("dist/iam/requeue.json", "dist/iam"), ("src/bin/requeue/main.rs", "not its file")];
        for (path, said) in cases {
            let (_folder, project) = small_project();
            std::fs::remove_file(project.path(path)).unwrap();
            let problems = found(&project);
            assert!(problems.len() == 1 && problems[0].contains(said), "{path}: {problems:?}");
        }
    }

    #[test]
    fn a_missing_stanza_is_named() {
        let (_folder, project) = small_project();
        put(&project, "Cargo.toml", &cargo(&[]));
        assert_eq!(found(&project), ["`requeue` is in tools.toml but lacks a [[bin]] stanza in Cargo.toml"]);
    }

    #[test]
    fn each_stranger_is_named() {
        let (_folder, project) = small_project();
        put(&project, "src/bin/s3list.rs", "fn main() {}");
        put(&project, "dist/iam/s3sns.json", "{}");
        let problems = found(&project);
        assert!(problems.contains(&"`s3list` has a file or folder in src/bin but is not in tools.toml".to_owned()));
        assert!(problems.contains(&"`s3sns` has a policy in dist/iam but is not in tools.toml".to_owned()));
        assert_eq!(problems.len(), 2);
    }
}
