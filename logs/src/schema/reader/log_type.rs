//! Names of log types.

use std::path::Path;

/// Longer names are refused when a schema is uploaded.
const LONGEST: usize = 255;
/// What names of own log types begin with.
pub const PREFIX: &str = "Custom.";
/// The rule as a regular expression.
pub(in crate::schema) const PATTERN: &str = "^[A-Z][A-Za-z0-9]+(\\.[A-Z][A-Za-z0-9]+)*$";

/// What is wrong with a name, if anything.
pub(in crate::schema) fn wrong(name: &str) -> Option<String> {
    if name.len() > LONGEST {
        return Some(format!("a log type's name has at most {LONGEST} characters; this one has {}", name.len()));
    }
    if name.len() < 3 {
        return Some(format!("`{name}` is too short for a log type's name: three characters at least"));
    }
    let good = name.split('.').all(is_part);
    (!good).then(|| format!("`{name}` is no name of a log type"))
}

fn is_part(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_uppercase())
        && part.len() > 1
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The nearest name that keeps the rules.
pub(in crate::schema) fn mended(name: &str) -> String {
    let parts: Vec<String> = name.split('.').map(camel).filter(|part| is_part(part)).collect();
    let joined = parts.join(".");
    if joined.is_empty() || joined == "Custom" {
        return "Custom.Logs".to_owned();
    }
    if joined.starts_with(PREFIX) { joined } else { format!("{PREFIX}{joined}") }
}

/// `my-app_log` becomes `MyAppLog`.
fn camel(part: &str) -> String {
    let words = part.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let joined: String = words.map(capital).collect();
    if joined.starts_with(|first: char| first.is_ascii_digit()) { format!("Log{joined}") } else { joined }
}

/// The name of a schema whose file gives it none: `Custom.` and the file's name without its ending.
#[must_use]
pub fn log_type_of_file(file: &Path) -> String {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().replace('.', "_")).unwrap_or_default();
    let mut name = mended(&stem);
    name.truncate(LONGEST);
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_parts_that_begin_with_a_capital() {
        for good in ["Custom.SampleLog", "Custom.SampleLog.V1", "AWS.ALB", "Abc", "Custom.A1"] {
            assert_eq!(wrong(good), None, "{good}");
        }
        for bad in ["custom.A1", "Custom.", "Custom.a", "Custom.A", "Ab", "Custom..Ab", "Custom.Sample_Log", "A b c"] {
            assert!(wrong(bad).is_some(), "{bad}");
        }
        assert!(wrong(&format!("Custom.A{}", "b".repeat(250))).unwrap().contains("at most 255"));
    }

    #[test]
    fn a_wrong_name_is_mended() {
        let table = [
            ("my_log", "Custom.MyLog"),
            ("custom.my-log", "Custom.MyLog"),
            ("Custom.sample.1x", "Custom.Sample.Log1x"),
            ("", "Custom.Logs"),
            ("é", "Custom.Logs"),
        ];
        for (name, expected) in table {
            assert_eq!(mended(name), expected, "{name}");
            assert_eq!(wrong(&mended(name)), None);
        }
        assert_eq!(log_type_of_file(Path::new("/a/my-app.logs.yml")), "Custom.MyAppLogs");
    }
}
