use super::*;
use clap::Parser;
use std::process::ExitCode;

/// Any of the commands, as clap parses it.
#[derive(Debug, Parser)]
struct Line<A: Args> {
    #[command(flatten)]
    args: A,
}

/// What a command answered.
#[derive(Debug)]
pub(in crate::cli) struct Answer {
    pub(in crate::cli) out: String,
    pub(in crate::cli) hint: String,
    pub(in crate::cli) failed: Option<anyhow::Error>,
}

impl Answer {
    /// What it wrote, when it did what was asked.
    pub(in crate::cli) fn done(self) -> String {
        assert!(self.failed.is_none(), "{:?}", self.failed);
        self.out
    }

    /// Its one sentence, when it did not.
    pub(in crate::cli) fn refusal(self) -> String {
        assert_eq!(self.out, "");
        let sentence = self.failed.expect("it refuses").to_string();
        assert!(!sentence.contains('\n'), "{sentence}");
        sentence
    }
}

/// Runs a command over a data folder with these words and this standard input.
pub(in crate::cli) fn run<A: Args>(
    command: fn(A, &mut Console<'_>) -> anyhow::Result<ExitCode>,
    data: &std::path::Path,
    words: &str,
    input: &str,
) -> Answer {
    let words = ["limes"].into_iter().chain(words.split_whitespace());
    let line = words
        .map(Into::into)
        .chain(["--data".into(), data.as_os_str().to_owned()]);
    let line = Line::<A>::try_parse_from(line).unwrap();
    let (mut out, mut hint) = (Vec::new(), Vec::new());
    let answered = command(
        line.args,
        &mut Console {
            out: &mut out,
            hint: &mut hint,
            password: PasswordFrom::Line(&mut input.as_bytes()),
        },
    );
    Answer {
        out: String::from_utf8(out).unwrap(),
        hint: String::from_utf8(hint).unwrap(),
        failed: answered.err(),
    }
}

/// Why words are not even understood.
pub(in crate::cli) fn misread<A: Args + std::fmt::Debug>(words: &str) -> String {
    let words = ["limes"].into_iter().chain(words.split_whitespace());
    let wrong = Line::<A>::try_parse_from(words).unwrap_err();
    assert_eq!(wrong.exit_code(), 2);
    wrong.to_string()
}

fn password(input: &[u8]) -> anyhow::Result<String> {
    let mut console = Console {
        out: &mut Vec::new(),
        hint: &mut Vec::new(),
        password: PasswordFrom::Line(&mut &*input),
    };
    console.read_password().map(|it| it.to_string())
}

#[test]
fn the_password_is_the_first_line_as_it_stands() {
    assert_eq!(password(b"exercise\nsecond\n").unwrap(), "exercise");
    assert_eq!(password(b" two words \r\n").unwrap(), " two words ");
    assert_eq!(password("ősz".as_bytes()).unwrap(), "ősz");
    for none in [&b""[..], b"\n", b"\r\n"] {
        assert!(
            password(none)
                .unwrap_err()
                .to_string()
                .contains("no password was given")
        );
    }
    assert!(
        password(b"\xff\xfe\n")
            .unwrap_err()
            .to_string()
            .contains("UTF-8")
    );
}

#[test]
fn a_user_id_is_found_by_its_number_only() {
    let lines = "root:x:0:0::/root:/bin/sh\n\nbad line\nerika:x:1000:1000::/home/erika:/bin/sh\n";
    assert_eq!(user_name(lines, 1_000), Some("erika"));
    assert_eq!(user_name(lines, 0), Some("root"));
    assert_eq!(user_name(lines, 100), None);
}

#[test]
fn the_columns_of_a_list_are_aligned_and_end_without_blanks() {
    let mut table = Table::new(&["UNIT", "CALLSIGN", "STATUS"]);
    table.row(vec!["HU-1".into(), "Sólyom egy".into(), "active".into()]);
    table.row(vec!["long-unit-id".into(), String::new(), String::new()]);
    assert_eq!(
        table.text(),
        "UNIT          CALLSIGN    STATUS\nHU-1          Sólyom egy  active\nlong-unit-id\n"
    );
}

/// A reader that has gone, as after `| head`.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_list_whose_reader_has_gone_is_no_failure() {
    let mut table = Table::new(&["UNIT"]);
    table.row(vec!["HU-1".into()]);
    let mut console = Console {
        out: &mut Gone,
        hint: &mut Vec::new(),
        password: PasswordFrom::Line(&mut &b""[..]),
    };
    assert!(table.show(&mut console, "none").is_ok());
}
