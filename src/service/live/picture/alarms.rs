//! What an event does to the alarms on the map.

use super::Picture;
use super::unit::millis;
use crate::domain::alarms::AlarmKind;
use crate::domain::measure::Timestamp;
use crate::wire::alarm::{AlarmFiguresWire, AlarmWire, AlarmsWire, TakenWire};
use crate::wire::event::{EventBody, EventWire};

pub(super) fn fold(picture: &mut Picture, event: &EventWire) {
    match &event.body {
        EventBody::AlarmRaised(raised) => {
            if let Some(kind) = AlarmKind::parse(&raised.code) {
                let at = Timestamp::from_millis(millis(&event.at));
                picture.counted.note(at, kind.priority());
            }
            let alarm = AlarmWire {
                id: raised.alarm.clone(),
                raised: raised.clone(),
                raised_at: event.at.clone(),
                annunciated: None,
                acknowledged: None,
                shelved: None,
            };
            picture.alarms.insert(raised.alarm.clone(), alarm);
        }
        EventBody::AlarmReopened(alarm) => {
            picture.alarms.insert(alarm.id.clone(), alarm.clone());
        }
        EventBody::AlarmAnnunciated { of, by } => {
            if let Some(alarm) = picture.alarms.get_mut(&of.alarm) {
                alarm.annunciated = Some(TakenWire {
                    by: by.clone(),
                    at: event.at.clone(),
                });
            }
        }
        EventBody::AlarmReturned(of) => {
            if let Some(alarm) = picture.alarms.get_mut(&of.alarm) {
                (alarm.shelved, alarm.annunciated) = (None, None);
            }
        }
        EventBody::AlarmAcknowledged { of, by } => {
            if let Some(alarm) = picture.alarms.get_mut(&of.alarm) {
                alarm.acknowledged = Some(TakenWire {
                    by: by.clone(),
                    at: event.at.clone(),
                });
            }
        }
        EventBody::AlarmShelved { of, shelf } => {
            if let Some(alarm) = picture.alarms.get_mut(&of.alarm) {
                alarm.shelved = Some(shelf.clone());
            }
        }
        EventBody::AlarmCleared(of) => {
            picture.alarms.remove(&of.alarm);
        }
        _ => {}
    }
}

impl Picture {
    /// The alarms that stand, the oldest first.
    #[must_use]
    pub fn standing(&self) -> Vec<AlarmWire> {
        let mut alarms: Vec<AlarmWire> = self.alarms.values().cloned().collect();
        alarms.sort_by(|a, b| (&a.raised_at, &a.id).cmp(&(&b.raised_at, &b.id)));
        alarms
    }

    /// The alarms that stand, the most pressing first, and how much is asked of the people now.
    #[must_use]
    pub fn alarms_at(&self, now: Timestamp) -> AlarmsWire {
        let mut alarms = self.standing();
        alarms.sort_by_key(|alarm| alarm.raised.priority);
        AlarmsWire {
            figures: AlarmFiguresWire::of(&alarms, self.counted.at(now)),
            alarms,
        }
    }
}
