//! The walls of the house, held by a test: who may import whom, and what the core may not know.

#![allow(
    clippy::unwrap_used,
    clippy::assigning_clones,
    clippy::decimal_bitwise_operands,
    clippy::format_push_string,
    clippy::from_iter_instead_of_collect,
    clippy::items_after_statements,
    clippy::needless_range_loop,
    clippy::similar_names,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "a check fails loudly, and reads best in a straight line"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from left to right: a room may name rooms to its left, never to its right. Rooms that stand in one row are
/// strangers to each other.
const ORDER: &[&[&str]] = &[
    &["domain::measure", "domain::ids"],
    &["domain::registry"],
    &["domain::rights"],
    &["domain::registry_change"],
    &["domain::borders"],
    &["domain::tracks"],
    &["domain::law"],
    &["domain::operations"],
    &["domain::alarms"],
    &["domain::event", "domain::input"],
    &["domain::world", "domain::report"],
    &["domain::invariant"],
    &["domain::retention"],
    &["domain::exercise"],
    &["wire"],
    &[
        "service::clock",
        "service::datadir",
        "service::problem",
        "service::telemetry",
    ],
    &["service::borderdata", "service::ruledata"],
    &["service::signing"],
    &["service::profiles"],
    &["service::registry"],
    &["service::auth"],
    &["service::journal"],
    &["service::reports"],
    &["service::reviews"],
    &["service::desk"],
    // It takes what the desk tells it to send, and tells the desk what came of it; the configuration names its settings.
    &["service::erasure", "service::outbox", "service::link"],
    &["service::ingest", "service::live", "service::http"],
    &["service::config"],
    &["service::app"],
    &["service::exercise"],
    &["cli"],
];

/// The closed lists of causes and consequences name what every room of the core says, and the rooms say it in them: these
/// five know each other.
const ONE_HALL: &[&str] = &[
    "domain::tracks",
    "domain::operations",
    "domain::alarms",
    "domain::event",
    "domain::input",
];

/// `live` keeps the sockets, `http` the addresses: the one address of the live feed leads from one to the other.
const DOORS: &[(&str, &str)] = &[("service::http", "service::live")];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The module path of a file: `src/domain/tracks/gate.rs` is `domain::tracks::gate`.
fn module(path: &Path) -> String {
    let inside = path
        .strip_prefix(src())
        .expect("a file of src")
        .with_extension("");
    let parts: Vec<_> = inside
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let parts: Vec<_> = parts.into_iter().filter(|part| part != "mod").collect();
    parts.join("::")
}

fn room_of(module: &str) -> Option<(usize, &'static str)> {
    let mut best: Option<(usize, &'static str)> = None;
    for (row, rooms) in ORDER.iter().enumerate() {
        for room in *rooms {
            let inside = module == *room || module.starts_with(&format!("{room}::"));
            if inside && best.is_none_or(|(_, other)| room.len() > other.len()) {
                best = Some((row, room));
            }
        }
    }
    best
}

/// Every module a file names: `use` trees are flattened, `crate`, `super` and `self` resolved, comments left out.
fn named(text: &str, module: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    for (start, _) in code.match_indices("use ") {
        let line = code[..start].rsplit('\n').next().unwrap_or_default().trim();
        let shown = line == "pub" || (line.starts_with("pub(") && line.ends_with(')'));
        if line.is_empty() || shown {
            let tree = &code[start + 4..];
            let tree = &tree[..tree.find(';').unwrap_or(0)];
            flatten("", tree, &mut found);
        }
    }
    for (start, _) in code.match_indices("crate::") {
        let path: String = code[start..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
            .collect();
        found.push(path);
    }
    found
        .iter()
        .filter_map(|path| absolute(path, module))
        .collect()
}

fn flatten(prefix: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    match tree.find('{') {
        None => {
            let path = tree.split_whitespace().next().unwrap_or_default();
            found.push(format!("{prefix}{path}"));
        }
        Some(open) => {
            let prefix = format!("{prefix}{}", tree[..open].trim());
            let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
            let (mut depth, mut from) = (0, 0);
            for (at, c) in inner.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        flatten(&prefix, &inner[from..at], found);
                        from = at + 1;
                    }
                    _ => {}
                }
            }
            flatten(&prefix, &inner[from..], found);
        }
    }
}

fn absolute(path: &str, module: &str) -> Option<String> {
    let mut here: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
    let mut parts = path.split("::").peekable();
    match parts.peek() {
        Some(&"crate") => {
            parts.next();
            here.clear();
        }
        Some(&"self") => {
            parts.next();
        }
        Some(&"super") => {
            while parts.peek() == Some(&"super") {
                parts.next();
                here.pop();
            }
        }
        _ => return None,
    }
    Some(here.into_iter().chain(parts).collect::<Vec<_>>().join("::"))
}

fn broken_walls(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut broken = Vec::new();
    for (module, text) in files {
        let Some((row, room)) = room_of(module) else {
            continue;
        };
        for name in named(text, module) {
            let Some((other_row, other)) = room_of(&name) else {
                continue;
            };
            let hall = ONE_HALL.contains(&room) && ONE_HALL.contains(&other);
            let door = DOORS.contains(&(room, other));
            let strangers = other_row == row && other != room && row > 0;
            if !hall && !door && (other_row > row || strangers) {
                broken.push(format!(
                    "{module} names {name}: {room} may not know {other}"
                ));
            }
        }
    }
    broken
}

fn files() -> BTreeMap<String, String> {
    sources(&src())
        .into_iter()
        .map(|path| {
            (
                module(&path),
                fs::read_to_string(&path).expect("a source file"),
            )
        })
        .collect()
}

#[test]
fn a_room_names_rooms_to_its_left_only() {
    let broken = broken_walls(&files());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_stands_in_a_room() {
    let outside: Vec<String> = files()
        .into_keys()
        .filter(|module| room_of(module).is_none())
        .filter(|module| !matches!(module.as_str(), "lib" | "main" | "domain" | "service"))
        .collect();
    assert!(
        outside.is_empty(),
        "files in no room: {}",
        outside.join(", ")
    );
}

#[test]
fn a_planted_import_to_the_right_is_found_in_every_spelling() {
    for planted in [
        "use crate::service::desk::DeskHandle;",
        "use crate::{domain::ids::UnitId, service::desk::DeskHandle};",
        "use super::super::service::desk::DeskHandle;",
        "fn f() { crate::service::desk::recover(); }",
        "pub use crate::service::{clock::Clock, desk::{DeskHandle}};",
    ] {
        let files = BTreeMap::from([("domain::measure".to_owned(), planted.to_owned())]);
        assert!(!broken_walls(&files).is_empty(), "not found: {planted}");
    }
    let fine = "use super::ids::UnitId; // not crate::service::desk";
    let files = BTreeMap::from([("domain::borders".to_owned(), fine.to_owned())]);
    assert_eq!(broken_walls(&files), Vec::<String>::new());
}

#[test]
fn the_core_knows_no_serialiser_runtime_clock_file_or_thread() {
    let forbidden = [
        "serde",
        "tokio",
        "std::fs",
        "std::io",
        "std::net",
        "std::thread",
        "std::time",
        "SystemTime",
        "Instant",
        "HashMap",
        "HashSet",
        "std::env",
        "rusqlite",
        "axum",
    ];
    let mut found = Vec::new();
    for (module, text) in files() {
        if !module.starts_with("domain") || module.ends_with("tests") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            for word in forbidden {
                if line.contains(word) {
                    found.push(format!("{module}: {}", line.trim()));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn only_the_wire_serialises() {
    let mut found = Vec::new();
    for (module, text) in files() {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let derives = code.contains("derive(")
            && (code.contains("Serialize") || code.contains("Deserialize"));
        if derives && code.contains("use serde") && !module.starts_with("wire") {
            found.push(module);
        }
    }
    assert!(
        found.is_empty(),
        "these derive a serialised form: {}",
        found.join(", ")
    );
}

#[test]
fn no_file_grows_past_what_a_reader_holds() {
    let long: Vec<String> = files()
        .into_iter()
        .map(|(module, text)| (module, text.lines().count()))
        .filter(|(_, lines)| *lines > 650)
        .map(|(module, lines)| format!("{module}: {lines}"))
        .collect();
    assert!(
        long.is_empty(),
        "longer than 650 lines: {}",
        long.join(", ")
    );
}
