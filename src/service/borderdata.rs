//! The border data: built in, or read from a folder.

use crate::domain::borders::{Atlas, CrossingPoints, Partition, Sources, assemble};
use crate::wire::border_index::{self, SourceDigests};
use crate::wire::borders::{Collections, Manifest, ManifestFile, read_sources};
use crate::wire::crossing_points;
use anyhow::{Context, ensure};
use flate2::read::GzDecoder;
use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The name of the manifest in a folder of border data.
pub const MANIFEST_NAME: &str = "MANIFEST.toml";
/// The name of the index in a folder of border data.
pub const INDEX_NAME: &str = "borders.index";

/// A file of the border data that is built in.
struct BuiltIn {
    name: &'static str,
    bytes: &'static [u8],
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(BuiltIn {
            name: $name,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/border-data/", $name)),
        }),*]
    };
}

const BUILT_IN: &[BuiltIn] = built_in![
    "MANIFEST.toml",
    "borders.index",
    "states.geojson.gz",
    "frontiers.geojson.gz",
    "joint-areas.geojson.gz",
];

/// The files of one border set.
#[derive(Debug)]
pub struct BorderFiles {
    /// What the set says of itself.
    pub manifest: Manifest,
    folder: Option<std::path::PathBuf>,
}

impl BorderFiles {
    /// The border set of a folder, or the built-in one.
    ///
    /// # Errors
    /// When the manifest is missing or cannot be read.
    pub fn open(folder: Option<&Path>) -> anyhow::Result<Self> {
        let text = read_file(folder, MANIFEST_NAME)?;
        let text =
            std::str::from_utf8(&text).context("the manifest of the border data is no text")?;
        Ok(Self {
            manifest: Manifest::parse(text)?,
            folder: folder.map(Path::to_owned),
        })
    }

    /// The bytes of one file, as published.
    ///
    /// # Errors
    /// When it is missing, or not the file the manifest describes.
    pub fn read(&self, file: &ManifestFile) -> anyhow::Result<Cow<'static, [u8]>> {
        let bytes = read_file(self.folder.as_deref(), &file.name)?;
        let found = border_index::hex(&border_index::digest(&bytes));
        ensure!(
            found == file.sha256,
            "{} is not the file the manifest describes (its SHA-256 is {found}): restore it, or correct {MANIFEST_NAME}",
            file.name
        );
        Ok(bytes)
    }

    /// Reads the published `GeoJSON`: some seconds.
    ///
    /// # Errors
    /// When a file is missing, changed or not border data.
    pub fn sources(&self) -> anyhow::Result<Sources> {
        let files = &self.manifest.files;
        let (states, frontiers, joint_areas) = (
            self.read(&files.states)?,
            self.read(&files.frontiers)?,
            self.read(&files.joint_areas)?,
        );
        Ok(read_sources(Collections {
            states: GzDecoder::new(&*states),
            frontiers: GzDecoder::new(&*frontiers),
            joint_areas: GzDecoder::new(&*joint_areas),
        })?)
    }

    /// The digests of the published files, as the manifest has them.
    ///
    /// # Errors
    /// When the manifest's digests are not 64 hexadecimal digits.
    pub fn digests(&self) -> anyhow::Result<SourceDigests> {
        let files = &self.manifest.files;
        let mut digests = SourceDigests([[0; 32]; 3]);
        let listed = [&files.states, &files.frontiers, &files.joint_areas];
        for (digest, file) in digests.0.iter_mut().zip(listed) {
            let text = &file.sha256;
            ensure!(
                text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()),
                "the SHA-256 of {} in {MANIFEST_NAME} is not 64 hexadecimal digits",
                file.name
            );
            for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
                *byte = u8::from_str_radix(&text[at..at + 2], 16)?;
            }
        }
        Ok(digests)
    }

    /// The name of the set: vintage and digest, such as `osm-2026e+1234abcd`.
    ///
    /// # Errors
    /// As [`Self::digests`].
    pub fn border_set(&self) -> anyhow::Result<String> {
        let digests = self.digests()?;
        Ok(format!(
            "{}+{}",
            self.manifest.vintage,
            digests.short_name()
        ))
    }

    /// The partition: from the index when it fits the manifest, else from the published files.
    ///
    /// # Errors
    /// When the built-in index is stale or damaged, or a folder's files cannot be read.
    pub fn partition(&self) -> anyhow::Result<Partition> {
        let wanted = self.digests()?;
        let index = read_file(self.folder.as_deref(), INDEX_NAME)
            .and_then(|bytes| Ok(border_index::decode(&bytes)?));
        match index {
            Ok((partition, digests)) if digests == wanted => Ok(partition),
            _ if self.folder.is_some() => Ok(assemble(&self.sources()?)?),
            Ok(_) => anyhow::bail!(
                "the border index is older than the border data: run `limes borders build`"
            ),
            Err(error) => Err(error),
        }
    }

    /// Whether the index there is was made from this partition and these files.
    #[must_use]
    pub fn index_is_fresh(&self, partition: &Partition) -> bool {
        let index = read_file(self.folder.as_deref(), INDEX_NAME)
            .and_then(|bytes| Ok(border_index::decode(&bytes)?));
        index.is_ok_and(|(indexed, digests)| {
            indexed == *partition && self.digests().is_ok_and(|wanted| wanted == digests)
        })
    }

    /// The bytes of a fresh index.
    ///
    /// # Errors
    /// When the published files cannot be read or are no partition.
    pub fn build_index(&self) -> anyhow::Result<Vec<u8>> {
        let partition = assemble(&self.sources()?)?;
        Ok(border_index::encode(&partition, &self.digests()?))
    }
}

fn read_file(folder: Option<&Path>, name: &str) -> anyhow::Result<Cow<'static, [u8]>> {
    if let Some(folder) = folder {
        let path = folder.join(name);
        return std::fs::read(&path)
            .map(Cow::Owned)
            .with_context(|| format!("the border data file {} cannot be read", path.display()));
    }
    BUILT_IN
        .iter()
        .find(|file| file.name == name)
        .map(|file| Cow::Borrowed(file.bytes))
        .with_context(|| {
            format!("{name} is not among the built-in border data: use --border-data DIR")
        })
}

/// The crossing points of an installation's file, laid on its frontiers; without a file, none.
///
/// # Errors
/// When the file cannot be read, or a point in it does not fit: one sentence that names what to do.
pub fn crossing_points(file: Option<&Path>, atlas: &Atlas) -> anyhow::Result<CrossingPoints> {
    let Some(file) = file else {
        return Ok(CrossingPoints::default());
    };
    let named = || format!("the crossing points {}", file.display());
    let text =
        std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", named()))?;
    let listed = crossing_points::parse(&text).with_context(named)?;
    CrossingPoints::laid(atlas, listed).with_context(named)
}

/// The atlas of a folder's border data, or the built-in one, which is made once per process and shared.
///
/// # Errors
/// When the data cannot be read, or are no partition.
pub fn atlas(border_data: Option<&Path>) -> anyhow::Result<Arc<Atlas>> {
    static BUILT: OnceLock<Arc<Atlas>> = OnceLock::new();
    let build = || -> anyhow::Result<Arc<Atlas>> {
        let files = BorderFiles::open(border_data)?;
        Ok(Arc::new(Atlas::new(
            files.partition()?,
            files.border_set()?,
        )?))
    };
    if border_data.is_some() {
        return build();
    }
    if let Some(atlas) = BUILT.get() {
        return Ok(Arc::clone(atlas));
    }
    let atlas = build()?;
    Ok(Arc::clone(BUILT.get_or_init(|| atlas)))
}
