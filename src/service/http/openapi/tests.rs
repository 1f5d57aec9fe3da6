use super::{addresses, describe, text};
use crate::service::http::table::Table;
use std::collections::BTreeSet;

/// The addresses of the room that takes positions; it routes them itself.
const OF_INGEST: [(&str, &str); 9] = [
    ("get", "/api/v1/osmand"),
    ("post", "/api/v1/osmand"),
    ("get", "/api/v1/osmand/{token}"),
    ("post", "/api/v1/osmand/{token}"),
    ("post", "/api/v1/owntracks"),
    ("post", "/api/v1/fixes"),
    ("get", "/api/v1/fixes/stream"),
    ("post", "/api/v1/units/{id}/acts"),
    ("post", "/api/v1/units/{id}/footprint"),
];

#[test]
fn every_address_that_is_routed_is_described_and_every_described_one_is_routed() {
    let routed: BTreeSet<(&str, &str)> = Table::with_all()
        .listed
        .into_iter()
        .chain(OF_INGEST)
        .collect();
    let described: BTreeSet<(&str, &str)> = addresses::all()
        .iter()
        .map(|address| (address.method, address.path))
        .collect();
    assert_eq!(routed, described);
}

/// A person is looked for in no operation but the one that is open before one (WORKFLOW.md: no search across operations).
#[test]
fn nothing_can_be_asked_about_a_person_across_operations() {
    let document: serde_json::Value = serde_json::from_str(text()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let of_desks = paths.iter().filter(|(path, _)| {
        let of_ingest = |(_, one): &(&str, &str)| one == path;
        !OF_INGEST.iter().any(of_ingest)
    });
    let operations = of_desks.flat_map(|(_, item)| item.as_object().unwrap().values());
    let asked: BTreeSet<&str> = operations
        .filter_map(|operation| operation["parameters"].as_array())
        .flatten()
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    // Which operation, unit or record, which kind, when, where, how much, and why somebody looks.
    let known = [
        "bbox",
        "format",
        "from",
        "kind",
        "limit",
        "operation",
        "reason",
        "redacted",
        "room",
        "since",
        "to",
        "unit",
    ];
    assert_eq!(asked, BTreeSet::from(known));
}

#[test]
fn no_description_is_lost_where_one_address_has_several_methods() {
    let document: serde_json::Value = serde_json::from_str(text()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let count: usize = paths
        .values()
        .map(|item| item.as_object().unwrap().len())
        .sum();
    assert_eq!(count, addresses::all().len());
}

#[test]
fn every_reference_leads_to_a_schema() {
    let document: serde_json::Value = serde_json::from_str(text()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut wanted = BTreeSet::new();
    references(&document, &mut wanted);
    assert!(wanted.len() > 20, "{wanted:?}");
    for name in wanted {
        let name = name.strip_prefix("#/components/schemas/").unwrap();
        assert!(schemas.contains_key(name), "{name} is not described");
    }
}

fn references(value: &serde_json::Value, into: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            if let Some(serde_json::Value::String(to)) = map.get("$ref") {
                into.insert(to.clone());
            }
            map.values().for_each(|value| references(value, into));
        }
        serde_json::Value::Array(rows) => rows.iter().for_each(|value| references(value, into)),
        _ => {}
    }
}

#[test]
fn no_two_schemas_have_one_name_outside_the_house() {
    let inside = serde_json::to_value(describe()).unwrap();
    let outside: serde_json::Value = serde_json::from_str(text()).unwrap();
    let count = |document: &serde_json::Value| {
        let schemas = document["components"]["schemas"].as_object();
        schemas.unwrap().len()
    };
    assert_eq!(count(&inside), count(&outside));
    assert!(!text().contains("Wire\""));
}

#[test]
fn it_is_openapi_3_1_and_every_operation_has_its_own_name() {
    let document = serde_json::to_value(describe()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = document["paths"].as_object().unwrap();
    let ids: Vec<&str> = paths
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
}
