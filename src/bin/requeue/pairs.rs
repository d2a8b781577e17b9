//! Which queues: from names, URLs, ARNs and defaults to queues that exist, each with the identity and region that serve it.

use opstools::app::Context;
use opstools::aws::sqs::{Queue, QueueAttributes, QueueRef, Sqs};
use opstools::aws::{Session, Side};
use opstools::error::Failure;
use opstools::panther::{dead_letter_names, source_names};
use opstools::run::EntryFailure;

use crate::args::RequeueArgs;
use crate::mode::Mode;

/// One queue with the way to it.
#[derive(Clone, Debug)]
pub struct End {
    /// SQS in its region, with its identity.
    pub sqs: Sqs,
    /// The queue.
    pub queue: Queue,
    /// What SQS said of it when the plan was made.
    pub attributes: QueueAttributes,
}

impl End {
    /// Finds a queue and reads its attributes.
    pub async fn find(sqs: Sqs, reference: &QueueRef, owner: Option<&str>) -> Result<Self, Failure> {
        let queue = sqs.find(reference, owner).await?;
        let attributes = sqs.attributes(&queue).await?;
        Ok(Self { sqs, queue, attributes })
    }

    /// Its region, by its ARN.
    pub fn region(&self) -> &str {
        self.attributes.arn.split(':').nth(3).unwrap_or(&self.sqs.session().region)
    }

    /// Its account, by its ARN.
    pub fn account(&self) -> &str {
        self.attributes.arn.split(':').nth(4).unwrap_or_default()
    }

    /// A refusal of an entry as a failure of the whole run.
    pub fn failure(&self, doing: &str, entry: &EntryFailure, action: &str) -> Failure {
        let queue = format!("queue `{}`", self.queue.name);
        self.sqs.session().failure(format!("cannot {doing} {queue}"), entry.answered_by("SQS"), action, &queue)
    }
}

/// Where messages come from and where they go.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The source; only `--load` has none.
    pub from: Option<End>,
    /// The target; modes that do not send have none.
    pub to: Option<End>,
    /// How a queue was found that nobody named.
    pub found_by: Option<String>,
}

/// The two sides of a move.
pub struct Sides {
    /// SQS as the side of `--from.q` needs it.
    pub from: Sqs,
    /// SQS as the side of `--to.q` needs it.
    pub to: Sqs,
}

impl Sides {
    /// Connects, tells who we are, and makes both sides.
    pub async fn connect(args: &RequeueArgs, context: &Context, names: &Names) -> Result<Self, Failure> {
        let session = Session::connect(&args.aws.access(), context.clock).await?;
        context.remember_identity(session.identity.clone());
        let from = Side {
            profile: args.from_profile.clone(),
            role_arn: args.from_role_arn.clone(),
            region: region("--from-region", args.from_region.as_deref(), names.from.as_ref())?,
        };
        let to = Side {
            profile: args.to_profile.clone(),
            role_arn: args.to_role_arn.clone(),
            region: region("--to-region", args.to_region.as_deref(), names.to.as_ref())?,
        };
        Ok(Self { from: Sqs::new(&session.side(&from).await?), to: Sqs::new(&session.side(&to).await?) })
    }
}

/// The region that a flag and a queue's own name ask for.
fn region(flag: &str, given: Option<&str>, queue: Option<&QueueRef>) -> Result<Option<String>, Failure> {
    let own = queue.and_then(QueueRef::region);
    match (given, own) {
        (Some(given), Some(own)) if given != own => {
            Err(Failure::usage(format!("`{flag} {given}`, but the queue's name says {own}")))
        }
        (given, own) => Ok(given.or(own).map(str::to_owned)),
    }
}

/// The queues as the operator named them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// `--from.q`.
    pub from: Option<QueueRef>,
    /// `--to.q`.
    pub to: Option<QueueRef>,
}

impl Names {
    /// Reads the names; asks where the original asked.
    pub async fn of(args: &RequeueArgs, mode: &Mode, context: &Context) -> Result<Self, Failure> {
        let read =
            |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).map(QueueRef::parse).transpose();
        let mut names = Self { from: read(&args.from_q)?, to: read(&args.to_q)? };
        if names.to.is_none() && (names.from.is_none() || !mode.needs_source()) {
            let question = match mode {
                Mode::Load { .. } => "Name of the queue to send the saved messages to:",
                _ => "Name of the queue whose dead-letter messages are meant:",
            };
            names.to = Some(QueueRef::parse(&context.ask(question, "-to.q").await?)?);
        }
        Ok(names)
    }
}

/// Finds the queues of a pair.
pub async fn resolve(args: &RequeueArgs, mode: &Mode, names: &Names, sides: &Sides) -> Result<Pair, Failure> {
    let mut found_by = None;
    let to = match &names.to {
        Some(name) => Some(End::find(sides.to.clone(), name, args.to_account.as_deref()).await?),
        None => None,
    };
    let from = match (&names.from, &to) {
        _ if !mode.needs_source() => None,
        (Some(name), _) => Some(End::find(sides.from.clone(), name, args.from_account.as_deref()).await?),
        (None, Some(to)) => {
            let (from, how) = dead_letter_queue(to, &sides.from).await?;
            found_by = Some(how);
            Some(from)
        }
        (None, None) => None,
    };
    let to = match (to, &from) {
        (None, Some(from)) if mode.needs_target() => {
            let (to, how) = source_queue(from, &sides.to).await?;
            found_by = Some(how);
            Some(to)
        }
        (to, _) => to.filter(|_| mode.needs_target() || *mode == Mode::Native),
    };
    let pair = Pair { from, to, found_by };
    check(&pair, args, mode)?;
    Ok(pair)
}

/// The dead-letter queue of a queue: by its redrive policy, else by the naming rules.
async fn dead_letter_queue(to: &End, sqs: &Sqs) -> Result<(End, String), Failure> {
    if let Some(arn) = &to.attributes.dead_letter_arn {
        let reference = QueueRef::parse(arn)?;
        let region = reference.region().unwrap_or_default();
        // A dead-letter queue lives in the region of its queue.
        let sqs = if region == sqs.session().region { sqs.clone() } else { Sqs::new(&sqs.session().in_region(region)) };
        let end = End::find(sqs, &reference, None).await?;
        return Ok((end, format!("`{}` by the redrive policy of `{}`", reference.name(), to.queue.name)));
    }
    let names = dead_letter_names(&to.queue.name);
    match existing(&names, sqs).await?.as_slice() {
        [end] => Ok((
            end.clone(),
            format!("`{}` by the naming rules: `{}` has no redrive policy", end.queue.name, to.queue.name),
        )),
        [] => Err(Failure::failed(format!("queue `{}` has no dead-letter queue", to.queue.name))
            .because(format!("it has no redrive policy, and there is no {}", quoted(&names)))
            .hint("name the queue to take messages from with `--from.q`")),
        several => Err(ambiguous(several, "--from.q")),
    }
}

/// The queue whose dead-letter queue this is: as SQS lists it, else by the naming rules.
async fn source_queue(from: &End, sqs: &Sqs) -> Result<(End, String), Failure> {
    let listed = from.sqs.dead_letter_sources(&from.queue).await.unwrap_or_default();
    let (names, how) = if listed.is_empty() {
        (source_names(&from.queue.name), "by the naming rules")
    } else {
        (listed, "whose redrive policy names it")
    };
    match existing(&names, sqs).await?.as_slice() {
        [end] => Ok((end.clone(), format!("`{}` {how}", end.queue.name))),
        [] => Err(Failure::failed(format!("no queue has `{}` as its dead-letter queue", from.queue.name))
            .hint("name the queue to send messages to with `--to.q`")),
        several => Err(ambiguous(several, "--to.q")),
    }
}

/// Those of these queues that exist.
async fn existing(names: &[String], sqs: &Sqs) -> Result<Vec<End>, Failure> {
    let mut ends = Vec::new();
    for name in names {
        match End::find(sqs.clone(), &QueueRef::Name(name.clone()), None).await {
            Ok(end) => ends.push(end),
            Err(failure) if is_missing(&failure) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(ends)
}

fn is_missing(failure: &Failure) -> bool {
    failure.code().is_some_and(|code| code.contains("NonExistentQueue") || code == "QueueDoesNotExist")
}

fn ambiguous(ends: &[End], flag: &str) -> Failure {
    let names: Vec<String> = ends.iter().map(|end| end.queue.name.clone()).collect();
    Failure::failed(format!("there is more than one: {}", quoted(&names))).hint(format!("name one with `{flag}`"))
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What can be known to be wrong before anything is touched.
pub fn check(pair: &Pair, args: &RequeueArgs, mode: &Mode) -> Result<(), Failure> {
    if let (Some(from), Some(to)) = (&pair.from, &pair.to)
        && from.attributes.arn == to.attributes.arn
    {
        return Err(Failure::usage(format!("`{}` is both source and target", from.queue.name))
            .hint("messages would go round for ever: name two different queues"));
    }
    if let Some(from) = pair.from.as_ref().filter(|from| from.queue.is_fifo())
        && crate::mode::has_filters(args)
        && !args.ignore_order
    {
        return Err(Failure::usage(format!(
            "`{}` is a FIFO queue: a filter changes what comes after what",
            from.queue.name
        ))
        .hint("give `--ignore-order` if that does not matter; messages behind one that does not match stay unseen"));
    }
    if let Some(to) = pair.to.as_ref().filter(|to| to.queue.is_fifo())
        && args.delay_seconds.is_some()
    {
        return Err(Failure::usage(format!(
            "`--delay-seconds`: FIFO queue `{}` takes no delay of single messages",
            to.queue.name
        )));
    }
    if *mode == Mode::Native { check_native(pair) } else { Ok(()) }
}

fn check_native(pair: &Pair) -> Result<(), Failure> {
    let (Some(from), Some(to)) = (&pair.from, &pair.to) else { return Ok(()) };
    if from.queue.is_fifo() != to.queue.is_fifo() {
        return Err(Failure::usage(format!(
            "`--native` moves between queues of one type only: `{}` and `{}` differ",
            from.queue.name, to.queue.name
        ))
        .hint("leave out `--native`"));
    }
    if from.region() != to.region() || from.account() != to.account() {
        return Err(Failure::usage("`--native` moves within one account and region only").hint("leave out `--native`"));
    }
    Ok(())
}
