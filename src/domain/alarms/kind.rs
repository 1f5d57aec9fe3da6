//! The list of alarms: one code for one kind of fact, as operators know them.

/// How soon a person must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// At once: begun within ten seconds. Never shelved, never hidden.
    P1,
    /// Within some minutes.
    P2,
    /// In this shift.
    P3,
}

impl Priority {
    /// All of them, the most pressing first.
    pub const ALL: [Self; 3] = [Self::P1, Self::P2, Self::P3];

    /// 1, 2 or 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::P1 => 1,
            Self::P2 => 2,
            Self::P3 => 3,
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $priority:ident;)*) => {
        /// What an alarm is about. A code never changes its meaning; those without a cause yet are not listed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AlarmKind {
            $($(#[$doc])* $name,)*
        }

        impl AlarmKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code shown and stored.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// How soon a person must act.
            #[must_use]
            pub const fn priority(self) -> Priority {
                match self {
                    $(Self::$name => Priority::$priority,)*
                }
            }
        }
    };
}

kinds! {
    /// A host ordered to stop, and not every unit of ours has turned.
    CeaseOrdered = "A01", P1;
    /// A unit is abroad and no person of the host has read the notice.
    NoticeNotSeen = "A02", P1;
    /// The hours for the host's consent are over.
    ConsentOver = "A03", P1;
    /// A radius or period of a pursuit, or what a host granted, is exceeded.
    LimitExceeded = "A04", P1;
    /// An officer called for help.
    Emergency = "A05", P1;
    /// Two rooms name different leads.
    LeadDisputed = "A06", P1;
    /// The lead was offered, and nobody has assumed it.
    OfferUnanswered = "A07", P1;
    /// A drone is over another state and the rules say stop.
    DroneAbroad = "A08", P1;
    /// The disk of the records is nearly full.
    RecordingAtRisk = "A09", P1;
    /// A crossing is near, and nothing is agreed with the room that it leads to.
    NoAgreement = "A10", P2;
    /// What was proposed is not answered.
    ProposalUnanswered = "A11", P2;
    /// The target goes to another crossing point than the agreed one.
    OtherCrossingPoint = "A12", P2;
    /// A silent unit may have crossed.
    MayHaveCrossed = "A13", P2;
    /// The unit that has the target in sight is not heard.
    EyesLost = "A14", P2;
    /// A technical source will be sealed.
    TrackerSealed = "A15", P2;
    /// A room in another service is not heard, or does not hear this one.
    LinkLost = "A16", P2;
    /// The hours for the host's consent are nearly over.
    ConsentNearlyOver = "A17", P2;
    /// Units of both rooms are with the target for longer than was agreed.
    OverlapOver = "A18", P2;
    /// A host refused, or took back what it had granted.
    HostRefused = "A19", P2;
    /// What a host granted is nearly over.
    AuthorisationNearlyOver = "A20", P2;
    /// The request for assistance is late.
    RequestLate = "A21", P2;
    /// A drone will be over a line that no rule lets it cross.
    BreachPredicted = "A22", P2;
    /// A person is held abroad, and no officer of the host is there.
    PersonHeld = "A23", P2;
    /// The clock of a room in another service differs from this one.
    ClockDiffers = "A24", P2;
    /// No profile that both states signed is in force with a host.
    NoProfile = "A25", P2;
    /// The hours for the host's consent come to their end.
    ConsentEnds = "A26", P3;
    /// The first stage of a limit is reached.
    LimitNear = "A27", P3;
    /// A unit is not heard.
    UnitStale = "A28", P3;
    /// The battery of a unit's device is low.
    BatteryLow = "A29", P3;
    /// A unit sends what it recorded before.
    SendsStored = "A30", P3;
    /// What a unit's device claims of its accuracy is poor.
    Inaccurate = "A31", P3;
    /// An officer said that the line is crossed, and the map does not see the unit abroad.
    CrossedUnseen = "A32", P3;
    /// A number to call the host by was not tested for long.
    NumberUnchecked = "A34", P3;
    /// The report is owed and not signed.
    ReportDue = "A35", P3;
    /// How a unit of a pursuit can be recognised is not ticked.
    NotTicked = "A37", P3;
    /// Two units of different states have one call sign.
    SameCallsign = "A39", P3;
    /// A fix was rejected: nothing gets there in that time.
    FixJumped = "A40", P3;
    /// The other room still holds the old terms.
    OldTerms = "A41", P3;
    /// A unit of an operation is abroad and the rules say stop.
    AgainstTheRules = "A43", P1;
    /// A unit is abroad in no operation.
    NoOperation = "A44", P1;
    /// The last stage before a limit is reached.
    LimitNearlyReached = "A45", P2;
    /// What a host granted comes to its end.
    AuthorisationEnds = "A46", P3;
    /// The request for assistance is not sent yet.
    RequestDue = "A47", P3;
    /// The hours until a person held is released are nearly over.
    ReleaseNearlyOver = "A48", P2;
    /// The hours until a person held is released are over.
    ReleaseOver = "A49", P1;
    /// The report is late.
    ReportLate = "A50", P2;
    /// A drone is nearer than the stand-off to a line that no rule lets it cross.
    StandOffBroken = "A51", P3;
    /// A notice could not be delivered.
    NoticeFailed = "A52", P2;
    /// A message has not reached the other room.
    MessageNotReceived = "A53", P2;
    /// An assumption of the lead, or an order to stop, has not reached the other room.
    PressingMessageNotReceived = "A54", P1;
    /// A decision that was promised did not come, and the crossing is near.
    DecisionPressing = "A55", P1;
    /// An order to stop is not confirmed by the room, or by a unit.
    CeaseUnanswered = "A56", P1;
    /// Units of both rooms are with the target for nearly as long as was agreed.
    OverlapNear = "A57", P3;
    /// The link to a room with which a hand-over is agreed is lost.
    LinkLostInHandover = "A58", P1;
    /// Something that was told between two rooms is in one record only.
    RecordsDiffer = "A59", P1;
}

impl AlarmKind {
    /// The kind of this code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}
