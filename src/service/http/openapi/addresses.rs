//! Every address of the service, described.

use super::address::{Address, Door};
use utoipa::openapi::schema::ArrayBuilder;
use utoipa::openapi::{Ref, Schema};

const SESSIONS: &str = "sessions";
pub(super) const POSITIONS: &str = "positions in";
const OPERATIONS: &str = "operations";
const PICTURE: &str = "picture and events";
const DATA: &str = "borders and rules";
const HOUSE: &str = "service";

/// The headings, in the order they are read.
pub(super) const TAGS: [(&str, &str); 6] = [
    (SESSIONS, "Log-in and log-out of people."),
    (
        POSITIONS,
        "What units and gateways send, with their tokens.",
    ),
    (
        OPERATIONS,
        "What people order. A refusal by law is an answer with a citation, and is kept.",
    ),
    (
        PICTURE,
        "What a room may see: its own units, and of a partner's what an operation shares.",
    ),
    (DATA, "What decisions rest on."),
    (HOUSE, "The service itself; without log-in."),
];

const PAGE: &str = "at most so many rows, 1 to 10,000; 1,000 when left out";

pub(super) fn all() -> Vec<Address> {
    let mut all = sessions();
    all.extend(positions());
    all.extend(super::phones::all());
    all.extend(operations());
    all.extend(orders());
    all.extend(alarms());
    all.extend(pictures());
    all.extend(past());
    all.extend(data());
    all.extend(house());
    all
}

fn sessions() -> Vec<Address> {
    let path = "/api/v1/sessions";
    vec![
        Address::post(path)
            .says(SESSIONS, "Log in", "Answers the session's token, and sets it as a cookie (`HttpOnly`, `SameSite=Strict`, `Secure` under TLS). Log-ins are recorded, and slowed down after failures.")
            .door(Door::Open)
            .body("LogInWire")
            .answers(201, "logged in", "SessionOpenedWire")
            .fails(400, "not well-formed")
            .fails(401, "account or password is wrong")
            .fails(403, "a page of another site tries to log this browser in")
            .fails(413, "the body is too large")
            .fails(415, "the body is not JSON")
            .fails(429, "too many failed log-ins: `Retry-After` says when to try again")
            .fails(503, "too many log-ins at once, or they cannot be recorded now"),
        Address::get(path)
            .says(SESSIONS, "Who is logged in", "")
            .answers(200, "the session", "SessionWire"),
        Address::delete(path)
            .says(SESSIONS, "Log out", "Closes the session and every live feed it has open, within a second.")
            .answers_empty(204, "logged out"),
    ]
}

fn positions() -> Vec<Address> {
    let fix = || Ref::from_schema_name("Fix");
    let array = ArrayBuilder::new().items(fix()).build();
    vec![
        Address::post("/api/v1/fixes")
            .says(POSITIONS, "Post fixes", "One object, an array, or one object a line (`application/x-ndjson`); also with `Content-Encoding: gzip`. Answered once durable. `unit`, `source` and `fixed_at` identify a fix: the same again is a duplicate. A well-formed batch is never refused for its content: what cannot be used is quarantined, kept and counted.")
            .door(Door::Unit)
            .body_as("application/json", Schema::Array(array))
            .body_as("application/x-ndjson", fix())
            .answers(200, "what became of each", "FixReceipt")
            .fails(400, "not well-formed: `line` or `index` and `key` say where; nothing of the batch was taken")
            .fails(408, "the body did not arrive in time")
            .fails(413, "above 8 MiB as sent, 64 MiB inflated or 10,000 fixes")
            .fails(415, "not a type or encoding of ours")
            .fails(429, "this token sends too fast")
            .fails(503, "nothing can be recorded now, or too much at once"),
        Address::get("/api/v1/fixes/stream")
            .says(POSITIONS, "Stream fixes (WebSocket)", "Upgrades to a WebSocket that takes the same objects, one or an array per text message, and answers a `StreamReceipt` after each durable commit. Messages are read on while earlier ones wait for their commit, up to a bound; then the socket is not read until there is room.\n\nThe service closes with 1003 (binary message), 1007 (not well-formed), 1008 (the token does not hold any more), 1009 (too large), 1012 (the service is ending) or 1013 (nothing can be recorded now).")
            .door(Door::Unit)
            .answers_empty(101, "the socket is open")
            .fails(426, "not an upgrade")
            .fails(429, "this token asks too often")
            .fails(503, "too many sockets"),
        Address::post("/api/v1/units/{id}/acts")
            .says(POSITIONS, "A unit's own act", "What an officer says by pressing a button, with the unit's own token. Offline acts are sent later with their own time.")
            .door(Door::Unit)
            .header("Idempotency-Key", "the same act sent again has the same key; or `key` in the body")
            .body("Act")
            .answers(200, "recorded", "ActReceipt")
            .fails(400, "not well-formed")
            .fails(403, "another unit's token, or a gateway's")
            .fails(409, "another act was taken with this key")
            .fails(415, "not JSON")
            .fails(503, "nothing can be recorded now"),
        Address::post("/api/v1/units/{id}/footprint")
            .says(POSITIONS, "The ground that an aircraft's camera sees", "With the unit's own token. Recorded (`unit.camera_over`) when the states that it lies over change; it is no crossing of the aircraft, and no rule is asked about it. One that is older than what was told changes nothing.")
            .door(Door::Unit)
            .body("FootprintWire")
            .answers(200, "taken", "FootprintReceiptWire")
            .fails(400, "not well-formed")
            .fails(403, "another unit's token, or a gateway's")
            .fails(409, "the unit is no aircraft, or the time is to come (guards `no_aircraft`, `time_in_future`)")
            .fails(415, "not JSON")
            .fails(503, "nothing can be recorded now"),
    ]
}

fn operations() -> Vec<Address> {
    let path = "/api/v1/operations";
    let one = "/api/v1/operations/{id}";
    vec![
        Address::post(path)
            .says(OPERATIONS, "Open an operation", "The law is asked at once: an obstacle refuses the opening, with its citation. The answer has the version as `ETag` and the address as `Location`.")
            .body("OpeningWire")
            .answers(201, "opened", "OperationPicture")
            .orders(),
        Address::get(path)
            .says(OPERATIONS, "The operations this room may see", "Its own, and those that partners share with it. An auditor sees closed ones only.")
            .answers(200, "the operations", "OperationsWire"),
        Address::get(one)
            .says(OPERATIONS, "One operation", "Its version is the `ETag`.")
            .answers(200, "the operation", "OperationPicture")
            .fails(404, "this room sees no such operation"),
        Address::patch(one)
            .says(OPERATIONS, "Change an operation", "One thing at a time: its units, an authorisation that came in, how a unit can be recognised as police, a mistake of the opening corrected, a person held abroad, or what became of the person. Nothing is deleted.")
            .header("If-Match", "the version the person saw, from `ETag`")
            .body("ChangeWire")
            .answers(200, "changed", "OperationPicture")
            .fails(404, "this room has no such operation")
            .fails(412, "it was changed since it was seen: look again")
            .orders(),
    ]
}

fn orders() -> Vec<Address> {
    vec![
        Address::post("/api/v1/operations/{id}/close")
            .says(OPERATIONS, "Close an operation", "While one of its units is abroad it stays open. Closing ends what partners see.")
            .header("If-Match", "the version the person saw, from `ETag`")
            .body("ClosingWire")
            .answers(200, "closed", "OperationPicture")
            .fails(404, "this room has no such operation")
            .fails(412, "it was changed since it was seen: look again")
            .orders(),
        Address::get("/api/v1/operations/{id}/report")
            .says(OPERATIONS, "The report of an operation", "Read from this room's ledger as it is now: each duty of the law beside what happened, notices, alarms, sources of positions, changes; every figure names its record, and what nobody recorded is `null`. Each look is recorded. An auditor reads it once the operation is closed.")
            .query("format", "`json`, `html` for a page that prints, or `pdf` (PDF/A-2u), both in the languages of both states")
            .query("redacted", "`true` for a redacted copy: units are `car 1`, persons, telephone numbers and free words a bar, places to a kilometre, without ways, devices and signatures; it names the digest of the report it is a copy of (`redacted.of`), and has another one itself")
            .query("reason", "why it is looked at")
            .answers(200, "the report", "ReportWire")
            .fails(404, "this room's ledger has no such operation"),
        Address::post("/api/v1/operations/{id}/report/statements")
            .says(OPERATIONS, "State in the report what no record tells", "Weapons or force used, persons injured, damage, objects secured, why it ended, a remark: by name, in the person's own words. Nothing stated is taken out; after the signature it is an addendum.")
            .body("StatementWire")
            .answers(200, "stated", "OperationPicture")
            .fails(404, "this room has no such operation")
            .orders(),
        Address::post("/api/v1/operations/{id}/report/signatures")
            .says(OPERATIONS, "Sign the report of a closed operation", "The report as the person read it, named by its `made.facts`; refused with `report_changed` when it says something else by now. The document is kept word for word in the record, with the room's signature over its bytes (Ed25519). What is signed later is an addendum.")
            .body("SigningWire")
            .answers(200, "signed", "OperationPicture")
            .fails(404, "this room has no such operation")
            .orders(),
        Address::post("/api/v1/operations/{id}/tracker-permissions")
            .says(OPERATIONS, "Enter what a host state permits of a technical source", "A supervisor and the legal desk enter the same permission, each by name: from the second on, and never for before, the source is read in that state within the window of its document. Everywhere else outside its own state it is sealed: its places are neither kept nor shown, told or counted.")
            .body("TrackerPermissionWire")
            .answers(200, "entered, or permitted", "OperationPicture")
            .fails(404, "this room has no such operation")
            .orders(),
        Address::get("/api/v1/operations/{id}/strips")
            .says(OPERATIONS, "How far a pursuit may go and a drone is to keep away, for drawing", "The strip of each host state within its radius, in a box, as GeoJSON: by the rules and the profile that the operation rests on and along the line that each fix is measured to. `edge` is where the radius ends; `error_m` says how exactly it is drawn, finer in a smaller box. What has no radius, or an unknown one, is in `extents` in words and is never drawn. Beside it, of any operation, `stand_off`: the band before a line that no rule lets a drone of it cross, while the drone does not keep out of it or is about to enter it.")
            .query("bbox", "west,south,east,north in degrees; at most 100 square degrees")
            .answers(200, "how far, and a feature collection of what of it lies in the box", "StripsWire")
            .fails(400, "the box is none, or too large")
            .fails(404, "this room sees no such operation"),
        Address::get("/api/v1/operations/{id}/notices/{notice}")
            .says(OPERATIONS, "One notice, written out", "What it says in the languages of both states, the sender's first (`texts`): of a draft as it would be told now, of what was sent or given by telephone the very words that were recorded then.")
            .answers(200, "the notice", "NoticePicture")
            .fails(404, "this room sees no such operation, or it has no such notice"),
        Address::post("/api/v1/operations/{id}/notices/{notice}/answers")
            .says(OPERATIONS, "Write down what the host answered", "Who of the host answered the notice or request, when, the words, and whether that is a yes or a no: once the host has it (`delivered`, `seen` or `voice`; guard `notice_not_delivered`), not ahead and not before it was told (`time_in_future`, `answer_before_notice`). The notice is `answered` from then on. A further answer is kept beside it. An answer grants nothing: what the host grants or refuses is entered as a change of the operation, and the law is asked of that alone.")
            .body("AnswerOrderWire")
            .answers(200, "written down", "OperationPicture")
            .fails(404, "this room sees no such operation")
            .orders(),
        Address::get("/api/v1/dead-letters")
            .says(OPERATIONS, "What could not be delivered", "The channels of this room's notices that had their last attempt and failed: which notice, by which channel, to which address, how many attempts, why, since when. A channel that failed beside one that delivered is among them. Who may see the operations may see this; of a partner's notices there is nothing.")
            .answers(200, "the dead letters, the newest first", "DeadLettersWire"),
        Address::post("/api/v1/operations/{id}/messages")
            .says(OPERATIONS, "Speak to a partner room", "`XNG` sends the notice of a crossing and `RQA` the request for assistance, both as drafted from coded facts: to the room of the host here, and by the channels that are configured for it (mail, webhook), which are tried until its machine has it; a notice that failed is sent again, word for word; with `voice` neither is sent, but was given by telephone already, as the draft stood when they spoke, and counts as read (the only way to a state with neither a room nor a channel here; guards `time_in_future`, `call_before_known`, `notice_told`); `ACK` says that a person has read a notice, and agrees to nothing; with `voice` the room that sent a notice by mail or webhook writes down that the host, which has no room here, said so by telephone (guards `reader_has_room`, `notice_not_sent`, `call_before_known`, `notice_told`). The other codes of the workflow are refused until they are spoken here.")
            .body("MessageWire")
            .answers(200, "sent, written down, or read", "OperationPicture")
            .fails(404, "this room sees no such operation")
            .orders(),
        Address::post("/api/v1/operations/{id}/sightings")
            .says(OPERATIONS, "Report where the target is", "By a unit that sees it, or by voice. A partner room that sees the operation may report too.")
            .header("If-Match", "the version the person saw, from `ETag`")
            .body("SightingOrderWire")
            .answers(200, "recorded", "OperationPicture")
            .fails(404, "this room sees no such operation")
            .fails(412, "it was changed since it was seen: look again")
            .orders(),
    ]
}

fn alarms() -> Vec<Address> {
    vec![
        Address::get("/api/v1/alarms")
            .says(PICTURE, "The alarms of the room that stand", "The most pressing first, and how much is asked of the people: raised in ten minutes, in an hour, and in a day by priority. An alarm is the room's own: partners never see it.")
            .answers(200, "the alarms", "AlarmsWire"),
        Address::post("/api/v1/alarms/{id}/annunciate")
            .says(PICTURE, "Say that a screen showed an alarm", "A screen of somebody who may take alarms says so by itself. The first one is recorded, with the name; again, or of an alarm that is over, changes nothing.")
            .answers(200, "recorded, or known already", "AlarmsWire")
            .fails(503, "nothing can be recorded now"),
        Address::post("/api/v1/alarms/{id}/acknowledge")
            .says(PICTURE, "Take an alarm", "By name. The first person to take it stands; again by the same person changes nothing. It ends when its fact does.")
            .answers(200, "taken", "AlarmsWire")
            .fails(409, "it does not stand any more, or somebody has taken it")
            .fails(503, "nothing can be recorded now"),
        Address::post("/api/v1/alarms/{id}/shelve")
            .says(PICTURE, "Put an alarm aside for a while", "Priority 3 for 30 minutes at most, priority 2 by a supervisor for 15; priority 1 never.")
            .body("ShelvingWire")
            .answers(200, "put aside", "AlarmsWire")
            .fails(400, "not well-formed")
            .fails(409, "it does not stand any more, or may not be put aside")
            .fails(503, "nothing can be recorded now"),
    ]
}

fn pictures() -> Vec<Address> {
    vec![
        Address::get("/api/v1/units")
            .says(PICTURE, "The units this room may see", "")
            .answers(200, "the units", "UnitsWire"),
        Address::get("/api/v1/units/{id}")
            .says(PICTURE, "One unit", "")
            .answers(200, "the unit", "UnitPicture")
            .fails(404, "this room sees no such unit"),
        Address::get("/api/v1/live")
            .says(PICTURE, "The live picture (WebSocket)", "Upgrades to a WebSocket with the session's bearer token, or its cookie with a matching `Origin`. The service sends `LiveMessage`s as text: first a `snapshot`; then `bulletin`s, each leading from `prev` to `seq`, so that a map checks `prev` against the last `seq` it has; a `heartbeat` every second of real time, with the last record given and whether what happens is recorded (`ok` or `failing`); `lagging` before a bulletin that joins several because the viewer is slow (every event, and of the positions the newest of each unit); `goodbye` before it closes.\n\nWith `since`, or by sending `{\"kind\":\"resume\",\"since\":N}` at any time, the feed goes on after record N without loss and without a snapshot: the first bulletin has `prev` = N. A cursor older than what is kept, or beyond the last record, is answered with a snapshot. Messages this service does not know are passed over.\n\nThe service closes with 1008 (the session is over), 1011 (the record cannot be read) or 1012 (the service is ending). Watching is recorded; a feed taken up from before what the session had been given is recorded as a look of its own.")
            .query("since", "go on after this record")
            .query("room", "with `since`: the room whose ledger the record is of; when the session is another room's, the feed begins with a snapshot")
            .answers_empty(101, "the socket is open")
            .fails(400, "`since` is no number")
            .fails(426, "not an upgrade")
            .fails(503, "too many watch, or the look cannot be recorded now"),
    ]
}

fn past() -> Vec<Address> {
    vec![
        Address::get("/api/v1/events")
            .says(PICTURE, "Past events", "Of this room's ledger, oldest first. Numbers count the ledger from 1 without holes; records of positions take numbers too, so an answer may skip some. A session's first read is recorded, and each later one that has a reason and does not read on from a `next`; reading on belongs to the read before. An auditor names a closed operation.")
            .query("since", "only events after this number; 0 when left out")
            .query("limit", PAGE)
            .query("kind", "only these kinds, joined by commas or given several times")
            .query("operation", "only of this operation")
            .query("unit", "only of this unit")
            .query("reason", "why one looks, for the record")
            .answers(200, "a page; `next` is the `since` of the next one, and equal to `since` when nothing is there", "EventsWire")
            .fails(400, "a value is none; `key` names it")
            .fails(410, "what came after `since` is no longer kept: `oldest` is the oldest number that is")
            .fails(503, "the look cannot be recorded now"),
        Address::get("/api/v1/tracks/{unit}")
            .says(PICTURE, "Where a unit was", "Its admitted fixes as posted, with `received_at`, oldest first: the room's own units, and of a partner's what was shared. Each look is recorded with its reason; further pages belong to it.")
            .query("from", "the earliest `fixed_at`, inclusive")
            .query("to", "the latest `fixed_at`, inclusive")
            .query("since", "only fixes after this `fixed_at`: the `next` of the page before")
            .query("limit", "at most so many rows, 1 to 10,000; 1,000 when left out. Fixes of one moment stay together")
            .query("reason", "why one looks, for the record; `not stated` when left out")
            .answers(200, "a page; `next` is null at the end", "TrackWire")
            .fails(400, "a value is none; `key` names it")
            .fails(404, "this room has no track of such a unit")
            .fails(503, "the look cannot be recorded now"),
    ]
}

fn data() -> Vec<Address> {
    vec![
        Address::get("/api/v1/frontiers")
            .says(DATA, "Frontier lines in a box", "The engine's own line as GeoJSON, © OpenStreetMap contributors, ODbL. The `ETag` is the border data set.")
            .query("bbox", "west,south,east,north in degrees; at most 100 square degrees")
            .answers(200, "a feature collection of lines", "FrontiersWire")
            .answers_empty(304, "not changed")
            .fails(400, "the box is none, or too large"),
        Address::get("/api/v1/crossing-points")
            .says(DATA, "The named places where roads cross a frontier", "As the exercise or this installation lists them; `border.approaching` names them.")
            .answers(200, "the crossing points, by frontier", "CrossingPointsWire"),
        Address::get("/api/v1/offences")
            .says(DATA, "The offences an operation can name", "")
            .answers(200, "the offences, by id", "OffencesWire"),
        Address::get("/api/v1/states")
            .says(DATA, "The states the rules know", "With their rooms here.")
            .answers(200, "the states, by code", "StatesWire"),
        Address::get("/api/v1/rules")
            .says(DATA, "The rules that this service decides with", "An operation keeps those it was opened with.")
            .answers(200, "which they are", "RulesShownWire"),
        Address::get("/api/v1/profiles")
            .says(DATA, "The bilateral profiles that this service decides with", "What two states agreed of timers, delays and limits, and signed; every figure with its unit and origin. Of every other pair the workflow's defaults hold. An operation keeps the profile it was opened with.")
            .answers(200, "the profiles, by pair", "ProfilesWire"),
    ]
}

fn house() -> Vec<Address> {
    let open = |path| Address::get(path).door(Door::Open);
    vec![
        open("/api/v1/openapi.json")
            .says(HOUSE, "This description", "OpenAPI 3.1.")
            .answers_text(200, "the description", "application/json"),
        open("/api/docs")
            .says(HOUSE, "This description, to read", "")
            .answers_text(200, "a page", "text/html"),
        open("/api/docs.css")
            .says(HOUSE, "The look of that page", "")
            .answers_text(200, "a style sheet", "text/css"),
        open("/healthz")
            .says(HOUSE, "Whether the service lives", "")
            .answers_text(200, "it does", "text/plain"),
        open("/readyz")
            .says(HOUSE, "Whether the service is ready", "Names what is not. An installation without rooms is ready, and says so.")
            .answers(200, "it is", "ReadyWire")
            .answers(503, "it is not", "ReadyWire"),
        open("/metrics")
            .says(HOUSE, "What the service counts", "For Prometheus. No label names a unit, an operation or a person. Where the service is reached from outside, let the proxy keep this address to those who watch over it.")
            .answers_text(200, "the counters", "application/openmetrics-text"),
    ]
}
