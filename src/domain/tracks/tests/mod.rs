mod crossings;
pub(crate) mod plane;
pub(crate) mod sim;
