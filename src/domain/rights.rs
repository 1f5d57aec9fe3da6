//! Who may do what at a desk, by role. The table is the workflow's; where the workflow is silent, the narrower right is
//! taken. What of a partner's a room sees at all is decided elsewhere: a right here is necessary, never sufficient.

/// What a person is at a desk. Unit leaders and pilots have no account: they speak by unit token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Runs operations.
    Operator,
    /// Runs operations and takes out evidence.
    Supervisor,
    /// Authorises and judges: the prosecutor's or legal desk.
    Legal,
    /// Reads along.
    Observer,
    /// Checks afterwards.
    Auditor,
    /// Keeps accounts, units and tokens; never sees a position.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Operator,
        Self::Supervisor,
        Self::Legal,
        Self::Observer,
        Self::Auditor,
        Self::Admin,
    ];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Supervisor => "supervisor",
            Self::Legal => "legal",
            Self::Observer => "observer",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// The role of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What a person at a desk does, as far as a role decides about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeskAct {
    /// Open an operation and set its basis.
    OpenOperation,
    /// Change an open operation.
    ChangeOperation,
    /// Close an operation.
    CloseOperation,
    /// Send a message or notice to another room.
    SendMessage,
    /// Say that a message or notice was read.
    AcknowledgeMessage,
    /// Decide of an authorisation that another state asks for.
    DecideAuthorisation,
    /// Order that a surveillance or pursuit on one's own soil stops.
    OrderCease,
    /// Say who sees the target, and where.
    ReportSighting,
    /// See the live picture: places of units and target.
    ViewPositions,
    /// Read past positions of a unit.
    ViewTrackHistory,
    /// Read the events of an operation that is still open, and the room's running events.
    ViewEvents,
    /// Read the events of operations that are closed.
    ViewClosedEvents,
    /// Take the record out of the house.
    ExportJournal,
    /// Add, change and disable accounts, units and tokens.
    ManageAccounts,
    /// Take an alarm on oneself.
    AcknowledgeAlarm,
    /// State in a report what no record tells.
    StateInReport,
    /// Sign a report.
    SignReport,
    /// Enter what a host state permits of a technical source, as one of two persons.
    UnsealTracker,
    /// Let an operation rest on other rules, as one of two persons.
    RestAnew,
}

impl DeskAct {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::OpenOperation,
        Self::ChangeOperation,
        Self::CloseOperation,
        Self::SendMessage,
        Self::AcknowledgeMessage,
        Self::DecideAuthorisation,
        Self::OrderCease,
        Self::ReportSighting,
        Self::ViewPositions,
        Self::ViewTrackHistory,
        Self::ViewEvents,
        Self::ViewClosedEvents,
        Self::ExportJournal,
        Self::ManageAccounts,
        Self::AcknowledgeAlarm,
        Self::StateInReport,
        Self::SignReport,
        Self::UnsealTracker,
        Self::RestAnew,
    ];

    /// The words for a refusal: "your role may not …".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenOperation => "open an operation",
            Self::ChangeOperation => "change an operation",
            Self::CloseOperation => "close an operation",
            Self::SendMessage => "send a message to another room",
            Self::AcknowledgeMessage => "acknowledge a message",
            Self::DecideAuthorisation => "decide of an authorisation",
            Self::OrderCease => "order that a surveillance or pursuit stops",
            Self::ReportSighting => "report a sighting of the target",
            Self::ViewPositions => "see positions",
            Self::ViewTrackHistory => "read past positions",
            Self::ViewEvents => "read running events",
            Self::ViewClosedEvents => "read events of closed operations",
            Self::ExportJournal => "export the journal",
            Self::ManageAccounts => "manage accounts",
            Self::AcknowledgeAlarm => "acknowledge an alarm",
            Self::StateInReport => "state something in a report",
            Self::SignReport => "sign a report",
            Self::UnsealTracker => "unseal a technical source",
            Self::RestAnew => "let an operation rest on other rules",
        }
    }
}

/// Whether a person of this role may do this.
#[must_use]
pub const fn may(role: Role, act: DeskAct) -> bool {
    use Role::{Admin, Auditor, Legal, Observer, Operator, Supervisor};
    match act {
        // "Open op, set basis": OP, SUP, LEG. To change the basis or the units is the same act later, and whoever may
        // open may close.
        DeskAct::OpenOperation | DeskAct::ChangeOperation | DeskAct::CloseOperation => {
            matches!(role, Operator | Supervisor | Legal)
        }
        // "XNG send / ACK" and "EYE": OP and SUP of either side. LEG decides authorisations, which is an act of its own.
        DeskAct::SendMessage | DeskAct::AcknowledgeMessage | DeskAct::ReportSighting => {
            matches!(role, Operator | Supervisor)
        }
        // "AUT decide": LEG alone.
        DeskAct::DecideAuthorisation => matches!(role, Legal),
        // "CEASE": OP, SUP and LEG of the host.
        DeskAct::OrderCease => matches!(role, Operator | Supervisor | Legal),
        // "See partner's units": OP, SUP, LEG and OBS; AUD only "after close"; ADM "none".
        DeskAct::ViewPositions | DeskAct::ViewTrackHistory => {
            matches!(role, Operator | Supervisor | Legal | Observer)
        }
        // Events carry places (a crossing has its point): the same people as the live picture.
        DeskAct::ViewEvents => matches!(role, Operator | Supervisor | Legal | Observer),
        // AUD: "after close, own side + shared log".
        DeskAct::ViewClosedEvents => {
            matches!(role, Operator | Supervisor | Legal | Observer | Auditor)
        }
        // "Export evidence": SUP and LEG take it out; AUD verifies what was taken out, and takes nothing.
        DeskAct::ExportJournal => matches!(role, Supervisor | Legal),
        DeskAct::ManageAccounts => matches!(role, Admin),
        // Shelving is OP's and SUP's ("P3", "P2"); to take an alarm on oneself is theirs too.
        DeskAct::AcknowledgeAlarm => matches!(role, Operator | Supervisor),
        // Whoever led the operation can say what no record tells.
        DeskAct::StateInReport => matches!(role, Operator | Supervisor | Legal),
        // The report is the supervisor's (T15); it says what the law asked, so the legal desk signs as well.
        DeskAct::SignReport => matches!(role, Supervisor | Legal),
        // "Unseal: two persons, SUP+LEG."
        DeskAct::UnsealTracker => matches!(role, Supervisor | Legal),
        // "t0 later": what the law's numbers rest on is changed by the same two desks.
        DeskAct::RestAnew => matches!(role, Supervisor | Legal),
    }
}

#[cfg(test)]
mod tests;
