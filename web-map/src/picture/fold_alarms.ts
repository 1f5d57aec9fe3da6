/** What each kind of event does to the alarms that stand. */

import type { Alarm, Event, EventOf } from "./names";

type Folds = { readonly [K in Event["kind"]]?: (alarms: readonly Alarm[], event: EventOf<K>) => readonly Alarm[] };

const changed = (alarms: readonly Alarm[], id: string, change: Partial<Alarm>): readonly Alarm[] => alarms.map((alarm) => (alarm.id === id ? { ...alarm, ...change } : alarm));

export const ALARM_FOLDS: Folds = {
  "alarm.raised": (alarms, event) => [...alarms.filter((alarm) => alarm.id !== event.alarm), {
    id: event.alarm, alarm: event.alarm, code: event.code, priority: event.priority, operation: event.operation, unit: event.unit, notice: event.notice, host: event.host,
    since: event.since, sentence: event.sentence, action: event.action, raised_at: event.at, annunciated: null, acknowledged: null, shelved: null,
  }],
  "alarm.reopened": (alarms, event) => [...alarms.filter((alarm) => alarm.id !== event.alarm), {
    id: event.id, alarm: event.alarm, code: event.code, priority: event.priority, operation: event.operation, unit: event.unit, notice: event.notice, host: event.host,
    since: event.since, sentence: event.sentence, action: event.action, raised_at: event.raised_at, annunciated: event.annunciated, acknowledged: event.acknowledged, shelved: event.shelved,
  }],
  "alarm.annunciated": (alarms, event) => changed(alarms, event.alarm, { annunciated: { by: event.by, at: event.at } }),
  "alarm.returned": (alarms, event) => changed(alarms, event.alarm, { shelved: null, annunciated: null }),
  "alarm.acknowledged": (alarms, event) => changed(alarms, event.alarm, { acknowledged: { by: event.by, at: event.at } }),
  "alarm.shelved": (alarms, event) => changed(alarms, event.alarm, { shelved: { by: event.by, until: event.until, reason: event.reason } }),
  "alarm.cleared": (alarms, event) => alarms.filter((alarm) => alarm.id !== event.alarm),
};
