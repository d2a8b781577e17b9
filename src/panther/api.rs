//! Panther's public API: one GraphQL endpoint and a token. Answers of errors come in three forms: a status, a list of errors
//! beside the data, and pages of whatever stands before the API.

use std::time::Duration;

use serde_json::{Value, json};

use crate::aws::web::{Reply, Web};
use crate::error::{Failure, Kind};
use crate::run::Backoff;

/// The path of the endpoint; older conventions write it into the address.
const PATH: &str = "/public/graphql";

/// The header of the token.
const TOKEN: &str = "x-api-key";

/// Tries of a request that is throttled, or whose answer gets lost: reading twice does no harm.
const ATTEMPTS: u32 = 4;

/// However long a server asks to wait, an operator does not wait longer.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What of an answer that is no JSON is shown.
const SHOWN: usize = 120;

/// The API of one deployment.
#[derive(Clone)]
pub struct PublicApi {
    web: Web,
    url: String,
    token: String,
}

/// Why a query gave no data.
#[derive(Debug)]
pub enum QueryError {
    /// This version does not know a field of the query.
    Unknown {
        /// The API's words, which name the field.
        message: String,
    },
    /// Everything else.
    Failed(Box<Failure>),
}

impl PublicApi {
    /// The API at this address, with or without its path.
    ///
    /// # Errors
    /// A usage error: the address is none. The token is never part of an error.
    pub fn new(web: Web, address: &str, token: &str) -> Result<Self, Failure> {
        let base = address.trim().trim_end_matches('/').trim_end_matches(PATH).trim_end_matches('/');
        let uri: Option<http::Uri> = base.parse().ok();
        let valid =
            uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("https" | "http")) && uri.authority().is_some());
        if !valid {
            return Err(Failure::usage(format!("`{address}` is no address of an API"))
                .hint("give it as https://api.DOMAIN with `--api-url`, or OPSTOOLS_API_URL"));
        }
        Ok(Self { web, url: format!("{base}{PATH}"), token: token.trim().to_owned() })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs a query and returns its `data`.
    ///
    /// # Errors
    /// An unknown field, a refusal, or no usable answer.
    pub async fn query(&self, query: &str, variables: &Value) -> Result<Value, QueryError> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut attempt = 1;
        loop {
            let asked = self.web.post(&self.url, &[(TOKEN, &self.token)], body.clone()).await;
            let again = match &asked {
                Ok(reply) => reply.status == 429 || reply.status >= 500,
                Err(_) => true,
            };
            if !again || attempt == ATTEMPTS {
                return self.data(asked);
            }
            let wanted = asked.ok().and_then(|reply| reply.retry_after);
            tokio::time::sleep(wanted.unwrap_or(Backoff { attempts: ATTEMPTS }.pause(attempt)).min(LONGEST_WAIT)).await;
            attempt += 1;
        }
    }

    fn data(&self, asked: Result<Reply, String>) -> Result<Value, QueryError> {
        let failed = |failure: Failure| QueryError::Failed(Box::new(failure));
        let doing = format!("cannot ask `{}`", self.url);
        let reply = asked.map_err(|why| {
            failed(Failure::failed(&doing).because(why).hint("check `--api-url`, the network, and the proxy variables"))
        })?;
        let answer: Option<Value> = serde_json::from_slice(&reply.body).ok();
        match (reply.status, answer) {
            (401, _) => Err(failed(refusal(&doing, "the token is not accepted"))),
            (403, _) => {
                Err(failed(refusal(&doing, "forbidden: the token lacks a permission, or this address may not use it")))
            }
            (200, Some(mut answer)) => match first_error(&answer) {
                None => Ok(answer["data"].take()),
                Some((message, code)) if code == "GRAPHQL_VALIDATION_FAILED" => Err(QueryError::Unknown { message }),
                Some((message, _)) => Err(failed(Failure::failed(&doing).because(message))),
            },
            (status, answer) => {
                let said = answer.and_then(|answer| answer["message"].as_str().map(str::to_owned));
                let said = said.unwrap_or_else(|| beginning(&reply.body));
                Err(failed(Failure::failed(&doing).because(format!("HTTP status {status}: {said}"))))
            }
        }
    }
}

fn refusal(doing: &str, why: &str) -> Failure {
    Failure::new(Kind::NotAllowed, doing)
        .because(why)
        .hint("the token needs the permission to view log sources, and may be limited to some addresses; changes of it take a minute")
}

/// Message and code of the first error beside the data.
fn first_error(answer: &Value) -> Option<(String, String)> {
    let error = answer["errors"].as_array()?.first()?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some((text(&error["message"]), text(&error["extensions"]["code"])))
}

/// The beginning of a body that is no JSON, on one line.
fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { "an empty answer".to_owned() } else { text.chars().take(SHOWN).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_the_path_or_not() {
        let web = Web::new(None).expect("a client");
        let url = |address: &str| PublicApi::new(web.clone(), address, "t").map(|api| api.url);
        for address in ["https://api.x.example", "https://api.x.example/", "https://api.x.example/public/graphql"] {
            assert_eq!(url(address).expect("valid"), "https://api.x.example/public/graphql");
        }
        for address in ["", "api.x.example", "ftp://x", "https://"] {
            assert!(url(address).is_err(), "{address}");
        }
    }
}
