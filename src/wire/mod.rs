//! The only place that serialises: versioned plain structs, and their way to and from the domain.

pub mod rules;
