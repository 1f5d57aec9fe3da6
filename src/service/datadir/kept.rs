//! Documents that decisions rest on, kept in a folder of the data folder, each under a name made from its digest.

use super::DataDir;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// A folder of kept documents, such as `rules`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept(pub &'static str);

impl Kept {
    /// Where the document of a digest lies.
    #[must_use]
    pub fn path(self, data: &DataDir, digest: &str) -> PathBuf {
        data.file(self.0).join(format!("{digest}.json"))
    }

    /// Keeps a document, durably and whole, unless it is there.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn keep(self, data: &DataDir, digest: &str, text: &str) -> io::Result<()> {
        let path = self.path(data, digest);
        if path.exists() {
            return Ok(());
        }
        put(&path, text.as_bytes())
    }

    /// Copies all documents into another data folder.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn copy(self, from: &DataDir, to: &DataDir) -> io::Result<()> {
        let folder = from.file(self.0);
        if !folder.exists() {
            return Ok(());
        }
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let name = path.file_name().unwrap_or_default();
                put(&to.file(self.0).join(name), &std::fs::read(&path)?)?;
            }
        }
        Ok(())
    }
}

/// Writes a whole file or none.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    if !folder.exists() {
        DirBuilder::new().mode(0o700).create(folder)?;
    }
    let unfinished = path.with_extension("unfinished");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    File::open(folder)?.sync_all()
}
