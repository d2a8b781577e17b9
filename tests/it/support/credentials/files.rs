//! The files of `~/.aws`, and what their profiles may point to: a program, a token.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::json;

use super::super::Home;
use super::Issued;

/// Writes the files of one home.
pub struct AwsFiles<'a> {
    home: &'a Home,
}

impl<'a> AwsFiles<'a> {
    /// The files of this home; none yet.
    pub fn of(home: &'a Home) -> Self {
        Self { home }
    }

    /// `~/.aws/config` with this text.
    pub fn config(&self, text: &str) -> PathBuf {
        self.home.write(".aws/config", text)
    }

    /// `~/.aws/credentials` with the keys of one profile.
    pub fn credentials(&self, profile: &str, issued: &Issued) -> PathBuf {
        let Issued { access_key, secret_key, token, .. } = issued;
        let text = format!(
            "[{profile}]\naws_access_key_id = {access_key}\naws_secret_access_key = {secret_key}\n\
             aws_session_token = {token}\n"
        );
        self.home.write(".aws/credentials", text)
    }

    /// A program for `credential_process` that prints these credentials.
    pub fn process(&self, issued: &Issued) -> PathBuf {
        let document = json!({
            "Version": 1,
            "AccessKeyId": issued.access_key,
            "SecretAccessKey": issued.secret_key,
            "SessionToken": issued.token,
            "Expiration": issued.expiration(),
        });
        self.script("credential-process", &format!("cat <<'END'\n{document}\nEND\n"))
    }

    /// A program for `credential_process` that fails with this text on standard error.
    pub fn failing_process(&self, text: &str) -> PathBuf {
        self.script("failing-credential-process", &format!("cat >&2 <<'END'\n{text}\nEND\nexit 1\n"))
    }

    /// A web identity token, for `AWS_WEB_IDENTITY_TOKEN_FILE` or `web_identity_token_file`.
    pub fn web_identity_token(&self, token: &str) -> PathBuf {
        self.home.write("web-identity-token", token)
    }

    fn script(&self, name: &str, commands: &str) -> PathBuf {
        let path = self.home.write(name, format!("#!/bin/sh\n{commands}"));
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).expect("the home is ours");
        path
    }
}
