//! What must be known of a bucket before its markers are touched: versioning, the code it may want, and its own rules.

use opstools::app::Context;
use opstools::aws::Session;
use opstools::aws::versioning::{Mfa, Rule, Status, lifecycle, versioning};
use opstools::error::Failure;

use crate::arguments::Arguments;

/// A bucket that may be worked on.
pub struct Safety {
    /// Its versioning is suspended.
    pub suspended: bool,
    /// The code for its deletes.
    pub mfa: Option<Mfa>,
    /// What the operator should think about.
    pub warnings: Vec<String>,
}

/// Checks the bucket.
///
/// # Errors
/// It keeps no versions, or suspended them and that was not allowed; a code is missing; it may not be asked.
pub async fn check(
    args: &Arguments,
    context: &Context,
    session: &Session,
    bucket: &str,
    prefix: &str,
) -> Result<Safety, Failure> {
    let state = versioning(session, bucket).await?;
    let mut warnings = Vec::new();
    match state.status {
        Status::Enabled => {}
        Status::Never => return Err(never(bucket)),
        Status::Suspended if !args.allow_suspended => return Err(suspended(bucket)),
        Status::Suspended => warnings.push(format!(
            "versioning of bucket `{bucket}` is suspended: stop whatever writes to it first, since a write to a key replaces \
             its version `null` for ever"
        )),
    }
    let mfa = match &args.mfa {
        Some(text) => Some(Mfa::parse(text)?),
        None if state.mfa_delete && args.split.is_none() && !context.global.dry_run => {
            Some(ask(context, bucket).await?)
        }
        None => None,
    };
    match lifecycle(session, bucket, prefix).await {
        Ok(rules) => warnings.extend(rules.iter().flat_map(rule_warnings)),
        Err(failure) => warnings.push(format!("{failure}: whether they delete the objects again is not known")),
    }
    Ok(Safety { suspended: state.status == Status::Suspended, mfa, warnings })
}

/// Checks the bucket for an undo, which deletes without a version id: where no new version is made of that, data is lost.
/// Says whether versioning is suspended.
///
/// # Errors
/// It keeps no versions, or suspended them and that was not allowed; it may not be asked.
pub async fn check_undo(args: &Arguments, session: &Session, bucket: &str) -> Result<bool, Failure> {
    match versioning(session, bucket).await?.status {
        Status::Enabled => Ok(false),
        Status::Suspended if args.allow_suspended => Ok(true),
        Status::Suspended => Err(Failure::failed(format!("versioning of bucket `{bucket}` is suspended"))
            .because("to delete a key there removes its version `null` for ever, data or not")
            .hint(
                "enable versioning first, as with `aws s3api put-bucket-versioning`; or give `--allow-suspended`, which \
                 passes over keys with such data",
            )),
        Status::Never => Err(Failure::failed(format!("bucket `{bucket}` keeps no versions"))
            .because("what is deleted there is gone for ever, so nothing of it may be deleted again")
            .hint("is it the bucket of the journal, or a new one of the same name?")),
    }
}

async fn ask(context: &Context, bucket: &str) -> Result<Mfa, Failure> {
    let asked = context.ask("Serial number of the MFA device, a space, and its code:", "--mfa").await;
    let text = asked.map_err(|_| {
        Failure::usage(format!("bucket `{bucket}` deletes versions only with a multi-factor code")).hint(
            "give `--mfa \"SERIAL CODE\"`; a code lives half a minute, and the same command with a new one goes on where it was",
        )
    })?;
    Mfa::parse(&text)
}

fn never(bucket: &str) -> Failure {
    Failure::failed(format!("bucket `{bucket}` keeps no versions"))
        .because("versioning was never enabled, so what is deleted there is gone")
        .hint("look for copies elsewhere: replication, backups, or the producers of the objects")
}

fn suspended(bucket: &str) -> Failure {
    Failure::failed(format!("versioning of bucket `{bucket}` is suspended"))
        .because("a write to a key replaces its version `null` for ever, so removing markers races with whoever writes")
        .hint("stop the writers, and give `--allow-suspended`")
}

/// A rule that deletes what comes back, or what could still come back.
fn rule_warnings(rule: &Rule) -> Vec<String> {
    let some = if rule.partly { "some keys" } else { "keys" };
    let whose = format!("lifecycle rule `{}` ({some} that begin with `{}`)", rule.id, rule.prefix);
    let expires = rule.expires.as_ref().map(|when| {
        format!("{whose} deletes objects {when}: older ones that come back are deleted again within a day or two")
    });
    let noncurrent = rule.noncurrent_days.map(|days| {
        format!(
            "{whose} removes data {days} days after it was deleted, for ever: what is older cannot come back, and the rest \
             must soon"
        )
    });
    expires.into_iter().chain(noncurrent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_delete_are_told() {
        let rule = Rule {
            id: "week".to_owned(),
            prefix: "logs/".to_owned(),
            partly: false,
            expires: Some("7 days after it was written".to_owned()),
            noncurrent_days: Some(7),
        };
        let texts = rule_warnings(&rule);
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("`week`") && texts[0].contains("7 days after it was written"), "{texts:?}");
        assert!(texts[1].contains("7 days after it was deleted"), "{texts:?}");
    }
}
