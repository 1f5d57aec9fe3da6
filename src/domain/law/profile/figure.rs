//! The figures that two rooms agree on: each with its key, unit, range, the workflow's default, and which way is stricter.
//!
//! None of them is law. Where the law gives an end (hours for consent, a radius, a release), a figure says how long before
//! it somebody is warned: no key can move the end itself.

use crate::domain::measure::Span;
use std::fmt;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Parts of a hundred.
    Percent,
    /// Metres.
    Metres,
    /// Kilometres.
    Kilometres,
}

impl Unit {
    /// The sign that stands behind the number.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Percent => "%",
            Self::Metres => "m",
            Self::Kilometres => "km",
        }
    }

    /// So many of it as a time; `None` of what is none.
    #[must_use]
    pub const fn span(self, number: i64) -> Option<Span> {
        match self {
            Self::Seconds => Some(Span::from_secs(number)),
            Self::Minutes => Some(Span::from_minutes(number)),
            Self::Hours => Some(Span::from_hours(number)),
            Self::Days => Some(Span::from_hours(number.saturating_mul(24))),
            Self::Percent | Self::Metres | Self::Kilometres => None,
        }
    }
}

/// Which way a figure becomes stricter: somebody is warned sooner, or less is taken for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stricter {
    /// A smaller number.
    Less,
    /// A larger number.
    More,
}

impl Stricter {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::More => "more",
        }
    }

    /// The stricter of two numbers.
    #[must_use]
    pub const fn of(self, one: i64, other: i64) -> i64 {
        let first = match self {
            Self::Less => one < other,
            Self::More => one > other,
        };
        if first { one } else { other }
    }
}

macro_rules! figures {
    ($(#[doc = $meaning:literal] $name:ident = $table:literal . $key:literal, $unit:ident, $workflow:literal, $least:literal..=$most:literal, $stricter:ident;)*) => {
        /// A figure that two rooms agree on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Figure {
            $(#[doc = $meaning] $name,)*
        }

        impl Figure {
            /// All of them, as the document lists them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The table and the key of the document.
            #[must_use]
            pub const fn place(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($table, $key),)* }
            }

            /// What it is, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning.trim_ascii(),)* }
            }

            /// What it counts.
            #[must_use]
            pub const fn unit(self) -> Unit {
                match self { $(Self::$name => Unit::$unit,)* }
            }

            /// The default of the workflow: it holds where no profile says otherwise.
            #[must_use]
            pub const fn workflow(self) -> i64 {
                match self { $(Self::$name => $workflow,)* }
            }

            /// The least and the most that a profile may say.
            #[must_use]
            pub const fn range(self) -> (i64, i64) {
                match self { $(Self::$name => ($least, $most),)* }
            }

            /// Which way it is stricter.
            #[must_use]
            pub const fn stricter(self) -> Stricter {
                match self { $(Self::$name => Stricter::$stricter,)* }
            }
        }
    };
}

figures! {
    /// A message without the partner's machine receipt is shown as waiting after this.
    ReceiptWarns = "T1"."warn_s", Seconds, 5, 1..=60, Less;
    /// A message without the partner's machine receipt is an alarm after this.
    ReceiptLate = "T1"."alarm_s", Seconds, 10, 2..=120, Less;
    /// A proposal or revision without an answer is shown as waiting after this.
    AnswerWarns = "T2"."warn_s", Seconds, 60, 5..=600, Less;
    /// A proposal or revision without an answer is an alarm after this.
    AnswerLate = "T2"."alarm_s", Seconds, 120, 10..=900, Less;
    /// A decision that was promised and did not come is pressing after this, counted from the promised time.
    DecisionPressing = "T3"."pressing_s", Seconds, 60, 0..=600, Less;
    /// Only while the crossing is expected within this is such a decision pressing.
    DecisionNear = "T3"."near_min", Minutes, 10, 1..=120, More;
    /// A handover that was offered and not assumed is shown as waiting after this.
    AssumeWarns = "T4"."warn_s", Seconds, 30, 5..=300, Less;
    /// A handover that was offered and not assumed is an alarm after this.
    AssumeLate = "T4"."alarm_s", Seconds, 60, 10..=600, Less;
    /// A crossing notice that nobody has read is shown as waiting after this.
    NoticeWarns = "T5"."warn_s", Seconds, 30, 5..=300, Less;
    /// A crossing notice that nobody has read is an alarm after this.
    NoticeUnread = "T5"."alarm_s", Seconds, 60, 10..=300, Less;
    /// An order to cease that the room has not answered is shown as waiting after this.
    CeaseRoomWarns = "T6"."room_warn_s", Seconds, 5, 1..=10, Less;
    /// An order to cease that the room has not answered is an alarm after this.
    CeaseRoomLate = "T6"."room_alarm_s", Seconds, 10, 2..=20, Less;
    /// An order to cease that a unit has not answered is shown as waiting after this.
    CeaseUnitWarns = "T6"."unit_warn_s", Seconds, 8, 1..=15, Less;
    /// An order to cease that a unit has not answered is an alarm after this.
    CeaseUnitLate = "T6"."unit_alarm_s", Seconds, 15, 2..=30, Less;
    /// From this share of the agreed overlap on somebody is warned.
    OverlapNear = "T7"."warn_pct", Percent, 80, 10..=99, Less;
    /// The first warning before the hours for the host's consent end.
    ConsentFirst = "T8"."first_min", Minutes, 60, 3..=1439, More;
    /// The second warning before the hours for the host's consent end.
    ConsentSecond = "T8"."second_min", Minutes, 30, 2..=1438, More;
    /// The last warning, an alarm, before the hours for the host's consent end.
    ConsentLast = "T8"."last_min", Minutes, 10, 1..=1437, More;
    /// From this share of a pursuit's radius or period on somebody is warned.
    LimitNear = "T9"."warn_pct", Percent, 80, 10..=98, Less;
    /// From this share of a pursuit's radius or period on it is an alarm.
    LimitNearlyReached = "T9"."alarm_pct", Percent, 95, 11..=99, Less;
    /// A request for assistance not sent is shown as due, counted from the crossing.
    RequestDue = "T10"."warn_min", Minutes, 5, 1..=60, Less;
    /// A request for assistance not sent is an alarm, counted from the crossing.
    RequestLate = "T10"."alarm_min", Minutes, 15, 2..=120, Less;
    /// A link without a heartbeat bears a badge after this.
    LinkBadge = "T11"."badge_s", Seconds, 6, 3..=60, Less;
    /// A link without a heartbeat is an alarm after this.
    LinkLost = "T11"."alarm_s", Seconds, 15, 4..=120, Less;
    /// A link without a heartbeat is pressing after this, once a handover is agreed.
    LinkPressing = "T11"."pressing_s", Seconds, 60, 5..=300, Less;
    /// A unit without a fix is shown as stale after this.
    FixStale = "T12"."stale_s", Seconds, 15, 5..=60, Less;
    /// The unit with the target in sight is missed after this.
    EyesMissed = "T12"."eyes_s", Seconds, 60, 10..=300, Less;
    /// Every other unit is missed after this.
    UnitMissed = "T12"."others_s", Seconds, 120, 20..=600, Less;
    /// The first warning before what the host granted ends.
    WindowFirst = "T13"."first_min", Minutes, 30, 2..=1439, More;
    /// The last warning, an alarm, before what the host granted ends.
    WindowLast = "T13"."last_min", Minutes, 10, 1..=1438, More;
    /// A person is held abroad and no officer of the host is there: an alarm after this.
    HostOnScene = "T14"."on_scene_min", Minutes, 10, 1..=60, Less;
    /// The warning before a person held must be released.
    ReleaseNear = "T14"."release_min", Minutes, 60, 1..=359, More;
    /// A report not sent is shown as due, counted from the end of the operation.
    ReportDue = "T15"."warn_h", Hours, 12, 1..=72, Less;
    /// A report not sent is an alarm, counted from the end of the operation.
    ReportLate = "T15"."alarm_h", Hours, 24, 2..=168, Less;
    /// The partner is notified so long before a crossing, if that is earlier than by distance.
    NoticeTime = "early"."notice_min", Minutes, 60, 10..=600, More;
    /// The partner is notified so far before a crossing, if that is earlier than by time.
    NoticeDistance = "early"."notice_km", Kilometres, 80, 5..=500, More;
    /// A crossing point counts for that from this probability on.
    NoticeProbability = "early"."notice_pct", Percent, 20, 1..=50, Less;
    /// A proposal is prepared so long before a crossing, if that is earlier than by distance.
    ProposalTime = "early"."proposal_min", Minutes, 25, 5..=300, More;
    /// A proposal is prepared so far before a crossing, if that is earlier than by time.
    ProposalDistance = "early"."proposal_km", Kilometres, 40, 2..=250, More;
    /// A crossing nearer than this without an agreement is an alarm.
    AgreementMissing = "early"."agreement_min", Minutes, 10, 1..=120, More;
    /// An expected time may move by so much before the agreement is revised by a person.
    RevisionTolerance = "early"."tolerance_min", Minutes, 10, 1..=60, Less;
    /// The room with eyes on the target is warned so long before a tracker is sealed.
    TrackerWarns = "early"."tracker_min", Minutes, 10, 1..=60, More;
    /// A drone without a permission holds so far from the line.
    StandOff = "drone"."standoff_m", Metres, 300, 50..=5000, More;
    /// A drone that will be over the line within this is an alarm.
    BreachPredicted = "drone"."breach_s", Seconds, 30, 5..=300, More;
    /// A voice number that nobody has checked for so long is told.
    VoiceUnchecked = "voice"."unchecked_d", Days, 90, 1..=365, Less;
}

/// Of each pair the first is less than the second: what is shown first comes before what is pressing.
pub(super) const ASCENDING: &[(Figure, Figure)] = &[
    (Figure::ReceiptWarns, Figure::ReceiptLate),
    (Figure::AnswerWarns, Figure::AnswerLate),
    (Figure::AssumeWarns, Figure::AssumeLate),
    (Figure::NoticeWarns, Figure::NoticeUnread),
    (Figure::CeaseRoomWarns, Figure::CeaseRoomLate),
    (Figure::CeaseUnitWarns, Figure::CeaseUnitLate),
    (Figure::ConsentLast, Figure::ConsentSecond),
    (Figure::ConsentSecond, Figure::ConsentFirst),
    (Figure::LimitNear, Figure::LimitNearlyReached),
    (Figure::RequestDue, Figure::RequestLate),
    (Figure::LinkBadge, Figure::LinkLost),
    (Figure::LinkLost, Figure::LinkPressing),
    (Figure::FixStale, Figure::EyesMissed),
    (Figure::EyesMissed, Figure::UnitMissed),
    (Figure::WindowLast, Figure::WindowFirst),
    (Figure::ReportDue, Figure::ReportLate),
    (Figure::ProposalTime, Figure::NoticeTime),
    (Figure::ProposalDistance, Figure::NoticeDistance),
];

impl Figure {
    /// The figure of this place.
    #[must_use]
    pub fn parse(table: &str, key: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|figure| figure.place() == (table, key))
    }

    /// A number of it, as a person reads it: `60 s`.
    #[must_use]
    pub fn in_words(self, number: i64) -> String {
        format!("{number} {}", self.unit().sign())
    }
}

impl fmt::Display for Figure {
    /// `T5.alarm_s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (table, key) = self.place();
        write!(f, "{table}.{key}")
    }
}
