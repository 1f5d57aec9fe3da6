//! The exercise as it is played on a running service.
//!
//! Units speak as units do: each with its token, positions over a socket, acts over HTTP, on loopback. What persons do
//! by the script goes to the desk as their orders; who watches may do it first, and then the script lets it be. Fixes
//! carry the exercise clock's time.

mod knock;
mod play;
mod radio;
mod seed;
mod talk;

pub use play::{LapMark, Player, Stage};
pub use seed::{PASSWORD, SeedError, Tokens, seed};

use crate::domain::exercise::Scenario;
use crate::wire::scenario::{ScenarioError, parse};

/// NAGYLAK-27 as it is built in.
const NAGYLAK_27: &str = include_str!("../../../border-data/exercises/nagylak-27.toml");

/// The exercise that is built in.
///
/// # Errors
/// [`ScenarioError`] when the built-in text was broken before it was built in.
pub fn nagylak_27() -> Result<Scenario, ScenarioError> {
    parse(NAGYLAK_27)
}

#[cfg(test)]
mod tests;
