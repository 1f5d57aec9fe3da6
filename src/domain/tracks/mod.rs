//! What did this unit do? Fixes through the gate, crossings, approach, silence.
//!
//! The crossings of a unit are a function of the *set* of its admitted fixes, sorted by device time. What is told is the
//! difference between what that function says now and what was recorded before: a crossing is suspected, confirmed,
//! retracted or revised. So a batch that arrives late, twice or in any order ends in the same confirmed crossings.
//!
//! [`track`] holds what is known of one unit and folds it; [`decide`] says what follows; [`gate`] judges a posted fix,
//! `jump` one that its neighbours in time contradict; `outlook` compares what the fixes say with what was told;
//! [`evidence`] is the rule of what proves a crossing, `crossing` its place and time, `clock` how far its time
//! can be trusted, [`book`] what was told of it.

pub mod act;
pub mod apart;
mod approach;
pub mod book;
mod camera;
pub(crate) mod clock;
mod crossing;
pub mod decide;
mod detector;
pub mod device;
mod duty;
pub mod evidence;
pub mod fix;
mod fold;
pub mod gate;
mod ground;
mod jump;
mod ledger;
mod likely;
pub(crate) mod memory;
mod motion;
mod outlook;
pub mod replay;
mod roomy;
pub mod seal;
mod silence;
pub mod standoff;
#[cfg(test)]
pub(crate) mod tests;
pub mod track;
mod trend;
mod untold;
pub mod view;
mod window;

pub use book::{Recorded, Standing};
pub use decide::{ActReceipt, FixReceipt};
pub use gate::{GateLimits, Quarantine, SpeedLimits};
pub use replay::{Replay, replay};
pub use silence::Watch;
pub use standoff::Margin;
pub use track::{ClockWrong, FirstPlace, Track};
pub use untold::Untold;
pub use view::{BorderView, WithCrossingPoints};
