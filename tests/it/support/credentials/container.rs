//! The endpoint from which containers of ECS and EKS fetch their credentials.

use std::sync::{Arc, Mutex};

use serde_json::json;

use super::super::loopback::{Listening, answer_with, json as json_answer};
use super::Issued;

/// The path is the task's secret on ECS; here it only has to match.
const PATH: &str = "/v2/credentials/task";

/// A running endpoint, which wants its token. It ends with this value.
pub struct ContainerEndpoint {
    listening: Listening,
    token: String,
    calls: Arc<Mutex<usize>>,
}

impl ContainerEndpoint {
    /// Hands out these credentials to who shows the token.
    pub fn issuing(issued: &Issued, token: &str) -> Self {
        let calls = Arc::new(Mutex::new(0));
        let (issued, expected, counter) = (issued.clone(), token.to_owned(), Arc::clone(&calls));
        let listening = answer_with(move |request| {
            *counter.lock().expect(UNPOISONED) += 1;
            let shown = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            if request.uri().path() != PATH || shown != Some(expected.as_str()) {
                return json_answer(403, &json!({ "code": "AccessDenied", "message": "wrong path or token" }));
            }
            json_answer(200, &document(&issued))
        });
        Self { listening, token: token.to_owned(), calls }
    }

    /// The variables that lead there.
    pub fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("{}{PATH}", self.listening.url())),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", self.token.clone()),
        ]
    }

    /// How often credentials were asked for.
    pub fn calls(&self) -> usize {
        *self.calls.lock().expect(UNPOISONED)
    }
}

fn document(issued: &Issued) -> serde_json::Value {
    json!({
        "RoleArn": "arn:aws:iam::111122223333:role/task",
        "AccessKeyId": issued.access_key,
        "SecretAccessKey": issued.secret_key,
        "Token": issued.token,
        "Expiration": issued.expiration(),
    })
}

const UNPOISONED: &str = "no thread panics while it counts";
