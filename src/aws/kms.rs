//! KMS: the state of a key.

use super::{Session, service_error};
use crate::error::ServiceError;

/// The state in which a key can be used.
const ENABLED: &str = "Enabled";

/// What KMS says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// `Enabled`, `Disabled`, `PendingDeletion`, ...
    pub state: String,
}

impl KeyState {
    /// Whether the key can be used.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.state == ENABLED
    }
}

/// The state of a key, asked in the key's own region.
///
/// # Errors
/// What KMS answers.
pub async fn state(session: &Session, key: &str) -> Result<KeyState, ServiceError> {
    let session = match key.split(':').nth(3).filter(|region| !region.is_empty()) {
        Some(region) => session.in_region(region),
        None => session.clone(),
    };
    let config = aws_sdk_kms::config::Builder::from(session.config()).interceptor(session.clock.clone()).build();
    let answer = aws_sdk_kms::Client::from_conf(config).describe_key().key_id(key).send().await;
    let answer = answer.map_err(|error| service_error("KMS", &error))?;
    let state = answer.key_metadata.and_then(|key| key.key_state);
    Ok(KeyState { state: state.map(|state| state.as_str().to_owned()).unwrap_or_default() })
}
