//! Which facts of the service itself need a person?

use super::board::Subject;
use super::causes::Cause;
use super::kind::AlarmKind;
use crate::domain::event::DiskRoom;
use crate::domain::measure::Timestamp;

/// The causes of the service: `nearly_full` is what was left of the disk of the records when it became little, and since when.
#[must_use]
pub fn of_house(nearly_full: Option<(DiskRoom, Timestamp)>) -> Vec<Cause> {
    let recording = nearly_full.map(|(room, since)| {
        let sentence = format!(
            "Recording at risk: {} MiB were left on the disk of the records",
            room.left_mib
        );
        let action = "Technician: make room; keep a paper log until then";
        let kind = AlarmKind::RecordingAtRisk;
        Cause::now(kind, Subject::default(), since, sentence, action)
    });
    recording.into_iter().collect()
}
