mod approach;
mod crossings;
mod duty;
mod gate;
mod late;
pub(crate) mod plane;
pub(crate) mod properties;
mod silence;
pub(crate) mod sim;
