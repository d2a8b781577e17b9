//! Every source of credentials that can be had on loopback: files, a process, assumed roles, web identity, a
//! single sign-on portal, a container endpoint. Each double hands out keys of its own, so that a later call's
//! signature proves which source was used.

mod container;
mod files;
mod sso;
mod sts;

use jiff::{SignedDuration, Timestamp};

pub use container::ContainerEndpoint;
pub use files::AwsFiles;
pub use sso::SsoPortal;
pub use sts::SecurityTokenService;

/// Temporary credentials as the doubles issue them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Access key id: names the source in later signatures.
    pub access_key: String,
    /// Secret key.
    pub secret_key: String,
    /// Session token.
    pub token: String,
    /// When they end.
    pub expires: Timestamp,
}

impl Issued {
    /// Keys for an hour. The id takes its place in a real one's form: `ASIA` and sixteen letters or digits.
    pub fn by(source: &str) -> Self {
        Self::valid_for(source, SignedDuration::from_hours(1))
    }

    /// Keys that end after this time, which may lie in the past.
    pub fn valid_for(source: &str, duration: SignedDuration) -> Self {
        let source = source.to_ascii_uppercase();
        Self {
            access_key: format!("ASIA{source:0<16}"),
            secret_key: format!("secret-of-{source}"),
            token: format!("token-of-{source}"),
            expires: Timestamp::now() + duration,
        }
    }

    /// `2026-01-31T12:00:00Z`, as every source but the portal writes it.
    pub fn expiration(&self) -> String {
        self.expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}
