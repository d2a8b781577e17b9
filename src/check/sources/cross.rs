//! Our results beside those of Panther's own health check. Agreement is well, also about what is broken: that has a finding of
//! its own. Where only Panther's check complains, either it sees something or its known faults speak.

use super::Validator;
use super::health::{Answer, Answers, Item, is_checked};
use crate::aws::lambda::FunctionError;
use crate::check::denied::Denied;
use crate::check::{Finding, Status};
use crate::panther::Source;
use crate::panther::sources::{SOURCE_API, kinds};

const CHECK: &str = "cross-check";

/// How a complaint of Panther's check stands beside our results.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// Ours found it, too.
    Agreed,
    /// It is one of the check's own faults.
    Fault(&'static str),
    /// Ours did not find it.
    Alone,
}

/// Compares each source's answer with what was found.
pub(super) fn compare(validator: &Validator, chosen: &[&Source], answers: &Answers) {
    let asked = chosen.iter().copied().filter(|source| is_checked(source));
    if let Some(why) = &answers.unavailable {
        let finding = Finding::new(CHECK, Status::Skip, SOURCE_API, why.clone());
        return validator.found(finding.of(asked));
    }
    for source in asked {
        let Some(answer) = answers.by_source.get(&source.id) else { continue };
        validator.found(one(validator, source, answer, answers).of([source]));
    }
}

fn one(validator: &Validator, source: &Source, answer: &Answer, answers: &Answers) -> Finding {
    match answer {
        Answer::Statuses(items) => beside(validator, source, items, answers),
        Answer::Failed(error) => crashed(validator, source, error),
        Answer::Silent(error) => {
            let finding = Finding::new(CHECK, Status::Unknown, SOURCE_API, error.code.clone()).answered(error);
            finding.remedy("ask again later, or leave it out with `--skip cross-check`")
        }
    }
}

/// The function crashes over a bucket whose region it cannot tell when it manages the notifications.
fn crashed(validator: &Validator, source: &Source, error: &FunctionError) -> Finding {
    let kind = error.kind.as_deref().unwrap_or("no error type");
    let message = format!("the health check failed ({kind}): {}", error.message);
    let known = source.managed_notifications && validator.worst(source, "bucket-location") == Some(Status::Fail);
    if known {
        let message = format!("{message}; it does so over every bucket that it cannot locate");
        return Finding::new(CHECK, Status::Skip, SOURCE_API, message);
    }
    Finding::new(CHECK, Status::Unknown, SOURCE_API, message)
        .remedy(format!("look at the log group /aws/lambda/{SOURCE_API}"))
}

fn beside(validator: &Validator, source: &Source, items: &[Item], answers: &Answers) -> Finding {
    let finding = |status, message: String| Finding::new(CHECK, status, SOURCE_API, message);
    if items.is_empty() {
        return finding(Status::Unknown, "Panther's own check evaluated nothing".to_owned());
    }
    let complaints: Vec<(&Item, Standing)> = items
        .iter()
        .filter(|item| !item.healthy)
        .map(|item| (item, standing(validator, source, item, answers)))
        .collect();
    if let Some((item, _)) = complaints.iter().find(|(_, standing)| *standing == Standing::Alone) {
        return alone(item);
    }
    let message = match (complaints.is_empty(), validator.is_broken(source)) {
        (true, false) => "Panther's own check finds it healthy, too".to_owned(),
        (true, true) => "Panther's own check finds it healthy: it looks at less than is checked here".to_owned(),
        (false, _) => complaints.iter().map(|(item, standing)| in_words(item, standing)).collect::<Vec<_>>().join("; "),
    };
    finding(Status::Ok, message)
}

fn in_words(item: &Item, standing: &Standing) -> String {
    match standing {
        Standing::Fault(why) => format!("Panther's own check complains without reason ({}): {why}", item.message),
        Standing::Agreed | Standing::Alone => format!("Panther's own check finds the same: {}", item.message),
    }
}

fn alone(item: &Item) -> Finding {
    let said = [item.message.as_str(), item.error.as_str()]
        .iter()
        .filter(|text| !text.is_empty())
        .copied()
        .collect::<Vec<_>>();
    let message = format!("only Panther's own check complains ({}): {}", item.name, said.join(": "));
    let finding = Finding::new(CHECK, Status::Warn, SOURCE_API, message);
    let finding = match Denied::of_text(&item.error) {
        Some(denied) => finding.because(denied.cause, denied.confidence()),
        None => finding,
    };
    finding.remedy("Panther's functions may be refused what you are allowed: compare the policies for both")
}

fn standing(validator: &Validator, source: &Source, item: &Item, answers: &Answers) -> Standing {
    let ours = item.ours.iter().filter_map(|check| validator.worst(source, check)).max();
    match (ours, item.name) {
        (Some(Status::Fail | Status::Warn | Status::Unknown), _) => Standing::Agreed,
        // Skipped with the bucket or the role, that Panther's check could not reach either.
        (Some(Status::Skip), "getObjectStatus") if validator.is_broken(source) => Standing::Agreed,
        (Some(_), "getObjectStatus") => {
            Standing::Fault("it asks by HEAD for the first key, be it a folder or an archived object")
        }
        (Some(Status::Ok), "bucketNotificationsStatus") => {
            Standing::Fault("it takes a notification without a filter for one that covers nothing")
        }
        (Some(_), "processingRoleStatus") if names_another_role(source, answers) => {
            Standing::Fault("it tries the role that the label gives, not the one written down")
        }
        _ => Standing::Alone,
    }
}

fn names_another_role(source: &Source, answers: &Answers) -> bool {
    source.kind == kinds::S3 && source.role.is_some() && answers.computed(source) != source.role
}
