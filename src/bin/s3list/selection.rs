//! Which prefixes are listed, and by whom: from sources or paths to targets.

use std::collections::HashSet;

use globset::{Glob, GlobSet, GlobSetBuilder};
use opstools::error::{Failure, near};
use opstools::objects::{Location, named};
use opstools::panther::sources::kinds;
use opstools::panther::{Deployment, PrefixLogTypes, Source, Sources};

use crate::arguments::Arguments;
use crate::book::log_types;
use crate::targets::{Reader, Target, nest};

/// Types whose objects are listed unless others are asked for: those that bring logs through a bucket.
const DEFAULT_TYPES: [&str; 2] = [kinds::S3, kinds::SQS];

/// Which sources are asked for.
#[derive(Debug)]
pub struct Wish {
    ids: Vec<String>,
    labels: Vec<String>,
    label_globs: GlobSet,
    types: Vec<String>,
    log_types: Vec<String>,
    /// Types count only where sources are not named.
    any_type: bool,
}

impl Wish {
    /// Reads the flags.
    ///
    /// # Errors
    /// A usage error: a label is no glob.
    pub fn read(args: &Arguments) -> Result<Self, Failure> {
        let mut globs = GlobSetBuilder::new();
        for label in &args.source_label {
            globs.add(Glob::new(label).map_err(|error| {
                Failure::usage(format!("`--source-label {label}` is no pattern"))
                    .because(error)
                    .hint("give a label, or a glob such as 'Acme*'")
            })?);
        }
        let label_globs = globs.build().map_err(|error| Failure::usage("`--source-label`").because(error))?;
        let named = !args.source_id.is_empty() || !args.source_label.is_empty();
        Ok(Self {
            ids: args.source_id.clone(),
            labels: args.source_label.clone(),
            label_globs,
            types: args.types.clone(),
            log_types: args.log_types.clone(),
            any_type: args.all_types || named,
        })
    }

    fn wants(&self, source: &Source) -> bool {
        let named = self.ids.is_empty() && self.labels.is_empty()
            || self.ids.contains(&source.id)
            || self.labels.contains(&source.label)
            || self.label_globs.is_match(&source.label);
        let typed = if self.types.is_empty() {
            self.any_type || DEFAULT_TYPES.contains(&source.kind.as_str())
        } else {
            self.types.contains(&source.kind)
        };
        named && typed
    }

    fn wants_prefix(&self, source: &Source, entry: &PrefixLogTypes) -> bool {
        self.log_types.is_empty() || log_types(source, entry).iter().any(|log_type| self.log_types.contains(log_type))
    }

    /// Checks that what is named is there.
    fn check(&self, sources: &Sources) -> Result<(), Failure> {
        for id in &self.ids {
            named(sources, id, "id")?;
        }
        for label in &self.labels {
            let glob = Glob::new(label).map(|glob| glob.compile_matcher());
            let matches = |source: &Source| {
                source.label == *label || glob.as_ref().is_ok_and(|glob| glob.is_match(&source.label))
            };
            if !sources.all.iter().any(matches) {
                named(sources, label, "label")?;
            }
        }
        Ok(())
    }
}

/// The refusal where the filters leave nothing, with what may have been meant.
fn nothing(sources: &Sources, wish: &Wish) -> Failure {
    let failure = Failure::failed("no source to list");
    let types: Vec<&str> = sources.all.iter().map(|source| source.kind.as_str()).collect();
    let log_types: Vec<&str> = sources.all.iter().flat_map(Source::log_types).collect();
    for (flag, wanted, known) in [("type", &wish.types, types), ("log-type", &wish.log_types, log_types)] {
        let Some(wrong) = wanted.iter().find(|wanted| !known.contains(&wanted.as_str())) else { continue };
        let failure = failure.because(format!("no source has `--{flag} {wrong}`"));
        return match near(wrong, known.into_iter()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("`sources` shows what there is"),
        };
    }
    failure
        .because(format!("none of the {} sources fits, or reads a bucket", sources.all.len()))
        .hint("`sources` shows them all; or name a path: `s3list s3://bucket/prefix`")
}

/// Prefixes of sources, as numbers of source and prefix, and the targets that list them.
#[derive(Debug, Default)]
pub struct OfSources {
    /// What is listed.
    pub targets: Vec<Target>,
    /// Which prefixes are asked for.
    pub chosen: HashSet<(usize, usize)>,
    /// Labels of sources that are asked for, but read no bucket.
    pub without_bucket: Vec<String>,
}

/// The prefixes of the sources that are asked for.
///
/// # Errors
/// A source that is named is not there, or nothing is left to list.
pub fn of_sources(
    sources: &Sources,
    wish: &Wish,
    deployment: &Deployment,
    own_credentials: bool,
) -> Result<OfSources, Failure> {
    wish.check(sources)?;
    let mut found = OfSources::default();
    let mut wanted = Vec::new();
    for (slot, source) in sources.all.iter().enumerate().filter(|(_, source)| wish.wants(source)) {
        let Some(bucket) = &source.bucket else {
            found.without_bucket.push(source.label.clone());
            continue;
        };
        let role = if own_credentials { None } else { role(source, deployment) };
        for (number, entry) in source.prefixes.iter().enumerate() {
            if wish.wants_prefix(source, entry) {
                let location = Location { bucket: bucket.clone(), key: entry.prefix.clone() };
                wanted.push((location, Reader { slot: Some(slot), role: role.clone() }));
                found.chosen.insert((slot, number));
            }
        }
    }
    if wanted.is_empty() {
        return Err(nothing(sources, wish));
    }
    found.targets = nest(wanted);
    Ok(found)
}

/// The role that lists for a source. Panther's own staging bucket is read by a role that may not list: there the operator's
/// own credentials do, which are of the same account.
fn role(source: &Source, deployment: &Deployment) -> Option<String> {
    source.reading_role(deployment).filter(|_| source.has_own_prefix()).map(|role| role.arn)
}

/// The paths that were given, each listed by the role of the source that reads it, or else with the operator's credentials.
pub fn of_paths(
    paths: &[Location],
    sources: Option<&Sources>,
    deployment: &Deployment,
    own_credentials: bool,
) -> Vec<Target> {
    let mut wanted = Vec::new();
    for path in paths {
        let source = sources.filter(|_| !own_credentials).and_then(|all| all.attribute(&path.bucket, &path.key));
        let role = source.and_then(|found| role(found.source, deployment));
        for role in role.map(Some).into_iter().chain([None]) {
            wanted.push((path.clone(), Reader { slot: None, role }));
        }
    }
    nest(wanted)
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command, FromArgMatches};
    use serde_json::json;

    use super::*;

    fn wish(words: &[&str]) -> Wish {
        let command = Arguments::augment_args(Command::new("s3list"));
        let matches = command.try_get_matches_from(std::iter::once(&"s3list").chain(words)).expect("a command line");
        Wish::read(&Arguments::from_arg_matches(&matches).expect("arguments")).expect("a wish")
    }

    fn sources() -> Sources {
        Sources::from_json(&json!([
            { "integrationId": "1", "integrationLabel": "Acme one", "integrationType": "aws-s3", "s3Bucket": "b",
              "logProcessingRole": "arn:1", "s3PrefixLogTypes": [
                { "prefix": "a/", "logTypes": ["A"] }, { "prefix": "a/b/", "logTypes": ["B"] }] },
            { "integrationId": "2", "integrationLabel": "two", "integrationType": "aws-sqs", "sqsConfig":
                { "s3Bucket": "staging", "logTypes": ["C"], "logProcessingRole": "arn:2" } },
            { "integrationId": "3", "integrationLabel": "three", "integrationType": "aws-scan", "s3Bucket": "staging" },
            { "integrationId": "4", "integrationLabel": "Acme four", "integrationType": "gcp-pubsub" },
        ]))
    }

    fn uris(words: &[&str]) -> Result<Vec<String>, String> {
        let found = of_sources(&sources(), &wish(words), &Deployment::default(), false);
        found
            .map(|found| found.targets.iter().map(|target| target.location.uri()).collect())
            .map_err(|failure| failure.summary())
    }

    #[test]
    fn sources_are_chosen_by_each_filter() {
        let table: [(&[&str], &[&str]); 8] = [
            (&[], &["s3://b/a/", "s3://staging/forwarder"]),
            (&["--all-types"], &["s3://b/a/", "s3://staging/cloudsecurity", "s3://staging/forwarder"]),
            (&["--type", "aws-scan"], &["s3://staging/cloudsecurity"]),
            (&["--source-id", "3"], &["s3://staging/cloudsecurity"]),
            (&["--source-label", "Acme*"], &["s3://b/a/"]),
            (&["--label", "two"], &["s3://staging/forwarder"]),
            (&["--log-type", "B"], &["s3://b/a/b/"]),
            (&["--log-type", "C", "--log-type", "A"], &["s3://b/a/", "s3://staging/forwarder"]),
        ];
        for (words, expected) in table {
            assert_eq!(uris(words), Ok(expected.iter().map(|uri| (*uri).to_owned()).collect()), "{words:?}");
        }
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let table: [([&str; 2], &str); 6] = [
            (["--source-id", "entirely-else"], "`1`, `2`, `3`, `4`"),
            (["--source-label", "nobody*"], "`Acme four`, `Acme one`, `three`, `two`"),
            (["--type", "aws-s4"], "did you mean `aws-s3`?"),
            (["--log-type", "Entirely.Else"], "`sources` shows"),
            (["--log-type", "b"], "did you mean `B`?"),
            (["--type", "gcp-pubsub"], "s3list s3://bucket/prefix"),
        ];
        for (words, hint) in table {
            let refused = of_sources(&sources(), &wish(&words), &Deployment::default(), false).expect_err(hint);
            assert!(refused.hints.join(" ").contains(hint), "{words:?}: {:?}", refused.hints);
        }
    }

    #[test]
    fn the_staging_bucket_is_listed_with_own_credentials() {
        let found = of_sources(&sources(), &wish(&[]), &Deployment::default(), false).expect("targets");
        let roles: Vec<_> = found.targets.iter().map(|target| target.readers[0].role.as_deref()).collect();
        assert_eq!(roles, [Some("arn:1"), None]);
        let own = of_sources(&sources(), &wish(&[]), &Deployment::default(), true).expect("targets");
        assert!(own.targets.iter().all(|target| target.readers.iter().all(|reader| reader.role.is_none())));
    }

    #[test]
    fn a_path_is_listed_by_its_sources_role_and_then_by_oneself() {
        let paths = ["s3://b/a/x", "s3://b/"].map(|path| Location::parse(path).expect("a path"));
        let targets = of_paths(&paths, Some(&sources()), &Deployment::default(), false);
        let roles = |target: &Target| target.readers.iter().map(|reader| reader.role.clone()).collect::<Vec<_>>();
        assert_eq!((targets.len(), roles(&targets[0])), (1, vec![None]));
        assert_eq!(roles(&targets[0].inner[0]), [Some("arn:1".to_owned()), None]);
    }
}
