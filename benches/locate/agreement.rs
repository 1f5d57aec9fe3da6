//! `cargo bench --bench locate -- agreement 10000000`: does the atlas say of so many seeded positions what `geo` says?

use crate::geo_states::{GeoStates, Kind};
use limes::service::borderdata::{BorderFiles, atlas};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::process::ExitCode;

/// Asks, and prints how many answers differ; fails when one does.
pub(crate) fn run(count: usize) -> ExitCode {
    let atlas = atlas(None).expect("the built-in border data");
    let sources = BorderFiles::open(None)
        .and_then(|files| files.sources())
        .expect("the published files");
    let judge = GeoStates::new(&sources);
    let mut all = 0;
    for (kind, seed) in Kind::ALL.into_iter().zip(20_261_128..) {
        let mut random = StdRng::seed_from_u64(seed);
        let count = count / Kind::ALL.len();
        let (differences, first) = kind.differences((&atlas, &judge), count, &mut random);
        println!("{kind:?}: {differences} of {count} positions differ {first:?}");
        all += differences;
    }
    ExitCode::from(u8::from(all > 0))
}
