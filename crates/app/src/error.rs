//! Why a request was not carried out: a code with fields, never a sentence.

use domain::Refusal;
use serde::Serialize;
use sync::wire::WireError;

use crate::types::ErrorView;

/// What the functions of this crate give back.
pub type Result<T> = std::result::Result<T, AppError>;

/// Any reason, from whichever room it came. All look alike from outside:
/// `{"code", "fields"}`.
#[derive(Debug, thiserror::Error, Serialize)]
#[serde(untagged)]
pub enum AppError {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The district says no.
    #[error(transparent)]
    District(#[from] WireError),
    /// A table cannot be read or written.
    #[error(transparent)]
    Sheet(#[from] sheet::SheetError),
    /// A cell of a table has no value.
    #[error(transparent)]
    Cell(#[from] sheet::CellError),
    /// A package cannot be typeset.
    #[error(transparent)]
    Package(#[from] package::PackageError),
    /// A package cannot be written.
    #[error(transparent)]
    Bag(#[from] bag::BagError),
    /// A bundle cannot be read or written.
    #[error(transparent)]
    Bundle(#[from] sync::bundle::BundleError),
    /// A new program is not taken.
    #[error(transparent)]
    Release(#[from] release::ReleaseError),
    /// The machine, a file or the line.
    #[error(transparent)]
    Trouble(#[from] Trouble),
}

/// What can go wrong on the laptop itself. The English text is for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum Trouble {
    #[error("this laptop is not enrolled yet ({folder})")]
    NotEnrolled { folder: String },
    #[error("this laptop is enrolled already, for {person}")]
    AlreadyEnrolled { person: String },
    #[error("the enrolment code cannot be read")]
    CodeUnreadable,
    #[error("this laptop has not asked to be let in")]
    NotAsked,
    #[error("{file} does not answer what this laptop asked")]
    AdmissionForeign { file: String },
    #[error("the enrolment code is another district's")]
    AnotherDistrict,
    #[error("a PIN is needed")]
    PinNeeded,
    #[error("the PIN wants at least {least} characters")]
    PinTooShort { least: String },
    #[error("the PIN is wrong")]
    WrongPin,
    #[error("the recovery key is wrong")]
    WrongRecoveryKey,
    #[error("the laptop is locked")]
    LaptopLocked,
    #[error("the file with the wrapped key, {file}, is gone, and records are there")]
    KeysMissing { file: String },
    #[error("the file with the wrapped key, {file}, cannot be read")]
    KeysUnreadable { file: String },
    #[error("the database {file} is gone")]
    DatabaseMissing { file: String },
    #[error("the database file is damaged")]
    DatabaseDamaged,
    #[error("another program holds the database")]
    DatabaseBusy,
    #[error("the database cannot be written")]
    DatabaseReadOnly,
    #[error("the database is of version {found}, this program knows {supported}")]
    DatabaseNewer { found: String, supported: String },
    #[error("no copy of the database could be kept in {folder} before the update: {reason}")]
    BackupFailed { folder: String, reason: String },
    #[error("the database does not open with this laptop's key")]
    DatabaseForeign,
    #[error("the disk is full")]
    DiskFull,
    #[error("the records could not be read or written: {reason}")]
    Storage { reason: String },
    #[error("{path} could not be read: {reason}")]
    FileUnreadable { path: String, reason: String },
    #[error("{path} could not be written: {reason}")]
    FileUnwritable { path: String, reason: String },
    #[error("a table is written as .xlsx, and {path} ends in .{ending}")]
    OtherTable { path: String, ending: String },
    #[error("{file}: {key}: {reason}")]
    CatalogWrong { file: String, key: String, reason: String },
    #[error("the district cannot be reached: {reason}")]
    Unreachable { reason: String },
    #[error("the server at {address} is not the district of this laptop")]
    Untrusted { address: String },
    #[error("the district's answer cannot be read: {reason}")]
    Unreadable { reason: String },
    #[error("the log of {scope} breaks at {seq}")]
    ChainBroken { scope: String, seq: String },
    #[error("the district decided entry {seq} by other rules: {server} there, {here} here")]
    RulesDiffer { seq: String, server: String, here: String },
    #[error("entry {seq} in the log of {scope} does not bear the district's seal")]
    NotSealed { scope: String, seq: String },
    #[error("the district's answer is for another laptop, {laptop}")]
    Misdirected { laptop: String },
    #[error("another program on this laptop is exchanging")]
    ExchangeBusy,
    #[error("a practice ledger is exchanged with nobody")]
    PracticeStaysHere,
    #[error("the new program did not start: {reason}")]
    UpdateNotStarted { reason: String },
    #[error("the new program was not installed: {reason}")]
    UpdateNotInstalled { reason: String },
    #[error("the stick with {file} is gone")]
    StickGone { file: String },
    #[error("there is no folder {folder}")]
    FolderGone { folder: String },
    #[error("the PIN was wrong too often; the next try is in {seconds} seconds")]
    PinTooSoon { seconds: String },
    #[error("this laptop is on no network that a phone could be on")]
    NoNetwork,
    #[error("{name} is no photo")]
    NotAPhoto { name: String },
    #[error("there is no enrolment code in the picture {name}")]
    NoCodeInPicture { name: String },
    #[error("it is not known yet to whom a bundle for the district is encrypted")]
    DistrictRecipientUnknown,
    #[error("what was handed in for {month} cannot be read")]
    ReportUnreadable { month: String },
    #[error("the bytes of {name} are not on this laptop")]
    AttachmentAbsent { name: String },
    #[error("{folder} holds more than {most} files")]
    TooManyFiles { folder: String, most: String },
    #[error("{name} is no picture")]
    NotAPicture { name: String },
    #[error("{name} is a {format}, which is not shown")]
    PictureNotShown { name: String, format: String },
    #[error("{name} has {width} × {height} pixels, more than are shown")]
    PictureTooLarge { name: String, width: String, height: String },
    #[error("{name} is damaged: {reason}")]
    PictureDamaged { name: String, reason: String },
    #[error("{name} is encrypted and was not bound")]
    ScanLocked { name: String },
    #[error("{name} is damaged and was not bound")]
    ScanDamaged { name: String },
    #[error("{name} is a PDF 2.0 and was not bound")]
    ScanNewer { name: String },
    #[error("{name} is too large and was not bound")]
    ScanTooLarge { name: String },
    #[error("{name} is neither a picture nor a PDF and was not bound")]
    ScanNotBound { name: String },
    #[error("there is no open finding {finding}")]
    UnknownFinding { finding: String },
    #[error("what blocks cannot be accepted with a remark")]
    FindingBlocks,
    #[error("{given} is no map approval number")]
    NoApprovalNumber { given: String },
    #[error("{file} cannot be used as a boundary: {reason}")]
    BoundaryUnusable { file: String, reason: String },
    #[error("there is no place {code} in the list")]
    UnknownPlace { code: String },
    #[error("{path}, line {line}: no row of a list of places")]
    PlaceListWrong { path: String, line: String },
    #[error("no rule weighs a self-evaluation of {year}")]
    NoWeighting { year: String },
    #[error("{count} parts of the self-evaluation have no score")]
    EvaluationUnscored { count: String },
    #[error("what was handed in for `{title}` cannot be read")]
    SnapshotUnreadable { title: String },
    #[error("what `{title}` comes to cannot be computed yet")]
    AmountOpen { title: String },
    #[error("the settlement of {village} lacks {field}")]
    SettlementIncomplete { village: String, field: String },
    #[error("`{title}` is joined into another works already")]
    JoinedAlready { title: String },
    #[error("`{title}` is not joined into another works")]
    NotJoined { title: String },
    #[error("only two works of one village can be one")]
    NotOneWorks,
    #[error("an import of {name} would not do any more what was agreed to")]
    PlanChanged { name: String },
    #[error("row {row} says something else of the same record")]
    RowTwice { row: String },
    #[error("there is no template `{name}`")]
    UnknownTemplate { name: String },
    #[error("there is no export template `{name}`")]
    UnknownExportTemplate { name: String },
    #[error("there is no import {batch} that could be taken back")]
    UnknownImport { batch: String },
    #[error("`{title}` was written by somebody since")]
    WrittenSince { title: String },
    #[error("`{other}` refers to `{title}`")]
    BuiltOn { title: String, other: String },
    #[error("the programme has {count} problems, the first at {place}")]
    ProgrammeWrong { count: String, place: String },
    #[error("{code} {version} is there already; the newest is {newest}")]
    ProgrammeVersionTaken { code: String, version: String, newest: String },
    #[error("there is no programme {given}")]
    UnknownProgramme { given: String },
    #[error("`{title}` names no programme")]
    NoProgramme { title: String },
    #[error("{path}, line {line}: {reason}")]
    CaseUnreadable { path: String, line: String, reason: String },
}

impl AppError {
    /// That `given` names no record.
    #[must_use]
    pub fn unknown_record(given: &str) -> Self {
        Refusal::UnknownRecord { record: given.to_owned() }.into()
    }

    /// The error as it crosses a border.
    ///
    /// # Panics
    /// Never: every variant is a code with text fields, which a test checks.
    #[must_use]
    pub fn view(&self) -> ErrorView {
        let value = serde_json::to_value(self).expect("a code and its fields are JSON");
        view_of(&value)
    }
}

/// An `{"code", "fields"}` document as an [`ErrorView`]; a code without fields has none.
pub(crate) fn view_of(value: &serde_json::Value) -> ErrorView {
    let code = value["code"].as_str().unwrap_or_default().to_owned();
    let fields = value["fields"].as_object().into_iter().flatten();
    let text = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    ErrorView { code, fields: fields.map(|(name, value)| (name.clone(), text(value))).collect() }
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        tracing::warn!(%error, "the store refused");
        Self::Trouble(match error {
            store::Error::WrongKey => Trouble::DatabaseForeign,
            store::Error::Newer { found, supported } => {
                Trouble::DatabaseNewer { found: found.to_string(), supported: supported.to_string() }
            }
            store::Error::Backup { folder, reason } => Trouble::BackupFailed { folder, reason },
            store::Error::DiskFull => Trouble::DiskFull,
            store::Error::Corrupt => Trouble::DatabaseDamaged,
            store::Error::Busy => Trouble::DatabaseBusy,
            store::Error::ReadOnly => Trouble::DatabaseReadOnly,
            store::Error::ChainBroken { scope, seq } => Trouble::ChainBroken { scope, seq: seq.to_string() },
            store::Error::Drift(drift) => Trouble::RulesDiffer {
                seq: drift.seq.to_string(),
                server: drift.server.to_owned(),
                here: drift.here.to_owned(),
            },
            store::Error::OwnMissing { counter } => {
                Trouble::Storage { reason: format!("change {counter} is not here") }
            }
            store::Error::Migration(reason) | store::Error::Damaged(reason) => Trouble::Storage { reason },
            store::Error::File(error) => Trouble::storage(&error),
            store::Error::Sqlite(error) => Trouble::Storage { reason: error.to_string() },
        })
    }
}

impl From<sheet::Reason> for AppError {
    fn from(reason: sheet::Reason) -> Self {
        match reason {
            sheet::Reason::Rule(refusal) => refusal.into(),
            sheet::Reason::Cell(error) => error.into(),
        }
    }
}

impl From<store::SaveError> for AppError {
    fn from(error: store::SaveError) -> Self {
        match error {
            store::SaveError::Refused(refusal) => Self::Refused(refusal),
            store::SaveError::Store(error) => error.into(),
        }
    }
}

impl From<sync::http::Error> for AppError {
    fn from(error: sync::http::Error) -> Self {
        use sync::http::Error as E;
        match error {
            E::Refused(refusal) => Self::District(refusal),
            E::Unreachable(reason) | E::Broken(reason) => Trouble::Unreachable { reason }.into(),
            E::Untrusted => Trouble::Untrusted { address: String::new() }.into(),
            E::Unreadable(reason) => Trouble::Unreadable { reason }.into(),
        }
    }
}

impl From<sync::engine::Error> for AppError {
    fn from(error: sync::engine::Error) -> Self {
        use sync::engine::Error as E;
        match error {
            E::Http(error) => error.into(),
            E::Store(error) => error.into(),
            E::File(error) => Trouble::storage(&error).into(),
            E::Turn(error) => error.into(),
        }
    }
}

impl From<sync::stick::Error> for AppError {
    fn from(error: sync::stick::Error) -> Self {
        use sync::stick::Error as E;
        match error {
            E::Bundle(error) => error.into(),
            E::Wire(refusal) => Self::District(refusal),
            E::Store(error) => error.into(),
            E::File(error) => Trouble::storage(&error).into(),
            E::Turn(error) => error.into(),
        }
    }
}

impl From<sync::turn::Error> for AppError {
    fn from(error: sync::turn::Error) -> Self {
        use sync::turn::Error as E;
        match error {
            E::Store(error) => error.into(),
            E::NotSealed { scope, seq } => Trouble::NotSealed { scope, seq: seq.to_string() }.into(),
            E::Misdirected(device) => Trouble::Misdirected { laptop: device.to_string() }.into(),
        }
    }
}

impl Trouble {
    /// What an I/O error of the laptop's own folder means.
    pub(crate) fn storage(error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Self::DatabaseReadOnly,
            _ => Self::Storage { reason: error.to_string() },
        }
    }

    /// What an I/O error means for a file that a person named for reading.
    pub(crate) fn reading(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::FileUnreadable { path: path.display().to_string(), reason: error.to_string() }
    }

    /// What an I/O error means for a file that a person named for writing.
    pub(crate) fn writing(path: &std::path::Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::FileUnwritable { path: path.display().to_string(), reason: error.to_string() },
        }
    }
}
