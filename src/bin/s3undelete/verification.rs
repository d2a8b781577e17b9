//! Looking at keys after their markers are gone: a reader must get the version that was meant.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use futures::{StreamExt, stream};
use opstools::aws::listing::VersionId;
use opstools::aws::versioning::{Shown, VersionedBucket};
use opstools::error::ServiceError;
use opstools::run::{EntryFailure, Run};
use tokio::sync::Semaphore;

use crate::arguments::Verify;
use crate::restoration::Restoration;

/// Of a sample, about one key in so many is looked at, beside the first of each batch.
const ONE_IN: usize = 200;

/// Looks at keys.
pub struct Verifier {
    bucket: VersionedBucket,
    verify: Verify,
    places: Semaphore,
    given_up: AtomicBool,
}

impl Verifier {
    /// A verifier with so many looks at a time.
    pub fn new(bucket: VersionedBucket, verify: Verify, concurrency: usize) -> Self {
        Self { bucket, verify, places: Semaphore::new(concurrency), given_up: AtomicBool::new(false) }
    }

    /// Looks at some of the `restored` keys, and at all of those whose marker was `gone` already; gives those that show
    /// something else.
    pub async fn look(
        &self,
        run: &Run,
        keys: &[Restoration],
        restored: &[usize],
        gone: &[usize],
    ) -> HashMap<usize, EntryFailure> {
        let chosen = restored.iter().enumerate().filter(|(number, place)| match self.verify {
            Verify::None => false,
            Verify::All => true,
            Verify::Sample => *number == 0 || fastrand::usize(..ONE_IN) == 0 || gone.contains(place),
        });
        let looks = chosen.map(|(_, place)| async move { (*place, self.look_at(run, &keys[*place]).await) });
        let seen = stream::iter(looks.collect::<Vec<_>>()).buffer_unordered(self.places.available_permits().max(1));
        seen.filter_map(|(place, failure)| async move { Some((place, failure?)) }).collect().await
    }

    async fn look_at(&self, run: &Run, key: &Restoration) -> Option<EntryFailure> {
        // The semaphore is never closed.
        let _place = self.places.acquire().await.ok()?;
        if self.given_up.load(Relaxed) {
            run.stats.add_own("not_verified", 1);
            return None;
        }
        match self.bucket.shown(&key.key).await {
            Ok(shown) => {
                run.stats.add_own("verified", 1);
                deviation(&shown, &key.version.id)
            }
            Err(error) => {
                run.stats.add_own("not_verified", 1);
                self.give_up(run, &error);
                None
            }
        }
    }

    /// Who may not look is told once; what was removed is confirmed all the same.
    fn give_up(&self, run: &Run, error: &ServiceError) {
        if matches!(error.status, Some(401 | 403)) && !self.given_up.swap(true, Relaxed) {
            run.notices.warning(format!(
                "the objects brought back cannot be looked at: {error}; reading them needs s3:GetObject, and --verify none \
                 does not ask for it"
            ));
        }
    }
}

fn deviation(shown: &Shown, expected: &VersionId) -> Option<EntryFailure> {
    let (code, message) = match shown {
        Shown::Data(id) if id == expected => return None,
        Shown::Data(_) => {
            ("WrittenMeanwhile", "its markers are removed, but somebody wrote it anew since it was listed")
        }
        Shown::Deleted => {
            ("DeletedMeanwhile", "its markers are removed, but somebody deleted it again since it was listed")
        }
        Shown::Nothing => ("GoneMeanwhile", "its markers are removed, but its data was removed since it was listed"),
    };
    Some(EntryFailure { code: code.to_owned(), message: message.to_owned(), sender_fault: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_that_was_meant_will_do() {
        let id = |text: &str| VersionId::new(text).expect("an id");
        let code = |shown: &Shown| deviation(shown, &id("v1")).map(|failure| failure.code);
        assert_eq!(code(&Shown::Data(id("v1"))), None);
        assert_eq!(code(&Shown::Data(id("v2"))).as_deref(), Some("WrittenMeanwhile"));
        assert_eq!(code(&Shown::Deleted).as_deref(), Some("DeletedMeanwhile"));
        assert_eq!(code(&Shown::Nothing).as_deref(), Some("GoneMeanwhile"));
    }
}
