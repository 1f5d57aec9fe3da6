mod approach;
mod crossings;
mod duty;
mod gate;
mod late;
pub(crate) mod plane;
mod properties;
mod silence;
pub(crate) mod sim;
