//! A bucket, through the role of its sources: where it is, whether each prefix can be listed, whether an object can be read.

use super::{Validator, refused, remedy};
use crate::aws::Session;
use crate::aws::bucket::{self, Listed};
use crate::check::denied::{Cause, Confidence};
use crate::check::{Finding, Status};
use crate::error::ServiceError;
use crate::panther::{Source, Sources};

/// Storage classes of which objects must be restored before anybody can read them.
const ARCHIVED: [&str; 2] = ["GLACIER", "DEEP_ARCHIVE"];

/// A bucket as one role sees it.
struct View<'a> {
    validator: &'a Validator,
    all: &'a Sources,
    role: &'a str,
    session: Session,
    bucket: &'a str,
    owner: Option<&'a str>,
}

/// Checks a bucket and each prefix in it. Gives its region, as far as it can be told; `None` when there is no such bucket.
pub(super) async fn check(
    validator: &Validator,
    all: &Sources,
    role: &str,
    session: &Session,
    bucket: &str,
    sources: &[&Source],
) -> Option<String> {
    let owner = sources.iter().find_map(|source| source.account.as_deref());
    let view = View { validator, all, role, session: session.clone(), bucket, owner };
    let region = view.location(sources).await?;
    let view = View { session: session.in_region(region.clone()), ..view };
    if validator.wants(&["list-prefix", "read-object"]) {
        let prefixes = by_prefix(sources);
        let jobs = prefixes.into_iter().map(|(prefix, sources)| Box::pin(view.prefix(prefix, sources)));
        futures::future::join_all(jobs).await;
    }
    Some(region)
}

fn by_prefix<'a>(sources: &[&'a Source]) -> Vec<(String, Vec<&'a Source>)> {
    let mut prefixes: Vec<&str> =
        sources.iter().flat_map(|source| source.prefixes.iter().map(|entry| entry.prefix.as_str())).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let having = |prefix: &str| {
        let has = |source: &&&Source| source.prefixes.iter().any(|entry| entry.prefix == prefix);
        sources.iter().filter(has).copied().collect()
    };
    prefixes.into_iter().map(|prefix| (prefix.to_owned(), having(prefix))).collect()
}

impl View<'_> {
    fn path(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    fn refusal<'b>(&'b self, action: &'b str, resource: &'b str, sources: &'b [&Source]) -> remedy::Refusal<'b> {
        remedy::Refusal {
            action,
            resource,
            role: self.role,
            stack: sources.first().and_then(|source| source.stack.as_deref()),
            caller: None,
        }
    }

    async fn location(&self, sources: &[&Source]) -> Option<String> {
        let asked = self.validator.gate.ask(bucket::location(&self.session, self.bucket, self.owner)).await;
        let object = self.path("");
        match asked {
            Ok(region) => {
                let finding = Finding::new("bucket-location", Status::Ok, object, format!("it is in {region}"));
                self.validator.found(finding.of(sources.iter().copied()));
                Some(region)
            }
            Err(error) => {
                let finding = refused("bucket-location", &object, &error).of(sources.iter().copied());
                let resource = format!("arn:aws:s3:::{}", self.bucket);
                let refusal = self.refusal("s3:GetBucketLocation", &resource, sources);
                let remedy = remedy::for_finding(&finding, &refusal);
                self.validator.found(Finding { remedy, ..finding });
                self.without(&error, sources)
            }
        }
    }

    /// Whether to go on where the bucket's region could not be told: in our own, unless there is nothing to go on with.
    fn without(&self, error: &ServiceError, sources: &[&Source]) -> Option<String> {
        if error.code != "NoSuchBucket" {
            return Some(self.session.region.clone());
        }
        for check in ["list-prefix", "read-object", "notifications"] {
            let finding = Finding::new(check, Status::Skip, self.path(""), "there is no such bucket");
            self.validator.found(finding.of(sources.iter().copied()));
        }
        None
    }

    async fn prefix(&self, prefix: String, sources: Vec<&Source>) {
        let path = self.path(&prefix);
        let listing = bucket::some_objects(&self.session, self.bucket, &prefix, self.owner);
        match self.validator.gate.ask(listing).await {
            Ok(objects) => {
                let message = match objects.len() {
                    0 => "it can be listed; nothing lies there".to_owned(),
                    _ => "it can be listed".to_owned(),
                };
                let finding = Finding::new("list-prefix", Status::Ok, &path, message);
                self.validator.found(finding.of(sources.iter().copied()));
                self.object(&path, &objects, &sources).await;
            }
            Err(error) => {
                self.validator.found(self.not_listed(&path, &sources, &error));
                let why = "without a listing no object is known that could be tried";
                let finding = Finding::new("read-object", Status::Skip, &path, why);
                self.validator.found(finding.of(sources.iter().copied()));
            }
        }
    }

    fn not_listed(&self, path: &str, sources: &[&Source], error: &ServiceError) -> Finding {
        let finding = refused("list-prefix", path, error).of(sources.iter().copied());
        let policy = matches!(finding.cause, Some(cause) if !matches!(cause, Cause::Credentials | Cause::Region));
        if policy && finding.status == Status::Fail && sources.iter().all(|source| source.is_too_old_to_list()) {
            let message = format!(
                "{}; roles of sources made before 1.16 may read and not list, so this is as it was made",
                finding.message
            );
            let finding = Finding { status: Status::Skip, message, ..finding };
            return finding.remedy("to let it be checked, update the source's stack: newer ones allow s3:ListBucket");
        }
        let resource = format!("arn:aws:s3:::{}", self.bucket);
        let remedy = remedy::for_finding(&finding, &self.refusal("s3:ListBucket", &resource, sources));
        Finding { remedy, ..finding }
    }

    async fn object(&self, path: &str, objects: &[Listed], sources: &[&Source]) {
        let Some(object) = to_try(self.all, self.bucket, objects, sources) else {
            let why = if objects.is_empty() {
                "nothing lies there that could be tried"
            } else {
                "only folder markers, empty and archived objects came first: none can be tried"
            };
            let finding = Finding::new("read-object", Status::Skip, path, why);
            return self.validator.found(finding.of(sources.iter().copied()));
        };
        let reading = bucket::read_first_byte(&self.session, self.bucket, &object.key, self.owner);
        let object = self.path(&object.key);
        let finding = match self.validator.gate.ask(reading).await {
            Ok(()) => Finding::new("read-object", Status::Ok, &object, "it can be read").of(sources.iter().copied()),
            Err(error) => self.not_read(&object, sources, &error),
        };
        self.validator.found(finding);
    }

    fn not_read(&self, object: &str, sources: &[&Source], error: &ServiceError) -> Finding {
        let finding = refused("read-object", object, error).of(sources.iter().copied());
        let finding = match error.code.as_str() {
            // Between listing and reading it was taken away, or moved to the archive.
            "NoSuchKey" | "InvalidObjectState" => Finding { status: Status::Unknown, ..finding },
            _ => finding,
        };
        let key = sources.iter().find_map(|source| source.kms_key.as_deref());
        // S3 does not say so across accounts: the listing was allowed, and what an object needs beyond that is its key.
        if let (Some(Cause::Unknown), Some(key)) = (finding.cause, key) {
            let finding = finding.because(Cause::ResourcePolicy, Confidence::Elimination);
            let remedy = format!(
                "listing is allowed and reading is not: let the policy of {key} and that of {} allow kms:Decrypt, \
                                  and that of the role s3:GetObject",
                self.role
            );
            return finding.remedy(remedy);
        }
        // A policy names the objects of a bucket, not this one.
        let resource = format!("arn:aws:s3:::{}/*", self.bucket);
        let remedy = remedy::for_finding(&finding, &self.refusal("s3:GetObject", &resource, sources));
        Finding { remedy, ..finding }
    }
}

/// The object that shows best whether reading works: one that these sources read, or else any source, or else anybody.
fn to_try<'o>(all: &Sources, bucket: &str, objects: &'o [Listed], sources: &[&Source]) -> Option<&'o Listed> {
    let rank = |object: &&Listed| match all.of_object(bucket, &object.key) {
        Some(owner) if sources.iter().any(|source| source.id == owner.id) => 0,
        Some(_) => 1,
        None => 2,
    };
    objects.iter().filter(|object| is_readable(object)).min_by_key(rank)
}

/// Whether an object can show that reading works: no folder marker, not empty, not archived.
fn is_readable(object: &Listed) -> bool {
    object.size > 0 && !object.key.ends_with('/') && !ARCHIVED.contains(&object.storage_class.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_that_the_source_reads_is_tried_before_others() {
        let all = Sources::from_json(&serde_json::json!([
            { "integrationId": "1", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "", "logTypes": ["A"], "excludedPrefixes": ["digest/"] }] },
            { "integrationId": "2", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "inner/", "logTypes": ["B"] }] },
        ]));
        let object = |key: &&str| Listed { key: (*key).to_owned(), size: 1, storage_class: String::new() };
        let table: [(&[&str], Option<&str>); 5] = [
            (&["digest/x", "inner/x", "log/x", "log/y"], Some("log/x")),
            (&["digest/x", "inner/x"], Some("inner/x")),
            (&["digest/x", "digest/y"], Some("digest/x")),
            (&["log/"], None),
            (&[], None),
        ];
        for (keys, expected) in table {
            let objects: Vec<Listed> = keys.iter().map(object).collect();
            let tried = to_try(&all, "b", &objects, &[&all.all[0]]);
            assert_eq!(tried.map(|object| object.key.as_str()), expected, "{keys:?}");
        }
    }

    #[test]
    fn folders_empty_and_archived_objects_are_not_tried() {
        let object =
            |key: &str, size, class: &str| Listed { key: key.to_owned(), size, storage_class: class.to_owned() };
        let table = [
            (object("a", 1, "STANDARD"), true),
            (object("a", 1, ""), true),
            (object("a", 1, "GLACIER_IR"), true),
            (object("a/", 1, "STANDARD"), false),
            (object("a", 0, "STANDARD"), false),
            (object("a", 1, "GLACIER"), false),
            (object("a", 1, "DEEP_ARCHIVE"), false),
        ];
        for (object, expected) in table {
            assert_eq!(is_readable(&object), expected, "{object:?}");
        }
    }
}
