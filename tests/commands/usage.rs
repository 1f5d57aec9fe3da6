//! How the commands end when they are used wrongly, and when nobody reads on.

use std::process::{Command, Output, Stdio};

fn limes(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_limes"))
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("limes ends")
}

#[test]
fn wrong_usage_and_configuration_end_with_code_2_and_one_sentence() {
    let tls = [
        ("LIMES_CONF_TLS__CERTIFICATE_FILE", "/nowhere/chain.pem"),
        ("LIMES_CONF_TLS__KEY_FILE", "/nowhere/key.pem"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let points = folder.path().join("points.toml");
    let far = "format = 1\n[[crossing_points]]\nname = 'COP-1'\nfrontier = 'HU-RO'\nlat = 46.1\nlon = 20.9\nsource = 'x'";
    std::fs::write(&points, far).unwrap();
    let points = [("LIMES_CONF_CROSSING_POINTS_FILE", points.to_str().unwrap())];
    let track = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let to = ["replay", track, "--to", "nonsense", "--token", "t"];
    let cases = [
        (
            &["serve", "--check-config"][..],
            &tls[..],
            "/nowhere/chain.pem",
        ),
        (&["serve"], &tls, "/nowhere/chain.pem"),
        (
            &["serve", "--check-config"],
            &points,
            "COP-1: the place lies",
        ),
        (&to, &[], "`nonsense`"),
        (
            &["--border-data", "/nowhere", "borders", "info"],
            &[],
            "/nowhere",
        ),
    ];
    for (arguments, environment, named) in cases {
        let ended = limes(arguments, environment);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(named), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for arguments in [
        &["rules", "show", "HU", "RO", "--format", "json"][..],
        &["rules", "check"],
        &["borders", "info"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_limes"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("limes starts");
        drop(child.stdout.take());
        let ended = child.wait_with_output().expect("limes ends");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(
            (ended.status.code(), &*said),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}
