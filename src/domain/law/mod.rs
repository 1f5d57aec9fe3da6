//! What does the law say of these facts? Rules are data; every figure carries its origin, instrument and confidence;
//! what is not known stays unknown and never counts as met.

pub mod basis;
pub mod facts;
pub mod finding;
