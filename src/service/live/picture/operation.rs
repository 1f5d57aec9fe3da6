//! What an event does to one operation on the map.

use crate::wire::call::{CallWire, GivenByVoice};
use crate::wire::detention::{DetainedWire, HeldPicture};
use crate::wire::event::{
    ChangedWire, ClockWire, EventBody, EventWire, LimitWire, PermissionEnteredWire,
};
use crate::wire::letter::WrittenWire;
use crate::wire::live::{
    AssessmentPicture, ClockPicture, LimitPicture, NoticePicture, OperationPicture,
    PermissionPicture,
};
use crate::wire::operation::{
    AmendmentWire, AuthorisationWire, NoticeFieldsWire, OperationCardWire, RecognisableWire,
};
use crate::wire::parts::PersonWire;
use crate::wire::refusal::HostRefusedWire;
use crate::wire::report::{ReportPicture, ReportSignedPicture};
use crate::wire::resting::{RestingAnewPicture, RestingAnewWire, RestsOnWire};

pub(super) fn opened(
    card: &OperationCardWire,
    at: &str,
    rests_on: Option<RestsOnWire>,
) -> OperationPicture {
    OperationPicture {
        id: card.id.clone(),
        name: card.name.clone(),
        room: card.room.clone(),
        lead: card.room.clone(),
        epoch: 1,
        lead_since: at.to_owned(),
        dialogues: Vec::new(),
        recalls: Vec::new(),
        basis: card.basis.clone(),
        purpose: card.purpose.clone(),
        offence: card.offence.clone(),
        person_category: card.person_category.clone(),
        requesting_state: card.requesting_state.clone(),
        host_states: card.host_states.clone(),
        host_rooms: card.host_rooms.clone(),
        target: card.target.clone(),
        sighting: None,
        units: card.units.clone(),
        authorisation: card.authorisation.clone(),
        refusals: Vec::new(),
        patrol: card.patrol.clone(),
        exercise: card.exercise,
        rests_on,
        opened_by: card.opened_by.clone(),
        opened_at: at.to_owned(),
        version: 1,
        closed: None,
        shared_with: Vec::new(),
        eyes: None,
        eyes_taken_by: None,
        disputes: Vec::new(),
        assessments: Vec::new(),
        notices: Vec::new(),
        clocks: Vec::new(),
        limits: Vec::new(),
        recognised: Vec::new(),
        trackers: Vec::new(),
        held: Vec::new(),
        extraditable: card.extraditable,
        grounds: card.grounds.clone(),
        evaded_check: card.evaded_check.clone(),
        resting_anew: None,
        report: ReportPicture::default(),
        must_stop: None,
    }
}

pub(super) fn unsent(id: &str, duty: &str, to: &str) -> NoticePicture {
    NoticePicture {
        id: id.to_owned(),
        duty: duty.to_owned(),
        to: to.to_owned(),
        status: "owed".to_owned(),
        owed_since: None,
        fields: None,
        drafted_at: None,
        sent_at: None,
        sent_by: None,
        delivered_at: None,
        seen_at: None,
        seen_by: None,
        seen_call: None,
        answers: Vec::new(),
        voice: None,
        channels: Vec::new(),
        attempts: Vec::new(),
        failed_at: None,
        failed_because: None,
        sent_again_at: None,
        texts: Vec::new(),
    }
}

fn rank(status: &str) -> usize {
    [
        "withdrawn",
        "owed",
        "draft",
        "ready",
        "sent",
        "failed",
        "delivered",
        "seen",
        "voice",
        "answered",
    ]
    .iter()
    .position(|word| *word == status)
    .unwrap_or_default()
}

/// A draft may be written anew; what was sent only goes forward.
pub(super) fn forward(notice: &mut NoticePicture, to: &str) {
    if rank(&notice.status) < rank("sent") || rank(to) > rank(&notice.status) {
        to.clone_into(&mut notice.status);
    }
}

pub(super) fn given_by_voice(
    notice: &mut NoticePicture,
    (by, call): (&PersonWire, &CallWire),
    (fields, texts): (&NoticeFieldsWire, &[WrittenWire]),
) {
    notice.fields = Some(fields.clone());
    // What was sent stays as it was written then.
    if notice.texts.is_empty() {
        notice.texts = texts.to_vec();
    }
    notice.voice = Some(GivenByVoice {
        by: by.clone(),
        call: call.clone(),
    });
    forward(notice, "voice");
}

pub(super) fn sent(
    notice: &mut NoticePicture,
    (fields, texts): (&NoticeFieldsWire, &[WrittenWire]),
    channels: &[String],
) {
    notice.fields = Some(fields.clone());
    notice.texts = texts.to_vec();
    notice.channels = channels.to_vec();
    forward(notice, "sent");
}

/// What failed goes out once more.
pub(super) fn sent_again(notice: &mut NoticePicture, channels: &[String]) {
    for channel in channels {
        if !notice.channels.contains(channel) {
            notice.channels.push(channel.clone());
        }
    }
    if notice.status == "failed" {
        "sent".clone_into(&mut notice.status);
        (notice.failed_at, notice.failed_because) = (None, None);
    }
}

pub(super) fn set_clock(
    operation: &mut OperationPicture,
    clock: &ClockWire,
    because: Option<&String>,
) {
    let same = |before: &ClockPicture| before.clock == clock.clock && before.host == clock.host;
    let status = match operation.clocks.iter().find(|before| same(before)) {
        // Late data only shorten; a later end is a person's, and the clock counts anew.
        Some(before) if because.is_some() && clock.ends <= before.ends => before.status.clone(),
        _ => "running".to_owned(),
    };
    operation.clocks.retain(|before| !same(before));
    operation.clocks.push(ClockPicture {
        clock: clock.clock.clone(),
        host: clock.host.clone(),
        starts: clock.starts.clone(),
        ends: clock.ends.clone(),
        citation: clock.citation.clone(),
        status,
        because: because.cloned(),
    });
    must_stop(operation);
}

/// Everything must stop while a clock is over or a limit exceeded and a unit is abroad: one of which something was
/// found.
pub(super) fn must_stop(operation: &mut OperationPicture) {
    let of_limit = |limit: &LimitPicture| limit.limit.sentence.clone();
    // Late data may give an expired clock another reason: what must stop keeps the first.
    let first = operation.must_stop.take();
    let first = first.filter(|first| operation.limits.iter().all(|one| of_limit(one) != *first));
    let over = operation
        .clocks
        .iter()
        .find(|clock| clock.status == "expired" && clock.clock != RELEASE)
        .filter(|_| operation.assessments.iter().any(is_abroad))
        .and_then(|clock| first.or_else(|| clock.because.clone()));
    let beyond = operation.limits.iter().find(|one| {
        let unit = Some(&one.limit.unit);
        let mut assessments = operation.assessments.iter();
        one.limit.percent == LIMIT_REACHED
            && assessments.any(|asked| asked.unit.as_ref() == unit && is_abroad(asked))
    });
    operation.must_stop = over.or_else(|| beyond.map(of_limit));
}

/// The clock that is not about the units' stay: a person held is to be released when it is over.
const RELEASE: &str = "release";

/// The share of a limit from which a unit must stop.
const LIMIT_REACHED: u8 = 100;

/// Whether an assessment is of a unit that is abroad: at home nothing is found.
fn is_abroad(asked: &AssessmentPicture) -> bool {
    asked.unit.is_some() && !asked.findings.is_empty()
}

pub(super) fn set_limit(operation: &mut OperationPicture, limit: &LimitWire, at: &str) {
    let same =
        |before: &LimitPicture| before.limit.unit == limit.unit && before.limit.host == limit.host;
    // What was said of it before is no reason any more.
    let before = operation.limits.iter().find(|before| same(before));
    let told = before.map(|before| &before.limit.sentence);
    if told.is_some() && told == operation.must_stop.as_ref() {
        operation.must_stop = None;
    }
    operation.limits.retain(|before| !same(before));
    operation.limits.push(LimitPicture {
        at: at.to_owned(),
        limit: limit.clone(),
    });
    must_stop(operation);
}

/// A person changed something of it.
pub(super) fn changed(operation: &mut OperationPicture, body: &EventBody) {
    let EventBody::Changed { change, by, .. } = body else {
        return;
    };
    let ChangedWire {
        units,
        authorisation,
        host_refused,
        recognisable,
        amendment,
        resting_anew,
        detained,
        detention_step,
    } = change;
    operation.version += 1;
    if let Some(units) = units {
        operation.units.clone_from(units);
        let assigned = |unit: &String| units.contains(unit);
        operation
            .assessments
            .retain(|one| one.unit.as_ref().is_none_or(assigned));
        operation.limits.retain(|one| assigned(&one.limit.unit));
        must_stop(operation);
    }
    if authorisation.is_some() {
        operation.authorisation.clone_from(authorisation);
    }
    if let Some(said) = host_refused {
        refuse(operation, said);
    }
    if let Some(ticked) = recognisable {
        recognise(operation, ticked);
    }
    if let Some(amendment) = amendment {
        amend(operation, amendment);
    }
    if let Some(wanted) = resting_anew {
        rest_anew(operation, wanted, by);
    }
    if let Some(detained) = detained {
        hold(operation, detained);
    }
    if let Some(step) = detention_step {
        let held = operation.held.iter_mut();
        for held in held.filter(|held| held.detained.host == step.host) {
            held.steps.push(step.clone());
        }
    }
}

/// One person wants it to rest on other rules; with the second one it does.
fn rest_anew(operation: &mut OperationPicture, wanted: &RestingAnewWire, by: &PersonWire) {
    if wanted.holds {
        operation.rests_on = Some(RestsOnWire {
            rules: Some(wanted.rules.clone()),
            profiles: wanted.profiles.clone(),
        });
    }
    operation.resting_anew = (!wanted.holds).then(|| RestingAnewPicture {
        wanted: wanted.clone(),
        by: by.clone(),
    });
}

/// A host said no: what it had granted is over.
fn refuse(operation: &mut OperationPicture, said: &HostRefusedWire) {
    let only = match operation.host_states.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let is_over =
        |document: &AuthorisationWire| document.state.as_ref().or(only) == Some(&said.host);
    if operation.authorisation.as_ref().is_some_and(is_over) {
        operation.authorisation = None;
    }
    operation.refusals.push(said.clone());
}

/// A person is held. Told again while it goes on it is the same detention, better known.
fn hold(operation: &mut OperationPicture, detained: &DetainedWire) {
    let goes_on = |held: &HeldPicture| held.steps.iter().all(|step| step.step != "released");
    let mut before = operation
        .held
        .extract_if(.., |held| held.detained.host == detained.host);
    let steps = before
        .next()
        .filter(goes_on)
        .map_or_else(Vec::new, |held| held.steps);
    drop(before);
    operation.held.push(HeldPicture {
        detained: detained.clone(),
        steps,
    });
}

/// A mistake of the opening is corrected.
fn amend(operation: &mut OperationPicture, amendment: &AmendmentWire) {
    if let Some(offence) = &amendment.offence {
        operation.offence.clone_from(offence);
    }
    if let Some(category) = &amendment.person_category {
        operation.person_category.clone_from(category);
    }
    if amendment.grounds.is_some() {
        operation.grounds.clone_from(&amendment.grounds);
    }
    operation.extraditable = amendment.extraditable.or(operation.extraditable);
    for host in &amendment.more_hosts {
        if !operation.host_states.contains(host) {
            operation.host_states.push(host.clone());
        }
    }
}

fn recognise(operation: &mut OperationPicture, ticked: &RecognisableWire) {
    operation
        .recognised
        .retain(|before| before.unit != ticked.unit);
    operation.recognised.push(ticked.clone());
}

pub(super) fn end_clock(
    operation: &mut OperationPicture,
    (clock, host): (&str, &str),
    status: &str,
    because: &str,
) {
    for known in &mut operation.clocks {
        if known.clock == clock && known.host == host {
            status.clone_into(&mut known.status);
            known.because = Some(because.to_owned());
        }
    }
    must_stop(operation);
}

/// How far the report has come.
pub(super) fn reported(operation: &mut OperationPicture, event: &EventWire) {
    let report = &mut operation.report;
    match &event.body {
        EventBody::ReportOwed { .. } => {
            report.owed_since.get_or_insert_with(|| event.at.clone());
        }
        EventBody::ReportStated { .. } => report.statements += 1,
        EventBody::ReportSigned { signed, by, .. } => report.signed.push(ReportSignedPicture {
            at: event.at.clone(),
            by: by.clone(),
            facts: signed.facts.clone(),
        }),
        _ => {}
    }
}

/// A person entered what a host state permits of a technical source; `granted_at`: when it was the second one.
pub(super) fn permission(
    operation: &mut OperationPicture,
    it: &PermissionEnteredWire,
    granted_at: Option<&String>,
) {
    operation.version += 1;
    let second = granted_at.map(|_| it.by.clone());
    let mut known = operation.trackers.iter_mut();
    match known.find(|one| one.permission == it.permission) {
        Some(one) if one.second.is_none() => {
            one.second = second;
            one.since = granted_at.cloned();
        }
        Some(_) => {}
        None => operation.trackers.push(PermissionPicture {
            permission: it.permission.clone(),
            first: it.by.clone(),
            first_role: it.role.clone(),
            second,
            since: granted_at.cloned(),
        }),
    }
}
