//! Where attachments lie, as it is given on the command line: a path, or
//! `s3://BUCKET/PREFIX` with the rest from its query or the environment.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use url::Url;

use crate::error::{DistrictError, Result};
use crate::folder::local_path;

/// What may be said in the query, and what it sets. Every other `AWS_…` of the
/// environment counts as well.
const SETTINGS: [(&str, AmazonS3ConfigKey); 5] = [
    ("endpoint", AmazonS3ConfigKey::Endpoint),
    ("region", AmazonS3ConfigKey::Region),
    ("access_key_id", AmazonS3ConfigKey::AccessKeyId),
    ("secret_access_key", AmazonS3ConfigKey::SecretAccessKey),
    ("allow_http", AmazonS3ConfigKey::Client(object_store::ClientConfigKey::AllowHttp)),
];

/// What is remembered between starts. The keys are not.
const REMEMBERED: [&str; 3] = ["endpoint", "region", "allow_http"];

const SUPPORTED: &str =
    "file:PATH, PATH, s3://BUCKET/PREFIX?endpoint=URL&region=NAME&access_key_id=KEY&secret_access_key=SECRET";

/// A place for attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Folder(PathBuf),
    Bucket(Bucket),
}

/// A part of a bucket.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Bucket {
    name: String,
    prefix: String,
    /// What the query said, by its words of [`SETTINGS`].
    said: Vec<(&'static str, String)>,
}

/// Without what the query said, for a secret may be among it.
impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.name, self.prefix)
    }
}

impl Place {
    /// Reads `PATH`, `file:PATH` or `s3://BUCKET/PREFIX?…`.
    ///
    /// # Errors
    /// [`DistrictError::AttachmentsUnsupported`]; what was given is said without its query.
    pub(crate) fn parse(given: &str) -> Result<Self> {
        let unsupported = || DistrictError::AttachmentsUnsupported {
            given: given.split('?').next().unwrap_or_default().to_owned(),
            supported: SUPPORTED.to_owned(),
        };
        if !given.starts_with("s3:") {
            return local_path(given, "file").map(Self::Folder).ok_or_else(unsupported);
        }
        let url = Url::parse(given).map_err(|_| unsupported())?;
        let name = url.host_str().filter(|name| !name.is_empty()).ok_or_else(unsupported)?.to_owned();
        let mut said = Vec::new();
        for (word, value) in url.query_pairs() {
            let (word, _) = SETTINGS.iter().find(|(known, _)| *known == word).ok_or_else(unsupported)?;
            said.push((*word, value.into_owned()));
        }
        Ok(Self::Bucket(Bucket { name, prefix: url.path().trim_matches('/').to_owned(), said }))
    }

    /// The place as it is kept and shown, without a secret.
    pub(crate) fn remembered(&self) -> String {
        match self {
            Self::Folder(path) => path.display().to_string(),
            Self::Bucket(bucket) => {
                let mut url = Url::parse(&format!("s3://{}/{}", bucket.name, bucket.prefix)).expect("it was parsed so");
                let kept = bucket.said.iter().filter(|(word, _)| REMEMBERED.contains(word));
                for (word, value) in kept {
                    url.query_pairs_mut().append_pair(word, value);
                }
                url.to_string()
            }
        }
    }

    pub(super) fn open(&self) -> Result<Arc<dyn ObjectStore>> {
        let unusable = |reason: String| DistrictError::AttachmentsUnusable { place: self.remembered(), reason };
        match self {
            Self::Folder(path) => {
                std::fs::create_dir_all(path).map_err(|error| unusable(error.to_string()))?;
                // Written through to the disk before it counts, as the database is.
                let folder =
                    LocalFileSystem::new_with_prefix(path).map_err(|error| unusable(causes(&error)))?.with_fsync(true);
                Ok(Arc::new(folder.with_automatic_cleanup(true)))
            }
            Self::Bucket(bucket) => bucket.open().map_err(|error| unusable(causes(&error))),
        }
    }
}

impl Bucket {
    fn open(&self) -> object_store::Result<Arc<dyn ObjectStore>> {
        // Our TLS is ring's everywhere; the client inside asks the process for it.
        let _ = rustls::crypto::ring::default_provider().install_default(); // Once is enough.
        let retry = RetryConfig { max_retries: 4, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() };
        let patience =
            ClientOptions::new().with_connect_timeout(Duration::from_secs(5)).with_timeout(Duration::from_secs(60));
        let mut builder = AmazonS3Builder::from_env().with_client_options(patience).with_bucket_name(&self.name);
        for (key, value) in std::env::vars() {
            // `with_client_options` took the place of what the environment said of the client.
            if let Ok(key @ AmazonS3ConfigKey::Client(_)) = key.to_ascii_lowercase().parse() {
                builder = builder.with_config(key, value);
            }
        }
        for (word, value) in &self.said {
            let (_, key) = SETTINGS.iter().find(|(known, _)| known == word).expect("only these were taken");
            builder = builder.with_config(*key, value);
        }
        let endpoint = builder.get_config_value(&AmazonS3ConfigKey::Endpoint);
        if endpoint.is_some_and(|endpoint| is_this_machine(&endpoint)) {
            builder = builder.with_allow_http(true);
        }
        Ok(Arc::new(PrefixStore::new(builder.with_retry(retry).build()?, self.prefix.as_str())))
    }
}

/// Whether nobody can listen between here and there.
fn is_this_machine(endpoint: &str) -> bool {
    Url::parse(endpoint).is_ok_and(|url| match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}

/// An error with what caused it.
pub(super) fn causes(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_remembered_without_its_keys() {
        let given = "s3://photos/huangjian/2026?endpoint=http%3A%2F%2F127.0.0.1%3A9000&region=cn-east\
                     &access_key_id=AKIA7&secret_access_key=hush%2Fhush";
        let place = Place::parse(given).expect("a bucket");
        let kept = place.remembered();
        assert_eq!(kept, "s3://photos/huangjian/2026?endpoint=http%3A%2F%2F127.0.0.1%3A9000&region=cn-east");
        assert_eq!(Place::parse(&kept).expect("what we keep").remembered(), kept, "and is read back so");
        assert!(!format!("{place:?}").contains("hush"), "nor does a log say them");
    }

    #[test]
    fn what_is_no_place_is_refused_and_no_secret_is_said() {
        for odd in ["", "s3:", "s3:///prefix", "s3://b?secret_access_key=hush&colour=red", "gs://bucket?k=hush"] {
            let refused = Place::parse(odd).expect_err(odd);
            assert!(matches!(refused, DistrictError::AttachmentsUnsupported { .. }), "{refused}");
            assert!(!refused.to_string().contains("hush"), "{refused}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for (endpoint, expected) in [
            ("http://127.0.0.1:9000", true),
            ("http://localhost:9000/", true),
            ("http://[::1]:9000", true),
            ("http://10.1.2.3:9000", false),
            ("http://localhost.example.org", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_this_machine(endpoint), expected, "{endpoint}");
        }
    }
}
