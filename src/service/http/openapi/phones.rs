//! The addresses of phones' apps, described.

use super::address::{Address, Door};
use super::addresses::POSITIONS;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder};
use utoipa::openapi::{Ref, Schema};

const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn all() -> Vec<Address> {
    let (header, address) = ("/api/v1/osmand", "/api/v1/osmand/{token}");
    let message = || Ref::from_schema_name("OwnTracksMessage");
    let several = ArrayBuilder::new().items(message());
    let messages = OneOfBuilder::new().item(message()).item(several);
    vec![
        query(Address::get(header).door(Door::Phone)),
        body(Address::post(header).door(Door::Phone)),
        query(Address::get(address).door(Door::PhoneByAddress)),
        body(Address::post(address).door(Door::PhoneByAddress)),
        Address::post("/api/v1/owntracks")
            .says(POSITIONS, "A message of OwnTracks", "One message or an array, in HTTP mode. Only `location` is a fix; what else the app sends is counted and passed over. `acc` is taken as the radius of the 68 % circle, `vel` is km/h, `tst` seconds; `alt` is above sea level and left out. With a gateway's token the device is the end of `topic`, else `X-Limit-U` (or the user of Basic authentication) and `X-Limit-D`, as `user/device`. The answer comes once the fixes are durable; what cannot be used is kept apart as everywhere.")
            .door(Door::Phone)
            .header("X-Limit-U", "the user, when a message has no `topic`")
            .header("X-Limit-D", "the device, when a message has no `topic`")
                        .body_as("application/json", Schema::OneOf(messages.build()))
            .answers_text(200, "taken: an empty array", "application/json")
            .fails(400, "not well-formed; `index` and `key` say where, nothing of the body is taken")
            .fails(408, "the body did not arrive in time")
            .fails(413, "too large, or too many messages")
            .fails(415, "not JSON, or encrypted: empty the app's encryption key")
            .fails(429, "this token sends too fast: `Retry-After` says when to try again")
            .fails(503, "nothing can be recorded now, or too much at once"),
    ]
}

fn query(address: Address) -> Address {
    let says = "The position stands in the query: for Traccar Client before 9, OsmAnd and others. `speed` is in knots, `accuracy` metres and taken as the radius of the 68 % circle (0 is unknown), `batt` per cent; `altitude` is left out, since above what is not said, and of `hdop` no accuracy is made. With a gateway's token `id` is looked up in the register; a unit's own token speaks for its unit whatever the device.";
    let described = address
        .says(POSITIONS, "A position by the OsmAnd protocol", says)
        .query("id", "the device; `deviceid` is the same")
        .query(
            "timestamp",
            "device time: seconds or milliseconds since 1970, or RFC 3339 with a zone",
        )
        .query("lat", "degrees north")
        .query("lon", "degrees east")
        .query("location", "`lat,lon` instead of the two")
        .query("accuracy", "metres")
        .query("speed", "knots")
        .query("bearing", "degrees from true north; `heading` is the same")
        .query("batt", "per cent")
        .query("valid", "`false`: the receiver has no fix, passed over")
        .query("mock", "`true`: made up by another app, passed over");
    answered(described)
}

fn body(address: Address) -> Address {
    let says = "As JSON, for Traccar Client 9 and later, where `speed` is metres a second and `battery.level` 0 to 1; or as a form with the keys of the query; or with the query and no body.";
    let form = ObjectBuilder::new().build();
    let described = address
        .says(POSITIONS, "Positions by the OsmAnd protocol", says)
        .body("TraccarPosition")
        .body_as(FORM, Schema::Object(form));
    answered(described)
        .fails(408, "the body did not arrive in time")
        .fails(413, "too large, or too many positions")
        .fails(415, "neither JSON nor a form, or not UTF-8")
}

fn answered(address: Address) -> Address {
    address
        .answers(
            200,
            "durable; what cannot be used is kept apart, not refused",
            "FixReceipt",
        )
        .fails(400, "not well-formed; `key` says where, nothing is taken")
        .fails(
            429,
            "this token sends too fast: `Retry-After` says when to try again",
        )
        .fails(503, "nothing can be recorded now, or too much at once")
}
