//! Over which states does the camera of an aircraft look? Told by the ground that it posts, apart from where the aircraft is:
//! what a camera sees across a line is no crossing, and no rule here is asked about it.

use super::track::Track;
use super::view::BorderView;
use crate::domain::event::{Event, TrackEventKind};
use crate::domain::ids::StateSet;
use crate::domain::input::Footprint;
use crate::domain::measure::Timestamp;
use std::sync::Arc;

impl Track {
    /// Over which states its camera was told to look, and since when; `None` while it was told of none in this shift.
    #[must_use]
    pub fn camera(&self) -> Option<(StateSet, Timestamp)> {
        self.camera.as_deref().copied()
    }

    /// What a posted footprint changes of the states that are looked at. One that is older than what was told, or of a time
    /// off duty, changes nothing.
    #[must_use]
    pub fn decide_camera(
        &self,
        footprint: &Footprint,
        view: &(impl BorderView + ?Sized),
    ) -> Option<Event> {
        let known = self.camera();
        let is_late = known.is_some_and(|(_, told_at)| footprint.at < told_at);
        if is_late || !self.duty.on_duty(footprint.at) {
            return None;
        }
        let under = view.under(&footprint.ring);
        let states = (under.into_iter().take(StateSet::MAX)).fold(StateSet::NONE, StateSet::with);
        let before = known.map_or(StateSet::NONE, |(states, _)| states);
        (states != before).then(|| {
            let kind = TrackEventKind::CameraOver {
                states,
                ring: Arc::clone(&footprint.ring),
            };
            self.event(footprint.at, kind)
        })
    }
}
