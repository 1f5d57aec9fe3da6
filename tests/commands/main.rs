//! The commands, from the outside: what they print, and how they end.

mod borders;
