//! `cargo bench --bench locate -- lines 1000000`: so many lines through `limes locate`, a process of its own.

use crate::{NEAR_DEG, anywhere, near_frontiers};
use anyhow::{Context as _, ensure};
use limes::service::borderdata::atlas;
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Writes the lines, half of them within 2 km of a frontier and half anywhere in Europe in turn, has them answered from
/// file to file, and prints how long that took, the start included.
pub(crate) fn run(count: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (asked, answered) = (
        folder.path().join("asked.csv"),
        folder.path().join("answered"),
    );
    let atlas = atlas(None)?;
    let mut random = StdRng::seed_from_u64(20_261_128);
    let near = near_frontiers(&atlas, NEAR_DEG, count / 2, &mut random);
    let far = anywhere(count - near.len(), &mut random);
    drop(atlas);
    let mut lines = BufWriter::new(File::create(&asked)?);
    let written = near.len() + far.len();
    for index in 0..near.len().max(far.len()) {
        for place in [near.get(index), far.get(index)].into_iter().flatten() {
            writeln!(lines, "{},{}", place.lat(), place.lon())?;
        }
    }
    lines
        .into_inner()
        .context("the lines are written")?
        .sync_all()?;
    let began = Instant::now();
    let done = Command::new(env!("CARGO_BIN_EXE_limes"))
        .arg("locate")
        .stdin(Stdio::from(File::open(&asked)?))
        .stdout(Stdio::from(File::create(&answered)?))
        .status()?;
    let took = began.elapsed();
    ensure!(done.success(), "limes locate ended with {done}");
    // A header, then an answer for each.
    let answers = BufReader::new(File::open(&answered)?).lines().count();
    ensure!(answers == written + 1, "{answers} lines for {written}");
    println!(
        "limes locate: {written} lines, half near frontiers, in {:.2} s",
        took.as_secs_f64()
    );
    Ok(())
}
