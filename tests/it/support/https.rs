//! HTTPS on loopback, under a certificate authority made on the spot that no machine knows: for `--ca-bundle`,
//! `AWS_CA_BUNDLE` and `SSL_CERT_FILE`, and for the refusal when none of them is given.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::fault_proxy::Upstream;
use super::loopback::{Body, Listening, full, response, serve_tls, whole};

/// A certificate authority with its files.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    /// A new one. Its files go with it.
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names are valid names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Of another name each, as real authorities are: with the same name, a wrong one is a bad signature.
        let name = format!("loopback test authority {:08x}", fastrand::u32(..));
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, key()).expect("a fresh key signs");
        let folder = TempDir::with_prefix("opstools-ca-").expect("the temporary folder is writable");
        std::fs::write(folder.path().join(BUNDLE), issuer.pem()).expect("the temporary folder is writable");
        Self { issuer, folder }
    }

    /// The file with the authority's certificate (PEM), to be trusted.
    pub fn bundle(&self) -> PathBuf {
        self.folder.path().join(BUNDLE)
    }

    /// HTTPS before a service at `http://HOST:PORT`, under these names besides `localhost` and 127.0.0.1.
    pub fn before(&self, upstream: &str, names: &[&str]) -> Https {
        let upstream = Arc::new(Upstream::at(upstream));
        let handler = move |request, _| {
            let upstream = Arc::clone(&upstream);
            async move {
                let (head, body) = whole(request).await?.into_parts();
                let answer = upstream.send(&head, body).await;
                Ok(answer.map_or_else(|problem| response(502, "text/plain", problem), |answer| answer.map(full)))
            }
        };
        Https { listening: serve_tls(handler, self.acceptor(names)) }
    }

    /// HTTPS with answers of the test's own.
    pub fn answering(
        &self,
        names: &[&str],
        answer: impl Fn(Request<Bytes>) -> Response<Body> + Clone + Send + Sync + 'static,
    ) -> Https {
        let handler = move |request, _| {
            let answer = answer.clone();
            async move { Ok(answer(whole(request).await?)) }
        };
        Https { listening: serve_tls(handler, self.acceptor(names)) }
    }

    fn acceptor(&self, names: &[&str]) -> TlsAcceptor {
        let names: Vec<String> = ["localhost", "127.0.0.1"].iter().chain(names).map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).expect("host names and addresses are valid names");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = key();
        let certificate = params.signed_by(&key, &self.issuer).expect("the authority's key signs");
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], private))
            .expect("a certificate and its own key belong together");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A running HTTPS server. It ends with this value.
pub struct Https {
    listening: Listening,
}

impl Https {
    /// `https://localhost:PORT`
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port())
    }

    /// The port, for other names of the same server.
    pub fn port(&self) -> u16 {
        self.listening.port()
    }

    /// How many connections were opened so far, refused handshakes among them.
    pub fn connections(&self) -> usize {
        self.listening.connections()
    }
}

const BUNDLE: &str = "authority.pem";

fn key() -> KeyPair {
    KeyPair::generate().expect("the system has random numbers")
}
