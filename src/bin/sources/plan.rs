//! From the command line to a plan: the sources are listed and chosen; nothing is checked yet.

use opstools::app::{Context, Planned};
use opstools::args::GlobalArgs;
use opstools::aws::Session;
use opstools::check::sources::CHECKS;
use opstools::error::Failure;
use opstools::panther::sources::{Listed, Origin, kinds, list, read_api, read_file};
use opstools::panther::{Deployment, Source};
use opstools::plan::{Danger, Plan};
use opstools::report::Estimate;
use opstools::run::Limits;
use opstools::time::human;
use serde_json::Map;

use crate::api;
use crate::arguments::{Arguments, Backend, FailOn};
use crate::choice;
use crate::form::Form;

/// The checks of one run.
pub struct Checks {
    /// With whose identity.
    pub session: Session,
    /// Which.
    pub wanted: Vec<&'static str>,
    /// What makes the exit code 4.
    pub fail_on: FailOn,
    /// How long each may take.
    pub patience: std::time::Duration,
    /// All sources are checked, so that the list as such can be, too.
    pub whole: bool,
}

/// What executing needs.
pub struct Work {
    /// The sources, and how they were come by.
    pub listed: Listed,
    /// The positions of those that are meant.
    pub chosen: Vec<usize>,
    /// Where Panther is, for names that are made of it.
    pub deployment: Deployment,
    /// How to show them.
    pub form: Form,
    /// What to check; nothing without `--validate`.
    pub checks: Option<Checks>,
}

impl Work {
    /// The sources that are meant.
    pub fn sources(&self) -> Vec<&Source> {
        self.chosen.iter().map(|position| &self.listed.sources.all[*position]).collect()
    }
}

/// The plan of a command line.
///
/// # Errors
/// Usage errors, a list that cannot be had, filters that nothing fits.
pub async fn plan(args: Arguments, context: &Context) -> Result<Planned<Work>, Failure> {
    check(&args, &context.global)?;
    let (listed, session) = listed(&args, context).await?;
    let chosen = choice::chosen(&args, &listed.sources)?;
    let deployment = session.as_ref().map_or_else(nowhere, Deployment::of);
    let skew = session.as_ref().and_then(|session| session.clock.skew_warning());
    let form = Form::of(context);
    let checks = session.filter(|_| args.validate).map(|session| Checks {
        session,
        wanted: wanted(&args),
        fail_on: args.fail_on,
        patience: args.check_timeout,
        whole: !args.chooses(),
    });
    let work = Work { listed, chosen, deployment, form, checks };
    let mut plan = write(&args, &work);
    plan.warnings.extend(skew);
    Ok(Planned {
        plan,
        work,
        journal: None,
        resolved: Map::new(),
        limits: Limits { concurrency: args.concurrency, limit: None, duration: None },
        rate: None,
        streams: form != Form::Json,
        stdin_is_data: false,
    })
}

/// The list, and a session where the list or the checks need one.
async fn listed(args: &Arguments, context: &Context) -> Result<(Listed, Option<Session>), Failure> {
    let without_aws = match (&args.sources_file, args.backend) {
        (Some(path), _) => Some(read_file(path)?),
        (None, Backend::Api) => Some(read_api(&api::of(args)?).await?),
        (None, Backend::Lambda | Backend::Dynamodb) => None,
    };
    if let (Some(listed), false) = (&without_aws, args.validate) {
        return Ok((listed.clone(), None));
    }
    let session = Session::connect(&args.aws.access(), context.clock).await?;
    context.remember_identity(session.identity.clone());
    let origin = if args.backend == Backend::Dynamodb { Origin::Table } else { Origin::Function };
    let listed = match without_aws {
        Some(listed) => listed,
        None => list(&session, &origin).await?,
    };
    Ok((listed, Some(session)))
}

/// A list in a file does not say where Panther is; roles of sources are then named as in the usual partition.
fn nowhere() -> Deployment {
    Deployment { partition: "aws".to_owned(), ..Deployment::default() }
}

fn check(args: &Arguments, global: &GlobalArgs) -> Result<(), Failure> {
    global.refuse_journal("sources")?;
    for (flag, given) in [("--only", !args.only.is_empty()), ("--skip", !args.skip.is_empty())] {
        if given && !args.validate {
            return Err(
                Failure::usage(format!("`{flag}` names a check, and nothing is checked")).hint("add `--validate`")
            );
        }
    }
    if args.validate && wanted(args).is_empty() {
        return Err(Failure::usage("`--only` and `--skip` leave no check"));
    }
    if args.check_timeout.is_zero() {
        return Err(
            Failure::usage("`--check-timeout 0` leaves no time for an answer").hint("give a duration, such as 20s")
        );
    }
    Ok(())
}

fn wanted(args: &Arguments) -> Vec<&'static str> {
    let names = |list: &[String], name: &str| list.iter().any(|known| known == name);
    let all = CHECKS.iter().map(|(name, _)| *name);
    all.filter(|name| (args.only.is_empty() || names(&args.only, name)) && !names(&args.skip, name)).collect()
}

fn write(args: &Arguments, work: &Work) -> Plan {
    let sources = work.sources();
    let verb = if work.checks.is_some() { "check" } else { "list" };
    let mut plan =
        Plan::new(format!("{verb} {} of {} log sources", sources.len(), work.listed.sources.all.len()), Danger::None);
    let from = match (&args.sources_file, work.listed.backend) {
        (Some(path), _) => path.display().to_string(),
        (None, "api") => "the public API".to_owned(),
        (None, "dynamodb") => format!("table {}", opstools::panther::sources::SOURCE_TABLE),
        (None, _) => format!("function {}", opstools::panther::sources::SOURCE_API),
    };
    plan.fact("listed by", from);
    if let Some(checks) = &work.checks {
        plan.fact("checks", checks.wanted.join(", "));
        plan.fact("calls", format!("about {}, all of them reading", calls(&sources)));
        plan.fact("pace", format!("{} at once, {} each at most", args.concurrency, human(checks.patience)));
        plan.detail("checks_wanted", checks.wanted.clone());
    }
    for warning in &work.listed.warnings {
        plan.warn(warning);
    }
    plan.detail("backend", work.listed.backend);
    plan.estimate = Some(Estimate { items: sources.len() as u64, bytes: None, exact: true });
    plan
}

/// How many calls checking takes: per role two, per bucket three, per prefix two, and one each of Panther's own check.
fn calls(sources: &[&Source]) -> usize {
    let s3: Vec<&&Source> = sources.iter().filter(|source| source.kind == kinds::S3).collect();
    let prefixes: usize = s3.iter().map(|source| source.prefixes.len()).sum();
    let others = sources.len() - s3.len();
    s3.len() * 6 + prefixes * 2 + others * 3
}
