//! The description as a page to read: plain HTML, no script, nothing from elsewhere.

use super::openapi;
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Map, Value};
use std::fmt::Write;
use std::sync::OnceLock;

const STYLE: &str = include_str!("docs.css");
const METHODS: [&str; 4] = ["get", "post", "patch", "delete"];

/// The description as a page.
pub(super) async fn page() -> impl IntoResponse {
    static PAGE: OnceLock<String> = OnceLock::new();
    let page = PAGE.get_or_init(|| {
        let document = serde_json::from_str(openapi::text()).unwrap_or_default();
        Page::default().of(&document)
    });
    (
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        page.as_str(),
    )
}

/// Its look.
pub(super) async fn style() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "no-cache")], STYLE)
}

/// A page being written.
#[derive(Default)]
struct Page(String);

/// One operation of the description, and where it stands.
struct Entry<'a> {
    path: &'a str,
    method: &'static str,
    operation: &'a Value,
}

impl Page {
    fn of(mut self, document: &Value) -> String {
        let info = &document["info"];
        self.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Limes: interface</title>");
        self.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        self.raw("<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body>");
        let entries = entries(document);
        self.contents(document, &entries);
        self.raw("<main><h1>");
        self.text(word(&info["title"]));
        self.raw(" <small>");
        self.text(word(&info["version"]));
        self.raw("</small></h1>");
        self.prose(word(&info["description"]));
        self.raw("<p>For programs: <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a> (OpenAPI 3.1).</p>");
        for tag in rows(&document["tags"]) {
            let name = word(&tag["name"]);
            self.raw("<h2>");
            self.text(name);
            self.raw("</h2>");
            self.prose(word(&tag["description"]));
            for entry in entries.iter().filter(|entry| is_in(entry, name)) {
                self.operation(entry);
            }
        }
        self.raw("<h2 id=\"schemas\">schemas</h2>");
        for (name, schema) in fields(&document["components"]["schemas"]) {
            self.schema(name, schema);
        }
        self.raw("</main></body></html>\n");
        self.0
    }

    fn contents(&mut self, document: &Value, entries: &[Entry<'_>]) {
        self.raw("<nav aria-label=\"Addresses\">");
        for tag in rows(&document["tags"]) {
            let name = word(&tag["name"]);
            self.raw("<h2>");
            self.text(name);
            self.raw("</h2><ul>");
            for entry in entries.iter().filter(|entry| is_in(entry, name)) {
                self.raw("<li><a href=\"#");
                self.text(word(&entry.operation["operationId"]));
                self.raw("\">");
                self.text(word(&entry.operation["summary"]));
                self.raw("</a></li>");
            }
            self.raw("</ul>");
        }
        self.raw("<h2><a href=\"#schemas\">schemas</a></h2></nav>");
    }

    fn operation(&mut self, entry: &Entry<'_>) {
        let Entry {
            path,
            method,
            operation,
        } = entry;
        self.raw("<section id=\"");
        self.text(word(&operation["operationId"]));
        self.raw("\"><h3>");
        self.text(word(&operation["summary"]));
        let _ = write!(
            self.0,
            "</h3><p class=\"address\"><b class=\"{method}\">{}</b> <code>",
            method.to_uppercase()
        );
        self.text(path);
        self.raw("</code></p>");
        self.prose(word(&operation["description"]));
        let needs = match rows(&operation["security"]).first() {
            None if path.contains("{token}") => {
                "With the token of a unit or gateway in the address."
            }
            None => "Without log-in.",
            Some(scheme) if scheme.get("unit").is_some() => "With the token of a unit or gateway.",
            Some(scheme) if scheme.get("phone").is_some() => {
                "With the token of a unit or gateway, as the password of Basic authentication or as a bearer."
            }
            Some(_) => "With a session.",
        };
        self.raw("<p class=\"needs\">");
        self.text(needs);
        self.raw("</p>");
        self.parameters(operation);
        for (kind, content) in fields(&operation["requestBody"]["content"]) {
            self.raw("<p>Body: <code>");
            self.text(kind);
            self.raw("</code> ");
            self.kind(&content["schema"]);
            self.raw("</p>");
        }
        self.answers(operation);
        self.raw("</section>");
    }

    fn parameters(&mut self, operation: &Value) {
        let parameters = rows(&operation["parameters"]);
        if parameters.is_empty() {
            return;
        }
        self.raw("<table><tr><th>parameter</th><th>in</th><th>meaning</th></tr>");
        for parameter in parameters {
            self.raw("<tr><td><code>");
            self.text(word(&parameter["name"]));
            self.raw("</code></td><td>");
            self.text(word(&parameter["in"]));
            self.raw("</td><td>");
            self.line(word(&parameter["description"]));
            self.raw("</td></tr>");
        }
        self.raw("</table>");
    }

    fn answers(&mut self, operation: &Value) {
        self.raw("<table><tr><th>answer</th><th>meaning</th><th>body</th></tr>");
        for (status, answer) in fields(&operation["responses"]) {
            self.raw("<tr><td><code>");
            self.text(status);
            self.raw("</code></td><td>");
            self.line(word(&answer["description"]));
            self.raw("</td><td>");
            for (kind, content) in fields(&answer["content"]) {
                match content.get("schema") {
                    Some(schema) => self.kind(schema),
                    None => self.text(kind),
                }
            }
            self.raw("</td></tr>");
        }
        self.raw("</table>");
    }

    fn schema(&mut self, name: &str, schema: &Value) {
        self.raw("<section id=\"schema-");
        self.text(name);
        self.raw("\"><h3>");
        self.text(name);
        self.raw("</h3>");
        self.prose(word(&schema["description"]));
        self.properties(schema);
        for choice in choices(schema) {
            self.choice(choice);
        }
        self.raw("</section>");
    }

    /// One of several forms: a kind of event, a kind of live message.
    fn choice(&mut self, choice: &Value) {
        let parts = choices(choice);
        let all: Vec<&Value> = if parts.is_empty() {
            vec![choice]
        } else {
            parts
        };
        let tag = all
            .iter()
            .find_map(|part| rows(&part["properties"]["kind"]["enum"]).first())
            .map(word);
        if let Some(tag) = tag {
            self.raw("<h4><code>");
            self.text(tag);
            self.raw("</code></h4>");
        }
        self.prose(word(&choice["description"]));
        for part in all {
            if part.get("$ref").is_some() {
                self.raw("<p>as ");
                self.kind(part);
                self.raw("</p>");
            }
            self.properties(part);
        }
    }

    fn properties(&mut self, schema: &Value) {
        let properties = fields(&schema["properties"]);
        if properties.is_empty() {
            return;
        }
        let required: Vec<&str> = rows(&schema["required"]).iter().map(word).collect();
        self.raw("<table><tr><th>key</th><th></th><th>type</th><th>meaning</th></tr>");
        for (name, property) in properties {
            self.raw("<tr><td><code>");
            self.text(name);
            self.raw("</code></td><td>");
            let needed = required.contains(&name.as_str());
            self.raw(if needed { "required" } else { "" });
            self.raw("</td><td>");
            self.kind(property);
            self.raw("</td><td>");
            self.line(word(&property["description"]));
            self.raw("</td></tr>");
        }
        self.raw("</table>");
    }

    /// The type of a value, with a link where it has a section of its own.
    fn kind(&mut self, schema: &Value) {
        if let Some(name) = word(&schema["$ref"])
            .rsplit('/')
            .next()
            .filter(|name| !name.is_empty())
        {
            self.raw("<a href=\"#schema-");
            self.text(name);
            self.raw("\">");
            self.text(name);
            self.raw("</a>");
            return;
        }
        if schema.get("items").is_some() {
            self.raw("list of ");
            return self.kind(&schema["items"]);
        }
        let parts = choices(schema);
        if !parts.is_empty() {
            for (index, part) in parts.into_iter().enumerate() {
                self.raw(if index > 0 { " or " } else { "" });
                self.kind(part);
            }
            return;
        }
        match &schema["type"] {
            Value::Array(kinds) => {
                let kinds: Vec<&str> = kinds.iter().map(word).collect();
                self.text(&kinds.join(" or "));
            }
            kind => self.text(word(kind)),
        }
    }

    /// Paragraphs, parted by empty lines.
    fn prose(&mut self, text: &str) {
        for paragraph in text
            .split("\n\n")
            .filter(|paragraph| !paragraph.trim().is_empty())
        {
            self.raw("<p>");
            self.line(paragraph);
            self.raw("</p>");
        }
    }

    /// A line in which words between grave accents are code.
    fn line(&mut self, text: &str) {
        for (index, part) in text.split('`').enumerate() {
            let code = index % 2 == 1;
            self.raw(if code { "<code>" } else { "" });
            self.text(part);
            self.raw(if code { "</code>" } else { "" });
        }
    }

    /// Text that is never markup.
    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '"' => self.raw("&quot;"),
                '\'' => self.raw("&#39;"),
                other => self.0.push(other),
            }
        }
    }

    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }
}

fn entries(document: &Value) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for (path, item) in fields(&document["paths"]) {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                entries.push(Entry {
                    path,
                    method,
                    operation,
                });
            }
        }
    }
    entries
}

fn is_in(entry: &Entry<'_>, tag: &str) -> bool {
    rows(&entry.operation["tags"])
        .iter()
        .any(|name| word(name) == tag)
}

fn choices(schema: &Value) -> Vec<&Value> {
    ["oneOf", "anyOf", "allOf"]
        .into_iter()
        .flat_map(|of| rows(&schema[of]))
        .collect()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn fields(value: &Value) -> Vec<(&String, &Value)> {
    value
        .as_object()
        .map_or_else(Vec::new, |map: &Map<String, Value>| map.iter().collect())
}
