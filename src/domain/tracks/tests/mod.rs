mod crossings;
pub(crate) mod plane;
mod properties;
pub(crate) mod sim;
