//! Objects in a bucket: small ones in one request, larger ones in parts while they are still being drawn.

use std::io;

use bytes::Bytes;
use opstools::aws::upload::{SMALLEST_PART, Stored, Uploads};
use opstools::error::{Failure, ServiceError};
use opstools::generate::FilePlan;
use opstools::run::{ItemError, Run};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::book::Made;
use crate::make::{Drawing, Maker};
use crate::manifest::Begun;

/// Bytes of a part: more than the least, so that 10,000 of them are 80 GB.
const PART: usize = SMALLEST_PART / 5 * 8;

/// Parts that wait for their upload; with the ones being drawn and uploaded, a file takes the memory of three.
const WAITING: usize = 1;

/// Makes one object.
pub async fn write(maker: &Maker, uploads: &Uploads, file: FilePlan, key: String) {
    let (parts, drawn) = draw(maker.drawing(file));
    let uri = format!("s3://{}/{key}", uploads.bucket());
    match upload(maker, uploads, &key, parts, drawn).await {
        Ok((made, stored)) => {
            let log_type = &maker.logs.recipes[file.recipe].log_type;
            maker.book.settled(key, log_type, made, stored).await;
        }
        Err(error) => {
            let whole = || refusal(uploads, &uri, error.clone());
            maker.book.failed(uri.clone(), &error, whole);
        }
    }
}

/// Gives up the uploads that an earlier run has begun and did not end; those that are still there.
pub async fn give_up(uploads: &Uploads, begun: Vec<Begun>, run: &Run) -> Vec<Begun> {
    let mut there = Vec::new();
    for upload in begun {
        match uploads.abort(&upload.begun, &upload.upload_id).await {
            Ok(aborted) => run.stats.add_own("uploads_given_up", u64::from(aborted)),
            Err(error) => {
                let object = format!("the unfinished upload of s3://{}/{}", uploads.bucket(), upload.begun);
                run.failed(ItemError { code: error.code, message: error.message, object });
                there.push(upload);
            }
        }
    }
    there
}

fn refusal(uploads: &Uploads, uri: &str, error: ServiceError) -> Failure {
    let resource = format!("bucket `{}`", uploads.bucket());
    uploads.session().failure(format!("cannot write `{uri}`"), error, "s3:PutObject", &resource)
}

type Drawn = JoinHandle<io::Result<Made>>;

/// Draws the file on a thread of its own; its parts come through the channel.
fn draw(drawing: Drawing) -> (mpsc::Receiver<Bytes>, Drawn) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let take = move |bytes: &mut Vec<u8>| {
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the upload has ended");
        sender.blocking_send(Bytes::from(std::mem::take(bytes))).map_err(gone)
    };
    (receiver, tokio::task::spawn_blocking(move || drawing.draw(PART, take)))
}

async fn upload(
    maker: &Maker,
    uploads: &Uploads,
    key: &str,
    mut parts: mpsc::Receiver<Bytes>,
    drawn: Drawn,
) -> Result<(Made, Stored), ServiceError> {
    let first = parts.recv().await.unwrap_or_default();
    if first.len() < SMALLEST_PART {
        let made = finished(drawn).await?;
        return uploads.put(key, first).await.map(|stored| (made, stored));
    }
    let mut multipart = uploads.begin(key).await?;
    maker.book.begun(key, multipart.id());
    let mut next = Some(first);
    let mut trouble = None;
    while let Some(part) = next {
        // The last portion of a file may be nothing, which is no part.
        if !part.is_empty()
            && let Err(error) = multipart.part(part).await
        {
            trouble = Some(error);
            break;
        }
        next = parts.recv().await;
    }
    drop(parts);
    let made = match trouble {
        None => finished(drawn).await,
        Some(error) => Err(error),
    };
    match made {
        Ok(made) => multipart.complete().await.map(|stored| (made, stored)),
        Err(error) => {
            // If this fails too, the first error says more; the bucket's lifecycle removes what is left.
            let _ = multipart.abort().await;
            Err(error)
        }
    }
}

async fn finished(drawn: Drawn) -> Result<Made, ServiceError> {
    let drawn = drawn.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
    drawn.map_err(|error| ServiceError {
        service: "filegen",
        code: "Stopped".to_owned(),
        message: error.to_string(),
        ..ServiceError::default()
    })
}
