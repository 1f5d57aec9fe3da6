//! The real service, killed without warning under load, again and again; told to end, as it should be; and on a disk
//! that takes nothing.
//!
//! `LIMES_BIN` names the binary (default: the one of this build), `LIMES_KILLS` how often it is killed (default: 50 times
//! when the binary is named, else 5), `LIMES_SEED` repeats a run.

mod checks;
mod ending;
mod killed;
mod operator;
mod refused;
mod senders;
mod service;
mod viewer;
