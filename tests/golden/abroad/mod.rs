//! What an operation owes, counts and answers while its units come and go: crossings told one by one, or several at once.

mod case;
mod clocks;
mod map;
mod notices;
mod voice;
