//! Which certificates are trusted: a bundle by flag or variable, the system's store, and nobody else's.

use http::Response;

use super::{arn, who_am_i};
use crate::support::Tool;
use crate::support::credentials::{Issued, SecurityTokenService};
use crate::support::https::{Authority, Https};

/// The token service behind HTTPS, and a tool that asks it who it is.
struct Scene {
    authority: Authority,
    https: Https,
    _sts: SecurityTokenService,
}

impl Scene {
    fn new() -> Self {
        let sts = SecurityTokenService::issuing(&Issued::by("unused"));
        let authority = Authority::new();
        let upstream = sts.env()[0].1.clone();
        Self { https: authority.before(&upstream, &[]), authority, _sts: sts }
    }

    fn tool(&self) -> Tool {
        who_am_i()
            .env("AWS_ENDPOINT_URL_STS", self.https.url())
            .env("AWS_ACCESS_KEY_ID", "AKIAOWN")
            .env("AWS_SECRET_ACCESS_KEY", "s")
    }
}

const OWN: &str = "arn:aws:iam::111122223333:user/AKIAOWN";

#[test]
fn a_bundle_by_flag() {
    let scene = Scene::new();
    let outcome = scene.tool().args(["--ca-bundle".as_ref(), scene.authority.bundle().as_os_str()]).run();
    assert_eq!(arn(&outcome), OWN);
}

#[test]
fn a_bundle_by_the_variable_of_awss_tools() {
    let scene = Scene::new();
    assert_eq!(arn(&scene.tool().env("AWS_CA_BUNDLE", scene.authority.bundle()).run()), OWN);
}

#[test]
fn the_systems_store_by_its_variable() {
    let scene = Scene::new();
    assert_eq!(arn(&scene.tool().env("SSL_CERT_FILE", scene.authority.bundle()).run()), OWN);
}

#[test]
fn an_unknown_authority_is_not_trusted_and_the_hint_names_the_flag() {
    let scene = Scene::new();
    let stranger = Authority::new();
    let outcome = scene.tool().args(["--ca-bundle".as_ref(), stranger.bundle().as_os_str()]).run();
    let identity = super::identity(&outcome);
    let why = identity["unknown_because"].as_str().unwrap_or_default();
    assert!(why.contains("UnknownIssuer") && why.contains("--ca-bundle"), "{identity}");
    assert_eq!(scene.https.connections(), 1, "a certificate that is refused is not asked for again");
}

#[test]
fn the_flag_wins_over_the_variable() {
    let scene = Scene::new();
    let stranger = Authority::new();
    let tool = scene.tool().env("AWS_CA_BUNDLE", stranger.bundle());
    assert_eq!(arn(&tool.args(["--ca-bundle".as_ref(), scene.authority.bundle().as_os_str()]).run()), OWN);
}

#[test]
fn a_bundle_that_is_none_is_an_error_with_its_name() {
    let scene = Scene::new();
    let folder = tempfile::tempdir().expect("scratch folder");
    let path = folder.path().join("bundle.pem");
    std::fs::write(&path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").expect("file");
    let outcome = scene.tool().args(["--ca-bundle".as_ref(), path.as_os_str()]).run();
    outcome.code(1).stderr_has("bundle.pem").stderr_has("no usable certificate");
}

#[test]
fn an_answer_that_is_no_answer_of_the_service_is_an_error_not_a_panic() {
    let authority = Authority::new();
    let https = authority.answering(&[], |_| {
        let body = crate::support::loopback::full("<html>sign in to the guest network</html>");
        Response::builder().status(200).body(body).expect("an answer")
    });
    let outcome = who_am_i()
        .env("AWS_ENDPOINT_URL_STS", https.url())
        .env("AWS_ACCESS_KEY_ID", "AKIAOWN")
        .env("AWS_SECRET_ACCESS_KEY", "s")
        .env("AWS_CA_BUNDLE", authority.bundle())
        .run();
    outcome.code(1);
}
