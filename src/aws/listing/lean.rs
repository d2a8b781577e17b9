//! Takes the body of a list answer out of the SDK's hands.
//!
//! Signing, endpoints, credentials, time-outs and retries stay with the SDK; only the body of a good answer is read
//! by our own reader, in passing: the SDK is handed an empty list in its place. Whatever is no list answer goes to
//! the SDK as it came, so that errors are the SDK's own; a body that cannot be read fails as a broken connection
//! does, and is asked for again.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use http_body::{Body, Frame};

use super::page::Page;
use super::versions::VersionPage;
use super::xml::{self, Unreadable};

/// An answer that is read here.
pub(super) trait Answer: Sized + Send + std::fmt::Debug + 'static {
    /// What the SDK reads in its place.
    const EMPTY: &'static [u8];

    /// Reads it; `None`: the document is something else, such as an error.
    fn read(xml: &[u8]) -> Result<Option<Self>, Unreadable>;
}

impl Answer for Page {
    const EMPTY: &'static [u8] = b"<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>";

    fn read(xml: &[u8]) -> Result<Option<Self>, Unreadable> {
        xml::read_page(xml)
    }
}

impl Answer for VersionPage {
    const EMPTY: &'static [u8] = b"<ListVersionsResult><Name>b</Name></ListVersionsResult>";

    fn read(xml: &[u8]) -> Result<Option<Self>, Unreadable> {
        xml::read_version_page(xml)
    }
}

/// Larger pages than S3's largest (1,000 keys of 1,024 bytes, each byte as `%XX`) are no list answers.
const MOST_RESERVED: u64 = 4 << 20;

/// Where the page of one request is put; a clone is the same place.
#[derive(Debug)]
pub(super) struct Slot<A>(Arc<Mutex<Option<A>>>);

impl<A> Clone for Slot<A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<A> Default for Slot<A> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<A> Slot<A> {
    fn put(&self, page: A) {
        // The lock is never held while anything can panic.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
    }

    /// The page, if the answer was one.
    pub(super) fn take(&self) -> Option<A> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// For one request: reads the body of its good answer into the slot.
#[derive(Debug)]
pub(super) struct LeanReader<A>(pub(super) Slot<A>);

#[dyn_dispatch_hint]
impl<A: Answer> Intercept for LeanReader<A> {
    fn name(&self) -> &'static str {
        "LeanReader"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if response.status().as_u16() == 200 {
            let inner = std::mem::replace(response.body_mut(), SdkBody::taken());
            *response.body_mut() = SdkBody::from_body_1_x(LeanBody::new(inner, self.0.clone()));
        }
        Ok(())
    }
}

/// A body that is read to its end, and then is an empty list if it was a list.
struct LeanBody<A> {
    /// `None`: all was read.
    inner: Option<SdkBody>,
    read: Vec<u8>,
    slot: Slot<A>,
}

impl<A: Answer> LeanBody<A> {
    fn new(inner: SdkBody, slot: Slot<A>) -> Self {
        let expected = Body::size_hint(&inner).lower().min(MOST_RESERVED);
        // The hint came from a header; a size that does not fit the machine is no hint.
        let read = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
        Self { inner: Some(inner), read, slot }
    }

    fn replacement(&mut self) -> Result<Bytes, BoxError> {
        let read = std::mem::take(&mut self.read);
        match A::read(&read)? {
            Some(page) => {
                self.slot.put(page);
                Ok(Bytes::from_static(A::EMPTY))
            }
            None => Ok(Bytes::from(read)),
        }
    }
}

impl<A: Answer> Body for LeanBody<A> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        while let Some(inner) = &mut this.inner {
            match ready!(Pin::new(inner).poll_frame(context)) {
                Some(Ok(frame)) => this.read.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    this.inner = None;
                    return Poll::Ready(Some(this.replacement().map(Frame::data)));
                }
            }
        }
        Poll::Ready(None)
    }
}
