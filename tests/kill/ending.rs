//! The end as it should be.
