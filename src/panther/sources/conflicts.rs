//! Sources that get in each other's way: what no single source can show, and no call to AWS is needed for.

use std::collections::BTreeMap;

use super::{PrefixLogTypes, Source, Sources, kinds};

/// Which rule two sources break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictKind {
    /// A prefix lies within another one of the same bucket; the longest wins.
    Overlap,
    /// One bucket and prefix in more than one source; the first in the list wins.
    SamePrefix,
    /// Labels that make the same role name.
    SameRoleName,
    /// Labels that are the same.
    SameLabel,
    /// One cloud account scanned by more than one source.
    SameAccount,
}

/// A conflict, its sources in the order of the list.
#[derive(Clone, Debug)]
pub struct Conflict<'a> {
    /// Which rule.
    pub kind: ConflictKind,
    /// About what: a path, a role name, a label, an account.
    pub object: String,
    /// What it means, in one line.
    pub message: String,
    /// Between whom.
    pub sources: Vec<&'a Source>,
}

type Place<'a> = (&'a Source, &'a PrefixLogTypes);

impl Sources {
    /// All conflicts between the sources.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict<'_>> {
        let mut found = self.of_prefixes();
        found.extend(self.of_labels());
        found.extend(self.of_accounts());
        found.sort_by(|one, other| (one.kind, &one.object).cmp(&(other.kind, &other.object)));
        found
    }

    fn of_prefixes(&self) -> Vec<Conflict<'_>> {
        let mut buckets: BTreeMap<&str, Vec<Place<'_>>> = BTreeMap::new();
        for source in self.all.iter().filter(|source| source.has_own_prefix()) {
            let Some(bucket) = source.bucket.as_deref() else { continue };
            buckets.entry(bucket).or_default().extend(source.prefixes.iter().map(|entry| (source, entry)));
        }
        buckets.into_iter().flat_map(|(bucket, places)| of_bucket(bucket, &places)).collect()
    }

    fn of_labels(&self) -> Vec<Conflict<'_>> {
        let s3 = self.all.iter().filter(|source| source.kind == kinds::S3);
        let sqs = self.all.iter().filter(|source| source.kind == kinds::SQS);
        let by_role = grouped(s3.filter_map(|source| Some(((source.account.clone()?, source.role_name()), source))));
        let by_label = grouped(sqs.map(|source| (source.label.clone(), source)));
        let roles = by_role.into_iter().map(|((account, role), sources)| Conflict {
            kind: ConflictKind::SameRoleName,
            message: format!(
                "the labels {} make one role name in account {account}: whoever is set up later takes the \
                              role from the other",
                labels(&sources)
            ),
            object: role,
            sources,
        });
        let queues = by_label.into_iter().map(|(label, sources)| Conflict {
            kind: ConflictKind::SameLabel,
            message: format!("{} sources of queues are called `{label}`", sources.len()),
            object: label,
            sources,
        });
        roles.chain(queues).collect()
    }

    fn of_accounts(&self) -> Vec<Conflict<'_>> {
        let scans = self.all.iter().filter(|source| source.kind == kinds::SCAN);
        let by_account = grouped(scans.filter_map(|source| Some((source.account.clone()?, source))));
        let conflict = |(account, sources): (String, Vec<_>)| Conflict {
            kind: ConflictKind::SameAccount,
            message: format!("account {account} is scanned by more than one source: {}", labels(&sources)),
            object: account,
            sources,
        };
        by_account.into_iter().map(conflict).collect()
    }
}

/// Groups with more than one source.
fn grouped<'a, K: Ord>(keyed: impl Iterator<Item = (K, &'a Source)>) -> Vec<(K, Vec<&'a Source>)> {
    let mut groups: BTreeMap<K, Vec<&Source>> = BTreeMap::new();
    for (key, source) in keyed {
        groups.entry(key).or_default().push(source);
    }
    groups.into_iter().filter(|(_, sources)| sources.len() > 1).collect()
}

/// The conflicts within one bucket. Prefixes of one and the same source are its own affair.
fn of_bucket<'a>(bucket: &str, places: &[Place<'a>]) -> Vec<Conflict<'a>> {
    let mut found = Vec::new();
    for (number, one) in places.iter().enumerate() {
        for other in &places[number + 1..] {
            let (inner, outer) = if one.1.prefix.len() > other.1.prefix.len() { (one, other) } else { (other, one) };
            if inner.0.id != outer.0.id && inner.1.prefix.starts_with(&outer.1.prefix) {
                found.push(overlap(bucket, *inner, *outer));
            }
        }
    }
    found
}

fn overlap<'a>(bucket: &str, inner: Place<'a>, outer: Place<'a>) -> Conflict<'a> {
    let path = format!("s3://{bucket}/{}", inner.1.prefix);
    let (kind, message) = if inner.1.prefix == outer.1.prefix {
        let message = format!(
            "`{}` and `{}` read the same prefix: the first in the list gets everything",
            outer.0.label, inner.0.label
        );
        (ConflictKind::SamePrefix, message)
    } else {
        let wider = if outer.1.prefix.is_empty() { ", which takes the whole bucket" } else { "" };
        let message = format!(
            "lies within s3://{bucket}/{} of `{}`{wider}: the longest prefix wins, so `{}` gets what is below it",
            outer.1.prefix, outer.0.label, inner.0.label
        );
        (ConflictKind::Overlap, message)
    };
    Conflict { kind, object: path, message, sources: vec![inner.0, outer.0] }
}

fn labels(sources: &[&Source]) -> String {
    sources.iter().map(|source| format!("`{}`", source.label)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn s3(id: &str, label: &str, bucket: &str, prefixes: &[&str]) -> Value {
        let entries: Vec<Value> = prefixes.iter().map(|prefix| json!({ "prefix": prefix })).collect();
        json!({ "integrationId": id, "integrationLabel": label, "integrationType": "aws-s3", "s3Bucket": bucket,
                "awsAccountId": "444455556666", "s3PrefixLogTypes": entries })
    }

    fn found(rows: &[Value]) -> Vec<(ConflictKind, String)> {
        let sources = Sources::from_rows(rows);
        sources.conflicts().into_iter().map(|conflict| (conflict.kind, conflict.object)).collect()
    }

    #[test]
    fn prefixes_within_prefixes_of_other_sources() {
        let apart = [s3("1", "a", "b", &["x/", "x/y/"]), s3("2", "b", "b", &["z/"]), s3("3", "c", "other", &["x/"])];
        assert_eq!(found(&apart), [], "a source may hold prefixes within its own");
        let within = [s3("1", "a", "b", &["x/"]), s3("2", "b", "b", &["x/y/"])];
        assert_eq!(found(&within), [(ConflictKind::Overlap, "s3://b/x/y/".to_owned())]);
        let same = [s3("1", "a", "b", &["x/"]), s3("2", "b", "b", &["x/"])];
        assert_eq!(found(&same), [(ConflictKind::SamePrefix, "s3://b/x/".to_owned())]);
        let whole = [s3("1", "a", "b", &[""]), s3("2", "b", "b", &["x/"])];
        assert_eq!(found(&whole), [(ConflictKind::Overlap, "s3://b/x/".to_owned())]);
        assert_eq!(found(&[s3("1", "a", "b", &[""])]), [], "alone it may take all of it");
    }

    #[test]
    fn labels_and_accounts_that_collide() {
        let case = [s3("1", "Acme Logs", "b", &["x/"]), s3("2", "acme-logs", "c", &["x/"])];
        assert_eq!(found(&case), [(ConflictKind::SameRoleName, "PantherLogProcessingRole-acme-logs".to_owned())]);
        let queue = |id: &str| json!({ "integrationId": id, "integrationLabel": "q", "integrationType": "aws-sqs" });
        assert_eq!(found(&[queue("1"), queue("2")]), [(ConflictKind::SameLabel, "q".to_owned())]);
        let scan = |id: &str, account: &str| json!({ "integrationId": id, "integrationLabel": id, "integrationType": "aws-scan", "awsAccountId": account });
        let accounts = [scan("1", "444455556666"), scan("2", "777788889999"), scan("3", "444455556666")];
        assert_eq!(found(&accounts), [(ConflictKind::SameAccount, "444455556666".to_owned())]);
    }
}
