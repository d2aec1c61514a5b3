//! A laptop as people have it: the encrypted database on disk, the engine, TLS
//! with the district's certificate pinned.

use std::io::{Error as IoError, Result as IoResult};
use std::path::Path;
use std::time::{Duration, Instant};

use domain::record::Attachment;
use domain::{Action, Catalog, ChangeId, RecordId, Writer};
use ed25519_dalek::{SigningKey, VerifyingKey};
use store::{Draft, Store};
use sync::engine::{Exchange, Report};
use sync::files::{Files, Source, Terms};
use sync::http::District;
use sync::keys::bundle_recipient;
use sync::turn::{Speaker, compose};
use sync::wire::{EnrolRequest, EnrolmentCode, VERSION, seal};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use crate::sample::{self, scope};

const KEY: store::Key = [7; 32];

/// A laptop, its folder, and its end of the line.
pub(crate) struct Laptop {
    pub(crate) store: Store,
    line: District,
    runtime: Runtime,
    key: SigningKey,
    district_key: VerifyingKey,
    device: domain::DeviceId,
    recipient: String,
    token: String,
    fingerprint: [u8; 32],
}

/// No file moves here.
struct NoFiles;

impl Files for NoFiles {
    fn source(&self, _: &str) -> IoResult<Box<dyn Source>> {
        Err(IoError::other("no files here"))
    }
    fn keep(&self, _: &Attachment, _: &[u8]) -> IoResult<()> {
        Err(IoError::other("no files here"))
    }
    fn came(&self, _: &str) -> IoResult<u64> {
        Ok(0)
    }
    fn add(&self, _: &str, _: u64, _: &[u8]) -> IoResult<()> {
        Err(IoError::other("no files here"))
    }
    fn complete(&self, _: &Attachment) -> IoResult<bool> {
        Ok(false)
    }
    fn forget(&self, _: &str) -> IoResult<()> {
        Ok(())
    }
}

impl Laptop {
    /// Enrols a new laptop in `folder` with the one-time code.
    pub(crate) fn enrol(folder: &Path, code: &str, seed: u8) -> Self {
        std::fs::create_dir_all(folder).expect("a folder for the laptop");
        let code: EnrolmentCode = code.parse().expect("a code");
        let store = Store::open(&folder.join("records.db"), &KEY, Catalog::shipped()).expect("a new database");
        let key = SigningKey::from_bytes(&[seed; 32]);
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let request = EnrolRequest {
            version: VERSION,
            secret: hex::encode(code.secret),
            name: "王芳".to_owned(),
            public_key: hex::encode(key.verifying_key().as_bytes()),
        };
        let stranger = District::new(&code.address, code.fingerprint, "").expect("TLS");
        let reply = runtime.block_on(stranger.enrol(&request)).expect("let in");
        let mut district_key = [0; 32];
        hex::decode_to_slice(&reply.district_key, &mut district_key).expect("a key in hex");
        store.set_writer(Writer { device: reply.device, incarnation: 1 }).expect("a writer");
        for scope in &reply.scopes {
            store.hold_scope(scope).expect("a scope");
        }
        Self {
            store,
            line: District::new(&code.address, code.fingerprint, &reply.token).expect("TLS"),
            runtime,
            recipient: bundle_recipient(&key),
            key,
            district_key: VerifyingKey::from_bytes(&district_key).expect("a key"),
            device: reply.device,
            token: reply.token,
            fingerprint: code.fingerprint,
        }
    }

    /// The same laptop over another line, not connected yet.
    pub(crate) fn over(&mut self, address: &str) {
        self.line = District::new(address, self.fingerprint, &self.token).expect("TLS");
    }

    /// Saves one change, as the Save button does.
    pub(crate) fn save(&mut self, record: RecordId, n: u64, actions: Vec<Action>) {
        let draft = Draft {
            change: ChangeId(Uuid::now_v7()),
            author: "王芳".to_owned(),
            at: sample::at(n),
            record,
            kind: "works".to_owned(),
            scope: scope(),
            actions,
            number: None,
        };
        self.store.save(draft, |_, _| Ok(())).expect("saved");
    }

    /// Saves `count` new works; their names.
    pub(crate) fn create(&mut self, first: u64, count: u64) -> Vec<RecordId> {
        let catalog = Catalog::shipped();
        let create = |n| {
            let id = RecordId(Uuid::now_v7());
            self.save(id, n, sample::beginning(&catalog, n));
            id
        };
        (first..first + count).map(create).collect()
    }

    /// Edits one field of each of `records`, without the line.
    pub(crate) fn edit(&mut self, first: u64, records: &[RecordId]) {
        let catalog = Catalog::shipped();
        for (n, id) in (first..).zip(records) {
            self.save(*id, n, sample::edit(&catalog, n));
        }
    }

    /// One exchange: how long it took, and what it brought.
    pub(crate) fn exchange(&mut self) -> (Duration, Report) {
        let mut report = Report::default();
        let started = Instant::now();
        let mut exchange = Exchange {
            store: &mut self.store,
            files: &NoFiles,
            district: &self.line,
            key: &self.key,
            district_key: &self.district_key,
            recipient: &self.recipient,
            now: &now,
            life: &|| 2,
            terms: Terms { files: false, ..Terms::default() },
            stop: &|| true,
        };
        let done = self.runtime.block_on(exchange.run(&mut report, &mut |_| {}));
        done.expect("an exchange");
        (started.elapsed(), report)
    }

    /// Waits for news on an open line, as a laptop does that is online, and fetches
    /// them until `count` entries have come; says when the line is open.
    pub(crate) fn follow(&mut self, count: u64, open: impl FnOnce()) {
        let mut events = self.runtime.block_on(self.line.events()).expect("a line");
        let mut pulled = 0;
        assert!(self.runtime.block_on(events.next()).expect("news"), "it cannot know what it missed");
        self.exchange();
        open();
        while pulled < count {
            assert!(self.runtime.block_on(events.next()).expect("news"), "the district does not end the line");
            pulled += self.exchange().1.pulled;
        }
    }

    /// The first fill alone: how long until every record is here, and how many came.
    pub(crate) fn fill(&mut self) -> (Duration, u64) {
        let started = Instant::now();
        let mut filled = 0;
        let work = async {
            loop {
                let at = now();
                let speaker = Speaker { district: &self.district_key, recipient: &self.recipient, at: &at };
                let message = compose(&mut self.store, &speaker).expect("something to say");
                let answer = self.line.exchange(&self.key, &self.district_key, &message).await.expect("an answer");
                let heard = sync::turn::absorb(&mut self.store, &self.district_key, &answer, 2).expect("taken");
                filled += heard.filled;
                if heard.filled == 0 || !heard.more {
                    break;
                }
                let scopes = self.store.scopes().expect("scopes");
                if scopes.iter().all(|row| row.fill.is_none()) {
                    break;
                }
            }
        };
        self.runtime.block_on(work);
        (started.elapsed(), filled)
    }

    /// For each change the bytes of the message that would go out now.
    pub(crate) fn message(&mut self) -> f64 {
        let at = now();
        let speaker = Speaker { district: &self.district_key, recipient: &self.recipient, at: &at };
        let message = compose(&mut self.store, &speaker).expect("something to say");
        seal(&self.key, self.device, &message).len() as f64 / message.changes.len() as f64
    }

    /// Lists and search catch up, as they do after an exchange: how long that takes.
    pub(crate) fn index(&mut self) -> Duration {
        let started = Instant::now();
        self.store.index_all().expect("indexed");
        started.elapsed()
    }

    /// Everything that both sides must agree on after the exchange.
    pub(crate) fn state(&self) -> (u64, String) {
        let row = self.store.scopes().expect("scopes").into_iter().find(|row| row.scope == scope());
        row.map(|row| (row.seq, row.hash)).expect("its township")
    }
}

fn now() -> String {
    chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}
