//! Properties on real data: the same answer as plain geometry, whatever the input.

mod borders;
mod tracks;
