//! From the command line to a plan: the sources are asked for, nothing is listed yet.

use std::sync::Arc;

use opstools::app::{Context, Planned};
use opstools::args::{Format, ObjectArgs};
use opstools::aws::Session;
use opstools::error::Failure;
use opstools::objects::{Filters, Location, Selection, Typed, outermost};
use opstools::panther::sources::{Origin, list};
use opstools::panther::{Deployment, Sources};
use serde_json::Map;

use crate::arguments::Arguments;
use crate::book::Book;
use crate::parquet_report::PARQUET;
use crate::plan_text;
use crate::selection::{self, Wish};
use crate::work::{Selects, What, Work};
use crate::writer::Form;
use opstools::ui::Compression;

/// The plan of a command line.
///
/// # Errors
/// Usage errors, and sources that are not there or cannot be asked for.
pub async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    let typed = typed(&args)?;
    check(&args, typed.as_ref(), context)?;
    let wish = Wish::read(&args)?;
    let now = context.clock.now();
    Filters::compile(&args.filters, args.filters.time.resolve(now)?, true)?;
    let session = Session::connect(&args.aws.access(), context.clock).await?;
    context.remember_identity(session.identity.clone());
    // Times of last modification are S3's, so `ago` is meant by the service's clock.
    let range = args.filters.time.resolve(session.clock.now())?;
    let (sources, mut warnings) = sources(&args, typed.as_ref(), &session).await?;
    let found = find(&args, typed.as_ref(), &wish, sources, &session).await?;
    warnings.extend(found.warnings);
    warnings.extend(session.clock.skew_warning());
    let work = Work {
        what: found.what,
        book: Arc::new(found.book),
        session,
        selects: Arc::new(Selects {
            filters: Filters::compile(&args.filters, range, true)?,
            include_empty: args.include_empty,
            versions: args.versions,
        }),
        form: Form::of(context.global.format),
        compression: compression(&args, context),
        start_after: args.filters.start_after.clone(),
        single: found.single,
        own: args.no_assume || args.versions,
    };
    let mut plan = plan_text::write(&args, &work, &found.lines, context.global.output.as_deref(), range);
    warnings.into_iter().for_each(|warning| _ = plan.warn(warning));
    Ok(Planned {
        plan,
        work,
        journal: None,
        resolved: Map::new(),
        limits: args.pace.limits(),
        rate: args.pace.items_per_second(),
        streams: true,
        stdin_is_data: typed.is_some_and(|typed| typed.is_stdin()),
    })
}

/// What was typed; nothing is all sources.
fn typed(args: &Arguments) -> Result<Option<Typed>, Failure> {
    let mut objects: ObjectArgs = args.objects.clone();
    objects.paths.extend(args.places.iter().cloned());
    Typed::read(&objects, &[], &[])
}

/// Usage errors that need nothing but the command line.
fn check(args: &Arguments, typed: Option<&Typed>, context: &Context) -> Result<(), Failure> {
    if typed.is_some() && args.chooses_sources() {
        return Err(Failure::usage("objects are named in more than one way")
            .hint("give either paths, a list or an inventory, or flags that choose among the sources"));
    }
    if args.versions && context.global.format == Some(Format::Plain) {
        return Err(Failure::usage("`--format plain` cannot tell one version from another")
            .hint("with `--versions`, use csv, jsonl or s3batch"));
    }
    context.global.refuse_journal("s3list")
}

/// The sources. Where objects are named otherwise, a list without sources is better than none.
async fn sources(
    args: &Arguments,
    typed: Option<&Typed>,
    session: &Session,
) -> Result<(Option<Sources>, Vec<String>), Failure> {
    let origin = args.sources_file.clone().map_or(Origin::Function, Origin::File);
    match list(session, &origin).await {
        Ok(listed) => Ok((Some(listed.sources), listed.warnings)),
        Err(failure) if typed.is_none() || args.sources_file.is_some() => {
            Err(failure.hint("`--sources-file FILE` takes them from a file; `s3list s3://bucket/prefix` needs none"))
        }
        Err(failure) => {
            let hint = failure.hints.first().map(|hint| format!("; {hint}")).unwrap_or_default();
            let warning = format!("the rows do not name their sources: {}{hint}", failure.summary());
            Ok((None, vec![warning]))
        }
    }
}

/// What is listed, for the work and for the plan's text.
struct Finding {
    what: What,
    book: Book,
    lines: Vec<String>,
    warnings: Vec<String>,
    single: bool,
}

async fn find(
    args: &Arguments,
    typed: Option<&Typed>,
    wish: &Wish,
    sources: Option<Sources>,
    session: &Session,
) -> Result<Finding, Failure> {
    let own = args.no_assume || args.versions;
    match typed {
        None => by_source(wish, sources.unwrap_or_default(), session, own, args.chooses_sources()),
        Some(Typed::Paths(paths)) => Ok(by_path(paths, sources, session, own)),
        Some(typed) => {
            let inventory = typed.inventory(session, &[PARQUET]).await?;
            let selection = Selection::of_rows(typed, inventory, session, None)?.unwrap_or_default();
            let Selection { inputs, lines, warnings } = selection;
            let single = inputs.len() == 1;
            Ok(Finding { what: What::Rows(inputs), book: Book::new(sources, None), lines, warnings, single })
        }
    }
}

fn by_source(wish: &Wish, sources: Sources, session: &Session, own: bool, chosen: bool) -> Result<Finding, Failure> {
    let found = selection::of_sources(&sources, wish, &Deployment::of(session), own)?;
    let lines = found.targets.iter().map(|target| plan_text::target(target, &sources)).collect();
    let mut warnings = Vec::new();
    if !found.without_bucket.is_empty() && chosen {
        warnings.push(format!("sources that read no bucket are left out: {}", found.without_bucket.join(", ")));
    }
    let book = Book::new(Some(sources), chosen.then_some(found.chosen));
    Ok(Finding { what: What::Targets(found.targets), book, lines, warnings, single: false })
}

fn by_path(paths: &[Location], sources: Option<Sources>, session: &Session, own: bool) -> Finding {
    let (outer, warnings) = outermost(paths);
    let targets = selection::of_paths(&outer, sources.as_ref(), &Deployment::of(session), own);
    let known = sources.clone().unwrap_or_default();
    let lines = targets.iter().map(|target| plan_text::target(target, &known)).collect();
    let single = targets.len() == 1;
    Finding { what: What::Targets(targets), book: Book::new(sources, None), lines, warnings, single }
}

fn compression(args: &Arguments, context: &Context) -> Compression {
    let by_name = || context.global.output.as_deref().map(Compression::of_name);
    args.compress.or_else(by_name).unwrap_or(Compression::None)
}
