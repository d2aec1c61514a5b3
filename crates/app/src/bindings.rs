//! The window's TypeScript, generated from the shapes that cross to it.
//!
//! The text is committed as `ui/src/backend/types.ts`, so that a change of a
//! shape is read in review; a test holds the two together.

use domain::{acceptance, catalog, evidence, geo, ids, indicator, month, record};
use ts_rs::{Config, TS};

use crate::types;
use crate::uses::{export, import};

/// Every shape that crosses, as one TypeScript module.
#[must_use]
pub fn typescript() -> String {
    let config = Config::default();
    let mut out = String::from("// Generated from the Rust types by `cargo xtask types`. Do not edit.\n");
    macro_rules! export {
        ($($shape:ty),* $(,)?) => {$(
            out.push_str("\nexport ");
            out.push_str(&<$shape>::decl(&config));
            out.push('\n');
        )*};
    }
    export!(
        ids::RecordId,
        catalog::Label,
        catalog::Choice,
        catalog::FieldType,
        catalog::Required,
        catalog::Field,
        catalog::State,
        catalog::ScopeRule,
        catalog::When,
        catalog::Section,
        catalog::Kind,
        catalog::Role,
        catalog::Level,
        catalog::Measure,
        catalog::Indicator,
        catalog::Threshold,
        catalog::Clock,
        catalog::Limit,
        catalog::Standard,
        catalog::Band,
        catalog::Grading,
        catalog::Catalog,
        record::Attachment,
        types::SyncState,
        types::Shown,
        types::ConflictView,
        types::Side,
        types::Query,
        types::Page,
        types::Sums,
        crate::Edit,
        types::HistoryEntry,
        types::Hit,
        types::Status,
        types::ScopeStatus,
        types::AttachmentsDue,
        types::Transfers,
        types::SyncReport,
        types::Moving,
        types::MovingStep,
        types::Verdicts,
        types::Moved,
        crate::OnItsWay,
        crate::WaitingRecord,
        crate::WaitingFile,
        crate::FileOwner,
        crate::ArrivedRecord,
        crate::ExchangeWay,
        crate::ExchangeOutcome,
        crate::ExchangeEntry,
        crate::BundleWishes,
        crate::BundlePart,
        crate::BundleWritten,
        crate::BundleTaken,
        crate::StickReply,
        crate::StickView,
        crate::AuditBroken,
        crate::AuditView,
        crate::PhoneAddress,
        crate::PhoneEnd,
        crate::PhoneNews,
        crate::PhoneView,
        types::RefusedDraft,
        types::Draft,
        types::ErrorView,
        export::ExportAsked,
        export::ExportTemplate,
        import::ImportMatch,
        import::ImportAsked,
        import::ImportReport,
        import::ImportRow,
        import::ImportChange,
        import::ImportHeading,
        import::ImportQuestion,
        import::ImportOffer,
        import::ImportTemplate,
        import::ImportBatch,
        import::ImportUndone,
        import::ImportLeft,
        types::Compiled,
        types::Verified,
        types::VerifyProblem,
        types::VerifySignature,
        types::Stage,
        types::Enrolled,
        types::Decision,
        types::AttachmentView,
        geo::System,
        evidence::Oddity,
        evidence::PhotoPlace,
        evidence::Facts,
        evidence::Severity,
        evidence::FindingRule,
        evidence::PhotoRef,
        crate::TakenVerdict,
        crate::TakenFile,
        crate::TakenIn,
        crate::PhotoView,
        crate::SpotPhotos,
        crate::RecordPhotos,
        crate::WorksPhotos,
        crate::Accepted,
        crate::FindingView,
        crate::Findings,
        crate::BoundaryWishes,
        crate::BoundaryView,
        crate::AreaView,
        crate::NearestVillage,
        crate::AreaHit,
        crate::Whereabouts,
        crate::uses::places::PlaceFound,
        crate::uses::places::PlaceNamed,
        crate::uses::places::PlaceHistory,
        crate::uses::places::PlaceOfRecord,
        crate::uses::places::CountryLoaded,
        domain::duplicates::Reason,
        crate::uses::duplicates::Duplicate,
        crate::uses::duplicates::DuplicateSide,
        crate::uses::join::Joined,
        crate::uses::dossier::Dossier,
        crate::uses::dossier::DossierSection,
        crate::uses::dossier::DossierDocument,
        crate::uses::dossier::DossierRecord,
        crate::uses::dossier::DossierFile,
        crate::uses::dossier::DossierWritten,
        indicator::Reason,
        indicator::LeftOut,
        indicator::Compared,
        indicator::Figure,
        crate::PlaceFigures,
        month::Status,
        month::Amount,
        month::Origin,
        month::Row,
        month::Total,
        month::Report,
        month::Cause,
        month::Because,
        month::Difference,
        crate::MonthView,
        crate::About,
        crate::Reminder,
        acceptance::Judged,
        crate::MapPoint,
    );
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_windows_types_are_those_that_rust_sends() {
        let committed = include_str!("../../../ui/src/backend/types.ts");
        assert_eq!(committed, super::typescript(), "run `cargo xtask types` and commit the result");
    }
}
