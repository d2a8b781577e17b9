//! From the command line to a plan: everything is looked up, nothing is changed.

use std::path::Path;

use opstools::app::{Context, Planned};
use opstools::aws::listing::VersionId;
use opstools::aws::versioning::VersionedBucket;
use opstools::aws::{Session, s3};
use opstools::error::Failure;
use opstools::objects::{Location, RowInput, RowSource, fingerprint};
use opstools::run::{Instants, PlanKey, Prepared, Recorded};
use opstools::time::Range;
use serde_json::{Map, Value, json};

use crate::arguments::Arguments;
use crate::decision::Wanted;
use crate::feed;
use crate::flags;
use crate::judge::Judge;
use crate::ledger::Memory;
use crate::lists::Lists;
use crate::manifest::Manifest;
use crate::plan_text;
use crate::reports::ReportFiles;
use crate::safety::{self, Safety};
use crate::source::Source;
use crate::split::Split;
use crate::survey::check_most;
use crate::undo;

/// What executing needs.
pub enum Work {
    /// Bring back.
    Restore(Box<feed::Work>),
    /// Write manifests.
    Split(Box<feed::Work>, String, Split),
    /// Delete again.
    Undo(Box<undo::Work>),
}

/// What is worked on, as typed.
struct Scope {
    location: Location,
    manifest: Option<Manifest>,
}

/// The plan of a command line.
///
/// # Errors
/// Usage errors, and everything that does not exist or may not be looked at.
pub async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    if let Some(journal) = &args.undo {
        return plan_undo(&args, journal, context).await;
    }
    let scope = scope(&args, context).await?;
    flags::check(&args, context)?;
    let wanted = wanted(&args, args.time.resolve(context.clock.now())?)?;
    Judge::new(&args, "", wanted)?;
    let session = connect(&args, context, &scope.location.bucket).await?;
    let safety = safety::check(&args, context, &session, &scope.location.bucket, &scope.location.key).await?;
    plan_restore(&args, context, scope, session, safety).await
}

async fn connect(args: &Arguments, context: &Context, bucket: &str) -> Result<Session, Failure> {
    let session = Session::connect(&args.aws.access(), context.clock).await?;
    let session = s3::in_bucket_region(&session, bucket).await?;
    let mut identity = session.identity.clone();
    identity.region = Some(session.region.clone());
    context.remember_identity(identity);
    Ok(session)
}

/// Which bucket and prefix; exactly one way to name the objects must have been chosen.
async fn scope(args: &Arguments, context: &Context) -> Result<Scope, Failure> {
    if let Some(path) = &args.from_manifest {
        if args.path.is_some() || args.keys_file.is_some() || args.split.is_some() {
            return Err(Failure::usage("objects are named in more than one way")
                .hint("`--from-manifest` stands alone: the manifest names bucket and keys"));
        }
        let manifest = Manifest::open(path)?;
        let (bucket, key) = (manifest.head.bucket.clone(), manifest.head.prefix.clone());
        return Ok(Scope { location: Location { bucket, key }, manifest: Some(manifest) });
    }
    let path = match &args.path {
        Some(path) => path.clone(),
        None => context.ask("S3 path to bring back (s3://bucket/prefix):", "--s3path").await?,
    };
    let location = Location::parse(&path)?;
    if location.key.is_empty() && !args.whole_bucket && args.keys_file.is_none() {
        return Err(Failure::usage(format!("`{path}` is a whole bucket"))
            .hint("name a prefix, as in s3://bucket/prefix/, or give `--whole-bucket`"));
    }
    Ok(Scope { location, manifest: None })
}

fn wanted(args: &Arguments, range: Range) -> Result<Wanted, Failure> {
    let id =
        |text: &String| VersionId::new(text.clone()).ok_or_else(|| Failure::usage("`--marker-version-id` is empty"));
    let ids = args.marker_version_id.iter().map(id).collect::<Result<_, _>>()?;
    Ok(Wanted { range, ids, deep: args.deep })
}

async fn plan_restore(
    args: &Arguments,
    context: &Context,
    scope: Scope,
    session: Session,
    mut safety: Safety,
) -> Result<Planned<Work>, Failure> {
    let location = scope.location.clone();
    let keeps_journal = args.split.is_none();
    let journal = if keeps_journal { journal(args, context, &scope, &session)? } else { None };
    // Times of markers are S3's, so `ago` is meant by the service's clock.
    let range = Instants::RANGE.resolve(journal.as_ref(), args.time.resolve(session.clock.now())?);
    let warnings = std::mem::take(&mut safety.warnings);
    let work = feed_work(args, scope, &session, safety, journal.as_ref(), range)?;
    if let Some(most) = work.max_restore {
        check_most(&work, most).await?;
    }
    let split = args.split.map(|parts| Split { parts, prefix: manifest_prefix(args, &location.bucket) });
    let scene = plan_text::Scene { args, location: &location, work: &work, split: split.as_ref(), range };
    let mut plan = plan_text::write(&scene, journal.as_ref());
    plan.warnings.extend(warnings);
    plan.warnings.extend(session.clock.skew_warning());
    let work = match split {
        Some(split) => Work::Split(Box::new(work), location.key.clone(), split),
        None => Work::Restore(Box::new(work)),
    };
    let resolved = resolved(range, &location, &session);
    Ok(Planned {
        plan,
        work,
        journal,
        resolved,
        limits: args.pace.limits(),
        rate: args.pace.items_per_second(),
        streams: false,
        stdin_is_data: false,
    })
}

fn feed_work(
    args: &Arguments,
    scope: Scope,
    session: &Session,
    safety: Safety,
    journal: Option<&Prepared>,
    range: Range,
) -> Result<feed::Work, Failure> {
    let Scope { location, manifest } = scope;
    let goes_on_since = journal.and_then(Prepared::unfinished).map(|header| header.started);
    let place = match &args.keys_file {
        Some(path) => format!("`{}`", path.display()),
        None => format!("`{}`", location.uri()),
    };
    let source = match (manifest, &args.keys_file) {
        (Some(manifest), _) => Source::Manifest(manifest),
        (None, Some(path)) => {
            let source = RowSource::File(path.clone());
            Source::Keys(Box::new(RowInput::new(path.display().to_string(), source, session.clone(), None)))
        }
        (None, None) => Source::Listing { prefix: location.key.clone() },
    };
    Ok(feed::Work {
        bucket: VersionedBucket::new(session, &location.bucket, safety.mfa),
        suspended: safety.suspended,
        judge: Judge::new(args, &location.key, wanted(args, range)?)?,
        verify: args.verify,
        max_restore: args.max_restore.map(|most| most as u64),
        memory: journal.map(Memory::read).transpose()?.unwrap_or_default(),
        reports: ReportFiles::of(args, goes_on_since.is_some()),
        lists: Lists::of(args, goes_on_since.is_some()),
        goes_on_since,
        place,
        source,
    })
}

fn manifest_prefix(args: &Arguments, bucket: &str) -> std::path::PathBuf {
    args.manifests.clone().unwrap_or_else(|| format!("s3undelete-{bucket}").into())
}

fn journal(args: &Arguments, context: &Context, scope: &Scope, session: &Session) -> Result<Option<Prepared>, Failure> {
    let values = json!({
        "account": session.identity.account,
        "region": session.region,
        "path": scope.location.uri(),
        "keys": args.keys_file.as_deref().map(fingerprint).transpose()?,
        "manifest": scope.manifest.as_ref().map(|manifest| &manifest.sha256),
        "filters": [args.include, args.exclude],
        "times": [args.time.start, args.time.end],
        "markers": [json!(args.marker_version_id), json!(args.deep)],
    });
    let request = opstools::run::JournalRequest { keep_all: true, ..context.journal_request() };
    Prepared::open(PlanKey { tool: context.tool, values }, &request)
}

/// What the way back needs to know, and the resolved times.
fn resolved(range: Range, location: &Location, session: &Session) -> Map<String, Value> {
    let mut resolved = Map::new();
    resolved.insert("bucket".to_owned(), json!(location.bucket));
    resolved.insert("prefix".to_owned(), json!(location.key));
    resolved.insert("account".to_owned(), json!(session.identity.account));
    resolved.extend(Instants::RANGE.record(range));
    resolved
}

async fn plan_undo(args: &Arguments, path: &Path, context: &Context) -> Result<Planned<Work>, Failure> {
    flags::check_undo(args)?;
    let recorded = Recorded::open(path, context.tool)?;
    let text = |name: &str| recorded.header.resolved.get(name).and_then(Value::as_str).map(str::to_owned);
    let bucket = text("bucket").ok_or_else(|| {
        Failure::failed(format!("cannot undo the run of journal `{}`", path.display())).because("it names no bucket")
    })?;
    let session = connect(args, context, &bucket).await?;
    if let (Some(then), Some(now)) = (text("account"), &session.identity.account)
        && then != *now
    {
        return Err(Failure::failed(format!("wrong account: this is {now}, the journal's run was in {then}"))
            .hint("use the profile or role of that account"));
    }
    let suspended = safety::check_undo(args, &session, &bucket).await?;
    let work = undo::Work { bucket: VersionedBucket::new(&session, &bucket, None), suspended, recorded };
    let mut plan = plan_text::write_undo(&work, undo::survey(&work)?);
    plan.warnings.extend(session.clock.skew_warning());
    Ok(Planned {
        plan,
        work: Work::Undo(Box::new(work)),
        journal: None,
        resolved: Map::new(),
        limits: args.pace.limits(),
        rate: args.pace.items_per_second(),
        streams: false,
        stdin_is_data: false,
    })
}
