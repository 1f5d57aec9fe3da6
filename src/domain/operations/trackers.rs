//! Which host states let a technical source be read on their soil? Two persons enter a permission together: a supervisor
//! and the legal desk (WORKFLOW.md section 5).

use super::operation::Operation;
use super::orders::{Ask, Ordered, current, refuse};
use crate::domain::event::{Event, OperationEvent, OperationEventKind, Refusal, What};
use crate::domain::ids::{State, UnitId};
use crate::domain::measure::Timestamp;
use crate::domain::registry::{Person, UnitCard, UnitKind};
use crate::domain::rights::Role;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a host state permitted, as its document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackerPermission {
    /// Which source.
    pub unit: UnitId,
    /// Which state.
    pub state: State,
    /// The number of its document.
    pub number: Arc<str>,
    /// From when, inclusive.
    pub from: Timestamp,
    /// Until when, exclusive.
    pub to: Timestamp,
}

/// A permission and who entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredPermission {
    /// What.
    pub permission: TrackerPermission,
    /// The first person, and as what.
    pub first: (Person, Role),
    /// The second one, and when: from then on it counts, never for before.
    pub second: Option<(Person, Timestamp)>,
}

/// A person enters a permission: the first, or the second of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackerEvent {
    /// What.
    pub permission: TrackerPermission,
    /// Who.
    pub by: Person,
    /// As what.
    pub role: Role,
    /// Whether this is the second person: the source is read there from now on.
    pub granted: bool,
}

impl TrackerEvent {
    /// The word of the outside contract.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        if self.granted {
            "tracker.permitted"
        } else {
            "tracker.permission_entered"
        }
    }

    /// Folds it into what was entered. The first that entered a permission stays the first.
    pub(super) fn apply(&self, entered: &mut Vec<EnteredPermission>, at: Timestamp) {
        let known = entered
            .iter_mut()
            .find(|one| one.permission == self.permission);
        match known {
            Some(one) if self.granted && one.second.is_none() => {
                one.second = Some((self.by.clone(), at));
            }
            Some(_) => {}
            None => entered.push(EnteredPermission {
                permission: self.permission.clone(),
                first: (self.by.clone(), self.role),
                second: self.granted.then(|| (self.by.clone(), at)),
            }),
        }
    }
}

/// The states that let a source be read at a moment: their window holds it, and both persons had entered it by then.
pub fn permits<'o>(
    operation: &'o Operation,
    unit: &'o UnitId,
    at: Timestamp,
) -> impl Iterator<Item = State> + 'o {
    let holds = move |entered: &&EnteredPermission| {
        let (of, known) = (&entered.permission, entered.second.as_ref());
        of.unit == *unit
            && of.from <= at
            && at < of.to
            && known.is_some_and(|(_, since)| *since <= at)
    };
    let entered = operation.trackers.iter();
    entered
        .filter(holds)
        .map(|entered| entered.permission.state)
}

/// A person enters a permission. The same one, entered again by a person of the other role, counts from then on.
///
/// # Errors
/// A [`Refusal`] by a guard.
pub fn permit(
    ask: Ask<'_>,
    operation: &Operation,
    permission: &TrackerPermission,
    role: Role,
    units: &BTreeMap<UnitId, &UnitCard>,
) -> Ordered {
    current(ask, operation, None)?;
    let is_tracker = |card: &&UnitCard| card.kind == UnitKind::Tracker;
    let unit = &permission.unit;
    if !operation.has(unit) || !units.get(unit).is_some_and(is_tracker) {
        let sentence = format!(
            "{unit} is no technical source in operation {}: name one.",
            operation.card.id
        );
        return Err(refuse("tracker_not_in_operation", sentence));
    }
    if !operation
        .card
        .declared
        .host_states
        .contains(&permission.state)
    {
        let sentence = format!("{} is no host state of the operation.", permission.state);
        return Err(refuse("tracker_permission_state", sentence));
    }
    if permission.to <= permission.from {
        let sentence = format!(
            "The permission ends at {} before it begins at {}.",
            permission.to, permission.from
        );
        return Err(refuse("tracker_permission_window", sentence));
    }
    if !matches!(role, Role::Supervisor | Role::Legal) {
        let sentence =
            "A source is unsealed by a supervisor and the legal desk together: ask them.";
        return Err(refuse("tracker_permission_role", sentence.to_owned()));
    }
    let entered = operation.trackers.iter();
    let known = entered
        .clone()
        .find(|entered| entered.permission == *permission);
    let granted = match known {
        None => false,
        Some(one) => second(one, ask.by, role)?,
    };
    let kind = OperationEventKind::Tracker(TrackerEvent {
        permission: permission.clone(),
        by: ask.by.clone(),
        role,
        granted,
    });
    Ok(vec![Event {
        at: ask.now,
        what: What::Operation(OperationEvent {
            operation: Some(operation.card.id.clone()),
            kind,
        }),
    }])
}

/// Whether a person may be the second one.
fn second(known: &EnteredPermission, by: &Person, role: Role) -> Result<bool, Refusal> {
    let (first, first_role) = &known.first;
    if known.second.is_some() {
        let sentence = "Both have entered it: it counts already.".to_owned();
        return Err(refuse("tracker_permission_stands", sentence));
    }
    if first.account == by.account || *first_role == role {
        let other = match first_role {
            Role::Legal => "a supervisor",
            _ => "the legal desk",
        };
        let sentence = format!("{} entered it: now {other} must.", first.account);
        return Err(refuse("tracker_permission_second", sentence));
    }
    Ok(true)
}
