//! What a person can do with the laptop, one file for each use under `uses/`.
//!
//! Window, terminal and tests call the same functions; this crate owns the
//! order of steps, and nothing else: rules are the domain's, rows the store's,
//! the conversation with the district the exchange's.

pub mod bindings;
mod catalog;
mod error;
mod file_names;
mod files;
mod laptop;
mod saying;
pub mod texts;
pub mod types;
mod uses;
mod vault;
mod view;

pub use domain::catalog::{FieldType, Kind, Level};
pub use domain::duplicates::Reason;
pub use domain::finding::Severity;
pub use domain::geo::System;
pub use domain::review::{Step as ApplicationStep, StepName as ApplicationStepName};
pub use domain::{Catalog, Fields, RecordId, money};
pub use domain::{acceptance, evaluation, funds, indicator, month, programme};
pub use error::{AppError, Result, Trouble};
pub use handover::{End as PhoneEnd, News as PhoneNews, Terms as PhoneTerms, qr_text};
pub use laptop::{Laptop, stage};
pub use store::{Audit, Broken, Fault};
pub use sync::bundle::size;
pub use sync::engine::Step;
pub use sync::files::Terms;
pub use uses::amount::AmountView;
pub use uses::attach::NamedBytes;
pub use uses::audit::{AuditBroken, AuditView};
pub use uses::boundaries::{AreaHit, AreaView, BoundaryView, BoundaryWishes, NearestVillage, Whereabouts};
pub use uses::bundle::{BundlePart, BundleTaken, BundleWishes, BundleWritten};
pub use uses::check::ApplicationSteps;
pub use uses::compile::{CompileStage, CompileStep, Preview, PreviewPage};
pub use uses::diagnose::LOGS;
pub use uses::dossier::{Dossier, DossierDocument, DossierFile, DossierRecord, DossierSection, DossierWritten};
pub use uses::duplicates::{Duplicate, DuplicateSide};
pub use uses::edits::Edit;
pub use uses::enrol::{Enrolment, code_in_picture, enrol};
pub use uses::enrol_by_stick::{Asked, ask_to_enrol, enrol_by_reply};
pub use uses::evaluation::EvaluationView;
pub use uses::exchange_log::{ExchangeEntry, ExchangeOutcome, ExchangeWay};
pub use uses::export::{ExportAsked, ExportTemplate};
pub use uses::findings::{Accepted, FindingView, Findings};
pub use uses::funds::{
    FundAsked, FundBalances, FundChart, FundHome, FundLine, FundList, FundMonth, FundPart, FundPlan, FundSum,
    PaymentDue, SourceAmount, SourceMoney, VillageMoney, YearMoney,
};
pub use uses::import::{
    ImportAsked, ImportBatch, ImportChange, ImportHeading, ImportLeft, ImportMatch, ImportOffer, ImportQuestion,
    ImportReport, ImportRow, ImportTemplate, ImportUndone,
};
pub use uses::indicators::PlaceFigures;
pub use uses::join::Joined;
pub use uses::listen::{Listener, rest_after};
pub use uses::map::MapPoint;
pub use uses::month_report::MonthView;
pub use uses::on_its_way::{ArrivedRecord, FileOwner, OnItsWay, WaitingFile, WaitingRecord};
pub use uses::phone::{PhoneAddress, PhoneDoor, PhoneView};
pub use uses::photos::{PhotoView, RecordPhotos, SpotPhotos, WorksPhotos};
pub use uses::pin::{set_forgotten_pin, set_pin};
pub use uses::places::{CountryLoaded, PlaceFound, PlaceHistory, PlaceNamed, PlaceOfRecord};
pub use uses::practice::{PracticePlaces, begin_practice, end_practice, practice_folder};
pub use uses::prefill::Prefilled;
pub use uses::programmes::{
    CaseTried, PastTried, PlacedProblem, ProgrammeChecked, ProgrammePart, ProgrammeView, check_programme, read_case,
    read_programme, shipped_programmes, try_programme,
};
pub use uses::reminders::{About, Reminder};
pub use uses::settlement::{SettledSince, SettlementRow, SettlementView};
pub use uses::sticks::{StickReply, StickView};
pub use uses::take::{TakenFile, TakenIn, TakenVerdict};
pub use uses::update::{
    FIRST_START, Installation, STARTED, UpdateView, install_update, look_into_update, program_version,
};
pub use uses::verify::verify;
