use super::*;

#[test]
fn a_release_recorded_before_devices_were_told_apart_is_read() {
    let stored = r#"{"kind":"fix.released","unit":"HU-1","reason":"implausible_jump","fixed_at":"2027-03-16T11:00:00.000Z"}"#;
    let body: EventBody = serde_json::from_str(stored).unwrap();
    let event = body.into_event(Timestamp::EPOCH).unwrap();
    let What::Track(TrackEvent { kind, .. }) = event.what else {
        panic!("{event:?}");
    };
    let released = TrackEventKind::FixReleased {
        reason: QuarantineReason::ImplausibleJump,
        fixed_at: Timestamp::parse("2027-03-16T11:00:00Z").unwrap(),
        source: None,
    };
    assert_eq!(kind, released);
}

#[test]
fn an_approach_is_read_with_crossing_points_and_without_as_earlier_versions_recorded_it() {
    let stored = r#"{"kind":"border.approaching","unit":"HU-1","from":"HU","to":"RO","frontier":"HU-RO","distance_m":900.0,"eta_s":60.0,"eta_earliest_s":40.0,"eta_latest_s":90.0,"point":[20.71,46.17]}"#;
    let named = r#","crossings":[{"name":"COP-1","point":[20.71682,46.1725],"probability":0.78,"eta_s":61.5}]}"#;
    let with = stored.replace("]}", "]") + named;
    for (text, count) in [(stored, 0), (with.as_str(), 1)] {
        let body: EventBody = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&body).unwrap(), text);
        let event = body.into_event(Timestamp::EPOCH).unwrap();
        assert_eq!(EventBody::of(&event), serde_json::from_str(text).ok());
        let What::Track(TrackEvent { kind, .. }) = event.what else {
            panic!("{event:?}");
        };
        let TrackEventKind::Approaching(approach) = kind else {
            panic!("{kind:?}");
        };
        assert_eq!(approach.crossings.len(), count);
    }
}
