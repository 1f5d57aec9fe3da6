//! What an assessment answers: conditions met, not met or unknown, each with its citation; duties and clocks.

use crate::domain::measure::{Metres, Timestamp};
use std::sync::Arc;

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The Convention, or national law.
    Law,
    /// A bilateral or multilateral treaty.
    Treaty,
    /// Agreed by the two rooms; not law.
    Profile,
    /// Of an exercise; never applies to a real operation.
    Exercise,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Law, Self::Treaty, Self::Profile, Self::Exercise];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Treaty => "treaty",
            Self::Profile => "profile",
            Self::Exercise => "exercise",
        }
    }

    /// The origin of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word)
    }
}

/// How well a rule is known: the word stands beside every figure that rests on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Read in the source named.
    High,
    /// General knowledge, consistent with what was read.
    Medium,
    /// Unsure.
    Low,
    /// Looked for, not found.
    Unknown,
}

impl Confidence {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::High, Self::Medium, Self::Low, Self::Unknown];

    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Unknown => "unknown",
        }
    }

    /// The confidence of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|confidence| confidence.as_str() == word)
    }
}

/// On what a finding, duty or figure rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Where the figure comes from.
    pub origin: Origin,
    /// Instrument and article, such as `CISA Art. 40(2)`.
    pub instrument: Arc<str>,
    /// Ids of the sources read, as in the rule data.
    pub sources: Vec<Arc<str>>,
    /// How well it is known.
    pub confidence: Confidence,
    /// The version of the rules.
    pub rules_version: u32,
}

/// The answer to one condition of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// The facts meet it.
    Met,
    /// The facts do not meet it.
    NotMet,
    /// The facts or the rule are not known: never counts as met.
    Unknown,
}

impl Answer {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Met, Self::NotMet, Self::Unknown];

    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
        }
    }

    /// The answer of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == word)
    }
}

/// One condition, answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A stable word for the condition, such as `authorisation_in_force`.
    pub condition: Arc<str>,
    /// Met, not met, unknown.
    pub answer: Answer,
    /// One sentence for an operator.
    pub sentence: Arc<str>,
    /// On what it rests.
    pub citation: Citation,
    /// What it means when it is not met.
    pub weight: Weight,
}

/// What follows when a condition is not met, or not known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It must hold: stop.
    Stops,
    /// Something is still to be done, or for a person to judge: the operation is warned and goes on.
    Warns,
}

/// What the findings come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No obstacle found in the rules. Never "allowed".
    NoObstacle,
    /// A condition that must hold is not met or not known: stop, and say why.
    Stop,
}

impl Verdict {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoObstacle => "no_obstacle",
            Self::Stop => "stop",
        }
    }

    /// The verdict of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::NoObstacle, Self::Stop]
            .into_iter()
            .find(|verdict| verdict.as_str() == word)
    }
}

/// What the requesting side owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Tell the host state that the frontier was crossed (Art. 40(2)(a), Art. 41(1); XNG).
    NoticeOfCrossing,
    /// Send the request for assistance with the grounds (Art. 40(2)(b); RQA).
    Request,
    /// Report after the operation (Art. 40(3)(g), Art. 41(5)(g)).
    Report,
}

impl Duty {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::NoticeOfCrossing, Self::Request, Self::Report];

    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoticeOfCrossing => "notice_of_crossing",
            Self::Request => "request",
            Self::Report => "report",
        }
    }

    /// The duty of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.as_str() == word)
    }
}

/// A duty with its text and citation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyOwed {
    /// Which.
    pub duty: Duty,
    /// When, in the law's own word ("immediately", "without delay"), or empty when it gives none.
    pub when: Arc<str>,
    /// On what it rests.
    pub citation: Citation,
}

/// What a clock counts towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    /// Consent of the host state under Art. 40(2): the pair's hours from the earliest possible crossing.
    Consent,
    /// The end of the authorisation of Art. 40(1), or of the agreed period of a joint patrol.
    AuthorisationWindow,
    /// The end of the period of a pursuit (Art. 41(3)(a)): the pair's minutes from the earliest possible crossing.
    PursuitPeriod,
    /// The release of a person arrested in the host state (Art. 41(6)): night hours there do not count.
    Release,
}

impl ClockKind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Consent,
        Self::AuthorisationWindow,
        Self::PursuitPeriod,
        Self::Release,
    ];

    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::AuthorisationWindow => "authorisation_window",
            Self::PursuitPeriod => "pursuit_period",
            Self::Release => "release",
        }
    }

    /// Whether the units leave the host state when it is over; else something else is due.
    #[must_use]
    pub const fn ends_the_stay(self) -> bool {
        match self {
            Self::Consent | Self::AuthorisationWindow | Self::PursuitPeriod => true,
            Self::Release => false,
        }
    }

    /// The clock of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A clock that the law starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockSpec {
    /// Which.
    pub kind: ClockKind,
    /// From when it counts.
    pub starts: Timestamp,
    /// When it is over.
    pub ends: Timestamp,
    /// On what it rests.
    pub citation: Citation,
}

/// How far a pursuit may go: measured as the shortest distance to the common frontier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Radius {
    /// No farther than this.
    pub max: Metres,
    /// On what it rests.
    pub citation: Citation,
}

/// All findings on one set of facts, and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// What they come to.
    pub verdict: Verdict,
    /// Every condition looked at.
    pub findings: Vec<Finding>,
    /// What is owed now.
    pub duties: Vec<DutyOwed>,
    /// Which clocks run now.
    pub clocks: Vec<ClockSpec>,
}

impl Assessment {
    /// The findings that must be met and are not: each alone is a reason to stop.
    pub fn obstacles(&self) -> impl Iterator<Item = &Finding> {
        self.open(Weight::Stops)
    }

    /// The findings that are not met and stop nothing: what is still to be done or judged.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.open(Weight::Warns)
    }

    fn open(&self, weight: Weight) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.answer != Answer::Met && finding.weight == weight)
    }

    /// The least of the confidences that the findings rest on; unknown when nothing was looked at.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.findings
            .iter()
            .map(|finding| finding.citation.confidence)
            .max()
            .unwrap_or(Confidence::Unknown)
    }

    /// What the findings come to, for an operator: `no obstacle found in rules v1 (confidence medium)`, or `stop:` and
    /// every reason.
    #[must_use]
    pub fn in_words(&self) -> String {
        match (self.verdict, self.findings.first()) {
            (Verdict::NoObstacle, Some(finding)) => {
                let warnings: Vec<&str> =
                    self.warnings().map(|warning| &*warning.sentence).collect();
                let but = if warnings.is_empty() {
                    ""
                } else {
                    "; still open: "
                };
                format!(
                    "no obstacle found in rules v{} (confidence {}){but}{}",
                    finding.citation.rules_version,
                    self.confidence().as_str(),
                    warnings.join(" ")
                )
            }
            (Verdict::NoObstacle, None) => "at home: nothing to assess".to_owned(),
            (Verdict::Stop, _) => {
                let reasons: Vec<&str> =
                    self.obstacles().map(|finding| &*finding.sentence).collect();
                format!("stop: {}", reasons.join(" "))
            }
        }
    }

    /// The same, of an exercise: the authorisation is the exercise's own document, and its window says so. Law stays
    /// law, so that an exercise runs the real figures.
    #[must_use]
    pub fn of_exercise(mut self) -> Self {
        for clock in &mut self.clocks {
            match clock.kind {
                ClockKind::AuthorisationWindow => clock.citation.origin = Origin::Exercise,
                ClockKind::Consent | ClockKind::PursuitPeriod | ClockKind::Release => {}
            }
        }
        self
    }
}
