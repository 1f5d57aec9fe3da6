//! The page docs/HOWTO.md, run as it stands: what it says must work.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// The shell commands of a page of documentation, in its order.
fn commands(page: &str) -> String {
    let blocks = page.split("```sh\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_pursuit_is_opened_driven_and_closed_by_curl_alone() {
    let page = include_str!("../../docs/HOWTO.md");
    let script = commands(page);
    assert!(script.contains("curl"), "the page has commands");
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|socket| socket.local_addr())
        .unwrap()
        .port();
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_limes"));
    let path = std::env::var("PATH").unwrap();
    let ended = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(folder.path())
        .env("PORT", port.to_string())
        .env(
            "PATH",
            format!("{}:{path}", program.parent().unwrap().display()),
        )
        .output()
        .unwrap();
    let (said, wrong) = (
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr),
    );
    let log = std::fs::read_to_string(folder.path().join("serve.log")).unwrap_or_default();
    assert!(ended.status.success(), "{said}\n{wrong}\n{log}");
    assert!(said.ends_with("the pursuit is closed\n"), "{said}");
}
