//! The types that the browser reads, written from the structs of this room.

use super::desk::{reading, strips};
use super::{
    alarm, answer, call, channels, detention, dialogue, event, law, letter, live, operation, parts,
    profile,
};
use ts_rs::{Config, TS};

/// The whole of `web-map/src/wire.gen.ts`.
///
/// The file is generated, never edited: a test fails when it is stale.
#[must_use]
#[expect(clippy::too_many_lines, reason = "it is one list")]
pub fn typescript() -> String {
    let mut text = String::from(
        "// Generated from src/wire by `LIMES_WRITE_WIRE=1 cargo test --lib wire::typescript`. Never edited by hand.\n",
    );
    let config = Config::default();
    macro_rules! declare {
        ($($of:ty),* $(,)?) => {$(
            text.push_str("\nexport ");
            text.push_str(&<$of as TS>::decl(&config));
            text.push('\n');
        )*};
    }
    declare!(
        parts::Place,
        parts::PersonWire,
        parts::RoomWire,
        parts::UnitCardWire,
        law::CitationWire,
        law::FindingWire,
        law::DutyWire,
        law::ClockSpecWire,
        law::AssessmentWire,
        crate::wire::airspace::AirspaceWire,
        operation::AuthorisationWire,
        operation::TargetWire,
        operation::PatrolWire,
        operation::FrontierDistanceWire,
        operation::EvadedCheckWire,
        operation::AmendmentWire,
        operation::RecognisableWire,
        crate::wire::refusal::HostRefusedWire,
        detention::DetainedWire,
        detention::DetentionStepWire,
        event::ChangedWire,
        alarm::AlarmSubjectWire,
        alarm::RaisedWire,
        alarm::ShelfWire,
        event::OfAlarmWire,
        operation::OperationCardWire,
        operation::SightingWire,
        operation::NoticeCrossingWire,
        operation::NoticeFieldsWire,
        letter::WrittenWire,
        call::CallWire,
        call::GivenByVoice,
        answer::HostAnswerWire,
        answer::AnsweredPicture,
        channels::AttemptWire,
        channels::AttemptPicture,
        channels::ReachedWire,
        event::LikelyCrossingWire,
        event::ApproachWire,
        event::WeighedFixWire,
        event::WhyWire,
        event::CrossingWire,
        event::SilenceWire,
        event::DeviceWire,
        event::StandOffWire,
        event::TrackerPermissionWire,
        event::PermissionEnteredWire,
        event::ClockWire,
        event::LimitWire,
        event::ReportedFixWire,
        event::StatementWire,
        event::SignedReportWire,
        profile::ProfileVersionWire,
        dialogue::terms::ExpectedAtWire,
        dialogue::terms::ExpectedWire,
        dialogue::TermsWire,
        dialogue::SaidWire,
        dialogue::state::AgreementWire,
        dialogue::state::ProposalWire,
        dialogue::state::StandByWire,
        dialogue::state::WithdrawalWire,
        dialogue::state::OfferWire,
        dialogue::state::UnreceiptedWire,
        dialogue::HandoverWire,
        dialogue::LeadWire,
        dialogue::EnvelopeWire,
        dialogue::SaidEventWire,
        dialogue::LeadMovedWire,
        dialogue::LeadDisputedWire,
        dialogue::EyesTakenWire,
        dialogue::RecallWire,
        dialogue::RecallAnswerWire,
        dialogue::HeardPicture,
        dialogue::DialoguePicture,
        dialogue::RecalledUnit,
        dialogue::RecallPicture,
        dialogue::DisputePicture,
        crate::wire::resting::RulesVersionWire,
        live::CameraPicture,
        crate::wire::resting::RestsOnWire,
        crate::wire::resting::RestingAnewWire,
        crate::wire::resting::RestingAnewPicture,
        crate::wire::link::LinkSentWire,
        crate::wire::link::LinkConfirmedWire,
        crate::wire::link::LinkTakenWire,
        crate::wire::link::LinkMissingWire,
        crate::wire::link::LinkCutWire,
        crate::wire::link::LinkPicture,
        crate::wire::link::LinkRefusedWire,
        crate::wire::link::LinkHeadWire,
        crate::wire::link::LinkClockWire,
        event::EventBody,
        event::EventWire,
        detention::HeldPicture,
        alarm::TakenWire,
        alarm::AlarmWire,
        alarm::AlarmFiguresWire,
        alarm::AlarmsWire,
        live::MeWire,
        live::ModeWire,
        live::PositionWire,
        live::CrossingBrief,
        live::SealedPicture,
        live::PermissionPicture,
        live::SilencePicture,
        live::ApproachPicture,
        live::ClockWrongPicture,
        live::UnitPicture,
        live::LimitPicture,
        live::ClosedWire,
        live::AssessmentPicture,
        live::NoticePicture,
        live::ClockPicture,
        crate::wire::report::ReportSignedPicture,
        crate::wire::report::ReportPicture,
        live::OperationPicture,
        live::Snapshot,
        live::Bulletin,
        live::Heartbeat,
        live::LiveMessage,
        live::LiveRequest,
        reading::CrossingPointWire,
        reading::CrossingPointsWire,
        strips::ExtentWire,
        strips::StripKindWire,
        strips::StripGeometryWire,
        strips::StripPartWire,
        strips::StripsWire,
    );
    text
}

#[cfg(test)]
mod tests {
    use super::typescript;
    use std::path::Path;

    #[test]
    fn the_types_of_the_browser_are_those_of_the_wire() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("web-map/src/wire.gen.ts");
        let fresh = typescript();
        if std::env::var_os("LIMES_WRITE_WIRE").is_some() {
            std::fs::create_dir_all(path.parent().expect("web-map/src"))
                .expect("web-map/src can be made");
            std::fs::write(&path, &fresh).expect("wire.gen.ts can be written");
        }
        let kept = std::fs::read_to_string(&path).expect("web-map/src/wire.gen.ts is there");
        assert_eq!(
            kept, fresh,
            "web-map/src/wire.gen.ts is stale: run LIMES_WRITE_WIRE=1 cargo test --lib wire::typescript"
        );
    }
}
