//! The service as a process, and the commands beside it.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The operator's account.
pub(crate) const OPERATOR: &str = "szegedi";
/// An operator of the partner room.
pub(crate) const PARTNER: &str = "aradi";
/// The password of both.
const PASSWORD: &str = "a quiet evening at the line";

/// So often is a snapshot made: many times in every run.
const SNAPSHOT_FIXES: &str = "3000";

/// A data folder with two rooms, an operator of each and six Hungarian cars.
pub(crate) struct House {
    folder: tempfile::TempDir,
    binary: PathBuf,
    /// The address of the first start is kept: who was connected comes back to it.
    listen: String,
}

fn binary() -> PathBuf {
    let named = std::env::var_os("LIMES_BIN").map(PathBuf::from);
    named.unwrap_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_limes")))
}

impl House {
    /// The binary, without this test's own settings, which it would read as its configuration.
    fn limes(&self) -> Command {
        Self::without_settings(&self.binary)
    }

    fn without_settings(program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let named = std::env::vars_os().map(|(name, _)| name);
        for name in named.filter(|name| name.to_string_lossy().starts_with("LIMES_")) {
            command.env_remove(name);
        }
        command
    }
}

/// The ids of the units.
pub(crate) fn units() -> impl Iterator<Item = String> {
    (1..=6).map(|number| format!("HU-{number}"))
}

impl House {
    pub(crate) fn build() -> Self {
        let mut house = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            binary: binary(),
            listen: "127.0.0.1:0".to_owned(),
        };
        house.run(&["room", "add", "budapest", "--state", "HU"], "");
        house.run(&["room", "add", "arad", "--state", "RO"], "");
        for (account, room) in [(OPERATOR, "budapest"), (PARTNER, "arad")] {
            let account = ["account", "add", account, "--room", room];
            house.run(&[&account[..], &["--role", "operator"]].concat(), PASSWORD);
        }
        for unit in units() {
            let card = ["--state", "HU", "--kind", "vehicle", "--callsign", &unit];
            house.run(&[&["unit", "add", unit.as_str()], &card[..]].concat(), "");
        }
        let service = house.start();
        house.listen = service.address.clone();
        service.kill();
        house
    }

    /// Runs a command on the data folder; its standard output.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut child = self
            .limes()
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("limes starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // A command that needs no password does not read.
        let _ = writeln!(stdin, "{input}");
        drop(stdin);
        let output = child.wait_with_output().expect("limes ends");
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// A new token of a unit, or of the gateway of the room.
    pub(crate) fn token(&self, holder: [&str; 2]) -> String {
        let said = self.run(&["token", "create", holder[0], holder[1]], "");
        said.lines().last().expect("the token").to_owned()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What the service said of itself.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn log_file(&self) -> File {
        let path = self.folder.path().join("log");
        let opened = OpenOptions::new().create(true).append(true).open(path);
        opened.expect("a log file")
    }

    /// Starts the process, and does not wait for it.
    pub(crate) fn spawn(&self) -> Child {
        self.serving(self.limes())
    }

    fn serving(&self, mut command: Command) -> Child {
        command
            .args(["serve", "--listen", &self.listen, "--data"])
            .arg(self.data())
            .env("LIMES_CONF_JOURNAL__SNAPSHOT_FIXES", SNAPSHOT_FIXES)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(self.log_file())
            .spawn()
            .expect("limes starts")
    }

    /// Starts the service, and waits until it listens.
    pub(crate) fn start(&self) -> Service {
        self.listening(self.spawn())
    }

    /// Starts the service with a limit on the size of its files, bytes, that can be raised: writing beyond it fails.
    pub(crate) fn start_with_files_of(&self, bytes: u32) -> Service {
        let mut command = Self::without_settings("sh");
        // The shell counts in blocks of 512 bytes; the signal that would end the process is left out.
        let blocks = bytes / 512;
        command
            .arg("-c")
            .arg(format!(
                "trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\""
            ))
            .arg(&self.binary);
        self.listening(self.serving(command))
    }

    fn listening(&self, mut child: Child) -> Service {
        let said = child.stdout.take().expect("a pipe");
        let mut line = String::new();
        let read = BufReader::new(said).read_line(&mut line);
        read.expect("the service says where it listens");
        let address = line.trim_end().strip_prefix("Listening on http://");
        let Some(address) = address.map(str::to_owned) else {
            panic!("the service did not start: {line}\n{}", self.log());
        };
        Service { child, address }
    }

    /// Whether `limes journal verify` finds nothing wrong.
    pub(crate) fn verify(&self) {
        self.run(&["journal", "verify"], "");
    }
}

/// A service that runs; killed when it is dropped.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: String,
}

impl Service {
    /// Kills it without warning (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a killed child ends");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to end (SIGTERM).
    pub(crate) fn terminate(&self) {
        let told = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(told.expect("the command kill").success());
    }

    /// Waits for its end, for so long at most.
    pub(crate) fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let began = Instant::now();
        while began.elapsed() < within {
            if let Some(status) = self.child.try_wait().expect("a child can be asked") {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Logs somebody in; the session's token.
pub(crate) async fn log_in(address: &str, account: &str) -> String {
    let answer = reqwest::Client::new()
        .post(format!("http://{address}/api/v1/sessions"))
        .json(&json!({"account": account, "password": PASSWORD}))
        .send()
        .await
        .expect("the service answers");
    let session: Value = answer.json().await.expect("answers are JSON");
    let token = session["token"].as_str();
    token
        .unwrap_or_else(|| panic!("no session: {session}"))
        .to_owned()
}
