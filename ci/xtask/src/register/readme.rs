//! The README's table of tools, which is written from the register between two markers.

use anyhow::Result;

use super::entry::Tool;
use crate::project::Project;

const FILE: &str = "README.md";
const BEGIN: &str = "<!-- tools -->";
const END: &str = "<!-- /tools -->";

/// Says so when the table differs from the register.
pub fn problems(project: &Project, tools: &[Tool]) -> Result<Vec<String>> {
    let readme = project.read(FILE)?;
    Ok(match replaced(&readme, tools) {
        Some(right) if right == readme => Vec::new(),
        Some(_) => vec![format!(
            "{FILE}: the table of tools differs from tools.toml; `cargo xtask register --write` rewrites it"
        )],
        None => vec![without_markers()],
    })
}

/// Writes the table; says so when there is no place for it.
pub fn rewrite(project: &Project, tools: &[Tool]) -> Result<Vec<String>> {
    let Some(right) = replaced(&project.read(FILE)?, tools) else {
        return Ok(vec![without_markers()]);
    };
    std::fs::write(project.path(FILE), right)?;
    Ok(Vec::new())
}

fn without_markers() -> String {
    format!("{FILE}: no lines `{BEGIN}` and `{END}`, one after the other, for the table of tools")
}

/// The text with its table made anew; nothing without markers.
fn replaced(readme: &str, tools: &[Tool]) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}{END}{after}", table(tools)))
}

fn table(tools: &[Tool]) -> String {
    let rows = tools.iter().map(|tool| {
        format!("| `{}` | {} | {} | {} |\n", tool.name, tool.about.replace('|', "\\|"), tool.group, tool.danger.word())
    });
    format!("| tool | what it does | group | danger |\n| --- | --- | --- | --- |\n{}", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::super::entry::sample;
    use super::*;

    fn project(readme: &str) -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), readme).unwrap();
        let project = Project::at(folder.path());
        (folder, project)
    }

    #[test]
    fn the_table_is_written_between_the_markers_and_then_in_step() {
        let (_folder, project) = project("# Title\n\n<!-- tools -->\nold\n<!-- /tools -->\n\nRest.\n");
        let tools = [sample("requeue")];
        assert_eq!(problems(&project, &tools).unwrap().len(), 1);
        assert_eq!(rewrite(&project, &tools).unwrap(), Vec::<String>::new());
        assert_eq!(problems(&project, &tools).unwrap(), Vec::<String>::new());
        let readme = project.read(FILE).unwrap();
        assert!(readme.starts_with("# Title\n") && readme.ends_with("\nRest.\n") && !readme.contains("old"));
        assert!(readme.contains("| `requeue` | Do what requeue does | queues | moderate |"));
    }

    #[test]
    fn a_new_tool_puts_the_table_out_of_step() {
        let (_folder, project) = project("<!-- tools --><!-- /tools -->");
        rewrite(&project, &[sample("requeue")]).unwrap();
        let problems = problems(&project, &[sample("requeue"), sample("s3queue")]).unwrap();
        assert!(problems.len() == 1 && problems[0].contains("--write"), "{problems:?}");
    }

    #[test]
    fn a_readme_without_markers_is_left_alone() {
        let (_folder, project) = project("<!-- /tools --> <!-- tools -->");
        assert_eq!(rewrite(&project, &[]).unwrap(), [without_markers()]);
        assert_eq!(project.read(FILE).unwrap(), "<!-- /tools --> <!-- tools -->");
    }
}
