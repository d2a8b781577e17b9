//! Several listings under one bound of requests.
//!
//! A permit is given back when its page has been taken, not when it has come: so the bound is one of memory, too, however
//! slow the reader and however many the listings.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::page::{Hold, Page, PageError, PageQuery, Pages};
use super::versions::{VersionPage, VersionPages, VersionQuery};

/// Pages that are asked for only when a permit is free; listings that share the permits share the bound.
#[derive(Debug, Clone)]
pub struct Bounded<P> {
    pages: Arc<P>,
    permits: Arc<Semaphore>,
}

impl<P> Bounded<P> {
    /// These pages, under the bound of `permits`.
    pub fn new(pages: Arc<P>, permits: Arc<Semaphore>) -> Self {
        Self { pages, permits }
    }
}

impl<P: Pages> Pages for Bounded<P> {
    async fn page(&self, query: PageQuery) -> Result<Page, PageError> {
        // Nothing closes the semaphore; without a permit the request would only be one too many.
        let permit = self.permits.clone().acquire_owned().await.ok();
        let page = self.pages.page(query).await?;
        Ok(Page { hold: Hold(permit.map(Arc::new)), ..page })
    }
}

impl<P: VersionPages> VersionPages for Bounded<P> {
    async fn version_page(&self, query: VersionQuery) -> Result<VersionPage, PageError> {
        let _permit = self.permits.acquire().await;
        self.pages.version_page(query).await
    }
}
