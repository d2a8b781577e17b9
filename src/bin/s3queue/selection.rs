//! What is to be notified: from paths, sources or lists as typed to the inputs of a run, checked against the sources.

use std::sync::Arc;

use opstools::aws::listing::S3Pages;
use opstools::aws::{Session, Side, s3};
use opstools::error::Failure;
use opstools::panther::{self, Source, Sources};
use opstools::time::Range;

use crate::arguments::Arguments;
use crate::coverage::Coverage;
use crate::input::{Input, Listing, Place};
use crate::inventory::Inventory;
use crate::known_sources::{check_alone, named, uncovered};
use crate::location::Location;
use crate::partitions;
use crate::rows::{RowInput, RowSource};
use crate::typed::Typed;

/// The inputs of a run, and what the plan says about them.
#[derive(Default)]
pub struct Selection {
    /// The inputs, in order.
    pub inputs: Vec<Input>,
    /// One line for each.
    pub lines: Vec<String>,
    /// What to think about.
    pub warnings: Vec<String>,
}

/// A prefix to list: for whom, and by whom.
struct Target<'a> {
    location: Location,
    source: Option<&'a Source>,
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
        let needs_sources = !self.args.force || matches!(typed, Typed::Sources) || self.args.assume_source_role;
        let sources = if needs_sources { Some(self.sources().await?) } else { None };
        match (typed, sources) {
            (Typed::Paths(paths), sources) => self.paths(paths, sources.as_ref()).await,
            (Typed::Sources, sources) => self.by_source(&sources.unwrap_or_default()).await,
            (Typed::File(path), sources) => {
                let source = if typed.is_stdin() { RowSource::Stdin } else { RowSource::File(path.clone()) };
                let name = if typed.is_stdin() { "stdin".to_owned() } else { path.display().to_string() };
                Ok(self.rows(name.clone(), source, sources, format!("the objects that {name} names")))
            }
            (Typed::Inventory(manifest), sources) => {
                let inventory =
                    inventory.ok_or_else(|| Failure::failed(format!("cannot read inventory `{manifest}`")))?;
                let line = format!("inventory of bucket `{}`{}", inventory.bucket(), made(&inventory));
                Ok(self.rows(manifest.clone(), RowSource::Inventory(Arc::new(inventory)), sources, line))
            }
        }
    }

    async fn sources(&self) -> Result<Sources, Failure> {
        panther::fetch(self.deployment).await.map_err(|failure| {
            failure
                .hint("`--force` goes on without asking for the sources: what belongs to none is then dropped unread")
        })
    }

    fn rows(&self, label: String, source: RowSource, sources: Option<Sources>, line: String) -> Selection {
        let sources = sources.filter(|_| !self.args.force);
        let input = RowInput::new(label, source, self.session.clone(), sources);
        Selection { inputs: vec![Input::Rows(input)], lines: vec![line], warnings: Vec::new() }
    }

    async fn paths(&self, paths: &[Location], sources: Option<&Sources>) -> Result<Selection, Failure> {
        let mut warnings = Vec::new();
        let mut targets = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            let holds = |other: &Location| other.bucket == path.bucket && path.key.starts_with(&other.key);
            let inside = paths
                .iter()
                .enumerate()
                .any(|(other, wider)| other != index && holds(wider) && (wider.key != path.key || other < index));
            if inside {
                warnings.push(format!("`{}` lies within another path: it is notified once", path.uri()));
                continue;
            }
            let source = match sources {
                Some(sources) if !self.args.force => Some(self.source_of(sources, path)?),
                Some(sources) => sources.of_object(&path.bucket, &path.key),
                None => None,
            };
            targets.push(Target { location: path.clone(), source });
        }
        let mut selection = self.listings(targets, sources, |_, _| true).await?;
        selection.warnings.extend(warnings);
        Ok(selection)
    }

    /// The source that reads the whole path; its prefix must be its own.
    fn source_of<'s>(&self, sources: &'s Sources, path: &Location) -> Result<&'s Source, Failure> {
        let source = sources.of_object(&path.bucket, &path.key).ok_or_else(|| uncovered(sources, path))?;
        check_alone(sources, source, self.args.all_sources_of_prefix)?;
        Ok(source)
    }

    async fn by_source(&self, sources: &Sources) -> Result<Selection, Failure> {
        let ids = self.args.source_id.iter().map(|id| (id, "id"));
        let wanted = ids.chain(self.args.source_label.iter().map(|label| (label, "label")));
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
                    targets.push(Target { location, source: Some(source) });
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
            let place = Arc::new(Place { bucket: location.bucket.clone(), region: session.region.clone(), coverage });
            for prefix in self.prefixes(&location, &session).await? {
                let start_after = self.args.start_after.clone();
                selection.inputs.push(Input::Listing(Listing::new(
                    place.clone(),
                    prefix,
                    session.clone(),
                    start_after,
                )));
            }
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
        let session = if self.args.assume_source_role {
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
        let found = partitions::expand(&pages, &location.key, &self.range).await;
        found.map_err(|error| s3::listing_failure(session, &location.bucket, &location.key, error))
    }
}

fn made(inventory: &Inventory) -> String {
    inventory.created().map(|created| format!(", made {created}: later objects are not in it")).unwrap_or_default()
}
