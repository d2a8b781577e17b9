//! The messages of this tool: what subscribers of processed data are told, with the attributes by which they filter.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use opstools::aws::{AttributeValue, Outgoing};
use opstools::objects::{Found, Place};
use opstools::panther::{DataType, LogTypes, NoLogType, Notified, ProcessedKey, Scene, processed_data_event};
use opstools::replay::Consumer;

use crate::scope::Scope;

/// Tables without a log type that are named one by one at the end.
const TABLES_NAMED: usize = 10;

/// How messages are made, and which objects they are about.
pub struct Telling {
    /// What is meant.
    pub scope: Scope,
    /// The log types by table, where attributes are sent; `None` sends no attributes.
    pub log_types: Option<LogTypes>,
    /// Only what the rules engine reads, because it alone is told.
    pub for_rules_engine: bool,
    /// The partition of ARNs.
    pub partition: String,
    /// The Panther account.
    pub account: String,
    /// Tables without a log type: how many of their objects were passed over, and why.
    pub unknown: Mutex<BTreeMap<String, (u64, NoLogType)>>,
}

/// Why an object has no `id`.
enum NoId {
    LogType(NoLogType),
    Rule,
}

impl Telling {
    /// The attribute `id`: the log type, or the rule that matched or failed.
    fn id<'k>(&'k self, log_types: &'k LogTypes, key: &ProcessedKey<'k>) -> Result<&'k str, NoId> {
        match key.data_type {
            DataType::LogData | DataType::CloudSecurity => log_types.of_table(key.table).map_err(NoId::LogType),
            DataType::RuleMatches | DataType::RuleErrors => key.rule_id.ok_or(NoId::Rule),
        }
    }

    fn remember(&self, table: &str, why: NoLogType) {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown.entry(table.to_owned()).or_insert((0, why)).0 += 1;
    }
}

impl Consumer for Telling {
    fn message(&self, place: &Place, objects: &[Notified]) -> Outgoing {
        let scene =
            Scene { bucket: &place.bucket, region: &place.region, partition: &self.partition, account: &self.account };
        let mut outgoing = Outgoing { body: processed_data_event(&scene, objects), ..Outgoing::default() };
        let key = objects.first().and_then(|object| ProcessedKey::read(&object.key));
        if let (Some(log_types), Some(key)) = (&self.log_types, key)
            && let Ok(id) = self.id(log_types, &key)
        {
            outgoing.attributes.insert("type".to_owned(), AttributeValue::text(key.data_type.name()));
            outgoing.attributes.insert("id".to_owned(), AttributeValue::text(id));
        }
        outgoing
    }

    fn passes_over(&self, object: &Found) -> Option<&'static str> {
        if object.size.is_none() {
            return Some("not_there");
        }
        let Some(key) = ProcessedKey::read(&object.key) else {
            // Without attributes it is as good as any other object, as long as no part was asked for.
            return (self.log_types.is_some() || self.scope.is_part()).then_some("not_processed_data");
        };
        if !self.scope.admits(&key) {
            return Some("filtered");
        }
        if self.for_rules_engine && !key.data_type.runs_rules() {
            return Some("not_for_rules_engine");
        }
        match self.id(self.log_types.as_ref()?, &key) {
            Ok(_) => None,
            Err(NoId::Rule) => Some("no_rule_id"),
            Err(NoId::LogType(why)) => {
                self.remember(key.table, why);
                Some("unknown_log_type")
            }
        }
    }

    fn kind(&self, key: &str) -> Option<(&'static str, String)> {
        let key = ProcessedKey::read(key)?;
        let id = self.log_types.as_ref().and_then(|log_types| self.id(log_types, &key).ok());
        Some((key.data_type.name(), id.or(key.rule_id).unwrap_or(key.table).to_owned()))
    }

    fn remarks(&self) -> Vec<String> {
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        let remark = |(table, (count, why)): (&String, &(u64, NoLogType))| match why {
            NoLogType::Unknown => format!(
                "{count} objects of table `{table}` were passed over: no log type has this table; \
                 `--log-type {table}=LOG.TYPE --log-types LOG.TYPE` sends them"
            ),
            NoLogType::Shared(names) => format!(
                "{count} objects of table `{table}` were passed over: {} have this table; \
                 `--log-type {table}={} --log-types {}` sends them",
                names.join(" and "),
                names[0],
                names[0],
            ),
        };
        let mut remarks: Vec<String> = unknown.iter().take(TABLES_NAMED).map(remark).collect();
        let more = unknown.len().saturating_sub(TABLES_NAMED);
        remarks.extend((more > 0).then(|| format!("and {more} more tables without a log type were passed over")));
        remarks
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use opstools::objects::Coverage;

    use super::*;

    const HOUR: &str = "year=2026/month=03/day=01/hour=09";

    fn telling(attributes: bool) -> Telling {
        Telling {
            scope: Scope::default(),
            log_types: attributes.then(|| LogTypes::of(["AWS.CloudTrail", "X.Y", "X_Y"])),
            for_rules_engine: false,
            partition: "aws".to_owned(),
            account: "123456789012".to_owned(),
            unknown: Mutex::default(),
        }
    }

    fn found(key: &str, size: Option<u64>) -> Found {
        let place =
            Place { bucket: "b".to_owned(), region: "r".to_owned(), region_is_known: true, coverage: Coverage::All };
        Found {
            place: Arc::new(place),
            key: key.to_owned(),
            size,
            last_modified: None,
            etag: String::new(),
            storage_class: None,
            latest: true,
            version: None,
            row: None,
        }
    }

    fn attributes(telling: &Telling, key: &str) -> Vec<(String, String)> {
        let object = found(key, Some(1));
        let notified = Notified { key: key.to_owned(), size: Some(1), etag: String::new(), last_modified: None };
        let outgoing = telling.message(&object.place, &[notified]);
        outgoing.attributes.into_iter().map(|(name, value)| (name, value.string.unwrap_or_default())).collect()
    }

    #[test]
    fn the_id_is_the_log_type_or_the_rule() {
        let telling = telling(true);
        let table = [
            (format!("logs/aws_cloudtrail/{HOUR}/f"), "AWS.CloudTrail", "LogData"),
            (format!("cloud_security/compliance_history/{HOUR}/f"), "Compliance.History", "CloudSecurity"),
            (format!("rules/aws_cloudtrail/{HOUR}/rule_id=My.Rule/f"), "My.Rule", "RuleMatches"),
            (format!("rule_errors/unknown_table/{HOUR}/rule_id=a%20b/f"), "a%20b", "RuleErrors"),
        ];
        for (key, id, kind) in table {
            let expected = [("id".to_owned(), id.to_owned()), ("type".to_owned(), kind.to_owned())];
            assert_eq!(attributes(&telling, &key), expected, "{key}");
            assert_eq!(telling.passes_over(&found(&key, Some(1))), None, "{key}");
        }
    }

    #[test]
    fn what_has_no_id_is_passed_over_and_said() {
        let telling = telling(true);
        let table = [
            (format!("logs/gone/{HOUR}/f"), "unknown_log_type"),
            (format!("logs/x_y/{HOUR}/f"), "unknown_log_type"),
            (format!("rules/aws_cloudtrail/{HOUR}/f"), "no_rule_id"),
            ("elsewhere/f".to_owned(), "not_processed_data"),
        ];
        for (key, why) in table {
            assert_eq!(telling.passes_over(&found(&key, Some(1))), Some(why), "{key}");
        }
        assert_eq!(telling.passes_over(&found("logs/aws_cloudtrail/f", None)), Some("not_there"));
        let remarks = telling.remarks();
        assert!(remarks[0].contains("`gone`") && remarks[1].contains("X.Y and X_Y"), "{remarks:?}");
    }

    #[test]
    fn without_attributes_anything_goes() {
        let telling = telling(false);
        for key in ["elsewhere/f", "logs/gone/f", "rules/t/f"] {
            assert_eq!(telling.passes_over(&found(key, Some(1))), None, "{key}");
            assert!(attributes(&telling, key).is_empty());
        }
        let part = Telling {
            scope: Scope::read(&["LogData".to_owned()], &[], Default::default()).expect("a scope"),
            ..telling
        };
        assert_eq!(part.passes_over(&found("elsewhere/f", Some(1))), Some("not_processed_data"));
        assert_eq!(part.passes_over(&found("rules/t/f", Some(1))), Some("filtered"));
    }

    #[test]
    fn the_rules_engine_is_not_told_of_its_own_matches() {
        let telling = Telling { for_rules_engine: true, ..telling(true) };
        let key = format!("rules/t/{HOUR}/rule_id=r/f");
        assert_eq!(telling.passes_over(&found(&key, Some(1))), Some("not_for_rules_engine"));
    }
}
