//! The figures of a pair, to read.

use crate::domain::borders::Frontier;
use crate::wire::profile::show::{FigureWire, ProfileWire};
use std::fmt::Write as _;

/// All that was agreed for a pair, or the workflow's defaults.
pub(super) fn table(
    pair: Frontier,
    profile: Option<&ProfileWire>,
    defaults: &[FigureWire],
) -> String {
    let mut text = String::new();
    match profile {
        None => {
            let _ = writeln!(
                text,
                "{pair}: no profile is configured. The workflow's defaults hold; none of them is law, and nobody agreed on them."
            );
            rows(&mut text, defaults);
        }
        Some(profile) => {
            head(&mut text, profile);
            rows(&mut text, &profile.figures);
            rest(&mut text, profile);
        }
    }
    text
}

fn head(text: &mut String, profile: &ProfileWire) {
    let _ = writeln!(
        text,
        "{} v{} ({}), {}\nin force from {} to {}, SHA-256 {}",
        profile.named.pair,
        profile.named.version,
        profile.origin,
        profile.reference,
        profile.valid_from,
        profile.valid_until,
        profile.named.digest,
    );
    for signed in &profile.signatures {
        let _ = writeln!(text, "signed by {} with {}", signed.state, signed.key);
    }
}

fn rows(text: &mut String, figures: &[FigureWire]) {
    for figure in figures {
        let number = format!("{} {}", figure.value, figure.unit);
        let _ = writeln!(
            text,
            "{:<22} {number:>9}  {:<23} {} is stricter  {}",
            figure.key, figure.origin, figure.stricter, figure.meaning
        );
    }
}

fn rest(text: &mut String, profile: &ProfileWire) {
    let _ = match (profile.overlap_m, profile.overlap_min) {
        (None, None) => writeln!(text, "overlap: nothing was agreed"),
        (far, long) => {
            let far = far.map_or_else(|| "-".to_owned(), |far| format!("{far} m"));
            let long = long.map_or_else(|| "-".to_owned(), |long| format!("{long} min"));
            writeln!(text, "overlap: {far}, {long}")
        }
    };
    for limit in &profile.limits {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "as the law".to_owned());
        let _ = writeln!(
            text,
            "limit from {} into {}: consent {}, pursuit {}, {}",
            limit.from,
            limit.into,
            shown(limit.consent_min.map(|min| format!("{min} min"))),
            shown(limit.pursuit_min.map(|min| format!("{min} min"))),
            shown(limit.pursuit_m.map(|far| format!("{far} m"))),
        );
    }
    for point in &profile.crossing_points {
        let _ = writeln!(text, "crossing point: {point}");
    }
    for voice in &profile.voice_numbers {
        let _ = writeln!(
            text,
            "voice: {}, {}: {} (checked on {} by {})",
            voice.room, voice.desk, voice.number, voice.checked_on, voice.checked_by
        );
    }
    for transfer in &profile.transfers {
        let _ = writeln!(
            text,
            "transfer to {}: {}, {}",
            transfer.to, transfer.basis, transfer.instrument
        );
    }
}
