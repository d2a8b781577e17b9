//! Each source of credentials, proved by the key that signs the call; and what is said when there is none.

use super::{arn, identity, who_am_i};
use crate::support::credentials::{AwsFiles, ContainerEndpoint, Issued, SecurityTokenService, SsoPortal};
use crate::support::{Fault, FaultProxy, Home, Tool};

const ROLE: &str = "arn:aws:iam::111122223333:role/operator";

fn with_sts(sts: &SecurityTokenService) -> Tool {
    who_am_i().envs(sts.env())
}

fn user(issued: &Issued) -> String {
    format!("arn:aws:iam::111122223333:user/{}", issued.access_key)
}

#[test]
fn keys_of_the_environment() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT").env("AWS_SECRET_ACCESS_KEY", "s").run();
    assert_eq!(arn(&outcome), "arn:aws:iam::111122223333:user/AKIAENVIRONMENT");
}

#[test]
fn a_profile_of_the_credentials_file() {
    let (home, issued) = (Home::new(), Issued::by("file"));
    AwsFiles::of(&home).credentials("ops", &issued);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).args(["--profile", "ops"]).run();
    assert_eq!(arn(&outcome), user(&issued));
}

/// Keys left in the shell are of some other account: who names a profile means that one.
#[test]
fn a_named_profile_wins_over_keys_of_the_environment() {
    let (home, issued) = (Home::new(), Issued::by("file"));
    AwsFiles::of(&home).credentials("ops", &issued);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let tool = || {
        let tool = with_sts(&sts).home(&home).env("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT");
        tool.env("AWS_SECRET_ACCESS_KEY", "s")
    };
    assert_eq!(arn(&tool().args(["--profile", "ops"]).run()), user(&issued));
    let missing = tool().args(["--profile", "nobody"]).run();
    missing.code(5).stderr_has("`nobody`").stderr_has("is not there, or has no credentials").nowhere("AKIAENVIRONMENT");
    assert_eq!(arn(&tool().run()), "arn:aws:iam::111122223333:user/AKIAENVIRONMENT");
}

#[test]
fn the_profile_by_a_variable_of_ours() {
    let (home, issued) = (Home::new(), Issued::by("file"));
    AwsFiles::of(&home).credentials("ops", &issued);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).env("OPSTOOLS_PROFILE", "ops").run();
    assert_eq!(arn(&outcome), user(&issued));
}

#[test]
fn a_credential_process() {
    let (home, issued) = (Home::new(), Issued::by("process"));
    let files = AwsFiles::of(&home);
    let process = files.process(&issued);
    files.config(&format!("[profile ops]\nregion = eu-central-1\ncredential_process = {}\n", process.display()));
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).args(["--profile", "ops"]).run();
    assert_eq!(arn(&outcome), user(&issued));
}

#[test]
fn a_credential_process_that_fails_is_told_with_exit_5() {
    let home = Home::new();
    let files = AwsFiles::of(&home);
    let process = files.failing_process("the vault is sealed");
    files.config(&format!("[profile ops]\nregion = eu-central-1\ncredential_process = {}\n", process.display()));
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).args(["--profile", "ops"]).run();
    outcome.code(5).stderr_has("credentials");
}

#[test]
fn a_role_of_the_profile() {
    let (home, own, assumed) = (Home::new(), Issued::by("own"), Issued::by("assumed"));
    let files = AwsFiles::of(&home);
    files.credentials("base", &own);
    files.config(&format!("[profile ops]\nregion = eu-central-1\nrole_arn = {ROLE}\nsource_profile = base\n"));
    let sts = SecurityTokenService::issuing(&assumed);
    let outcome = with_sts(&sts).home(&home).args(["--profile", "ops"]).run();
    assert_eq!(arn(&outcome), user(&assumed));
    let assume = &sts.calls()[0];
    assert_eq!((assume.action.as_str(), assume.access_key.as_deref()), ("AssumeRole", Some(own.access_key.as_str())));
}

#[test]
fn a_role_of_the_command_line() {
    let assumed = Issued::by("assumed");
    let sts = SecurityTokenService::issuing(&assumed);
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAOWN"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let outcome = with_sts(&sts).envs(keys).args(["--role-arn", ROLE]).run();
    assert_eq!(arn(&outcome), user(&assumed));
    assert_eq!(sts.calls()[0].role_arn.as_deref(), Some(ROLE));
}

#[test]
fn a_role_that_is_refused_is_told_with_exit_5() {
    let sts = SecurityTokenService::issuing(&Issued::by("assumed"));
    sts.refuse("AssumeRole");
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAOWN"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let outcome = with_sts(&sts).envs(keys).args(["--role-arn", ROLE]).run();
    outcome.code(5).stderr_has("AssumeRole").stderr_has("trust policy");
}

#[test]
fn a_role_that_is_none_is_a_usage_error() {
    let sts = SecurityTokenService::issuing(&Issued::by("assumed"));
    with_sts(&sts).args(["--role-arn", "operator"]).run().code(2).stderr_has("`operator` is no role ARN");
}

#[test]
fn a_web_identity() {
    let (home, assumed) = (Home::new(), Issued::by("web"));
    let token = AwsFiles::of(&home).web_identity_token("token-of-the-cluster");
    let sts = SecurityTokenService::issuing(&assumed);
    let outcome = with_sts(&sts).home(&home).env("AWS_WEB_IDENTITY_TOKEN_FILE", token).env("AWS_ROLE_ARN", ROLE).run();
    assert_eq!(arn(&outcome), user(&assumed));
    assert_eq!(sts.calls()[0].web_identity.as_deref(), Some("token-of-the-cluster"));
}

#[test]
fn a_container_endpoint() {
    let issued = Issued::by("container");
    let container = ContainerEndpoint::issuing(&issued, "token-of-the-task");
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).envs(container.env()).run();
    assert_eq!(arn(&outcome), user(&issued));
    assert!(container.calls() >= 1);
}

#[test]
fn a_single_sign_on_session() {
    let (home, issued) = (Home::new(), Issued::by("sso"));
    let portal = SsoPortal::issuing(&issued);
    AwsFiles::of(&home).config(&SsoPortal::profile("ops"));
    SsoPortal::log_in(&home);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).envs(portal.env()).args(["--profile", "ops"]).run();
    assert_eq!(arn(&outcome), user(&issued));
}

#[test]
fn a_single_sign_on_profile_of_the_older_form() {
    let (home, issued) = (Home::new(), Issued::by("sso"));
    let portal = SsoPortal::issuing(&issued);
    AwsFiles::of(&home).config(&SsoPortal::profile_without_session("ops"));
    SsoPortal::log_in(&home);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).envs(portal.env()).args(["--profile", "ops"]).run();
    assert_eq!(arn(&outcome), user(&issued));
}

#[test]
fn a_single_sign_on_session_is_renewed() {
    let (home, issued) = (Home::new(), Issued::by("sso"));
    let portal = SsoPortal::issuing(&issued);
    AwsFiles::of(&home).config(&SsoPortal::profile("ops"));
    SsoPortal::log_in_renewable(&home);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).envs(portal.env()).args(["--profile", "ops"]).run();
    assert_eq!(arn(&outcome), user(&issued));
    assert!(portal.asked().iter().any(|line| line.contains("/token")), "{:?}", portal.asked());
}

#[test]
fn an_expired_single_sign_on_session_names_the_command_that_renews_it() {
    let home = Home::new();
    let portal = SsoPortal::issuing(&Issued::by("sso"));
    AwsFiles::of(&home).config(&SsoPortal::profile("ops"));
    SsoPortal::log_in_expired(&home);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).envs(portal.env()).args(["--profile", "ops"]).run();
    outcome.code(5).stderr_has("aws sso login --profile ops");
}

#[test]
fn no_credentials_at_all() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).run();
    outcome.code(5).stderr_has("no usable credentials").stderr_has("--profile");
}

#[test]
fn expired_credentials() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let proxy = FaultProxy::before(&sts.env()[0].1);
    proxy.inject(Fault::ExpiredToken.on("GetCallerIdentity"));
    let outcome = who_am_i()
        .env("AWS_ENDPOINT_URL_STS", proxy.url())
        .env("AWS_ACCESS_KEY_ID", "AKIAOWN")
        .env("AWS_SECRET_ACCESS_KEY", "the-secret")
        .run();
    outcome.code(5).stderr_has("have expired").stderr_has("start the same command again").nowhere("the-secret");
}

#[test]
fn a_profile_that_is_not_there() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).args(["--profile", "nobody"]).run();
    outcome.code(5).stderr_has("nobody");
}

#[test]
fn where_the_token_service_refuses_the_identity_is_unknown_and_says_why() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    sts.refuse("GetCallerIdentity");
    let outcome = with_sts(&sts).env("AWS_ACCESS_KEY_ID", "AKIAOWN").env("AWS_SECRET_ACCESS_KEY", "s").run();
    let identity = identity(&outcome);
    assert!(identity["account"].is_null(), "{identity}");
    assert!(identity["unknown_because"].as_str().is_some_and(|why| why.contains("AccessDenied")), "{identity}");
}

#[test]
fn another_account_than_expected_is_refused_before_anything_else() {
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAOWN"), ("AWS_SECRET_ACCESS_KEY", "s")];
    let outcome = with_sts(&sts).envs(keys).args(["--expect-account", "999900001111"]).run();
    outcome.code(1).stderr_has("wrong account: this is 111122223333");
}

#[test]
fn secrets_are_nowhere_in_the_output() {
    let (home, issued) = (Home::new(), Issued::by("file"));
    AwsFiles::of(&home).credentials("ops", &issued);
    let sts = SecurityTokenService::issuing(&Issued::by("unused"));
    let outcome = with_sts(&sts).home(&home).args(["--profile", "ops", "-vv"]).run();
    outcome.nowhere(&issued.secret_key).nowhere(&issued.token);
}
