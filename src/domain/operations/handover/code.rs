//! The codes that two rooms speak in. They are those of air-traffic control's hand-over dialogue (OLDI: ABI, ACT, REV, COF,
//! MAC …) where it has one, and otherwise named after what Art. 40 and 41 of the Schengen Convention ask for.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $event:literal;)*) => {
        /// What kind of message one room sends another.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: [Self; 26] = [$(Self::$name,)*];

            /// The code as it is spoken and stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The kind of event that tells it, by the outside contract.
            #[must_use]
            pub const fn event(self) -> &'static str {
                match self { $(Self::$name => $event,)* }
            }
        }
    };
}

codes! {
    /// Notice that a crossing is coming.
    Ntf = "NTF", "handover.ntf";
    /// Request for assistance or authorisation.
    Rqa = "RQA", "handover.rqa";
    /// The answer to it: granted, refused or withdrawn.
    Aut = "AUT", "handover.aut";
    /// Proposal of a hand-over.
    Pro = "PRO", "handover.pro";
    /// A small change inside the agreed tolerance.
    Rvn = "RVN", "handover.rvn";
    /// A change beyond it, which needs an answer.
    Rvr = "RVR", "handover.rvr";
    /// Stand by: who is deciding, expected by when.
    Sby = "SBY", "handover.sby";
    /// Counter-proposal.
    Cdn = "CDN", "handover.cdn";
    /// Acceptance of exactly one message.
    Acp = "ACP", "handover.acp";
    /// Refusal, with a coded reason.
    Rjc = "RJC", "handover.rjc";
    /// The dialogue, or an offer, is taken back.
    Abr = "ABR", "handover.abr";
    /// A border was crossed.
    Xng = "XNG", "handover.xng";
    /// The lead is offered.
    Hop = "HOP", "handover.hop";
    /// The lead is asked for.
    Rof = "ROF", "handover.rof";
    /// The lead is assumed.
    Mas = "MAS", "handover.mas";
    /// Which unit has the target, loses, hands or takes it.
    Eye = "EYE", "handover.eye";
    /// Units of the other side are released.
    Rel = "REL", "handover.rel";
    /// Stop the surveillance or pursuit now.
    Cease = "CEASE", "handover.cease";
    /// A longer window or a wider area is asked for.
    Ext = "EXT", "handover.ext";
    /// A room closes its side.
    Cls = "CLS", "handover.cls";
    /// The report package.
    Rpt = "RPT", "handover.rpt";
    /// A heartbeat; never recorded.
    Hbt = "HBT", "handover.hbt";
    /// A named person has read a message; it agrees to nothing.
    Ack = "ACK", "handover.ack";
    /// Free text.
    Txt = "TXT", "handover.txt";
    /// A machine has the message.
    Lam = "LAM", "handover.lam";
    /// A machine refuses the message.
    Lrm = "LRM", "handover.lrm";
}

impl Code {
    /// The code of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == word)
    }

    /// Whether a machine speaks it: it is neither receipted nor refused.
    #[must_use]
    pub const fn is_of_machine(self) -> bool {
        matches!(self, Self::Lam | Self::Lrm | Self::Hbt)
    }

    /// Whether it moves the dialogue: one of them at a time waits for its receipt, so that two that cross are few.
    #[must_use]
    pub const fn negotiates(self) -> bool {
        matches!(
            self,
            Self::Ntf
                | Self::Pro
                | Self::Rvn
                | Self::Rvr
                | Self::Sby
                | Self::Cdn
                | Self::Acp
                | Self::Rjc
                | Self::Hop
                | Self::Rof
                | Self::Mas
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn there_are_twenty_six_codes_each_with_a_word_and_an_event_of_its_own() {
        let words: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), 26);
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(code));
            let event = format!("handover.{}", code.as_str().to_lowercase());
            assert_eq!(code.event(), event);
        }
        assert_eq!(Code::parse("pro"), None);
    }
}
