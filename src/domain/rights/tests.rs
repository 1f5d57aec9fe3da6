use super::*;

/// One row per act, one column per role, in the order of [`Role::ALL`]: operator, supervisor, legal, observer, auditor,
/// admin.
const TABLE: [(DeskAct, [bool; 6]); 19] = {
    const Y: bool = true;
    const N: bool = false;
    [
        (DeskAct::OpenOperation, [Y, Y, Y, N, N, N]),
        (DeskAct::ChangeOperation, [Y, Y, Y, N, N, N]),
        (DeskAct::CloseOperation, [Y, Y, Y, N, N, N]),
        (DeskAct::SendMessage, [Y, Y, N, N, N, N]),
        (DeskAct::AcknowledgeMessage, [Y, Y, N, N, N, N]),
        (DeskAct::DecideAuthorisation, [N, N, Y, N, N, N]),
        (DeskAct::OrderCease, [Y, Y, Y, N, N, N]),
        (DeskAct::ReportSighting, [Y, Y, N, N, N, N]),
        (DeskAct::ViewPositions, [Y, Y, Y, Y, N, N]),
        (DeskAct::ViewTrackHistory, [Y, Y, Y, Y, N, N]),
        (DeskAct::ViewEvents, [Y, Y, Y, Y, N, N]),
        (DeskAct::ViewClosedEvents, [Y, Y, Y, Y, Y, N]),
        (DeskAct::ExportJournal, [N, Y, Y, N, N, N]),
        (DeskAct::ManageAccounts, [N, N, N, N, N, Y]),
        (DeskAct::AcknowledgeAlarm, [Y, Y, N, N, N, N]),
        (DeskAct::StateInReport, [Y, Y, Y, N, N, N]),
        (DeskAct::SignReport, [N, Y, Y, N, N, N]),
        (DeskAct::UnsealTracker, [N, Y, Y, N, N, N]),
        (DeskAct::RestAnew, [N, Y, Y, N, N, N]),
    ]
};

#[test]
fn every_role_may_exactly_what_the_table_says() {
    for (act, row) in TABLE {
        for (role, expected) in Role::ALL.into_iter().zip(row) {
            assert_eq!(may(role, act), expected, "{role:?} {act:?}");
        }
    }
}

#[test]
fn the_table_names_every_act_once() {
    let acts: Vec<DeskAct> = TABLE.iter().map(|(act, _)| *act).collect();
    assert_eq!(acts, DeskAct::ALL);
}

#[test]
fn an_admin_sees_no_position_and_no_event_that_carries_one() {
    for act in DeskAct::ALL {
        assert_eq!(
            may(Role::Admin, act),
            act == DeskAct::ManageAccounts,
            "{act:?}"
        );
    }
}

#[test]
fn every_word_of_a_role_parses_back() {
    for role in Role::ALL {
        assert_eq!(Role::parse(role.as_str()), Some(role));
    }
    assert_eq!(Role::parse("Operator"), None);
    assert_eq!(Role::parse(""), None);
}
