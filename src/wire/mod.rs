//! The only place that serialises: versioned plain structs, and their way to and from the domain.
//!
//! A name in JSON may change here without a line of law changing. What the browser reads is generated from these
//! structs (`web-map/src/wire.gen.ts`).

pub mod act;
pub mod airspace;
pub mod alarm;
pub mod answer;
pub mod border_index;
pub mod borders;
pub mod call;
pub mod channels;
pub mod config;
pub mod crossing_points;
pub mod dead_letters;
pub mod desk;
pub mod detention;
pub mod dialogue;
pub mod event;
pub mod fix;
pub mod footprint;
pub mod journal;
pub mod law;
pub mod letter;
pub mod link;
pub mod live;
pub mod memory;
pub mod operation;
pub mod parts;
pub mod phones;
pub mod position_index;
pub mod positions;
pub mod problem;
pub mod profile;
pub mod refusal;
pub mod report;
pub mod resting;
pub mod rules;
pub mod scenario;
pub mod stored;
pub mod track_files;
pub mod typescript;
pub mod words;
