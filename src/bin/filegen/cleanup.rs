//! Removing what a manifest lists: each file by its name, and only if it still is what was made.

use std::path::Path;
use std::sync::Arc;

use opstools::app::Done;
use opstools::aws::upload::Uploads;
use opstools::error::{Failure, Kind, ServiceError};
use opstools::run::{Counter, Executor, ItemError, Run, Stop};

use crate::below::is_below;
use crate::bucket;
use crate::manifest::{Entry, Listed};
use crate::quota::Quota;
use crate::work::{Cleanup, Target};

/// Removes the files.
///
/// # Errors
/// Never by itself: what could not be removed is named, one by one.
pub async fn clean_up(work: Cleanup, run: Run) -> Result<Done, Failure> {
    let Listed { entries, begun, .. } = work.listed;
    let quota = Quota::new(&run, Some(entries.len() as u64));
    if let Target::Bucket(uploads) = &work.target {
        bucket::give_up(uploads, begun, &run).await;
    }
    let target = Arc::new(work.target);
    let mut executor = Executor::new(run.limits.concurrency);
    let limit = run.limits.limit.unwrap_or(u64::MAX);
    for entry in entries.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        let Some(place) = run.cancel.unless_stopped(executor.place()).await else { break };
        if run.cancel.unless_stopped(run.pace.take(1.0)).await.is_none() {
            break;
        }
        let (target, run) = (target.clone(), run.clone());
        executor.run(place, async move { one(&target, &entry, &run).await });
    }
    executor.drain().await;
    Ok(quota.done("the same command without the bound removes the rest"))
}

async fn one(target: &Target, entry: &Entry, run: &Run) {
    run.stats.add(Counter::Found, 1);
    let (object, removed) = match target {
        Target::Bucket(uploads) => {
            (format!("s3://{}/{}", uploads.bucket(), entry.key), from_bucket(uploads, entry, run).await)
        }
        Target::Folder(root) => (root.join(&entry.key).display().to_string(), from_folder(root, entry)),
        Target::Stdout | Target::Queue(_) => return,
    };
    match removed {
        Ok(true) => {
            run.stats.add(Counter::Done, 1);
            run.stats.add(Counter::Bytes, entry.size);
        }
        Ok(false) => run.stats.add(Counter::Skipped, 1),
        Err((code, message)) => run.failed(ItemError { code, message, object }),
    }
}

/// Code and words of why a file was not removed.
type Refusal = (String, String);

fn changed(what: &str) -> Refusal {
    ("Changed".to_owned(), format!("it is no longer what was made: {what}; it was left"))
}

/// Whether it was there, and is gone now.
async fn from_bucket(uploads: &Uploads, entry: &Entry, run: &Run) -> Result<bool, Refusal> {
    let version = entry.version_id.as_deref();
    let refused = |error: ServiceError| {
        let refusal = (error.code.clone(), error.message.clone());
        if Failure::failed("").with_service(error, &Default::default()).kind == Kind::NotAllowed {
            run.cancel.stop(Stop::NotAllowed);
        }
        refusal
    };
    let Some(stored) = uploads.find(&entry.key, version).await.map_err(refused)? else { return Ok(false) };
    if stored.etag != entry.etag || stored.size != entry.size {
        return Err(changed("its size or entity tag is another"));
    }
    if !stored.synthetic {
        return Err(changed("it does not bear the mark of synthetic data"));
    }
    uploads.remove(&entry.key, version).await.map_err(refused)?;
    Ok(true)
}

fn from_folder(root: &Path, entry: &Entry) -> Result<bool, Refusal> {
    if !is_below(&entry.key) {
        return Err(("Outside".to_owned(), "the manifest names a file outside its folder; it was left".to_owned()));
    }
    let path = root.join(&entry.key);
    let unreadable = |error: std::io::Error| ("Unwritable".to_owned(), error.to_string());
    let found = match std::fs::symlink_metadata(&path) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unreadable(error)),
    };
    if !found.is_file() || found.len() != entry.size {
        return Err(changed("its size or kind is another"));
    }
    std::fs::remove_file(&path).map_err(unreadable)?;
    Ok(true)
}
