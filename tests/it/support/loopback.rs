//! HTTP servers on 127.0.0.1 for one test each: every double of this folder is a function from request to answer,
//! and this file gives it a socket. Ports are chosen by the system, so that tests never meet.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::net::sockopt::set_socket_linger;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// A body whole in memory, or one that breaks off.
pub type Body = BoxBody<Bytes, io::Error>;

/// The connection ends without an answer.
#[derive(Debug)]
pub struct NoAnswer;

/// What a handler gives back.
pub type Answer = Result<Response<Body>, NoAnswer>;

/// The threads on which all servers and SDK clients of a test process run.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_all().build().expect("the system gives a few threads")
    });
    &RUNTIME
}

/// Runs a future to its end, from a test's own thread.
pub fn wait<F: Future>(future: F) -> F::Output {
    runtime().block_on(future)
}

/// The other end of a connection.
pub struct Peer {
    socket: std::net::TcpStream,
}

impl Peer {
    fn of(stream: TcpStream) -> io::Result<(TcpStream, Arc<Self>)> {
        let stream = stream.into_std()?;
        let socket = stream.try_clone()?;
        Ok((TcpStream::from_std(stream)?, Arc::new(Self { socket })))
    }

    /// Makes the close that follows a reset (RST) instead of an orderly end (FIN): what a client sees when a
    /// machine or a load balancer in between dies.
    pub fn reset_on_close(&self) {
        set_socket_linger(&self.socket, Some(Duration::ZERO)).expect("an open TCP socket has a linger time");
    }
}

/// A listening server. Dropped, it and its connections are gone.
pub struct Listening {
    address: SocketAddr,
    accepted: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl Listening {
    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections were opened so far, whatever became of them.
    pub fn connections(&self) -> usize {
        self.accepted.load(Relaxed)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves plain HTTP.
pub fn serve<H, F>(handler: H) -> Listening
where
    H: Fn(Request<Incoming>, Arc<Peer>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    listen(handler, None)
}

/// Serves HTTP over TLS.
pub fn serve_tls<H, F>(handler: H, acceptor: TlsAcceptor) -> Listening
where
    H: Fn(Request<Incoming>, Arc<Peer>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    listen(handler, Some(acceptor))
}

/// Serves answers that need only the request, read whole.
pub fn answer_with(answer: impl Fn(Request<Bytes>) -> Response<Body> + Clone + Send + Sync + 'static) -> Listening {
    serve(move |request, _| {
        let answer = answer.clone();
        async move { Ok(answer(whole(request).await?)) }
    })
}

fn listen<H, F>(handler: H, acceptor: Option<TlsAcceptor>) -> Listening
where
    H: Fn(Request<Incoming>, Arc<Peer>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let listener = wait(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    let accepted = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&accepted);
    let accepting = runtime().spawn(async move {
        // Held here, so that the connections end with this task.
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            counter.fetch_add(1, Relaxed);
            connections.spawn(connection(stream, handler.clone(), acceptor.clone()));
            while connections.try_join_next().is_some() {}
        }
    });
    Listening { address, accepted, accepting }
}

async fn connection<H, F>(stream: TcpStream, handler: H, acceptor: Option<TlsAcceptor>)
where
    H: Fn(Request<Incoming>, Arc<Peer>) -> F + Send + Sync,
    F: Future<Output = Answer> + Send,
{
    let Ok((stream, peer)) = Peer::of(stream) else {
        return;
    };
    let service = service_fn(|request| {
        let answer = handler(request, Arc::clone(&peer));
        async { answer.await.map_err(|NoAnswer| io::Error::from(io::ErrorKind::ConnectionAborted)) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).preserve_header_case(true);
    // A client that goes away, or refuses our certificate, is what many tests are about: no error of ours.
    match acceptor {
        None => drop(http.serve_connection(TokioIo::new(stream), service).with_upgrades().await),
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                drop(http.serve_connection(TokioIo::new(stream), service).with_upgrades().await);
            }
        }
    }
}

/// The request with its body read; no answer if the client broke off.
pub async fn whole(request: Request<Incoming>) -> Result<Request<Bytes>, NoAnswer> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| NoAnswer)?.to_bytes();
    Ok(Request::from_parts(head, body))
}

/// A body that is there.
pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never: Infallible| match never {}).boxed()
}

/// An answer of this status, content type and text.
pub fn response(status: u16, content_type: &str, text: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(full(text));
    *response.status_mut() = StatusCode::from_u16(status).expect("a status between 100 and 999");
    let value = content_type.parse().expect("a content type is a header value");
    response.headers_mut().insert(http::header::CONTENT_TYPE, value);
    response
}

/// A JSON answer.
pub fn json(status: u16, value: &serde_json::Value) -> Response<Body> {
    response(status, "application/json", value.to_string())
}
