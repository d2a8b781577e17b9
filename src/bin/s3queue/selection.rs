//! What is to be notified: from paths, sources or lists as typed to the inputs of a run, checked against the sources.

use opstools::aws::listing::S3Pages;
use opstools::aws::{Session, Side, s3};
use opstools::error::Failure;
use opstools::objects::{
    Coverage, Inventory, Location, Selection, Typed, check_alone, expand, named, outermost, uncovered,
};
use opstools::panther::{self, Source, Sources};
use opstools::time::Range;

use crate::arguments::Arguments;

/// A prefix to list: for whom, and by whom.
struct Target<'a> {
    location: Location,
    source: Option<&'a Source>,
}

impl<'a> Target<'a> {
    const fn new(location: Location, source: Option<&'a Source>) -> Self {
        Self { location, source }
    }
}

/// The prefixes of sources below a path, without those that lie within another.
fn below<'s>(sources: &'s Sources, path: &Location) -> Vec<Target<'s>> {
    let of_bucket = sources.all.iter().filter(|source| source.bucket.as_deref() == Some(&path.bucket));
    let inside = of_bucket.flat_map(|source| source.prefixes.iter().map(move |entry| (entry.prefix.as_str(), source)));
    let mut inside: Vec<_> = inside.filter(|(prefix, _)| prefix.starts_with(&path.key)).collect();
    inside.sort_by_key(|(prefix, _)| *prefix);
    // In order, what lies within a prefix follows it directly.
    inside.dedup_by(|(prefix, _), (wider, _)| prefix.starts_with(*wider));
    let location = |prefix: &str| Location { bucket: path.bucket.clone(), key: prefix.to_owned() };
    inside.into_iter().map(|(prefix, source)| Target::new(location(prefix), Some(source))).collect()
}

/// Makes inputs of what was typed.
pub struct Resolver<'a> {
    /// The flags.
    pub args: &'a Arguments,
    /// The operator's own session.
    pub session: &'a Session,
    /// The same where the queue is, and so the deployment.
    pub deployment: &'a Session,
    /// The time range, for `--partitions`.
    pub range: Range,
}

impl Resolver<'_> {
    /// The inputs of what was typed.
    ///
    /// # Errors
    /// A source, bucket or prefix does not fit, or cannot be looked at.
    pub async fn resolve(&self, typed: &Typed, inventory: Option<Inventory>) -> Result<Selection, Failure> {
        let by_source = matches!(typed, Typed::Sources { .. });
        let needs_sources = !self.args.force || by_source || self.args.sources.assume_source_role;
        let sources = if needs_sources { Some(self.sources().await?) } else { None };
        match typed {
            Typed::Paths(paths) => self.paths(paths, sources.as_ref()).await,
            Typed::Sources { ids, labels } => self.by_source(&sources.unwrap_or_default(), ids, labels).await,
            Typed::File(_) | Typed::Inventory(_) => {
                let sources = sources.filter(|_| !self.args.force);
                Ok(Selection::of_rows(typed, inventory, self.session, sources)?.unwrap_or_default())
            }
        }
    }

    async fn sources(&self) -> Result<Sources, Failure> {
        panther::fetch(self.deployment).await.map_err(|failure| {
            failure
                .hint("`--force` goes on without asking for the sources: what belongs to none is then dropped unread")
        })
    }

    async fn paths(&self, paths: &[Location], sources: Option<&Sources>) -> Result<Selection, Failure> {
        let (paths, mut warnings) = outermost(paths);
        let mut targets = Vec::new();
        for path in &paths {
            match sources {
                Some(sources) if !self.args.force => targets.extend(self.read_of(sources, path, &mut warnings)?),
                Some(sources) => targets.push(Target::new(path.clone(), sources.of_object(&path.bucket, &path.key))),
                None => targets.push(Target::new(path.clone(), None)),
            }
        }
        let mut selection = self.listings(targets, sources, |_, _| true).await?;
        selection.warnings.extend(warnings);
        Ok(selection)
    }

    /// What sources read of a path: all of it, or the prefixes below it that belong to some.
    fn read_of<'s>(
        &self,
        sources: &'s Sources,
        path: &Location,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<Target<'s>>, Failure> {
        let targets = match sources.of_object(&path.bucket, &path.key) {
            Some(source) => vec![Target::new(path.clone(), Some(source))],
            None => {
                warnings.push(format!("no source reads all of `{}`: what none reads is left out", path.uri()));
                below(sources, path)
            }
        };
        if targets.is_empty() {
            return Err(uncovered(sources, path));
        }
        for source in targets.iter().filter_map(|target| target.source) {
            check_alone(sources, source, self.args.all_sources_of_prefix)?;
        }
        Ok(targets)
    }

    async fn by_source(&self, sources: &Sources, ids: &[String], labels: &[String]) -> Result<Selection, Failure> {
        let wanted = ids.iter().map(|id| (id, "id")).chain(labels.iter().map(|label| (label, "label")));
        let mut targets = Vec::new();
        for (text, what) in wanted {
            let source = named(sources, text, what)?;
            let bucket = source.bucket.as_ref().ok_or_else(|| {
                Failure::failed(format!("cannot replay source `{}`", source.label))
                    .because(format!("sources of type {} read no bucket", source.kind))
            })?;
            check_alone(sources, source, self.args.all_sources_of_prefix)?;
            for entry in &source.prefixes {
                let wider = |other: &panther::PrefixLogTypes| {
                    other.prefix != entry.prefix && entry.prefix.starts_with(&other.prefix)
                };
                if !source.prefixes.iter().any(wider) {
                    let location = Location { bucket: bucket.clone(), key: entry.prefix.clone() };
                    targets.push(Target::new(location, Some(source)));
                }
            }
        }
        let shared = |one: &Source, other: &Source| !one.has_own_prefix() && one.kind == other.kind;
        self.listings(targets, Some(sources), |meant, other| meant.id == other.id || shared(meant, other)).await
    }

    async fn listings(
        &self,
        targets: Vec<Target<'_>>,
        sources: Option<&Sources>,
        meant: impl Fn(&Source, &Source) -> bool,
    ) -> Result<Selection, Failure> {
        let mut selection = Selection::default();
        for Target { location, source } in targets {
            let session = self.listing_session(&location, source).await?;
            let coverage = match (sources, source) {
                (Some(sources), Some(source)) if !self.args.force => {
                    Coverage::of(sources, &location.bucket, &location.key, |other| meant(source, other))
                }
                _ => Coverage::All,
            };
            selection.lines.push(match source {
                Some(source) => format!("{} (source `{}`)", location.uri(), source.label),
                None => format!("{} (sources not asked)", location.uri()),
            });
            let prefixes = self.prefixes(&location, &session).await?;
            selection.list(&location.bucket, prefixes, &session, coverage, self.args.filters.start_after.as_deref());
        }
        if self.args.partitions {
            selection.lines.push(format!("{} date folders", selection.inputs.len()));
        }
        if self.args.force {
            selection.warnings.push(
                "the sources are not checked: what belongs to none is dropped by the log processor, unread".to_owned(),
            );
        }
        Ok(selection)
    }

    async fn listing_session(&self, location: &Location, source: Option<&Source>) -> Result<Session, Failure> {
        let session = if self.args.sources.assume_source_role {
            let role = source.and_then(|source| source.role.clone()).ok_or_else(|| {
                Failure::failed(format!("cannot tell which role lists `{}`", location.uri()))
                    .because("no source with a role reads it")
                    .hint("leave out `--assume-source-role` and list with your own credentials")
            })?;
            self.session.side(&Side { role_arn: Some(role), ..Side::default() }).await?
        } else {
            self.session.clone()
        };
        s3::in_bucket_region(&session, &location.bucket).await
    }

    async fn prefixes(&self, location: &Location, session: &Session) -> Result<Vec<String>, Failure> {
        if !self.args.partitions {
            return Ok(vec![location.key.clone()]);
        }
        let pages = S3Pages::new(s3::client(session), &location.bucket);
        let found = expand(&pages, &location.key, &self.range).await;
        found.map_err(|error| s3::listing_failure(session, &location.bucket, &location.key, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_wider_than_its_sources_means_their_prefixes() {
        let sources = Sources::from_json(&serde_json::json!([
            { "integrationId": "1", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "logs/" }, { "prefix": "logs/x/" }, { "prefix": "other/" }] },
            { "integrationId": "2", "integrationType": "aws-s3", "s3Bucket": "b", "s3PrefixLogTypes": [
                { "prefix": "logs-old/" }, { "prefix": "logs/x/" }] },
            { "integrationId": "3", "integrationType": "aws-s3", "s3Bucket": "c", "s3PrefixLogTypes": [{ "prefix": "logs/" }] },
        ]));
        let uris = |path: &str| {
            let path = Location::parse(path).expect("a path of S3");
            below(&sources, &path).iter().map(|target| target.location.uri()).collect::<Vec<_>>()
        };
        assert_eq!(uris("s3://b/logs"), ["s3://b/logs-old/", "s3://b/logs/"]);
        assert_eq!(uris("s3://b"), ["s3://b/logs-old/", "s3://b/logs/", "s3://b/other/"]);
        assert!(uris("s3://b/nothing").is_empty() && uris("s3://d/").is_empty());
    }
}
