//! What did this unit do? Fixes through the gate, crossings, approach, silence.

pub mod act;
pub mod fix;
