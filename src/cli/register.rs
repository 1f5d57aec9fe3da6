//! What the commands of the register share: the data folder, who asks, the password, and lists.

use crate::domain::measure::Timestamp;
use crate::domain::registry_change::Author;
use crate::service::datadir::{self, DataDir, DataDirError};
use crate::service::registry::{Made, Registry, RegistryError};
use anyhow::{Context, bail};
use clap::Args;
use std::io::{BufRead, ErrorKind, IsTerminal, Write};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;
use zeroize::Zeroizing;

/// Most bytes read for a password from standard input; a longer line is refused.
const LINE_MAX: u64 = 4_096;

/// Where the register lies.
#[derive(Debug, Clone, Args)]
pub(super) struct DataArgs {
    /// The data folder of the service
    #[arg(long, value_name = "DIR", default_value = datadir::DEFAULT)]
    pub(super) data: PathBuf,
}

impl DataArgs {
    /// Opens the register, and creates it in a first installation.
    pub(super) fn create(&self) -> Result<Registry, RegistryError> {
        Registry::open(&DataDir::create(&self.data)?)
    }

    /// Opens the register; `None` when there is none yet. Looking creates nothing.
    pub(super) fn look(&self) -> Result<Option<Registry>, RegistryError> {
        match DataDir::existing(&self.data) {
            Ok(data) if data.file(datadir::REGISTRY).exists() => Registry::open(&data).map(Some),
            Ok(_) | Err(DataDirError::Missing { .. }) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// Opens the register, which must exist.
    pub(super) fn existing(&self) -> anyhow::Result<Registry> {
        self.look()?.with_context(|| {
            format!(
                "there is no register in {}: name the service's folder with --data, or start one with `limes room add`",
                self.data.display()
            )
        })
    }
}

/// Where a command reads and writes; tests give their own.
pub(super) struct Console<'c> {
    /// What was asked for.
    pub(super) out: &'c mut dyn Write,
    /// What a person should know beside it.
    pub(super) hint: &'c mut dyn Write,
    /// Where a password comes from.
    pub(super) password: PasswordFrom<'c>,
}

/// Where a password comes from.
pub(super) enum PasswordFrom<'c> {
    /// Asked twice on the terminal, without echo.
    Terminal,
    /// The first line.
    Line(&'c mut dyn BufRead),
}

/// Runs a command on the process's own streams.
pub(super) fn on_process<T>(
    command: impl FnOnce(&mut Console<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut input = std::io::stdin().lock();
    let password = if input.is_terminal() {
        PasswordFrom::Terminal
    } else {
        PasswordFrom::Line(&mut input)
    };
    command(&mut Console {
        out: &mut std::io::stdout().lock(),
        hint: &mut std::io::stderr().lock(),
        password,
    })
}

impl Console<'_> {
    /// Reads a password.
    pub(super) fn read_password(&mut self) -> anyhow::Result<Zeroizing<String>> {
        match &mut self.password {
            PasswordFrom::Terminal => {
                let first = Zeroizing::new(rpassword::prompt_password("Password: ")?);
                let again = Zeroizing::new(rpassword::prompt_password("The same again: ")?);
                if first != again {
                    bail!("the two passwords differ: start again");
                }
                Ok(first)
            }
            PasswordFrom::Line(input) => {
                let mut line = Zeroizing::new(String::new());
                std::io::Read::take(&mut **input, LINE_MAX)
                    .read_line(&mut line)
                    .context("the password cannot be read: give it as the first line of standard input, in UTF-8")?;
                let password = line.trim_end_matches(['\n', '\r']);
                if password.is_empty() {
                    bail!("no password was given: give it as the first line of standard input");
                }
                Ok(Zeroizing::new(password.to_owned()))
            }
        }
    }
}

/// Who runs the command, and when.
pub(super) fn made() -> Made {
    Made {
        by: Author::OsUser(os_user()),
        at: now(),
    }
}

/// The wall clock: the register knows no exercise time.
fn now() -> Timestamp {
    let millis = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => since.as_millis() as i64,
        Err(before) => -(before.duration().as_millis() as i64),
    };
    Timestamp::from_millis(millis)
}

/// The user of the operating system, from the process's own entry and not from the environment, which anybody may set.
pub(super) fn os_user() -> Arc<str> {
    let Ok(process) = std::fs::metadata("/proc/self") else {
        return Arc::from("unknown");
    };
    let uid = process.uid();
    let names = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    user_name(&names, uid).map_or_else(|| Arc::from(format!("uid {uid}")), Arc::from)
}

/// The name of a user id in the lines of `/etc/passwd`.
fn user_name(lines: &str, uid: u32) -> Option<&str> {
    lines.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let id = fields.nth(1)?;
        (id.parse() == Ok(uid) && !name.is_empty()).then_some(name)
    })
}

/// A list with a header, its columns aligned.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(header: &[&str]) -> Self {
        Self {
            rows: vec![header.iter().map(ToString::to_string).collect()],
        }
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Whether there is nothing below the header.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.len() == 1
    }

    /// Writes it in one piece, or only the hint when it is empty.
    pub(super) fn show(
        &self,
        console: &mut Console<'_>,
        hint_when_empty: &str,
    ) -> anyhow::Result<()> {
        if self.is_empty() {
            writeln!(console.hint, "{hint_when_empty}")?;
            return Ok(());
        }
        match console.out.write_all(self.text().as_bytes()) {
            // The reader has seen enough, as `head` does.
            Err(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }

    fn text(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|at| {
                self.rows
                    .iter()
                    .filter_map(|row| row.get(at))
                    .map(|cell| cell.chars().count())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"))
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
pub(in crate::cli) mod tests;
