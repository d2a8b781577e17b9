//! The HTTP under both servers: accepts on loopback, reads whole requests, writes whole answers.
//!
//! Whole bodies keep the protocols above free of streams: the largest request is a megabyte of messages, the
//! largest answer a page of a thousand keys. hyper adds the `Date` header, which the tools take as the service's
//! clock.

use std::{io, net::SocketAddr, sync::Arc};

use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// More than any request of SQS (1 MiB of messages, in base64 and JSON escapes) or of S3 listings.
const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// A request, read to its end.
#[derive(Debug)]
pub struct Asked {
    /// HTTP method.
    pub method: Method,
    /// Path as sent, still percent-encoded.
    pub path: String,
    /// Query as sent, without the question mark; empty when there is none.
    pub query: String,
    /// Headers as sent.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Asked {
    /// The header's value, when it is there and text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// An answer, ready to be written.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// An answer without headers of its own.
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, content_type, headers: Vec::new(), body: body.into() }
    }

    /// The value as JSON, status 200.
    pub fn json(value: &serde_json::Value) -> Self {
        Self::new(StatusCode::OK, "application/json", value.to_string())
    }

    /// The same answer with one more header. A value that no header can hold is left out.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }
}

/// Whoever answers requests.
pub trait Handler: Send + Sync + 'static {
    /// Answers one request; runs once per request, many at a time.
    fn handle(&self, asked: Asked) -> impl Future<Output = Answer> + Send;
}

/// A server that accepts until it is dropped.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Listening {
    /// Listens on 127.0.0.1 and answers through `handler`. Port 0 picks a free port.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start<H: Handler>(port: u16, handler: Arc<H>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        Ok(Self { address: listener.local_addr()?, accepting: tokio::spawn(accept(listener, handler)) })
    }

    /// Base address without a trailing slash: what `--endpoint-url` takes.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Listening {
    /// Ends the accept loop, and with it every open connection.
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept<H: Handler>(listener: TcpListener, handler: Arc<H>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(stream, handler.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// A broken connection ends its own task only: the client sees it, the server has nothing to add.
async fn serve<H: Handler>(stream: TcpStream, handler: Arc<H>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let service = service_fn(move |request| {
        let handler = handler.clone();
        async move { respond(&*handler, request).await }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    drop(connection.await);
}

async fn respond<H: Handler>(
    handler: &H,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::http::Error> {
    let (head, body) = request.into_parts();
    let answer = match Limited::new(body, MAX_REQUEST_BYTES).collect().await {
        Ok(body) => {
            let asked = Asked {
                method: head.method,
                path: head.uri.path().to_owned(),
                query: head.uri.query().unwrap_or_default().to_owned(),
                headers: head.headers,
                body: body.to_bytes(),
            };
            handler.handle(asked).await
        }
        Err(_) => Answer::new(StatusCode::PAYLOAD_TOO_LARGE, "text/plain", "the body is too large"),
    };
    let mut response = Response::builder().status(answer.status).header(CONTENT_TYPE, answer.content_type);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(answer.body))
}
