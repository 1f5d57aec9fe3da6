//! `limes borders check|info|build`: what decisions about place rest on.

use super::Context;
use crate::domain::borders::{
    Findings, assemble, check_crossings, check_sources, frontier_lengths, joint_sets,
};
use crate::service::borderdata::{BorderFiles, INDEX_NAME, atlas};
use anyhow::Context as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Faults printed before the rest is only counted.
const FAULTS_SHOWN: usize = 20;

/// `limes borders …`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Check that polygons, frontier lines, joint areas and index fit together.
    Check,
    /// Say which border set is in use, where it comes from and how big it is.
    Info,
    /// Write the compact index that every start reads, made from the published files of a folder.
    Build {
        /// The folder with MANIFEST.toml and the published files.
        folder: PathBuf,
    },
}

/// Runs it.
///
/// # Errors
/// When the border data cannot be read.
pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.action {
        Action::Check => check(context),
        Action::Info => info(context),
        Action::Build { folder } => build(folder),
    }
}

fn check(context: &Context) -> anyhow::Result<ExitCode> {
    let files = BorderFiles::open(context.border_data.as_deref())?;
    let sources = files.sources()?;
    let findings = check_sources(&sources);
    let mut out = std::io::stdout().lock();
    print_findings(&mut out, &files, &findings)?;
    let mut faults = findings.faults;
    if faults.is_empty() {
        let partition = assemble(&sources)?;
        faults = check_crossings(&partition);
        writeln!(out, "crossing edges      {}", faults.len())?;
        let fresh = files.index_is_fresh(&partition);
        let word = if fresh {
            "made from these files"
        } else {
            "missing or stale: run `limes borders build`"
        };
        writeln!(out, "index               {word}")?;
        if !fresh && context.border_data.is_none() {
            anyhow::bail!(
                "the built-in border index does not fit the border data: run `limes borders build` and build again"
            );
        }
    }
    for fault in faults.iter().take(FAULTS_SHOWN) {
        writeln!(out, "fault: {fault}")?;
    }
    anyhow::ensure!(
        faults.is_empty(),
        "the border data has {} faults: correct the published files",
        faults.len()
    );
    writeln!(out, "the border data is sound")?;
    Ok(ExitCode::SUCCESS)
}

fn print_findings(
    out: &mut impl Write,
    files: &BorderFiles,
    findings: &Findings,
) -> anyhow::Result<()> {
    writeln!(out, "border set          {}", files.border_set()?)?;
    writeln!(out, "rings               {}", findings.rings)?;
    writeln!(out, "edges of two states {}", findings.shared_edges)?;
    writeln!(out, "edges of one state  {}", findings.single_edges)?;
    writeln!(out, "outer limits        {} closed loops", findings.limits)?;
    writeln!(out, "frontier edges      {}", findings.line_edges)?;
    for (frontier, count) in &findings.without_line {
        writeln!(
            out,
            "note: {count} edges of {frontier} are in no frontier line and count as land"
        )?;
    }
    for gap in &findings.gaps {
        let around: Vec<String> = gap.around.iter().map(ToString::to_string).collect();
        writeln!(
            out,
            "note: {} ha of no state, enclosed by {}, at {:.4}, {:.4}",
            gap.hectares,
            around.join(" and "),
            gap.at.lat_deg(),
            gap.at.lon_deg()
        )?;
    }
    Ok(())
}

fn info(context: &Context) -> anyhow::Result<ExitCode> {
    let folder = context.border_data.as_deref();
    let files = BorderFiles::open(folder)?;
    let started = std::time::Instant::now();
    let atlas = atlas(folder)?;
    let ready_ms = started.elapsed().as_millis();
    let (manifest, size) = (&files.manifest, atlas.size());
    let mut out = std::io::stdout().lock();
    writeln!(out, "border set   {}", atlas.border_set())?;
    writeln!(out, "source       {}", manifest.source)?;
    writeln!(out, "licence      {}", manifest.licence)?;
    writeln!(out, "attribution  {}", manifest.attribution)?;
    let states: Vec<String> = atlas.states().iter().map(ToString::to_string).collect();
    writeln!(out, "states       {}: {}", states.len(), states.join(" "))?;
    let joint: Vec<String> = joint_sets(atlas.partition())
        .iter()
        .map(ToString::to_string)
        .collect();
    writeln!(out, "joint areas  {}", joint.join(" "))?;
    let lengths = frontier_lengths(atlas.partition());
    let km = |total: f64| (total / 1_000.0).round();
    writeln!(
        out,
        "frontiers    {}: {} km on land, {} km at sea",
        lengths.len(),
        km(lengths.values().map(|length| length.land_m).sum()),
        km(lengths.values().map(|length| length.maritime_m).sum()),
    )?;
    writeln!(
        out,
        "atlas        {} vertices in {} arcs, {} cells, {} MiB, ready in {ready_ms} ms",
        size.vertices,
        size.arcs,
        size.cells,
        size.bytes >> 20,
    )?;
    for note in &manifest.notes {
        writeln!(out, "note: {note}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn build(folder: &std::path::Path) -> anyhow::Result<ExitCode> {
    let files = BorderFiles::open(Some(folder))?;
    let bytes = files.build_index()?;
    let path = folder.join(INDEX_NAME);
    std::fs::write(&path, &bytes)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: {} bytes for {}",
        path.display(),
        bytes.len(),
        files.border_set()?
    )?;
    Ok(ExitCode::SUCCESS)
}
