//! Everything a sender can get wrong, and what it is told.

use super::{CAR, GATEWAY, House, batch, fix, gzip, house};
use crate::service::ingest::IngestLimits;
use reqwest::Method;

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";
const MIB: usize = 1024 * 1024;

/// One bad request, and what is to come of it.
struct Case {
    name: &'static str,
    method: Method,
    path: &'static str,
    authorization: Option<String>,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
    status: u16,
    problem: &'static str,
    // Parts of the answer's body.
    says: Vec<&'static str>,
}

fn case(name: &'static str) -> Case {
    Case {
        name,
        method: Method::POST,
        path: "/api/v1/fixes",
        authorization: Some(format!("Bearer {CAR}")),
        headers: vec![("content-type", JSON)],
        body: fix(0).into_bytes(),
        status: 400,
        problem: "malformed",
        says: Vec::new(),
    }
}

impl Case {
    fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    fn lines(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.headers = vec![("content-type", NDJSON)];
        self.body(body)
    }

    fn headers(mut self, headers: &[(&'static str, &'static str)]) -> Self {
        self.headers = headers.to_vec();
        self
    }

    fn bearer(mut self, authorization: Option<&str>) -> Self {
        self.authorization = authorization.map(str::to_owned);
        self
    }

    fn at(mut self, method: Method, path: &'static str) -> Self {
        self.method = method;
        self.path = path;
        self
    }

    fn gives(mut self, status: u16, problem: &'static str) -> Self {
        self.status = status;
        self.problem = problem;
        self
    }

    fn says(mut self, says: &[&'static str]) -> Self {
        self.says = says.to_vec();
        self
    }
}

/// A fix whose `key` has another raw JSON value.
fn with(key: &str, value: &str) -> String {
    let known = [
        ("unit", r#""HU-1""#),
        ("fixed_at", "1805196797000"),
        ("lat", "46.2"),
        ("lon", "20.4"),
    ];
    let mut keys: Vec<String> = known
        .iter()
        .filter(|(known, _)| *known != key)
        .map(|(key, value)| format!(r#""{key}":{value}"#))
        .collect();
    if !value.is_empty() {
        keys.push(format!(r#""{key}":{value}"#));
    }
    format!("{{{}}}", keys.join(","))
}

fn bad_bodies() -> Vec<Case> {
    let second = |bad: String| format!("[{},{bad}]", fix(0));
    vec![
        case("an empty body").body(""),
        case("half an object").body(&fix(0)[..30]),
        case("an array that does not end").body(format!("[{}", fix(0))),
        case("a comma too many")
            .body(format!("[{},]", fix(0)))
            .says(&[r#""index":1"#]),
        case("a bare number").body("5"),
        case("null").body("null"),
        case("an array in an array")
            .body(second(format!("[{}]", fix(1))))
            .says(&[r#""index":1"#]),
        case("two objects in a row")
            .body(format!("{}{}", fix(0), fix(1)))
            .says(&["x-ndjson"]),
    ]
}

fn bad_values() -> Vec<Case> {
    let second = |bad: String| format!("[{},{bad}]", fix(0));
    vec![
        case("no unit")
            .body(second(with("unit", "")))
            .says(&[r#""index":1"#, r#""key":"unit""#]),
        case("no time")
            .body(with("fixed_at", ""))
            .says(&[r#""key":"fixed_at""#]),
        case("no latitude")
            .body(with("lat", ""))
            .says(&[r#""key":"lat""#]),
        case("no longitude")
            .body(with("lon", ""))
            .says(&[r#""key":"lon""#]),
        case("a unit outside the alphabet")
            .body(with("unit", r#""HU 1""#))
            .says(&[r#""key":"unit""#]),
        case("a unit of 65 characters").body(with("unit", &format!("\"{}\"", "x".repeat(65)))),
        case("an empty unit").body(with("unit", r#""""#)),
        case("a unit that is a number").body(with("unit", "1")),
        case("a source outside the alphabet")
            .body(with("source", r#""a/b""#))
            .says(&[r#""key":"source""#]),
        case("a time without a zone")
            .body(with("fixed_at", r#""2027-03-16T11:33:17""#))
            .says(&["no zone"]),
        case("a date that does not exist").body(with("fixed_at", r#""2027-02-30T11:33:17Z""#)),
        case("seconds")
            .body(with("fixed_at", "1805196797"))
            .says(&["seconds?"]),
        case("microseconds")
            .body(with("fixed_at", "1805196797000000"))
            .says(&["microseconds?"]),
        case("a time in words").body(with("fixed_at", r#""now""#)),
        case("a latitude in quotes")
            .body(with("lat", r#""46.2""#))
            .says(&["without quotes"]),
        case("a latitude that is no float")
            .body(with("lat", "1e400"))
            .says(&[r#""key":"lat""#]),
        case("NaN")
            .body(with("lon", "NaN"))
            .says(&[r#""key":"lon""#]),
        case("a speed that is true")
            .body(with("speed_mps", "true"))
            .says(&[r#""key":"speed_mps""#]),
        case("a key twice")
            .body(format!("{},\"lat\":1}}", fix(0).trim_end_matches('}')))
            .says(&["twice"]),
        case("nesting without end").body("[".repeat(100_000)),
        case("broken UTF-8")
            .body(b"{\"unit\":\"\xff\"}".to_vec())
            .says(&["UTF-8"]),
        case("UTF-16")
            .body(b"\xff\xfe{\0}\0".to_vec())
            .says(&["UTF-8"]),
        case("a bad third line")
            .lines(format!("{}\n\n{}\n", fix(0), with("lat", "")))
            .says(&[r#""line":3"#, r#""key":"lat""#, "line 3"]),
        case("an array on a line")
            .lines(format!("{}\n{}", fix(0), batch(1, 2)))
            .says(&[r#""line":2"#]),
        case("lines sent as one object").body(format!("{}\n{}\n", fix(0), fix(1))),
    ]
}

fn bad_envelopes() -> Vec<Case> {
    let gz = [("content-type", JSON), ("content-encoding", "gzip")];
    let whole = gzip(batch(0, 10).as_bytes());
    let bomb = gzip(&vec![b' '; 64 * MIB + 1]);
    let many = batch(0, 10_001);
    vec![
        case("no content type")
            .headers(&[])
            .gives(415, "unsupported-media"),
        case("a form")
            .headers(&[("content-type", "application/x-www-form-urlencoded")])
            .gives(415, "unsupported-media"),
        case("text/json")
            .headers(&[("content-type", "text/json")])
            .gives(415, "unsupported-media"),
        case("another charset")
            .headers(&[("content-type", "application/json; charset=iso-8859-1")])
            .gives(415, "unsupported-media"),
        case("brotli")
            .headers(&[("content-type", JSON), ("content-encoding", "br")])
            .gives(415, "unsupported-media"),
        case("gzip twice")
            .headers(&[("content-type", JSON), ("content-encoding", "gzip, gzip")])
            .gives(415, "unsupported-media"),
        case("plain bytes called gzip").headers(&gz).says(&["gzip"]),
        case("half a gzip stream")
            .headers(&gz)
            .body(&whole[..whole.len() / 2])
            .says(&["gzip"]),
        case("a damaged gzip stream")
            .headers(&gz)
            .body(damaged(&whole))
            .says(&["gzip"]),
        case("an inflated body that is too large")
            .headers(&gz)
            .body(bomb)
            .gives(413, "too-large"),
        case("a body that is too large")
            .body(vec![b' '; 8 * MIB + 1])
            .gives(413, "too-large"),
        case("too many fixes")
            .body(many.clone())
            .gives(413, "too-large")
            .says(&["10000"]),
        case("too many fixes, in gzip")
            .headers(&gz)
            .body(gzip(many.as_bytes()))
            .gives(413, "too-large"),
    ]
}

fn damaged(gzip: &[u8]) -> Vec<u8> {
    let mut bytes = gzip.to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    bytes
}

fn bad_senders() -> Vec<Case> {
    vec![
        case("no token").bearer(None).gives(401, "unauthenticated"),
        case("an unknown token")
            .bearer(Some("Bearer nobody"))
            .gives(401, "unauthenticated"),
        case("an empty token")
            .bearer(Some("Bearer "))
            .gives(401, "unauthenticated"),
        case("another scheme")
            .bearer(Some("Basic dXNlcjpwYXNz"))
            .gives(401, "unauthenticated"),
        case("a bad body of nobody")
            .bearer(None)
            .body("{")
            .gives(401, "unauthenticated"),
        case("a large body of nobody")
            .bearer(None)
            .body(vec![b' '; MIB])
            .gives(401, "unauthenticated"),
        case("another method")
            .at(Method::PUT, "/api/v1/fixes")
            .gives(405, "method-not-allowed"),
        case("a post to the stream")
            .at(Method::POST, "/api/v1/fixes/stream")
            .gives(405, "method-not-allowed"),
        case("a stream without upgrade")
            .at(Method::GET, "/api/v1/fixes/stream")
            .body("")
            .gives(426, "upgrade-required"),
    ]
}

fn bad_acts() -> Vec<Case> {
    let acts = "/api/v1/units/HU-1/acts";
    let act = r#"{"act":"crossed","at":"2027-03-16T11:33:17Z","key":"k-1"}"#;
    let of = |name, path| case(name).at(Method::POST, path).body(act);
    vec![
        of("an act of nobody", acts)
            .bearer(None)
            .gives(401, "unauthenticated"),
        of("an act of another unit", "/api/v1/units/HU-2/acts").gives(403, "forbidden"),
        of("an act of a gateway", acts)
            .bearer(Some(&format!("Bearer {GATEWAY}")))
            .gives(403, "forbidden"),
        of("an act of no unit", "/api/v1/units/H%20U/acts").says(&[r#""key":"unit""#]),
        of("an act of broken UTF-8", "/api/v1/units/%FF/acts").says(&[r#""key":"unit""#]),
        of("an act in a form", acts)
            .headers(&[("content-type", "text/plain")])
            .gives(415, "unsupported-media"),
        of("an act as lines", acts)
            .headers(&[("content-type", NDJSON)])
            .gives(415, "unsupported-media"),
        of("an act that is too large", acts)
            .body(vec![b' '; 20_000])
            .gives(413, "too-large"),
        of("an act that is no object", acts).body("[]"),
        of("an act without a word", acts)
            .body(r#"{"at":"2027-03-16T11:33:17Z","key":"k"}"#)
            .says(&[r#""key":"act""#]),
        of("an act unheard of", acts)
            .body(act.replace("crossed", "dance"))
            .says(&[r#""key":"act""#, "sign_on"]),
        of("an act without a time", acts)
            .body(r#"{"act":"crossed","key":"k"}"#)
            .says(&[r#""key":"at""#]),
        of("an act without a zone", acts)
            .body(act.replace("17Z", "17"))
            .says(&[r#""key":"at""#, "no zone"]),
        of("an act without a key", acts)
            .body(r#"{"act":"crossed","at":1805196797000}"#)
            .says(&[r#""key":"key""#]),
        of("an act with a key of blanks", acts)
            .body(act.replace("k-1", "k 1"))
            .says(&[r#""key":"key""#]),
        of("an act with two keys", acts)
            .headers(&[("content-type", JSON), ("idempotency-key", "k-2")])
            .says(&[r#""key":"key""#]),
    ]
}

async fn send(house: &House, case: &Case) -> reqwest::Response {
    let mut request = reqwest::Client::new()
        .request(case.method.clone(), house.url(case.path))
        .body(case.body.clone());
    if let Some(authorization) = &case.authorization {
        request = request.header("authorization", authorization);
    }
    for (name, value) in &case.headers {
        request = request.header(*name, *value);
    }
    let sent = request.send().await;
    sent.unwrap_or_else(|error| panic!("{}: {error:?}", case.name))
}

async fn assert_told(case: &Case, response: reqwest::Response) {
    let name = case.name;
    let status = response.status().as_u16();
    let header = |key: &str| {
        let value = response.headers().get(key)?;
        Some(value.to_str().unwrap().to_owned())
    };
    assert_eq!(
        header("content-type").as_deref(),
        Some("application/problem+json"),
        "{name}"
    );
    assert_eq!(
        header("www-authenticate").is_some(),
        status == 401,
        "{name}"
    );
    assert_eq!(header("allow").is_some(), status == 405, "{name}");
    let body = response.text().await.unwrap();
    assert_eq!(status, case.status, "{name}: {body}");
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        problem["type"],
        format!("/problems/{}", case.problem),
        "{name}: {body}"
    );
    assert_eq!(problem["status"], status, "{name}");
    assert!(
        problem["title"]
            .as_str()
            .is_some_and(|title| !title.is_empty()),
        "{name}"
    );
    for part in &case.says {
        assert!(body.contains(part), "{name}: {body} does not say {part}");
    }
}

#[tokio::test]
async fn every_kind_of_bad_input_is_named_and_nothing_of_it_is_taken() {
    let (house, kept) = house(IngestLimits::default()).await;
    let groups = [
        bad_bodies(),
        bad_values(),
        bad_envelopes(),
        bad_senders(),
        bad_acts(),
    ];
    let cases: Vec<Case> = groups.into_iter().flatten().collect();
    assert!(cases.len() >= 30);
    for case in &cases {
        assert_told(case, send(&house, case).await).await;
    }
    let kept = kept.lock().unwrap();
    assert!(kept.fixes.is_empty() && kept.quarantined.is_empty() && kept.acts.is_empty());
    assert!(
        house
            .metrics()
            .contains(r#"ingest_requests_refused_total{problem="malformed"}"#)
    );
}
