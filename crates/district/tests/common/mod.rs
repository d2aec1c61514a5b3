//! The real server on a free port, and laptops that talk to it over real TLS
//! with its certificate pinned: as little as the protocol needs, so that a test
//! can also say what an honest laptop never would.
#![allow(dead_code, reason = "every file of tests uses its part")]

pub(crate) mod files;
pub(crate) mod s3;
pub(crate) mod scratch;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use district::{Config, District, Location, NewCode, Running, Server};
use domain::change::{Action, Change, Writer};
use domain::log::CHAIN_START;
use domain::page::What;
use domain::{Catalog, ChangeId, DeviceId, Fields, LogEntry, RecordId, Scope, Verdict};
use ed25519_dalek::{SigningKey, VerifyingKey};
use reqwest::{Method, StatusCode};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use scratch::Scratch;
use serde_json::{Value, json};
use sync::keys::bundle_recipient;
use sync::wire::{
    Answer, Cursor, EnrolReply, EnrolRequest, EnrolmentCode, Message, News, Part, Receipt, VERSION, WireError,
    fingerprint, is_sealed, open, seal, tus,
};
use uuid::Uuid;

/// 黄尖镇 and 新兴镇 as far as these tests are concerned.
pub(crate) const HERE: &str = "320902107";
pub(crate) const THERE: &str = "320902106";
pub(crate) const SHARED: &str = "320902";

pub(crate) fn scope(text: &str) -> Scope {
    Scope::parse(text).expect("a scope")
}

/// The database that a test's district has, where it is not a file in the data folder:
/// `on_postgres` is a second binary of the same tests.
pub(crate) fn scratch() -> Option<Scratch> {
    (env!("CARGO_CRATE_NAME") == "on_postgres").then(Scratch::new)
}

/// A server with its data in a folder of its own; both end with this.
pub(crate) struct TestDistrict {
    pub(crate) running: Option<Running>,
    pub(crate) folder: tempfile::TempDir,
    /// Where its attachments are, unless in its folder.
    pub(crate) s3: Option<s3::S3>,
    pub(crate) scratch: Option<Scratch>,
}

impl TestDistrict {
    pub(crate) fn start() -> Self {
        Self::start_with(None, scratch())
    }

    /// The same with its database in a file, whatever the others have.
    pub(crate) fn start_on_file() -> Self {
        Self::start_with(None, None)
    }

    /// The same with its attachments in a bucket of an S3 server of its own.
    pub(crate) fn start_on_s3() -> Self {
        Self::start_with(Some(s3::S3::start()), scratch())
    }

    fn start_with(s3: Option<s3::S3>, scratch: Option<Scratch>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut district = Self { running: None, folder, s3, scratch };
        district.restart();
        district
    }

    /// The folder in which the attachments lie in the end.
    pub(crate) fn files(&self) -> PathBuf {
        self.s3.as_ref().map_or_else(|| self.data().join("attachments"), s3::S3::files)
    }

    /// Stops the server, if it runs, and starts it on the same data.
    pub(crate) fn restart(&mut self) {
        self.restart_at("127.0.0.1:0".parse().expect("an address"));
    }

    /// The same where its laptops know it.
    pub(crate) fn restart_in_place(&mut self) {
        self.restart_at(self.running().address);
    }

    fn restart_at(&mut self, listen: std::net::SocketAddr) {
        drop(self.running.take());
        let config = Config { location: self.location(), listen };
        self.running = Some(Server::start(&config).expect("the server starts"));
    }

    pub(crate) fn location(&self) -> Location {
        let attachments = self.s3.as_ref().map(s3::S3::url);
        let database = self.scratch.as_ref().map(Scratch::url);
        Location { data: self.folder.path().join("data"), database, attachments }
    }

    pub(crate) fn running(&self) -> &Running {
        self.running.as_ref().expect("it runs")
    }

    pub(crate) fn district(&self) -> &District {
        self.running().district()
    }

    pub(crate) fn code(&self, scope_text: &str, role: &str) -> EnrolmentCode {
        let scope = (!scope_text.is_empty()).then(|| scope(scope_text));
        let new = NewCode { scope, role: role.to_owned(), address: None, days: 7, person: None };
        self.district().code(&new).expect("a code").code.parse().expect("the text of a code")
    }

    pub(crate) async fn enrol(&self, scope: &str, role: &str) -> Laptop {
        Laptop::enrol(&self.code(scope, role)).await.expect("a fresh code lets in")
    }

    /// Changes the database as only its administrator could.
    pub(crate) fn execute(&self, sql: &str) {
        match &self.scratch {
            Some(scratch) => scratch.execute(sql),
            None => {
                let file = rusqlite::Connection::open(self.data().join("district.sqlite")).expect("the same file");
                file.execute_batch(sql).expect("plain SQL");
            }
        }
    }

    /// All of the database, as a thief would carry it off: by name, the bytes.
    pub(crate) fn copy(&self) -> Vec<(String, Vec<u8>)> {
        match &self.scratch {
            Some(scratch) => scratch.copy(),
            None => ["district.sqlite", "district.sqlite-wal"]
                .map(|file| (file.to_owned(), std::fs::read(self.data().join(file)).expect("the database")))
                .to_vec(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}

/// What came back: the status and the district's word, or the refusal.
pub(crate) type Said<T> = Result<T, (StatusCode, WireError)>;

pub(crate) struct Laptop {
    pub(crate) client: reqwest::Client,
    pub(crate) base: String,
    pub(crate) key: SigningKey,
    pub(crate) district: VerifyingKey,
    pub(crate) enrolled: EnrolReply,
    pub(crate) counter: AtomicU64,
}

impl Laptop {
    pub(crate) async fn enrol(code: &EnrolmentCode) -> Said<Self> {
        Self::enrol_saying(code, VERSION).await
    }

    pub(crate) async fn enrol_saying(code: &EnrolmentCode, version: u32) -> Said<Self> {
        let client = client(code.fingerprint);
        let base = format!("https://{}", code.address);
        let key = SigningKey::from_bytes(&[7; 32]);
        let request = EnrolRequest {
            version,
            secret: hex::encode(code.secret),
            name: "王芳".to_owned(),
            public_key: hex::encode(key.verifying_key().as_bytes()),
        };
        let answer = client.post(format!("{base}/v1/enrol")).json(&request).send().await.expect("an answer");
        let enrolled: EnrolReply = serde_json::from_slice(&said(answer).await?).expect("the district's reply");
        let mut district = [0; 32];
        hex::decode_to_slice(&enrolled.district_key, &mut district).expect("a key in hex");
        let district = VerifyingKey::from_bytes(&district).expect("a key");
        Ok(Self { client, base, key, district, enrolled, counter: AtomicU64::new(0) })
    }

    pub(crate) fn writer(&self) -> Writer {
        Writer { device: self.enrolled.device, incarnation: 1 }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Said<Vec<u8>> {
        let request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.enrolled.token);
        said(request.body(body).send().await.expect("an answer")).await
    }

    /// What an honest laptop says that knows nothing of any log.
    pub(crate) fn message(&self, changes: &[Change]) -> Message {
        Message {
            turn: 1,
            version: VERSION,
            abilities: Vec::new(),
            district: hex::encode(self.district.as_bytes()),
            writer: self.writer(),
            at: chrono::Utc::now().to_rfc3339(),
            recipient: bundle_recipient(&self.key),
            changes: changes.to_vec(),
            holds: None,
            cursors: Vec::new(),
            returned: Vec::new(),
            catalog: None,
            room: None,
        }
    }

    pub(crate) async fn exchange(&self, message: &Message) -> Said<Answer> {
        let envelope = seal(&self.key, self.enrolled.device, message);
        let body = self.send(Method::POST, "/v1/exchange", envelope).await?;
        Ok(open(&self.district, &body).expect("signed by the district"))
    }

    pub(crate) async fn push(&self, changes: &[Change]) -> Said<Answer> {
        self.exchange(&self.message(changes)).await
    }

    /// Pushes one change that must get a receipt.
    pub(crate) async fn say(&self, change: Change) -> Receipt {
        let reply = self.push(&[change]).await.expect("a receipt");
        reply.receipts.into_iter().next().expect("one for the one change")
    }

    /// What is new of a scope after the entry `after`, for one who knows its hash;
    /// none where the scope is not this laptop's.
    pub(crate) async fn news(&self, scope_text: &str, after: u64, hash: &str) -> Said<Option<News>> {
        let cursor = Cursor { seq: after, hash: hash.to_owned(), ..Cursor::beginning(&scope(scope_text)) };
        let answer = self.exchange(&Message { cursors: vec![cursor], ..self.message(&[]) }).await?;
        Ok(answer.scopes.into_iter().find(|news| news.scope == scope(scope_text)))
    }

    /// The whole log of a scope, its chain and its replay checked.
    pub(crate) async fn whole_log(&self, scope: &str) -> Vec<LogEntry> {
        let news = self.news(scope, 0, CHAIN_START).await.expect("an answer").expect("its scope");
        let page = match news.part {
            Part::Nothing => return Vec::new(),
            Part::Log(page) => page,
            other => panic!("a log of {} entries comes as entries, not as {other:?}", news.head),
        };
        assert!(is_sealed(&self.district, &news.scope, page.end(), &page.hash, &page.seal), "the district's word");
        assert_eq!((page.after, page.end(), page.before.as_str()), (0, news.head, CHAIN_START), "all of it");
        let (mut entries, mut records) = (Vec::new(), std::collections::BTreeMap::new());
        let mut previous = page.before;
        for (seq, told) in (1..).zip(page.entries) {
            let What::Change(change) = told.what else { panic!("entry {seq} has no body") };
            let entry = LogEntry::chained(&previous, seq, *change, told.verdict, told.skew);
            previous.clone_from(&entry.hash);
            entries.push(entry);
        }
        assert_eq!(previous, page.hash, "the chain holds");
        for entry in &entries {
            let before = records.remove(&entry.change.record);
            let after = domain::log::replay(before, entry).expect("a laptop comes to the same verdict");
            records.extend(after.map(|record| (record.id, record)));
        }
        entries
    }

    /// Sends a whole file by tus, in one chunk.
    pub(crate) async fn put(&self, sha256: &str, bytes: &[u8]) -> Said<()> {
        let length = bytes.len().to_string();
        let begin = [("upload-length", length.as_str()), ("upload-metadata", &tus::metadata(sha256))];
        let begun = self.tus(Method::POST, "/v1/uploads", &begin, "").await;
        let held = begun.headers().get("upload-offset").is_some_and(|offset| offset.as_bytes() == length.as_bytes());
        said(begun).await?;
        if held {
            return Ok(());
        }
        let chunk = [("upload-offset", "0"), ("content-type", tus::CHUNK_TYPE)];
        said(self.tus(Method::PATCH, &format!("/v1/uploads/{sha256}"), &chunk, bytes.to_vec()).await).await.map(drop)
    }

    /// Asks something in the words of tus.
    pub(crate) async fn tus(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> reqwest::Response {
        let mut request = self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.enrolled.token);
        request = request.header("tus-resumable", tus::VERSION).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    }

    pub(crate) async fn get(&self, sha256: &str) -> Said<Vec<u8>> {
        self.send(Method::GET, &format!("/v1/attachments/{sha256}"), Vec::new()).await
    }

    pub(crate) async fn holds(&self, sha256: &str) -> bool {
        let request = self.client.head(format!("{}/v1/attachments/{sha256}", self.base));
        request.bearer_auth(&self.enrolled.token).send().await.expect("an answer").status().is_success()
    }

    /// The next change of this laptop.
    pub(crate) fn change(
        &self,
        record: RecordId,
        kind: &str,
        scope_text: &str,
        seen: u64,
        actions: Vec<Action>,
    ) -> Change {
        let counter = self.counter.fetch_add(1, Ordering::Relaxed) + 1;
        Change {
            id: ChangeId(Uuid::now_v7()),
            writer: self.writer(),
            counter,
            author: self.enrolled.letter.clone(),
            at: "2026-03-01T08:00:00+08:00".to_owned(),
            record,
            kind: kind.to_owned(),
            scope: scope(scope_text),
            seen,
            actions,
        }
    }

    /// A new village under `code`.
    pub(crate) fn village(&self, code: &str, name: &str) -> Change {
        let fields = json!({"code": code, "name": name, "township": &code[..9]});
        self.change(new_id(), "village", &code[..9], 0, created("village", &fields))
    }

    /// Sets fields of a record.
    pub(crate) fn set(&self, of: &Change, seen: u64, fields: &Value) -> Change {
        self.change(of.record, &of.kind, of.scope.as_str(), seen, edited(&of.kind, fields))
    }
}

pub(crate) fn new_id() -> RecordId {
    RecordId(Uuid::now_v7())
}

/// The actions that create a record of `kind` with `fields`.
pub(crate) fn created(kind: &str, fields: &Value) -> Vec<Action> {
    let catalog = Catalog::shipped();
    let state = catalog.kind(kind).expect("a shipped kind").states.first().map(|state| state.name.clone());
    let mut actions = vec![Action::Create { state }];
    actions.extend(edited(kind, fields));
    actions
}

/// The notice that an application must have hung before it is reported, put up.
pub(crate) fn announced(laptop: &Laptop, application: &Change) -> [Change; 2] {
    let notice = json!({"name": "项目公示", "about": "selection", "application": application.record,
        "start": "2026-03-01", "end": "2026-03-12"});
    let scope = application.scope.as_str();
    let notice = laptop.change(new_id(), "notice", scope, 0, created("notice", &notice));
    let posted = vec![Action::Move { to: "posted".to_owned(), remark: None }];
    let posted = laptop.change(notice.record, "notice", scope, 0, posted);
    [notice, posted]
}

/// The actions that set `fields` where nothing was set before.
pub(crate) fn edited(kind: &str, fields: &Value) -> Vec<Action> {
    let fields: Fields = serde_json::from_value(fields.clone()).expect("fields");
    Catalog::shipped().kind(kind).expect("a shipped kind").edit(&Fields::new(), &fields).expect("its fields")
}

pub(crate) fn refusal(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Refused { refusal } => serde_json::to_value(refusal).expect("JSON"),
        other => panic!("{} where a refusal was due", other.name()),
    }
}

/// A client that trusts one certificate and nothing else.
pub(crate) fn client(fingerprint: [u8; 32]) -> reqwest::Client {
    let provider = Arc::new(ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned { fingerprint, provider }))
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build().expect("a client")
}

#[derive(Debug)]
struct Pinned {
    fingerprint: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if fingerprint(certificate) == self.fingerprint {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(rustls::Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

pub(crate) async fn said(answer: reqwest::Response) -> Said<Vec<u8>> {
    let status = answer.status();
    let body = answer.bytes().await.expect("the whole answer").to_vec();
    if status.is_success() {
        Ok(body)
    } else {
        let error = serde_json::from_slice(&body).expect("a refusal says why");
        Err((status, error))
    }
}

pub(crate) fn code_of<T>(said: Said<T>) -> String {
    let error = match said {
        Ok(_) => panic!("a refusal was due"),
        Err((_, error)) => serde_json::to_value(&error).expect("JSON"),
    };
    error["code"].as_str().expect("a code").to_owned()
}

/// Another device's id, for those who lie about theirs.
pub(crate) fn stranger() -> DeviceId {
    DeviceId(Uuid::now_v7())
}
