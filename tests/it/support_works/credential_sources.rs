//! Each double of a credential source is accepted by the real SDK: a child process asks the double of STS who it
//! is, and the answer names the key that signed.

use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_sdk_sts::error::DisplayErrorContext;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_http_client::{Builder, Connector};
use jiff::SignedDuration;

use crate::support::credentials::{AwsFiles, ContainerEndpoint, Issued, SecurityTokenService, SsoPortal};
use crate::support::loopback::wait;
use crate::support::{Home, Outcome, Tool, program};

/// A command that prints `identity=ARN` for whatever its environment says, with native roots and proxies.
pub fn who_am_i() -> Tool {
    let this = std::env::current_exe().expect("a test has a program");
    let name = "support_works::credential_sources::identity_of_this_process";
    program(this).args(["--exact", name, "--ignored", "--nocapture"]).env("AWS_REGION", "eu-central-1")
}

/// What [`who_am_i`] prints when calls were signed by these keys.
pub fn signed_by(issued: &Issued) -> String {
    format!("identity=arn:aws:iam::111122223333:user/{}\n", issued.access_key)
}

#[test]
#[ignore = "the child process of the other tests of this file"]
fn identity_of_this_process() {
    let http = Builder::new().build_with_connector_fn(|settings, components| {
        let tls = TlsContext::builder().build().expect("native roots make a context");
        let connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        let mut connector = connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(tls);
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.build()
    });
    wait(async {
        let config = aws_config::defaults(BehaviorVersion::latest()).http_client(http).load().await;
        let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await;
        let identity = identity.unwrap_or_else(|error| panic!("error={}", DisplayErrorContext(error)));
        println!("\nidentity={}", identity.arn().expect("an identity has an ARN"));
    });
}

/// Asks who it is, in this home, with these doubles.
fn asked(home: &Home, service: &SecurityTokenService, env: Vec<(&'static str, String)>) -> Outcome {
    who_am_i().home(home).envs(service.env()).envs(env).patience(Duration::from_secs(60)).run()
}

#[test]
fn files_give_keys() {
    let (home, issued) = (Home::new(), Issued::by("file"));
    let service = SecurityTokenService::issuing(&Issued::by("nobody"));
    AwsFiles::of(&home).credentials("ops", &issued);
    asked(&home, &service, vec![("AWS_PROFILE", "ops".to_owned())]).code(0).stdout_has(&signed_by(&issued));
    assert_eq!(service.calls()[0].access_key.as_deref(), Some(issued.access_key.as_str()));
}

#[test]
fn a_process_gives_keys_or_fails() {
    let (home, issued) = (Home::new(), Issued::by("process"));
    let service = SecurityTokenService::issuing(&Issued::by("nobody"));
    let files = AwsFiles::of(&home);
    let config = |program: std::path::PathBuf| format!("[default]\ncredential_process = {}\n", program.display());
    files.config(&config(files.process(&issued)));
    asked(&home, &service, vec![]).code(0).stdout_has(&signed_by(&issued));
    files.config(&config(files.failing_process("vault is sealed")));
    let outcome = asked(&home, &service, vec![]);
    assert_ne!(outcome.code, Some(0), "{outcome}");
}

#[test]
fn an_assumed_role_gives_keys() {
    let (home, user, role) = (Home::new(), Issued::by("user"), Issued::by("role"));
    let service = SecurityTokenService::issuing(&role);
    let files = AwsFiles::of(&home);
    files.credentials("user", &user);
    files.config("[profile ops]\nrole_arn = arn:aws:iam::111122223333:role/ops\nsource_profile = user\n");
    asked(&home, &service, vec![("AWS_PROFILE", "ops".to_owned())]).code(0).stdout_has(&signed_by(&role));
    let calls = service.calls();
    assert_eq!((calls[0].action.as_str(), calls[0].access_key.as_deref()), ("AssumeRole", Some(&*user.access_key)));
    assert_eq!(calls[0].role_arn.as_deref(), Some("arn:aws:iam::111122223333:role/ops"));
    service.refuse("AssumeRole");
    let outcome = asked(&home, &service, vec![("AWS_PROFILE", "ops".to_owned())]);
    outcome.code(101).stderr_has("AccessDenied");
}

#[test]
fn a_web_identity_gives_keys() {
    let (home, role) = (Home::new(), Issued::by("web"));
    let service = SecurityTokenService::issuing(&role);
    let token = AwsFiles::of(&home).web_identity_token("token.of.a.cluster");
    let arn = "arn:aws:iam::111122223333:role/pod".to_owned();
    let env = vec![("AWS_WEB_IDENTITY_TOKEN_FILE", token.display().to_string()), ("AWS_ROLE_ARN", arn)];
    asked(&home, &service, env).code(0).stdout_has(&signed_by(&role));
    let call = &service.calls()[0];
    assert_eq!(call.action, "AssumeRoleWithWebIdentity");
    assert_eq!((call.access_key.as_deref(), call.web_identity.as_deref()), (None, Some("token.of.a.cluster")));
}

#[test]
fn a_container_gives_keys() {
    let (home, issued) = (Home::new(), Issued::by("container"));
    let service = SecurityTokenService::issuing(&Issued::by("nobody"));
    let endpoint = ContainerEndpoint::issuing(&issued, "secret-token");
    asked(&home, &service, endpoint.env()).code(0).stdout_has(&signed_by(&issued));
    assert_eq!(endpoint.calls(), 1);
    let mut wrong = endpoint.env();
    wrong[1].1 = "another-token".to_owned();
    asked(&home, &service, wrong).code(101);
}

#[test]
fn single_sign_on_gives_keys_with_a_session_and_without() {
    let issued = Issued::by("sso");
    let service = SecurityTokenService::issuing(&Issued::by("nobody"));
    for profile in [SsoPortal::profile("ops"), SsoPortal::profile_without_session("ops")] {
        let (home, portal) = (Home::new(), SsoPortal::issuing(&issued));
        AwsFiles::of(&home).config(&profile);
        SsoPortal::log_in(&home);
        let env = [portal.env(), vec![("AWS_PROFILE", "ops".to_owned())]].concat();
        asked(&home, &service, env).code(0).stdout_has(&signed_by(&issued));
        assert!(portal.asked()[0].starts_with("GET /federation/credentials?"), "{:?}", portal.asked());
    }
}

#[test]
fn an_ended_login_is_renewed_or_refused() {
    let (home, issued) = (Home::new(), Issued::by("renewed"));
    let service = SecurityTokenService::issuing(&Issued::by("nobody"));
    let portal = SsoPortal::issuing(&issued);
    AwsFiles::of(&home).config(&SsoPortal::profile("ops"));
    let env = [portal.env(), vec![("AWS_PROFILE", "ops".to_owned())]].concat();
    SsoPortal::log_in_expired(&home);
    asked(&home, &service, env.clone()).code(101);
    assert_eq!(portal.asked(), Vec::<String>::new(), "an ended login is not even shown");
    SsoPortal::log_in_renewable(&home);
    asked(&home, &service, env).code(0).stdout_has(&signed_by(&issued));
    assert_eq!(portal.asked()[0], "POST /token");
}

#[test]
fn issued_keys_look_like_keys_and_end_when_told() {
    let ended = Issued::valid_for("x", -SignedDuration::from_mins(5));
    assert_eq!(ended.access_key, "ASIAX000000000000000");
    assert!(ended.expires < jiff::Timestamp::now());
    assert_eq!(ended.expiration().len(), "2026-01-31T12:00:00Z".len());
}
