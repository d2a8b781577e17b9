//! Sessions by role: each role is assumed once, however many prefixes it lists, and kept fresh by its session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use opstools::aws::Session;
use opstools::error::Failure;
use tokio::sync::OnceCell;

type Cell = Arc<OnceCell<Result<Session, Failure>>>;

/// The sessions of a run.
pub struct Roles {
    own: Session,
    assumed: Mutex<HashMap<String, Cell>>,
}

impl Roles {
    /// Roles are assumed with these credentials.
    pub fn new(own: Session) -> Self {
        Self { own, assumed: Mutex::default() }
    }

    /// The session of a role; without one, the operator's own.
    ///
    /// # Errors
    /// The role cannot be assumed.
    pub async fn session(&self, role: Option<&str>) -> Result<Session, Failure> {
        let Some(role) = role else { return Ok(self.own.clone()) };
        let cell = {
            let mut assumed = self.assumed.lock().unwrap_or_else(PoisonError::into_inner);
            assumed.entry(role.to_owned()).or_default().clone()
        };
        cell.get_or_init(|| async {
            self.own
                .as_role(role)
                .await
                .map_err(|failure| failure.hint("`--no-assume` lists with your own credentials"))
        })
        .await
        .clone()
    }
}
