//! Which root certificates to trust, and the HTTP client that uses them.
//!
//! A static binary runs on machines without a CA store, and behind companies' own roots. Order: `--ca-bundle` or
//! `AWS_CA_BUNDLE` (only these), the native store (`SSL_CERT_FILE`, `SSL_CERT_DIR`, the system's), and the roots built in
//! (Mozilla's). Each certificate is tried before it is given to the SDK, which panics on one that it cannot use.

use std::path::Path;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::untrusted::final_when_untrusted;
use crate::error::Failure;

/// The environment variable of AWS's tools for a bundle of roots; the Rust SDK does not read it by itself.
const BUNDLE_VARIABLE: &str = "AWS_CA_BUNDLE";

/// Base64 characters in a line of PEM (RFC 7468).
const PEM_LINE: usize = 64;

/// The HTTP client of all services: proxies from the environment, these roots.
///
/// # Errors
/// The bundle cannot be read or holds no usable certificate.
pub(super) fn http_client(bundle: Option<&Path>) -> Result<SharedHttpClient, Failure> {
    let context = context(bundle)?;
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .proxy_config(ProxyConfig::from_env())
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(context.clone());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    });
    Ok(final_when_untrusted(client))
}

/// A connector for what is no service of AWS: the same proxies, the same roots.
///
/// # Errors
/// As [`http_client`].
pub(super) fn connector(bundle: Option<&Path>) -> Result<Connector, Failure> {
    let connector = Connector::builder().proxy_config(ProxyConfig::from_env());
    Ok(connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context(bundle)?).build())
}

fn context(bundle: Option<&Path>) -> Result<TlsContext, Failure> {
    let context = TlsContext::builder().with_trust_store(trust_store(bundle)?).build();
    context.map_err(|error| Failure::failed("cannot prepare TLS").because(error))
}

fn trust_store(bundle: Option<&Path>) -> Result<TrustStore, Failure> {
    let from_environment = std::env::var_os(BUNDLE_VARIABLE).filter(|value| !value.is_empty());
    if let Some(path) = bundle.or(from_environment.as_deref().map(Path::new)) {
        return from_bundle(path);
    }
    let native = rustls_native_certs::load_native_certs();
    let mut roots: Vec<String> = native.certs.iter().filter(|root| usable(root)).map(|root| to_pem(root)).collect();
    if roots.is_empty() {
        roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(to_pem).collect();
    }
    Ok(TrustStore::empty().with_pem_certificate(roots.concat()))
}

fn from_bundle(path: &Path) -> Result<TrustStore, Failure> {
    let failure = |cause: String| {
        Failure::failed(format!("cannot use the root certificates of `{}`", path.display()))
            .because(cause)
            .hint("name a file of PEM certificates with `--ca-bundle` (or AWS_CA_BUNDLE)")
    };
    let bytes = std::fs::read(path).map_err(|error| failure(error.to_string()))?;
    let mut roots = String::new();
    for root in CertificateDer::pem_slice_iter(&bytes) {
        let root = root.map_err(|error| failure(format!("{error:?}")))?;
        if usable(&root) {
            roots += &to_pem(&root);
        }
    }
    if roots.is_empty() {
        return Err(failure("no usable certificate in it".to_owned()));
    }
    Ok(TrustStore::empty().with_pem_certificate(roots))
}

/// Whether rustls takes this certificate as a trust anchor.
fn usable(root: &CertificateDer<'_>) -> bool {
    RootCertStore::empty().add(root.clone().into_owned()).is_ok()
}

fn to_pem(root: &CertificateDer<'_>) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(root.as_ref());
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (position, character) in text.chars().enumerate() {
        if position > 0 && position % PEM_LINE == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem + "\n-----END CERTIFICATE-----\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_roots_are_usable() {
        for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
            assert!(usable(root));
            assert!(CertificateDer::from_pem_slice(to_pem(root).as_bytes()).is_ok_and(|read| read == *root));
        }
    }

    #[test]
    fn a_bad_bundle_is_an_error_with_its_name() {
        let folder = tempfile::tempdir().expect("scratch folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("file");
            path
        };
        let broken = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
        let wrong = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for path in [file("empty", ""), file("text", "hello"), file("broken", broken), file("wrong", wrong)] {
            let failure = from_bundle(&path).expect_err("not usable");
            assert!(failure.doing.contains(&path.display().to_string()));
        }
        assert!(from_bundle(&folder.path().join("missing")).is_err());
    }
}
