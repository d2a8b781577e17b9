//! A certificate that is not trusted here will not be trusted at the next try either.
//!
//! The SDK takes a failed handshake for trouble of the network and tries again, for half a minute, before anybody learns
//! that a root certificate is missing. This client passes the handshake's refusal on as the user's to mend, which is not
//! retried.

use std::error::Error;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::answer::causes;

/// A client whose calls fail at once when the peer's certificate is refused.
#[derive(Debug)]
struct Impatient(SharedHttpClient);

/// One of its connectors.
#[derive(Debug)]
struct ImpatientConnector(SharedHttpConnector);

/// The same client, but a refused certificate is final.
pub(super) fn final_when_untrusted(client: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Impatient(client))
}

impl HttpClient for Impatient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(ImpatientConnector(self.0.http_connector(settings, components)))
    }
}

impl HttpConnector for ImpatientConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            answer.await.map_err(|error| if is_untrusted(&error) { ConnectorError::user(error.into()) } else { error })
        })
    }
}

/// Whether a certificate was refused.
fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| matches!(unwrapped(cause).downcast_ref(), Some(rustls::Error::InvalidCertificate(_))))
}

/// What is inside of an `io::Error`, which hides the error that it wraps from the chain of sources, layer by layer.
fn unwrapped<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(inner) => unwrapped(inner),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refused_certificate_is_final() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let wrapped = std::io::Error::new(std::io::ErrorKind::InvalidData, refused);
        let twice = std::io::Error::other(wrapped);
        assert!(is_untrusted(&ConnectorError::io(twice.into())));
        let torn = std::io::Error::new(std::io::ErrorKind::InvalidData, rustls::Error::HandshakeNotComplete);
        assert!(!is_untrusted(&ConnectorError::io(torn.into())));
        assert!(!is_untrusted(&ConnectorError::io(std::io::Error::other("reset").into())));
    }
}
