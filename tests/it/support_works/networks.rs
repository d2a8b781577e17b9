//! HTTPS under an authority that nobody knows, and a company's web proxy before it, as the real SDK meets them.

use crate::support::credentials::{Issued, SecurityTokenService};
use crate::support::forward_proxy::ForwardProxy;
use crate::support::https::Authority;
use crate::support::loopback::response;
use crate::support::{Home, Tool};

use super::credential_sources::{signed_by, who_am_i};

/// The name that the SDK calls without any endpoint variable.
const REAL_NAME: &str = "sts.eu-central-1.amazonaws.com";

/// Asks who it is with fixed keys.
fn asking(issued: &Issued) -> Tool {
    who_am_i()
        .env("AWS_ACCESS_KEY_ID", &issued.access_key)
        .env("AWS_SECRET_ACCESS_KEY", &issued.secret_key)
        .env("AWS_SESSION_TOKEN", &issued.token)
}

#[test]
fn an_unknown_authority_is_refused_and_a_known_one_trusted() {
    let issued = Issued::by("tls");
    let service = SecurityTokenService::issuing(&issued);
    let (known, other) = (Authority::new(), Authority::new());
    let https = known.before(&service.env()[0].1, &[]);
    let asking = || asking(&issued).env("AWS_ENDPOINT_URL_STS", https.url());
    asking().env("SSL_CERT_FILE", known.bundle()).run().code(0).stdout_has(&signed_by(&issued));
    asking().env("SSL_CERT_FILE", other.bundle()).run().code(101).stderr_has("UnknownIssuer");
    assert_eq!(service.calls().len(), 1);
}

#[test]
fn a_proxy_tunnels_to_the_real_name() {
    let issued = Issued::by("tunnel");
    let service = SecurityTokenService::issuing(&issued);
    let authority = Authority::new();
    let https = authority.before(&service.env()[0].1, &[REAL_NAME]);
    let proxy = ForwardProxy::start();
    let asking = || asking(&issued).env("SSL_CERT_FILE", authority.bundle()).env("HTTPS_PROXY", proxy.url());
    proxy.knows(REAL_NAME, https.port());
    asking().run().code(0).stdout_has(&signed_by(&issued));
    assert_eq!(proxy.asked(), [format!("CONNECT {REAL_NAME}:443")]);
    // Around the proxy, on loopback.
    let direct = asking().env("NO_PROXY", "localhost").env("AWS_ENDPOINT_URL_STS", https.url()).run();
    direct.code(0).stdout_has(&signed_by(&issued));
    assert_eq!(proxy.asked().len(), 1);
}

#[test]
fn a_proxy_passes_plain_http_on_and_refuses_strangers() {
    let issued = Issued::by("plain");
    let service = SecurityTokenService::issuing(&issued);
    let proxy = ForwardProxy::start();
    let asking = || asking(&issued).env("HTTP_PROXY", proxy.url());
    asking().envs(service.env()).run().code(0).stdout_has(&signed_by(&issued));
    assert!(proxy.asked()[0].starts_with("POST http://127.0.0.1:"), "{:?}", proxy.asked());
    let stranger = asking().env("AWS_ENDPOINT_URL_STS", "http://stranger.example").env("AWS_MAX_ATTEMPTS", "1").run();
    stranger.code(101);
}

#[test]
fn a_server_answers_as_the_test_likes() {
    let home = Home::new();
    let authority = Authority::new();
    let https = authority.answering(&[], |_| response(503, "text/plain", "closed"));
    let asking = asking(&Issued::by("closed")).home(&home).env("AWS_MAX_ATTEMPTS", "1");
    let asking = asking.env("SSL_CERT_FILE", authority.bundle()).env("AWS_ENDPOINT_URL_STS", https.url());
    asking.run().code(101).stderr_has("503");
}
