//! The map: the page's own files, built in.

use crate::service::http::answer::not_found;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::fmt::Write;

/// The page as `npm run build` made it.
#[derive(RustEmbed)]
#[folder = "web-map/dist"]
#[allow_missing = true]
struct Page;

const INDEX: &str = "index.html";
/// A file whose name holds a digest of its content never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, and asked for again each time whether it changed.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of the page; the page itself for any other address without an extension.
pub(in crate::service::http) async fn file(
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return not_found("there is nothing at this address: see /api/docs").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return not_found("there is nothing to send to at this address: see /api/docs")
            .into_response();
    }
    if let Some(found) = Page::get(path).filter(|_| !path.is_empty()) {
        return answer(path, &found, &headers);
    }
    let has_extension = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    if has_extension {
        return not_found("the map has no file of this name").into_response();
    }
    match Page::get(INDEX) {
        Some(page) => answer(INDEX, &page, &headers),
        None => unbuilt(),
    }
}

fn answer(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..16] {
        // Writing to a text cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains(&tag));
    let keep = if path.starts_with("assets/") {
        FOR_EVER
    } else {
        ASK_AGAIN
    };
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = HeaderValue::from_static(content_type(path));
        (
            [(header::CONTENT_TYPE, kind)],
            file.data.clone().into_owned(),
        )
            .into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, keep);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "geojson" => "application/geo+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// The page was not built before the program was.
fn unbuilt() -> Response {
    const SAYS: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Limes</title>\
        <h1>The map has not been built</h1>\
        <p>The service runs, but this program was built without its map. In the folder <code>web-map</code> run \
        <code>npm ci &amp;&amp; npm run build</code>, then build the program again.</p>\
        <p>The interface is described at <a href=\"/api/docs\">/api/docs</a>.</p></html>";
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, ASK_AGAIN),
    ];
    (StatusCode::NOT_FOUND, headers, SAYS).into_response()
}
