//! A company's web proxy on loopback, for `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`: takes `CONNECT` and requests
//! in absolute form, counts them, and knows only the hosts it was told. It never leaves the machine, so a test can
//! use the real names of AWS.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use http::{Method, Request, Response};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;

use super::fault_proxy::Upstream;
use super::loopback::{Answer, Listening, NoAnswer, full, response, serve, whole};

/// A running proxy. It ends with this value.
pub struct ForwardProxy {
    listening: Listening,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    hosts: Mutex<HashMap<String, u16>>,
    asked: Mutex<Vec<String>>,
}

impl ForwardProxy {
    /// A proxy that reaches loopback and nothing else.
    pub fn start() -> Self {
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        let listening = serve(move |request, _| Arc::clone(&shared).handle(request));
        Self { listening, state }
    }

    /// Lets a name, on any port, lead to a port of loopback: `sqs.eu-central-1.amazonaws.com`.
    pub fn knows(&self, host: &str, port: u16) -> &Self {
        self.state.hosts.lock().expect(UNPOISONED).insert(host.to_owned(), port);
        self
    }

    /// `http://127.0.0.1:PORT`, the value of the proxy variables.
    pub fn url(&self) -> String {
        self.listening.url()
    }

    /// What was asked for, in order: `CONNECT host:443`, `GET http://host:8000/path`.
    pub fn asked(&self) -> Vec<String> {
        self.state.asked.lock().expect(UNPOISONED).clone()
    }
}

impl State {
    async fn handle(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        self.asked.lock().expect(UNPOISONED).push(format!("{} {}", request.method(), request.uri()));
        let Some(address) = self.address(&request) else {
            return Ok(response(502, "text/plain", "this proxy does not know that host"));
        };
        if request.method() == Method::CONNECT { tunnel(request, address).await } else { pass(request, address).await }
    }

    /// Where the request leads, if to this machine.
    fn address(&self, request: &Request<Incoming>) -> Option<SocketAddr> {
        let (host, port) = (request.uri().host()?, request.uri().port_u16().unwrap_or(80));
        let known = self.hosts.lock().expect(UNPOISONED).get(host).copied();
        let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let port = known.or(local.then_some(port))?;
        Some((Ipv4Addr::LOCALHOST, port).into())
    }
}

async fn tunnel(request: Request<Incoming>, address: SocketAddr) -> Answer {
    let Ok(mut far) = TcpStream::connect(address).await else {
        return Ok(response(502, "text/plain", "nothing listens there"));
    };
    tokio::spawn(async move {
        if let Ok(near) = hyper::upgrade::on(request).await {
            // Either end may go at any time; the tunnel just ends.
            drop(copy_bidirectional(&mut TokioIo::new(near), &mut far).await);
        }
    });
    Ok(Response::new(full("")))
}

async fn pass(request: Request<Incoming>, address: SocketAddr) -> Answer {
    let (head, body) = whole(request).await?.into_parts();
    let answer = Upstream::at(&format!("http://{address}")).send(&head, body).await;
    answer.map(|answer| answer.map(full)).map_err(|_| NoAnswer)
}

const UNPOISONED: &str = "no thread panics while it holds the proxy's state";
