//! A small district with three laptops: one in wrong hands, an honest one of the
//! same township, and one of the next, whose records the first must never see.
//!
//! It is founded once in a run and copied for every use, so that nothing that is
//! tried finds the traces of what was tried before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use district::{Arrival, District, Location, NewCode};
use domain::change::Action;
use domain::{Catalog, Change, ChangeId, DeviceId, Fields, RecordId, Scope, Value, Writer};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Draft, Store};
use sync::turn::{Speaker, absorb, compose};
use sync::wire::{Answer, EnrolReply, EnrolmentCode, Message, VERSION, open, seal};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

pub(crate) const HERE: &str = "320902107";
pub(crate) const THERE: &str = "320902106";

/// What stands in the other township's record, and nowhere else.
pub(crate) const SECRET: &str = "邻镇不外传的村名";

/// A file that a record here names, and one that only the next township's does.
pub(crate) const OUR_FILE: &[u8] = "本镇的照片 0123456789".as_bytes();
pub(crate) const THEIR_FILE: &[u8] = "邻镇不外传的照片".as_bytes();

/// A laptop, with what it has to prove who it is.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
    pub(crate) token: String,
}

/// A district that nobody else uses, in a folder that ends with this.
pub(crate) struct House {
    pub(crate) district: Arc<District>,
    pub(crate) people: &'static People,
    _folder: TempDir,
}

/// What is the same in every copy.
pub(crate) struct People {
    files: BTreeMap<PathBuf, Vec<u8>>,
    /// The district's signing key, so that its word can be forged well.
    pub(crate) district: SigningKey,
    pub(crate) hostile: Person,
    pub(crate) honest: Person,
    pub(crate) there: Person,
    /// The honest laptop's database: it knows the log, and has two changes more.
    pub(crate) image: Vec<u8>,
    /// What it says.
    pub(crate) said: Message,
    /// What it is answered to that, and what it was answered before.
    pub(crate) heard: Answer,
    pub(crate) first: Answer,
    /// The village of the township, and that of the next.
    pub(crate) village: RecordId,
    pub(crate) theirs: RecordId,
}

/// The runtime in which the district's requests are served.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

pub(crate) fn scope(text: &str) -> Scope {
    Scope::parse(text).expect("a scope")
}

pub(crate) fn name_of(file: &[u8]) -> String {
    hex::encode(Sha256::digest(file))
}

/// The actions that create a village with `fields`.
pub(crate) fn created(kind: &str, fields: &Value) -> Vec<Action> {
    let catalog = Catalog::shipped();
    let state = catalog.kind(kind).expect("a shipped kind").states.first().map(|state| state.name.clone());
    let mut actions = vec![Action::Create { state }];
    actions.extend(edited(kind, fields));
    actions
}

/// The actions that set `fields`.
pub(crate) fn edited(kind: &str, fields: &Value) -> Vec<Action> {
    let fields: Fields = serde_json::from_value(fields.clone()).expect("fields");
    Catalog::shipped().kind(kind).expect("a shipped kind").edit(&Fields::new(), &fields).expect("its fields")
}

/// What an honest laptop of today says.
pub(crate) fn message(people: &Person, district: &VerifyingKey, changes: Vec<Change>) -> Message {
    Message {
        turn: 1,
        version: VERSION,
        abilities: Vec::new(),
        district: hex::encode(district.as_bytes()),
        writer: Writer { device: people.device, incarnation: 1 },
        at: "2026-03-01T08:00:00+08:00".to_owned(),
        recipient: sync::keys::bundle_recipient(&people.key),
        changes,
        holds: None,
        cursors: Vec::new(),
        returned: Vec::new(),
        catalog: None,
        room: None,
    }
}

/// A change of `person` in the township `at`.
pub(crate) fn change(
    person: &Person,
    counter: u64,
    record: RecordId,
    kind: &str,
    at: &str,
    actions: Vec<Action>,
) -> Change {
    Change {
        id: ChangeId(Uuid::from_u128(person.device.0.as_u128() ^ u128::from(counter) << 64)),
        writer: Writer { device: person.device, incarnation: 1 },
        counter,
        author: "王芳".to_owned(),
        at: "2026-03-01T08:00:00+08:00".to_owned(),
        record,
        kind: kind.to_owned(),
        scope: scope(at),
        seen: 0,
        actions,
    }
}

impl House {
    /// What is the same in every copy.
    pub(crate) fn people() -> &'static People {
        static PEOPLE: OnceLock<People> = OnceLock::new();
        PEOPLE.get_or_init(People::found)
    }

    /// A copy of the district, open.
    pub(crate) fn new() -> Self {
        let people = Self::people();
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, bytes) in &people.files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
            std::fs::write(path, bytes).expect("a copied file");
        }
        Self { district: opened(folder.path()), people, _folder: folder }
    }

    /// The honest laptop as it stood before anything hostile came.
    pub(crate) fn store(&self) -> Store {
        Store::from_image(&self.people.image, Catalog::shipped()).expect("an image of our own")
    }

    /// Lets the honest laptop say and hear everything, as it does every day: what
    /// one laptop says must not keep another from its work.
    pub(crate) fn exchange_honestly(&self, store: &mut Store) {
        let key = self.people.district.verifying_key();
        for _ in 0..20 {
            let answer = said(&self.district, &key, &self.people.honest, store).1;
            if !absorb(store, &key, &answer, 9).expect("an honest answer is taken").more {
                return;
            }
        }
        panic!("the honest laptop is never done");
    }
}

fn opened(folder: &Path) -> Arc<District> {
    let location = Location { data: folder.join("data"), ..Location::default() };
    Arc::new(District::open(&location).expect("the district opens"))
}

/// One turn of an honest laptop: what it says, and what it is answered.
fn said(district: &District, key: &VerifyingKey, person: &Person, store: &mut Store) -> (Message, Answer) {
    let recipient = sync::keys::bundle_recipient(&person.key);
    let speaker = Speaker { district: key, recipient: &recipient, at: "2026-03-01T09:00:00+08:00" };
    let message = compose(store, &speaker).expect("what there is to say");
    let envelope = seal(&person.key, person.device, &message);
    let answer = district.exchange(&envelope, Arrival::Line).expect("an honest message is answered");
    (message, open(key, &answer).expect("and the answer can be read"))
}

impl People {
    fn found() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let house = opened(folder.path());
        let text = std::fs::read_to_string(folder.path().join("data/signing-key")).expect("the district's key");
        let mut seed = [0; 32];
        hex::decode_to_slice(text.trim(), &mut seed).expect("hex");
        let district = SigningKey::from_bytes(&seed);
        let word = district.verifying_key();
        let [hostile, honest, there] =
            [(HERE, 11), (HERE, 12), (THERE, 13)].map(|(at, seed)| runtime().block_on(enrol(&house, at, seed)));
        let (village, theirs) = (RecordId(Uuid::from_u128(0x11)), RecordId(Uuid::from_u128(0x12)));
        let photo = |file: &[u8]| json!([{"sha256": name_of(file), "name": "a.jpg", "bytes": file.len()}]);
        for (person, at, record, code, name, file) in [
            (&there, THERE, theirs, "320902106200", SECRET, THEIR_FILE),
            (&hostile, HERE, village, "320902107200", "洋中村", OUR_FILE),
        ] {
            let fields = json!({"code": code, "name": name, "township": at, "photos": photo(file)});
            let first = change(person, 1, record, "village", at, created("village", &fields));
            let envelope = seal(&person.key, person.device, &message(person, &word, vec![first]));
            house.exchange(&envelope, Arrival::Line).expect("a village is taken");
        }
        runtime().block_on(send(&house, &there, THEIR_FILE));

        let path = folder.path().join("laptop.db");
        let mut store = Store::open(&path, &[3; 32], Catalog::shipped()).expect("a laptop's database");
        store.set_writer(Writer { device: honest.device, incarnation: 1 }).expect("its writer");
        for at in [HERE, "320902"] {
            store.hold_scope(&scope(at)).expect("its scopes");
        }
        let first = said(&house, &word, &honest, &mut store).1;
        absorb(&mut store, &word, &first, 9).expect("an honest answer is taken");
        for (id, fields) in [(0x21, json!({"households": 512})), (0x22, json!({"note": "待核"}))] {
            let draft = Draft {
                change: ChangeId(Uuid::from_u128(id)),
                author: "李娟".to_owned(),
                at: "2026-03-01T08:30:00+08:00".to_owned(),
                record: village,
                kind: "village".to_owned(),
                scope: scope(HERE),
                actions: edited("village", &fields),
                number: None,
            };
            store.save(draft, |_, _| Ok(())).expect("a save");
        }
        let image = store.image().expect("its database");
        let mut twin = Store::from_image(&image, Catalog::shipped()).expect("an image of our own");
        drop(house);
        let mut files = BTreeMap::new();
        read_all(folder.path(), &folder.path().join("data"), &mut files);
        // The district of the copies has not heard this; what it says is only an example.
        let (said, heard) = said(&opened(folder.path()), &word, &honest, &mut twin);
        Self { files, district, hostile, honest, there, image, said, first, heard, village, theirs }
    }
}

/// Everything below `folder`, by its path from `top`.
fn read_all(top: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_all(top, &path, files);
        } else {
            let name = path.strip_prefix(top).expect("it lies below").to_owned();
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

async fn enrol(district: &Arc<District>, at: &str, seed: u8) -> Person {
    let address = Some("127.0.0.1:7443".to_owned());
    let new = NewCode { scope: Some(scope(at)), role: "clerk".to_owned(), address, days: 7, person: None };
    let code: EnrolmentCode = district.code(&new).expect("a code").code.parse().expect("the text of a code");
    let key = SigningKey::from_bytes(&[seed; 32]);
    let request = json!({
        "version": VERSION, "secret": hex::encode(code.secret), "name": "王芳",
        "publicKey": hex::encode(key.verifying_key().as_bytes()),
    });
    let request = Request::builder().method(Method::POST).uri("/v1/enrol").body(Body::from(request.to_string()));
    let (status, body) = asked(district, request.expect("a request")).await;
    assert!(status.is_success(), "a fresh code lets in");
    let reply: EnrolReply = serde_json::from_slice(&body).expect("the district's reply");
    Person { device: reply.device, key, token: reply.token }
}

/// Sends a whole file.
async fn send(district: &Arc<District>, person: &Person, file: &[u8]) {
    let name = name_of(file);
    let request = |method, path: &str| {
        let request = Request::builder().method(method).uri(path).header("tus-resumable", "1.0.0");
        request.header("authorization", format!("Bearer {}", person.token))
    };
    let begin = request(Method::POST, "/v1/uploads")
        .header("upload-length", file.len())
        .header("upload-metadata", sync::wire::tus::metadata(&name))
        .header("content-type", sync::wire::tus::CHUNK_TYPE);
    let (status, _) = asked(district, begin.body(Body::from(file.to_vec())).expect("a request")).await;
    assert_eq!(status, StatusCode::CREATED, "the file is taken");
}

/// Asks the district as a line over TLS would; the status, and what it said.
pub(crate) async fn asked(district: &Arc<District>, request: Request<Body>) -> (StatusCode, Vec<u8>) {
    let answer = district.routes().oneshot(request).await.expect("routes always answer");
    let status = answer.status();
    (status, to_bytes(answer.into_body(), usize::MAX).await.expect("a whole answer").to_vec())
}
