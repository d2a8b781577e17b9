//! Endpoints and proxies: which address a call really goes to.

use super::{arn, identity, who_am_i};
use crate::support::Tool;
use crate::support::credentials::{Issued, SecurityTokenService};
use crate::support::forward_proxy::ForwardProxy;
use crate::support::https::Authority;

const OWN: &str = "arn:aws:iam::111122223333:user/AKIAOWN";
const STS_HOST: &str = "sts.eu-central-1.amazonaws.com";

fn keyed() -> Tool {
    who_am_i().env("AWS_ACCESS_KEY_ID", "AKIAOWN").env("AWS_SECRET_ACCESS_KEY", "s")
}

#[test]
fn the_flag_wins_over_the_services_variable() {
    let (asked, other) =
        (SecurityTokenService::issuing(&Issued::by("a")), SecurityTokenService::issuing(&Issued::by("b")));
    let url = asked.env()[0].1.clone();
    let outcome = keyed().envs(other.env()).args(["--endpoint-url", &url]).run();
    assert_eq!(arn(&outcome), OWN);
    assert!(!asked.calls().is_empty() && other.calls().is_empty());
}

#[test]
fn an_endpoint_that_is_no_url_is_a_usage_error() {
    keyed().args(["--endpoint-url", "localhost"]).run().code(2).stderr_has("is no URL");
}

#[test]
fn https_goes_through_the_proxy_of_the_environment() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let authority = Authority::new();
    let https = authority.before(&sts.env()[0].1, &[STS_HOST]);
    let proxy = ForwardProxy::start();
    proxy.knows(STS_HOST, https.port());
    let outcome = keyed().env("HTTPS_PROXY", proxy.url()).env("AWS_CA_BUNDLE", authority.bundle()).run();
    assert_eq!(arn(&outcome), OWN);
    assert!(proxy.asked().iter().any(|line| line.contains(&format!("CONNECT {STS_HOST}"))), "{:?}", proxy.asked());
}

#[test]
fn plain_http_goes_through_its_proxy_and_exempt_hosts_do_not() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let proxy = ForwardProxy::start();
    let through = keyed().envs(sts.env()).env("HTTP_PROXY", proxy.url()).run();
    assert_eq!(arn(&through), OWN);
    let asked = proxy.asked().len();
    assert!(asked > 0);
    let past = keyed().envs(sts.env()).env("HTTP_PROXY", proxy.url()).env("NO_PROXY", "127.0.0.1").run();
    assert_eq!(arn(&past), OWN);
    assert_eq!(proxy.asked().len(), asked, "NO_PROXY exempts the host");
}

#[test]
fn a_dead_proxy_is_named_in_the_hint() {
    let outcome = keyed().env("HTTPS_PROXY", "http://127.0.0.1:1").run();
    let identity = identity(&outcome);
    let why = identity["unknown_because"].as_str().unwrap_or_default();
    assert!(why.contains("HTTPS_PROXY"), "{identity}");
}

#[test]
fn no_network_is_an_error_with_a_next_step() {
    let outcome = keyed().env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1").run();
    outcome.code(1).stderr_has("no connection").stderr_has("region `eu-central-1`");
}

#[test]
fn no_region_is_a_usage_error() {
    keyed().env_remove("AWS_REGION").run().code(2).stderr_has("no AWS region").stderr_has("--region");
}

#[test]
fn a_region_that_is_none_is_told_before_any_call() {
    keyed().args(["--region", "europe"]).run().code(1).stderr_has("`europe` is no AWS region");
}
