//! Notices and requests of an operation that need a person: not sent, not delivered, not read.

use super::{Asked, Cause, strictest_of};
use crate::domain::alarms::board::Subject;
use crate::domain::alarms::kind::AlarmKind;
use crate::domain::ids::{NoticeId, RoomId};
use crate::domain::law::clocks::duty_stages;
use crate::domain::law::finding::Duty;
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::{Span, Timestamp};
use crate::domain::operations::notice::{Notice, NoticeStatus};

impl Asked<'_> {
    /// What was agreed with the host that a notice is for. Of one that says no host yet the strictest holds.
    fn of_notice(&self, notice: &Notice, figure: Figure) -> Span {
        match &notice.fields {
            Some(fields) => self.agreed(fields.host_state).span(figure),
            None => strictest_of(self.operation, self.profiles, figure),
        }
    }

    pub(super) fn notices(&mut self) {
        for (id, notice) in &self.operation.notices {
            if notice.status == NoticeStatus::Failed {
                self.failed(id, notice);
            }
            let (Some(recorded), Some(since)) = (notice.owed_at, notice.owed_since) else {
                continue;
            };
            let subject = self.subject(|subject| subject.notice = Some(id.clone()));
            match notice.duty {
                Duty::NoticeOfCrossing if notice.status < NoticeStatus::Seen => {
                    self.unread(notice, subject, recorded);
                }
                Duty::Request if notice.is_open() => {
                    let kinds = [AlarmKind::RequestDue, AlarmKind::RequestLate];
                    let stages = duty_stages(Duty::Request).iter();
                    let due = stages.map(|stage| since.plus(self.of_notice(notice, *stage)));
                    let steps: Vec<(AlarmKind, Timestamp)> = kinds.into_iter().zip(due).collect();
                    let (sentence, action) = if self.roster.is_here(&notice.to) {
                        (
                            format!("The request for assistance to {} is not sent", notice.to),
                            "Send the request",
                        )
                    } else {
                        (
                            format!(
                                "{}, which has no room here, is not asked for assistance",
                                notice.to
                            ),
                            "Call, and log the voice contact",
                        )
                    };
                    self.ladder(&subject, since, &steps, &sentence, action);
                }
                Duty::NoticeOfCrossing | Duty::Request | Duty::Report => {}
            }
        }
    }

    /// No person of the host has read the notice of a crossing that was recorded at a moment: pressing once it is unread or
    /// undelivered for too long, and at once when nothing will deliver it.
    fn unread(&mut self, notice: &Notice, subject: Subject, recorded: Timestamp) {
        let (to, who) = (&notice.to, self.who_crossed(notice));
        let call = "Call, and log the voice contact";
        let here = self.roster.is_here(to);
        let (what, action) = match notice.status {
            NoticeStatus::Failed => (
                format!("the crossing notice to {to} could not be delivered"),
                "Call, and log the voice contact; or send it again",
            ),
            NoticeStatus::Sent => (
                format!("the crossing notice to {to} is sent, and not delivered"),
                call,
            ),
            _ if notice.is_open() && !here => {
                (format!("{to}, which has no room here, is not told"), call)
            }
            _ if notice.is_open() => (
                format!("the crossing notice to {to} is not sent"),
                "Send it, or call and log the voice contact",
            ),
            _ => (format!("the crossing notice is not read in {to}"), call),
        };
        let kind = AlarmKind::NoticeNotSeen;
        let cause = Cause::now(
            kind,
            subject,
            recorded,
            format!("{who} abroad: {what}"),
            action,
        );
        let unread = recorded.plus(self.of_notice(notice, Figure::NoticeUnread));
        let due = match (notice.status, notice.sent_at) {
            (NoticeStatus::Failed, _) => cause.due,
            (NoticeStatus::Sent, Some(sent)) => {
                let late = self.of_notice(notice, Figure::ReceiptLate);
                unread.min(sent.max(recorded).plus(late))
            }
            _ => unread,
        };
        self.causes.push(Cause { due, ..cause });
    }

    /// No way is left by which a notice would arrive. It is a fact of its own beside one that is not read (A02): who took that
    /// alarm when it was sent is told that it did not arrive.
    fn failed(&mut self, id: &NoticeId, notice: &Notice) {
        let (duty, to) = (notice.duty, &notice.to);
        let what = match duty {
            Duty::NoticeOfCrossing => "crossing notice",
            Duty::Request => "request for assistance",
            Duty::Report => "report",
        };
        let why = notice.failed.as_deref().unwrap_or("not recorded");
        let sentence = format!("The {what} to {to} could not be delivered: {why}");
        let since = notice.sent_at.unwrap_or(self.operation.opened_at);
        let subject = self.subject(|subject| subject.notice = Some(id.clone()));
        let action = "Send it again, or call and log the voice contact";
        let cause = Cause::now(AlarmKind::NoticeFailed, subject, since, sentence, action);
        self.causes.push(cause);
    }

    /// What a partner sent to this room and nobody here has read.
    pub(super) fn notices_to(&mut self, own: &RoomId) {
        for (id, notice) in &self.operation.notices {
            let waits = notice.to == *own
                && notice.duty == Duty::NoticeOfCrossing
                && matches!(notice.status, NoticeStatus::Sent | NoticeStatus::Delivered);
            let Some(sent) = notice.sent_at.filter(|_| waits) else {
                continue;
            };
            let subject = self.subject(|subject| subject.notice = Some(id.clone()));
            let sentence = format!(
                "{} of {}: the crossing notice is not read here",
                self.who_crossed(notice),
                self.operation.card.room
            );
            let kind = AlarmKind::NoticeNotSeen;
            let cause = Cause::now(kind, subject, sent, sentence, "Read it, and say so");
            let delay = self.of_notice(notice, Figure::NoticeUnread);
            self.causes.push(cause.after(delay));
        }
    }

    /// The call signs in a notice.
    fn who_crossed(&self, notice: &Notice) -> String {
        let fields = notice.fields.as_ref();
        let crossings = fields.map_or(&[][..], |fields| fields.crossings.as_slice());
        let told = crossings.iter().filter(|one| !one.taken_back);
        let names: Vec<&str> = told.map(|one| &*one.callsign).collect();
        if names.is_empty() {
            self.operation.card.name.to_string()
        } else {
            names.join(", ")
        }
    }
}
