//! Which part of the processed data is meant: data types, tables and hours, as prefixes to list and as a test of keys.

use opstools::error::{Failure, near};
use opstools::panther::{CLOUD_SECURITY_TYPES, DataType, ProcessedKey, table_name};
use opstools::time::Range;

/// The part that is meant.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    data_types: Vec<DataType>,
    tables: Vec<String>,
    hours: Range,
}

impl Scope {
    /// Reads what was typed; nothing typed is everything.
    ///
    /// # Errors
    /// A usage error: no such data type.
    pub fn read(data_types: &[String], log_types: &[String], hours: Range) -> Result<Self, Failure> {
        let read = |text: &String| {
            DataType::parse(text.trim()).ok_or_else(|| {
                let names = DataType::ALL.map(DataType::name);
                let failure = Failure::usage(format!("`--data-types`: `{text}` is no data type"));
                match near(text, names.into_iter()) {
                    Some(near) => failure.hint(format!("did you mean `{near}`?")),
                    None => failure.hint(format!("there are: {}", names.join(", "))),
                }
            })
        };
        let mut data_types = data_types.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        data_types.sort_unstable();
        data_types.dedup();
        if let Some(empty) = log_types.iter().find(|log_type| log_type.trim().is_empty() || log_type.contains('/')) {
            return Err(Failure::usage(format!("`--log-types`: `{empty}` is no log type"))
                .hint("log types look like AWS.CloudTrail or Custom.Checkout"));
        }
        let tables = log_types.iter().map(|log_type| table_name(log_type.trim())).collect();
        Ok(Self { data_types, tables, hours })
    }

    /// The same for other hours.
    pub fn within(self, hours: Range) -> Self {
        Self { hours, ..self }
    }

    /// The hours that are meant.
    pub const fn hours(&self) -> &Range {
        &self.hours
    }

    /// Whether data of this type is meant.
    pub fn holds(&self, data_type: DataType) -> bool {
        self.data_types.is_empty() || self.data_types.contains(&data_type)
    }

    /// The prefixes below a path that hold what is meant, whatever the hour; none where the path holds nothing of it.
    pub fn prefixes(&self, path: &str) -> Vec<String> {
        if self.data_types.is_empty() && self.tables.is_empty() {
            return vec![path.to_owned()];
        }
        let mut prefixes = Vec::new();
        for wanted in self.folders() {
            if wanted.starts_with(path) {
                prefixes.push(wanted);
            } else if path.starts_with(&wanted) {
                prefixes.push(path.to_owned());
            }
        }
        prefixes.sort();
        prefixes.dedup();
        prefixes
    }

    fn folders(&self) -> Vec<String> {
        let mut folders = Vec::new();
        for data_type in DataType::ALL.into_iter().filter(|data_type| self.holds(*data_type)) {
            let folder = data_type.folder();
            if self.tables.is_empty() {
                folders.push(format!("{folder}/"));
            }
            let tables = self.tables.iter().filter(|table| may_hold(data_type, table));
            folders.extend(tables.map(|table| format!("{folder}/{table}/")));
        }
        folders
    }

    /// Whether a key is meant.
    pub fn admits(&self, key: &ProcessedKey<'_>) -> bool {
        self.holds(key.data_type)
            && (self.tables.is_empty() || self.tables.iter().any(|table| table == key.table))
            && key.is_within(&self.hours)
    }

    /// The data types that lie below these paths and are meant.
    pub fn data_types_below<'p>(&self, paths: impl Iterator<Item = &'p str>) -> Vec<DataType> {
        let paths: Vec<&str> = paths.collect();
        let below = |data_type: &DataType| {
            let folder = format!("{}/", data_type.folder());
            paths.iter().any(|path| folder.starts_with(path) || path.starts_with(&folder))
        };
        DataType::ALL.into_iter().filter(|data_type| self.holds(*data_type) && below(data_type)).collect()
    }

    /// Whether it is only a part.
    pub fn is_part(&self) -> bool {
        !self.data_types.is_empty() || !self.tables.is_empty() || !self.hours.is_open()
    }
}

/// The tables of cloud security lie in its own folder, and no others do; rules run over both.
fn may_hold(data_type: DataType, table: &str) -> bool {
    let cloud = CLOUD_SECURITY_TYPES.iter().any(|name| table_name(name) == table);
    match data_type {
        DataType::LogData => !cloud,
        DataType::CloudSecurity => cloud,
        DataType::RuleMatches | DataType::RuleErrors => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(data_types: &[&str], log_types: &[&str]) -> Scope {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Scope::read(&owned(data_types), &owned(log_types), Range::default()).expect("a scope")
    }

    #[test]
    fn only_the_folders_that_are_meant_are_listed() {
        type Row<'a> = (&'a [&'a str], &'a [&'a str], &'a str, &'a [&'a str]);
        let table: [Row<'_>; 9] = [
            (&[], &[], "any/where", &["any/where"]),
            (&["LogData"], &[], "", &["logs/"]),
            (&["rules", "RuleErrors"], &[], "", &["rule_errors/", "rules/"]),
            (
                &[],
                &["AWS.CloudTrail"],
                "",
                &["logs/aws_cloudtrail/", "rule_errors/aws_cloudtrail/", "rules/aws_cloudtrail/"],
            ),
            (&[], &["Resource.History"], "cloud_security/", &["cloud_security/resource_history/"]),
            (&["LogData"], &["AWS.ALB", "AWS.VPCFlow"], "logs/aws_a", &["logs/aws_alb/"]),
            (&["LogData"], &["AWS.ALB"], "logs/aws_alb/year=2026/", &["logs/aws_alb/year=2026/"]),
            (&["LogData"], &["AWS.ALB"], "rules/", &[]),
            (&["LogData"], &["Resource.History"], "", &[]),
        ];
        for (data_types, log_types, path, expected) in table {
            assert_eq!(scope(data_types, log_types).prefixes(path), expected, "{data_types:?} {log_types:?} {path}");
        }
    }

    #[test]
    fn keys_of_lists_are_judged_alike() {
        let scope =
            scope(&["LogData"], &["AWS.ALB"]).within(Range { start: "2026-03-01T09:00:00Z".parse().ok(), end: None });
        let admits = |key: &str| scope.admits(&ProcessedKey::read(key).expect("processed data"));
        assert!(admits("logs/aws_alb/year=2026/month=03/day=01/hour=09/f"));
        assert!(!admits("logs/aws_alb/year=2026/month=03/day=01/hour=08/f"));
        assert!(!admits("logs/aws_vpcflow/year=2026/month=03/day=01/hour=09/f"));
        assert!(!admits("rules/aws_alb/year=2026/month=03/day=01/hour=09/rule_id=r/f"));
    }

    #[test]
    fn paths_say_which_data_types_may_come() {
        let all = Scope::default();
        assert_eq!(all.data_types_below(["rules/t/"].into_iter()), [DataType::RuleMatches]);
        assert_eq!(all.data_types_below(["rule"].into_iter()), [DataType::RuleMatches, DataType::RuleErrors]);
        assert_eq!(all.data_types_below([""].into_iter()).len(), 4);
        assert_eq!(all.data_types_below(["other/"].into_iter()), []);
    }

    #[test]
    fn what_is_no_type_is_a_usage_error() {
        for (data_types, log_types) in [(&["Logdata2"][..], &[][..]), (&[""], &[]), (&[], &["a/b"]), (&[], &[" "])] {
            let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            let failure = Scope::read(&owned(data_types), &owned(log_types), Range::default()).expect_err("no type");
            assert_eq!(failure.kind, opstools::error::Kind::Usage);
        }
    }
}
