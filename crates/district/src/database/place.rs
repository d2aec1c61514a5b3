//! Where the database is, as it is said on the command line and remembered: an
//! SQLite file, or the address of a database on a PostgreSQL server.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::error::{DistrictError, Result};
use crate::folder::local_path;

const SUPPORTED: &str = "sqlite:PATH, PATH, postgres://USER@HOST:PORT/NAME";

/// How long a PostgreSQL server may take to answer the door, and how long it may
/// be silent before the line counts as broken.
const SILENCE: Duration = Duration::from_secs(30);

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// A database on a PostgreSQL server.
    Server(Box<Address>),
}

/// The address of a database on a PostgreSQL server. It may hold a password:
/// it is kept as it was given, and shown without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    given: String,
    pub(super) config: Config,
    /// Whether the server has to prove who it is, by this file of certificates.
    pub(super) authorities: Option<PathBuf>,
}

impl Place {
    /// The place that is meant by `sqlite:PATH`, a plain path, or a URL of PostgreSQL's form.
    ///
    /// # Errors
    /// [`DistrictError::DatabaseUnsupported`].
    pub(crate) fn parse(given: &str) -> Result<Self> {
        let unsupported =
            || DistrictError::DatabaseUnsupported { given: without_password(given), supported: SUPPORTED.to_owned() };
        if given.starts_with("postgres://") || given.starts_with("postgresql://") {
            return Address::parse(given).map(|address| Self::Server(Box::new(address))).ok_or_else(unsupported);
        }
        local_path(given, "sqlite").map(Self::File).ok_or_else(unsupported)
    }
}

impl TryFrom<String> for Place {
    type Error = DistrictError;

    fn try_from(remembered: String) -> Result<Self> {
        Self::parse(&remembered)
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        match place {
            Place::File(path) => path.display().to_string(),
            Place::Server(address) => address.given,
        }
    }
}

impl Address {
    fn parse(given: &str) -> Option<Self> {
        // Two words that PostgreSQL's own programs know, and our driver does not:
        // a server that proves itself, and by which certificates.
        let (plain, query) = given.split_once('?').unwrap_or((given, ""));
        let (mut query, mut verified, mut authorities) =
            (query.split('&').filter(|pair| !pair.is_empty()).collect::<Vec<_>>(), false, None);
        query.retain(|pair| match pair.split_once('=') {
            Some(("sslmode", "verify-full")) => {
                verified = true;
                false
            }
            Some(("sslrootcert", file)) => {
                authorities = Some(PathBuf::from(file));
                false
            }
            _ => true,
        });
        if verified {
            query.push("sslmode=require");
        }
        let url = if query.is_empty() { plain.to_owned() } else { format!("{plain}?{}", query.join("&")) };
        let mut config = Config::from_str(&url).ok()?;
        if config.get_hosts().is_empty() || verified != authorities.is_some() {
            return None;
        }
        if config.get_application_name().is_none() {
            config.application_name("nonghuan-district");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(SILENCE / 3);
        }
        // A line that was cut in silence must not keep a laptop waiting for hours.
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE / 2).keepalives_interval(SILENCE / 6);
        config.keepalives_retries(3);
        Some(Self { given: given.to_owned(), config, authorities })
    }

    /// The address as it may be seen by anyone: without its password.
    pub(super) fn shown(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => folder.display().to_string(),
            None => String::new(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let user = self.config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
        let name = self.config.get_dbname().or(self.config.get_user()).unwrap_or_default();
        format!("postgres://{user}{host}:{port}/{name}")
    }
}

/// `given` with whatever may be a password in it left out.
fn without_password(given: &str) -> String {
    let (start, rest) = given.split_once("://").unwrap_or(("", given));
    let Some((user, host)) = rest.rsplit_once('@') else {
        return given.split_once("password=").map_or(given, |(before, _)| before).to_owned();
    };
    let user = user.split_once(':').map_or(user, |(user, _)| user);
    let host = host.split_once('?').map_or(host, |(host, _)| host);
    format!("{start}://{user}@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(given: &str) -> Address {
        match Place::parse(given) {
            Ok(Place::Server(address)) => *address,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_places_that_are_supported_are_taken() {
        let sqlite = |given: &str| match Place::parse(given) {
            Ok(Place::File(path)) => Some(path),
            _ => None,
        };
        assert_eq!(sqlite("sqlite:/a/b.sqlite"), Some("/a/b.sqlite".into()));
        assert_eq!(sqlite("sqlite:///a/b.sqlite"), Some("/a/b.sqlite".into()));
        assert_eq!(sqlite("/a/b.sqlite"), Some("/a/b.sqlite".into()));
        assert!(sqlite("relative.sqlite").is_some_and(|path| path.is_absolute()), "a later start may stand elsewhere");
        for wrong in ["", "mysql://localhost/nonghuan", "postgres://", "postgres:///nonghuan?sslmode=perhaps"] {
            assert!(Place::parse(wrong).is_err(), "`{wrong}` is no place");
        }
    }

    #[test]
    fn an_address_is_remembered_whole_and_shown_without_its_password() {
        for given in
            ["postgres://li:geheim@db.example:5433/nonghuan", "postgresql://li:geheim@db.example:5433/nonghuan"]
        {
            let address = server(given);
            assert_eq!(address.shown(), "postgres://li@db.example:5433/nonghuan");
            let kept = serde_json::to_string(&Place::Server(Box::new(address.clone()))).expect("JSON");
            let read: Place = serde_json::from_str(&kept).expect("what was kept");
            assert_eq!(read, Place::Server(Box::new(address)));
        }
        assert_eq!(server("postgres://db.example/nonghuan").shown(), "postgres://db.example:5432/nonghuan");
        for wrong in ["mysql://li:geheim@db/nonghuan", "postgres://li:geheim@db/nonghuan?sslmode=perhaps"] {
            let refused = Place::parse(wrong).expect_err("no place").to_string();
            assert!(!refused.contains("geheim") && refused.contains("li@db"), "{refused}");
        }
    }

    #[test]
    fn a_server_is_made_to_prove_itself_only_by_certificates_that_are_named() {
        let proven = server("postgres://db/nonghuan?sslmode=verify-full&sslrootcert=/etc/ca.pem");
        assert_eq!(proven.authorities, Some("/etc/ca.pem".into()));
        assert_eq!(proven.config.get_ssl_mode(), tokio_postgres::config::SslMode::Require);
        assert_eq!(server("postgres://db/nonghuan?sslmode=require").authorities, None);
        assert!(
            Place::parse("postgres://db/nonghuan?sslmode=verify-full").is_err(),
            "it must not look proven without being so"
        );
        assert!(Place::parse("postgres://db/nonghuan?sslrootcert=/etc/ca.pem").is_err(), "nor the other way round");
    }
}
