//! The data folder: where everything lies that outlives the process, and who may open it.

mod kept;

pub use kept::Kept;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The folder used when no `--data` is given, below the working folder.
pub const DEFAULT: &str = "limes-data";
/// The file of the registry.
pub const REGISTRY: &str = "registry.db";
/// The file that says that everything in the folder belongs to an exercise, and to which.
const EXERCISE: &str = "exercise";

/// Why a folder cannot serve as data folder.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Something of that name exists and is no folder.
    #[error("{} is not a folder: name another one with --data", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The folder does not exist.
    #[error("there is no data folder {}: name an existing one with --data, or start with `limes room add`", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("the data folder {} cannot be used ({cause}): give this user the right to write there, or name another one with --data", path.display())]
    Refused {
        /// The path.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// An exercise wants a folder that holds something else.
    #[error("{} is neither empty nor a folder of exercise {name}: name an empty one with --data", path.display())]
    NotOfExercise {
        /// The path.
        path: PathBuf,
        /// The exercise.
        name: String,
    },
    /// A real service wants a folder of exercise records.
    #[error("{} holds the records of exercise {name}: a real service never uses them, name another folder with --data", path.display())]
    OfExercise {
        /// The path.
        path: PathBuf,
        /// The exercise.
        name: String,
    },
}

/// A data folder that exists and can be read.
#[derive(Debug, Clone)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// Opens the folder, and creates it (and its parents) when it is missing. A created folder is its owner's alone.
    ///
    /// # Errors
    /// [`DataDirError`] when something else of that name exists or the operating system refuses.
    pub fn create(path: &Path) -> Result<Self, DataDirError> {
        if !path.exists() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(path)
                .map_err(|cause| refused(path, cause))?;
        }
        Self::existing(path)
    }

    /// Opens the folder, which must exist.
    ///
    /// # Errors
    /// [`DataDirError`] when it is missing, is no folder, or the operating system refuses.
    pub fn existing(path: &Path) -> Result<Self, DataDirError> {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => Ok(Self {
                path: path.to_owned(),
            }),
            Ok(_) => Err(DataDirError::NotAFolder {
                path: path.to_owned(),
            }),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Err(DataDirError::Missing {
                path: path.to_owned(),
            }),
            Err(cause) => Err(refused(path, cause)),
        }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Whether nothing lies in it.
    ///
    /// # Errors
    /// [`DataDirError::Refused`] when it cannot be read.
    pub fn is_empty(&self) -> Result<bool, DataDirError> {
        std::fs::read_dir(&self.path)
            .map(|mut entries| entries.next().is_none())
            .map_err(|cause| refused(&self.path, cause))
    }

    /// The exercise whose records lie here; `None` in a folder of real ones.
    ///
    /// # Errors
    /// [`DataDirError::Refused`] when it cannot be read.
    pub fn exercise(&self) -> Result<Option<String>, DataDirError> {
        match std::fs::read_to_string(self.file(EXERCISE)) {
            Ok(name) => Ok(Some(name.trim().to_owned())),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(refused(&self.path, cause)),
        }
    }

    /// Keeps records of exercises and real ones apart: an exercise takes an empty folder, and marks it, or its own; a
    /// real service takes any folder but an exercise's.
    ///
    /// # Errors
    /// [`DataDirError::NotOfExercise`], [`DataDirError::OfExercise`], or the operating system refuses.
    pub fn keep_apart(&self, exercise: Option<&str>) -> Result<(), DataDirError> {
        let path = || self.path.clone();
        match (exercise, self.exercise()?) {
            (None, None) => Ok(()),
            (None, Some(name)) => Err(DataDirError::OfExercise { path: path(), name }),
            (Some(wanted), Some(found)) if wanted == found => Ok(()),
            (Some(name), None) if self.is_empty()? => self.mark(name),
            (Some(name), Some(_) | None) => Err(DataDirError::NotOfExercise {
                path: path(),
                name: name.to_owned(),
            }),
        }
    }

    /// Marks the folder as that of an exercise: no real service takes it from now on.
    ///
    /// # Errors
    /// [`DataDirError::Refused`] when the operating system refuses.
    pub fn mark(&self, exercise: &str) -> Result<(), DataDirError> {
        let mark = private(&self.file(EXERCISE));
        mark.and_then(|mut file| {
            io::Write::write_all(&mut file, format!("{exercise}\n").as_bytes())
        })
        .map_err(|cause| refused(&self.path, cause))
    }

    /// One sentence when others than the owner can look into the folder; `None` when all is well.
    #[must_use]
    pub fn permission_hint(&self) -> Option<String> {
        let mode = std::fs::metadata(&self.path).ok()?.mode() & 0o777;
        (mode & 0o077 != 0).then(|| {
            format!(
                "the data folder {} is open to other users (mode {mode:03o}): close it with `chmod 700 {}`",
                self.path.display(),
                self.path.display()
            )
        })
    }

    /// Creates a file for its owner alone, unless it exists.
    ///
    /// # Errors
    /// [`DataDirError::Refused`] when the operating system refuses.
    pub fn touch_private(&self, name: &str) -> Result<PathBuf, DataDirError> {
        let file = self.file(name);
        private(&file).map_err(|cause| refused(&self.path, cause))?;
        Ok(file)
    }
}

/// Opens a file for writing, created for its owner alone.
fn private(file: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(file)
}

fn refused(path: &Path, cause: io::Error) -> DataDirError {
    DataDirError::Refused {
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests;
