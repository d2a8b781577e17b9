//! Runs the checks: findings are counted and shown as they are made where the form allows it, and a stop keeps those there are.

use std::sync::{Arc, Mutex, PoisonError};

use opstools::app::Done;
use opstools::check::denied::Cause;
use opstools::check::sources::{Gate, Validator};
use opstools::check::{Finding, Status};
use opstools::error::{Failure, Kind};
use opstools::run::{Counter, Run, Stop};

use crate::arguments::FailOn;
use crate::findings;
use crate::form::Form;
use crate::listing;
use crate::plan::{Checks, Work};

type Kept = Arc<Mutex<Vec<Finding>>>;

/// Checks the sources and shows what was found.
///
/// # Errors
/// The operator's credentials expired on the way, or rows cannot be written.
pub async fn validate(mut work: Work, run: Run) -> Result<Done, Failure> {
    let Some(checks) = work.checks.take() else { return listing::list(&work, &run) };
    let kept = Kept::default();
    let lines = work.form == Form::Lines;
    let sink = {
        let (run, kept, never) = (run.clone(), kept.clone(), checks.fail_on == FailOn::Never);
        move |finding: Finding| {
            count(&run, &finding, never);
            if lines {
                (run.rows)(&findings::line(&finding));
            }
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
        }
    };
    let Checks { session, wanted, fail_on, patience, whole } = checks;
    let gate = Gate::new(run.limits.concurrency, patience);
    let validator = Validator::new(session, gate, wanted, Box::new(sink));
    let sources = work.sources();
    let checking = validator.check(&work.listed, &sources, whole);
    let finished = run.cancel.unless_stopped(Box::pin(checking)).await.is_some();
    let mut found = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    findings::sort(&mut found, &sources);
    show(&work, &run, &found)?;
    if !finished && run.cancel.reason() == Some(Stop::NotAllowed) {
        return Err(Failure::new(Kind::NotAllowed, "the credentials expired while the sources were checked")
            .hint("get new credentials and start the same command again"));
    }
    let worst = found.iter().map(|finding| finding.status).max();
    let findings = match fail_on {
        FailOn::Warn => worst >= Some(Status::Warn),
        FailOn::Fail => worst == Some(Status::Fail),
        FailOn::Never => false,
    };
    Ok(Done { next: next(&found, finished), findings })
}

/// What could not be found out is left, unless nothing that is found shall decide about the exit code.
fn count(run: &Run, finding: &Finding, never: bool) {
    run.stats.add(Counter::Found, 1);
    match finding.status {
        Status::Skip => run.stats.add(Counter::Skipped, 1),
        Status::Unknown if !never => run.stats.add(Counter::Left, 1),
        _ => run.stats.add(Counter::Done, 1),
    }
    let own = match finding.status {
        Status::Ok => "checks_ok",
        Status::Skip => "checks_skipped",
        Status::Unknown => "checks_unknown",
        Status::Warn => "checks_warned",
        Status::Fail => "checks_failed",
    };
    run.stats.add_own(own, 1);
    // Sessions of roles are new; what has expired is what all of this stands on.
    let expired = finding.code.as_deref().is_some_and(|code| code.starts_with("ExpiredToken"));
    if finding.cause == Some(Cause::Credentials) && expired {
        run.cancel.stop(Stop::NotAllowed);
    }
}

fn show(work: &Work, run: &Run, found: &[Finding]) -> Result<(), Failure> {
    match work.form {
        Form::Lines => {}
        Form::Json => {
            run.stats.tell("sources", listing::all(work).into());
            run.stats.tell("checks", serde_json::json!(found));
        }
        Form::Csv => (run.rows)(&findings::csv(found)?),
        Form::Tabbed => (run.rows)(&findings::tabbed(found)),
        Form::Terminal { whole } => (run.rows)(&findings::for_people(&work.sources(), found, whole)),
    }
    Ok(())
}

fn next(found: &[Finding], finished: bool) -> Option<String> {
    if !finished {
        return Some("not everything was checked: start the same command again".to_owned());
    }
    let broken = found.iter().any(|finding| finding.status == Status::Fail);
    broken.then(|| "mend what FAIL names, by its remedy, and check again: one refusal may hide another".to_owned())
}
