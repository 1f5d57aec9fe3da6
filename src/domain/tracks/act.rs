//! What an officer says by pressing a button.

/// A unit's own act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// On duty from now.
    SignOn,
    /// Off duty from now.
    SignOff,
    /// "I crossed the line."
    Crossed,
    /// "I see the target."
    HaveTarget,
    /// "I no longer see the target."
    TargetLost,
    /// "The host's officers have taken over."
    HandedOver,
    /// "I am back on our own soil."
    BackHome,
    /// "I will comply."
    Wilco,
    /// "I need help now."
    Emergency,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::SignOn,
        Self::SignOff,
        Self::Crossed,
        Self::HaveTarget,
        Self::TargetLost,
        Self::HandedOver,
        Self::BackHome,
        Self::Wilco,
        Self::Emergency,
    ];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignOn => "sign_on",
            Self::SignOff => "sign_off",
            Self::Crossed => "crossed",
            Self::HaveTarget => "have_target",
            Self::TargetLost => "target_lost",
            Self::HandedOver => "handed_over",
            Self::BackHome => "back_home",
            Self::Wilco => "wilco",
            Self::Emergency => "emergency",
        }
    }

    /// The act of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }
}
