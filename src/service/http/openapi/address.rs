//! One address, described.

use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema};

/// The type of what went wrong.
const PROBLEM: &str = "application/problem+json";

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Everybody.
    Open,
    /// A person with a session.
    Person,
    /// A unit or gateway with its token.
    Unit,
    /// A phone's app, with its unit's or gateway's token in the header.
    Phone,
    /// A phone's app, with the token in the address.
    PhoneByAddress,
}

/// One address, described.
pub(super) struct Address {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    tag: &'static str,
    summary: &'static str,
    text: &'static str,
    door: Door,
    parameters: Vec<Parameter>,
    bodies: Vec<(&'static str, RefOr<Schema>)>,
    answers: Vec<(u16, &'static str, Option<Answered>)>,
}

enum Answered {
    Json(&'static str),
    Text(&'static str),
}

impl Address {
    fn new(method: &'static str, path: &'static str) -> Self {
        let named = path.split('/').filter_map(|part| {
            let name = part.strip_prefix('{')?.strip_suffix('}')?;
            let text = match name {
                "token" => "a unit's or gateway's token, for apps that know only an address",
                _ => "1 to 64 of `A-Z a-z 0-9 . _ -`",
            };
            Some(parameter(name, ParameterIn::Path, text))
        });
        Self {
            method,
            path,
            tag: "",
            summary: "",
            text: "",
            door: Door::Person,
            parameters: named.collect(),
            bodies: Vec::new(),
            answers: Vec::new(),
        }
    }

    pub(super) fn get(path: &'static str) -> Self {
        Self::new("get", path)
    }

    pub(super) fn post(path: &'static str) -> Self {
        Self::new("post", path)
    }

    pub(super) fn patch(path: &'static str) -> Self {
        Self::new("patch", path)
    }

    pub(super) fn delete(path: &'static str) -> Self {
        Self::new("delete", path)
    }

    /// Under which heading, in a few words, and in full.
    pub(super) fn says(
        mut self,
        tag: &'static str,
        summary: &'static str,
        text: &'static str,
    ) -> Self {
        (self.tag, self.summary, self.text) = (tag, summary, text);
        self
    }

    pub(super) fn door(mut self, door: Door) -> Self {
        self.door = door;
        self
    }

    pub(super) fn query(mut self, name: &'static str, text: &'static str) -> Self {
        self.parameters
            .push(parameter(name, ParameterIn::Query, text));
        self
    }

    pub(super) fn header(mut self, name: &'static str, text: &'static str) -> Self {
        self.parameters
            .push(parameter(name, ParameterIn::Header, text));
        self
    }

    /// A JSON body of this schema.
    pub(super) fn body(self, schema: &'static str) -> Self {
        self.body_as("application/json", Ref::from_schema_name(schema))
    }

    /// A body of another type too.
    pub(super) fn body_as(mut self, kind: &'static str, schema: impl Into<RefOr<Schema>>) -> Self {
        self.bodies.push((kind, schema.into()));
        self
    }

    /// Answered with JSON of this schema.
    pub(super) fn answers(mut self, status: u16, text: &'static str, schema: &'static str) -> Self {
        self.answers
            .push((status, text, Some(Answered::Json(schema))));
        self
    }

    /// Answered with a text of this type.
    pub(super) fn answers_text(
        mut self,
        status: u16,
        text: &'static str,
        kind: &'static str,
    ) -> Self {
        self.answers
            .push((status, text, Some(Answered::Text(kind))));
        self
    }

    /// Answered with nothing but its status.
    pub(super) fn answers_empty(mut self, status: u16, text: &'static str) -> Self {
        self.answers.push((status, text, None));
        self
    }

    /// What can go wrong here.
    pub(super) fn fails(mut self, status: u16, text: &'static str) -> Self {
        self.answers
            .push((status, text, Some(Answered::Text(PROBLEM))));
        self
    }

    /// What can go wrong with every order.
    pub(super) fn orders(self) -> Self {
        self.header("Idempotency-Key", "the same order sent again with the same key is carried out once")
            .fails(400, "not well-formed; `key` names the key")
            .fails(409, "refused, with `guard`, and with `citation` when it is the law that refuses; the refusal is kept")
            .fails(413, "the body is too large")
            .fails(415, "the body is not JSON")
            .fails(422, "the key was sent with another order: give each order a key of its own")
            .fails(503, "nothing can be recorded now, or too much at once: `Retry-After` says when to try again")
    }

    pub(super) fn http_method(&self) -> HttpMethod {
        match self.method {
            "post" => HttpMethod::Post,
            "patch" => HttpMethod::Patch,
            "delete" => HttpMethod::Delete,
            _ => HttpMethod::Get,
        }
    }

    pub(super) fn operation(self) -> Operation {
        let mut operation = OperationBuilder::new()
            .tag(self.tag)
            .summary(Some(self.summary))
            .description(Some(self.text).filter(|text| !text.is_empty()))
            .operation_id(Some(operation_id(self.method, self.path)))
            .parameters(Some(self.parameters));
        if !self.bodies.is_empty() {
            let mut body = RequestBodyBuilder::new().required(Some(Required::True));
            for (kind, schema) in self.bodies {
                body = body.content(kind, ContentBuilder::new().schema(Some(schema)).build());
            }
            operation = operation.request_body(Some(body.build()));
        }
        for (status, text, answered) in self.answers {
            operation = operation.response(status.to_string(), answer(text, answered.as_ref()));
        }
        let none: [&str; 0] = [];
        match self.door {
            Door::Open => {}
            Door::Person => {
                operation = operation
                    .security(SecurityRequirement::new("session", none))
                    .security(SecurityRequirement::new("cookie", none))
                    .response(
                        "401",
                        answer(
                            "no session, or one that is over",
                            Some(&Answered::Text(PROBLEM)),
                        ),
                    )
                    .response(
                        "403",
                        answer(
                            "the role may not, or the cookie came from another page",
                            Some(&Answered::Text(PROBLEM)),
                        ),
                    );
            }
            Door::Unit | Door::Phone | Door::PhoneByAddress => {
                if self.door == Door::Phone {
                    operation = operation.security(SecurityRequirement::new("phone", none));
                }
                if self.door != Door::PhoneByAddress {
                    operation = operation.security(SecurityRequirement::new("unit", none));
                }
                operation = operation.response(
                    "401",
                    answer(
                        "no token, or one that is unknown, expired or revoked",
                        Some(&Answered::Text(PROBLEM)),
                    ),
                );
            }
        }
        operation.build()
    }
}

fn operation_id(verb: &str, path: &str) -> String {
    let words = path
        .trim_start_matches("/api/v1")
        .split(['/', '{', '}', '.'])
        .filter(|word| !word.is_empty());
    std::iter::once(verb)
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

fn parameter(name: &str, at: ParameterIn, text: &str) -> Parameter {
    let is_path = at == ParameterIn::Path;
    let text_schema = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(at)
        .required(if is_path {
            Required::True
        } else {
            Required::False
        })
        .description(Some(text))
        .schema(Some(Schema::Object(text_schema.build())))
        .build()
}

fn answer(text: &str, answered: Option<&Answered>) -> Response {
    let answer = ResponseBuilder::new().description(text);
    let (kind, schema) = match answered {
        None => return answer.build(),
        Some(Answered::Json(schema)) => ("application/json", Some(*schema)),
        Some(Answered::Text(PROBLEM)) => (PROBLEM, Some("Problem")),
        Some(Answered::Text(kind)) => (*kind, None),
    };
    let content = ContentBuilder::new().schema(schema.map(Ref::from_schema_name));
    answer.content(kind, content.build()).build()
}
