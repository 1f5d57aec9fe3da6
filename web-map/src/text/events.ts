/** One line for every event: who, a short code, and what happened, in words. */

import { likely } from "../picture/approach";
import { nameOf } from "../picture/label";
import type { DeviceNews, Event, EventOf } from "../picture/names";
import type { Picture } from "../picture/picture";
import { duration, millis, zulu } from "../picture/time";
import { distance, plain, states } from "../picture/words";
import type { SaidEvent } from "../picture/fold_dialogue";
import { saidLine } from "./dialogue";
import { channelWord, clockWord, dutyWord, heldWord, hostAnswerWord, outcomeWord, reasonWord, recognisedWord, topicWord } from "./en";

export type Family = "crossings" | "handover" | "law" | "units" | "sightings" | "access";
export interface Told { readonly code: string; readonly family: Family; readonly words: string; readonly unit: string | null; readonly operation: string | null }

const FAMILIES: readonly [string, Family, string][] = [
  ["crossing.", "crossings", "CROSS"], ["border.", "crossings", "LINE"], ["tracker.", "units", "SEAL"], ["unit.may_have_crossed", "crossings", "SILENT"],
  ["alarm.", "law", "ALARM"], ["law.", "law", "LAW"], ["notice.", "law", "NOTICE"], ["clock.jumped", "access", "CLOCK"], ["disk.", "access", "DISK"], ["rules.", "law", "RULES"], ["profile.", "law", "PROFILE"], ["clock.", "law", "CLOCK"], ["limit.", "law", "LIMIT"], ["order.refused", "law", "REFUSED"], ["operation.", "law", "OP"],
  ["handover.", "handover", "HANDOVER"], ["lead.", "handover", "LEAD"], ["cease.", "handover", "CEASE"], ["release.", "handover", "REL"],
  ["link.", "handover", "LINK"], ["target.", "sightings", "TARGET"], ["eyes.", "sightings", "EYES"], ["fix.", "units", "FIX"], ["unit.", "units", "UNIT"],
  ["access.", "access", "ACCESS"], ["order.", "access", "ORDER"], ["room.", "access", "ROOM"],
];

/** What a person did to an operation. */
function changedWhat(event: EventOf<"operation.changed">): string {
  const { detained, detention_step: step } = event;
  if (detained != null) return `person held in ${detained.host} since ${zulu(millis(detained.since))}, recorded`;
  if (step != null) return `person held in ${step.host} ${heldWord(step.step)} at ${zulu(millis(step.at))}, recorded`;
  if (event.recognisable != null) return `recognisable by ${recognisedWord(event.recognisable.by)}, ticked`;
  if (event.resting_anew != null) return `${event.resting_anew.holds ? "rests" : "is to rest"} on rules v${event.resting_anew.rules.version} (${plain(event.resting_anew.because, 80)})${event.resting_anew.holds ? "" : "; a second person must enter it"}`;
  if (event.amendment != null) return `corrected (${plain(event.amendment.because, 80)})`;
  return event.authorisation === null ? "units changed" : "authorisation changed";
}

/** What a device told. */
function deviceNews(device: DeviceNews): string {
  switch (device.is) {
    case "battery_low": return `battery at ${device.percent} %`;
    case "battery_fine": return "battery fine again";
    case "inaccurate": return `accuracy ${distance(device.accuracy_m)}`;
    case "accurate": return "accurate again";
    case "behind": return `sends what it recorded at ${zulu(millis(device.recorded_at))}, or its clock is behind`;
  }
}

/** Kinds that repeat while something goes on: the list shows the newest with a count. */
export const REPEATS: ReadonlySet<string> = new Set(["target.sighted", "border.approaching", "border.breach_predicted", "unit.silent", "unit.may_have_crossed", "fix.quarantined", "notice.drafted", "unit.device"]);

export function told(event: Event, picture: Picture): Told {
  const [, family, code] = FAMILIES.find(([start]) => event.kind.startsWith(start)) ?? ["", "units" as const, "OTHER"];
  // A message of a dialogue is called by its code.
  if ("message" in event && typeof event.message !== "string") return { code: event.message.code, family, words: words(event, picture), unit: null, operation: event.operation };
  return { code, family, words: words(event, picture), unit: "unit" in event ? event.unit : null, operation: "operation" in event ? event.operation : null };
}

function words(event: Event, picture: Picture): string {
  const name = (id: string | null): string => { const unit = id === null ? undefined : picture.units.get(id); return unit === undefined ? plain(id ?? "a unit", 20) : nameOf(unit); };
  const op = (id: string | null): string => plain(id === null ? "no operation" : (picture.operations.get(id)?.name ?? id), 24);
  const notice = (operation: string | null, id: string): string => {
    const known = operation === null ? undefined : picture.operations.get(operation)?.notices.find((one) => one.id === id);
    return known === undefined ? "Notice" : `${dutyWord(known.duty)} to ${plain(known.to, 16)}`;
  };
  const names = (ids: readonly string[]): string => (ids.length === 0 ? "no unit" : ids.map(name).join(", "));
  /** Which message a receipt or an acknowledgement is about, where it is held. */
  const about = (said: SaidEvent): string => {
    const known = said.operation === null ? undefined : picture.operations.get(said.operation)?.dialogues.find((one) => one.state.partner === said.partner);
    const code = known?.messages.find((one) => one.message.id === said.message.reply_to)?.message.code;
    return code === undefined ? "" : ` (${code})`;
  };
  switch (event.kind) {
    case "room.added": return `Room ${plain(event.id, 24)} of ${event.state}`;
    case "unit.added": return `${plain(event.callsign, 20)}: registered, ${event.unit_kind} of ${event.state}`;
    case "unit.retired": return `${name(event.unit)}: retired`;
    case "unit.signed_on": return `${name(event.unit)}: on duty`;
    case "unit.signed_off": return `${name(event.unit)}: off duty`;
    case "unit.located": return `${name(event.unit)}: first placed in ${states(event.states)}, no crossing`;
    case "border.approaching": return `${name(event.unit)}: ${distance(event.distance_m)} to ${states(event.to)}, in ${duration(event.eta_earliest_s)} to ${duration(event.eta_latest_s)}${event.crossings === undefined ? "" : ` · ${likely(event.crossings)}`}`;
    case "border.receding": return `${name(event.unit)}: no longer on its way to ${event.frontier}`;
    case "tracker.sealed": return `${name(event.unit)}: sealed${event.without === "-" ? "" : `, no permission ${states(event.without)}`}; where it is nobody learns`;
    case "tracker.unsealed": return `${name(event.unit)}: read again`;
    case "tracker.permission_entered": return `${op(event.operation)}: ${event.permission.state} permission ${plain(event.permission.number, 24)} for ${name(event.permission.unit)} entered by ${plain(event.by.account, 24)}; a second person must enter it`;
    case "tracker.permitted": return `${op(event.operation)}: ${name(event.permission.unit)} may be read in ${event.permission.state}, entered by ${plain(event.by.account, 24)} too`;
    case "border.stand_off_broken": return `${name(event.unit)}: ${distance(event.distance_m)} before ${states(event.to)}, stand-off ${distance(event.stand_off_m)}`;
    case "border.breach_predicted": return `${name(event.unit)}: over ${states(event.to)} at ${event.over_at === null ? "once" : zulu(millis(event.over_at))} as it goes, and no rule lets it`;
    case "border.stand_off_kept": return `${name(event.unit)}: keeps the stand-off again`;
    case "crossing.suspected": return `${name(event.unit)}: crossing ${states(event.from)} to ${states(event.to)} suspected, not confirmed`;
    case "crossing.confirmed": return `${name(event.unit)}: crossed ${states(event.from)} to ${states(event.to)}, earliest ${zulu(millis(event.earliest))}${event.inferred ? ", in a gap" : ""}`;
    case "crossing.revised": return `${name(event.unit)}: crossing ${states(event.from)} to ${states(event.to)} revised, earliest ${zulu(millis(event.earliest))}`;
    case "crossing.retracted": return `${name(event.unit)}: crossing to ${states(event.to)} withdrawn. ${plain(event.because, 160)}`;
    case "unit.silent": return `${name(event.unit)}: no fix since ${zulu(millis(event.since))}, within ${distance(event.radius_m)}`;
    case "unit.may_have_crossed": return `${name(event.unit)}: may have crossed, no fix since ${zulu(millis(event.since))}, reach ${states(event.reach)}`;
    case "unit.camera_over": return `${name(event.unit)}: ${event.states === "-" ? "its camera looks at no state" : `its camera looks at ${states(event.states)}`}`;
    case "unit.device": return `${name(event.unit)}: ${deviceNews(event.device)}`;
    case "unit.back": return `${name(event.unit)}: heard again`;
    case "unit.left_coverage": return `${name(event.unit)}: outside the states of the border data`;
    case "fix.quarantined": return `${name(event.unit)}: fix kept apart, ${reasonWord(event.reason)}. ${plain(event.detail, 120)}`;
    case "fix.released": return `${name(event.unit)}: fix of ${zulu(millis(event.fixed_at))} believed now`;
    case "unit.acted": return `${name(event.unit)}: pressed ${event.act.replaceAll("_", " ").toUpperCase()}`;
    case "operation.opened": return `${plain(event.card.name, 24)}: opened by ${plain(event.card.opened_by.account, 24)}, ${event.card.basis}`;
    case "alarm.raised": return `${event.code} raised: ${plain(event.sentence, 160)}`;
    case "alarm.acknowledged": return `${event.code} taken by ${plain(event.by.account, 24)} (${plain(event.alarm, 16)})`;
    case "alarm.shelved": return `${event.code} put aside until ${zulu(millis(event.until))} by ${plain(event.by.account, 24)}: ${plain(event.reason, 120)}`;
    case "alarm.reopened": return `${event.code} again: ${plain(event.sentence, 160)}${event.acknowledged === null ? "" : `, taken by ${plain(event.acknowledged.by.account, 24)}`}`;
    case "alarm.annunciated": return `${event.code} shown to ${plain(event.by.account, 24)} (${plain(event.alarm, 16)})`;
    case "alarm.returned": return `${event.code} is back: the time it was put aside for is over (${plain(event.alarm, 16)})`;
    case "disk.room": return event.is_little ? `Recording at risk: ${event.left_mib} MiB left on the disk of the records` : `The disk of the records has room enough again: ${event.left_mib} MiB`;
    case "alarm.cleared": return `${event.code} over (${plain(event.alarm, 16)})`;
    case "operation.changed": return `${op(event.operation)}: ${changedWhat(event)} by ${plain(event.by.account, 24)}`;
    case "report.owed": return `${op(event.operation)}: the last unit is home, the report is owed.`;
    case "report.stated": return `${op(event.operation)}: ${topicWord(event.topic)} stated by ${plain(event.by.account, 24)}. ${plain(event.text, 120)}`;
    case "report.signed": return `${op(event.operation)}: report signed by ${plain(event.by.account, 24)}.`;
    case "operation.closed": return `${op(event.operation)}: closed by ${plain(event.by.account, 24)}${event.outcome === null ? "" : ` (${outcomeWord(event.outcome)})`}. ${plain(event.reason, 120)}`;
    case "operation.shared": return `${op(event.operation)}: shared with ${plain(event.with, 20)}`;
    case "law.assessed": if (event.unit !== null && event.findings.length === 0) return `${name(event.unit)}: home, nothing to assess`; return `${event.unit === null ? "Opening" : name(event.unit)}: ${event.verdict === "stop" ? "the rules say stop" : "no obstacle found in the rules"}, ${event.findings.filter((finding) => finding.answer === "met").length} of ${event.findings.length} conditions met`;
    case "order.refused": return `Refused to ${plain(event.by.account, 24)}: ${plain(event.sentence, 160)}`;
    case "notice.owed": return `${dutyWord(event.duty)} to ${plain(event.to, 16)} owed since ${zulu(millis(event.since))}`;
    case "notice.drafted": return `${dutyWord(event.duty)} to ${plain(event.to, 16)} drafted`;
    case "notice.withdrawn": return `${notice(event.operation, event.notice)} withdrawn: ${plain(event.because, 120)}`;
    case "notice.ready": return `${notice(event.operation, event.notice)} ready`;
    case "notice.sent": return `${notice(event.operation, event.notice)} sent by ${plain(event.by.account, 24)}`;
    case "notice.attempted": return `${notice(event.operation, event.notice)} ${event.delivered ? "taken" : "not taken"} by ${channelWord(event.channel)}, attempt ${event.number}: ${plain(event.said, 120)}`;
    case "notice.failed": return `${notice(event.operation, event.notice)} could not be delivered: ${plain(event.because, 120)}`;
    case "notice.sent_again": return `${notice(event.operation, event.notice)} sent again by ${plain(event.by.account, 24)}`;
    case "notice.delivered": return `${notice(event.operation, event.notice)} delivered`;
    case "notice.voice": return `${notice(event.operation, event.notice)} given by telephone to ${plain(event.call.name, 40)}, ${plain(event.call.number, 24)}; written down by ${plain(event.by.account, 24)}`;
    case "notice.seen": return `${notice(event.operation, event.notice)} ${event.call === undefined ? `read by ${plain(event.by.account, 24)} (${plain(event.by.room, 16)})` : `read, as ${plain(event.call.name, 40)} said by telephone; written down by ${plain(event.by.account, 24)}`}`;
    case "notice.answered": return `${notice(event.operation, event.notice)} answered by ${plain(event.name, 40)} (${hostAnswerWord(event.answer)}): ${plain(event.words, 160)}`;
    case "clock.started": return `${clockWord(event.clock)} clock for ${event.host} runs until ${zulu(millis(event.ends))}`;
    case "clock.revised": return `${clockWord(event.clock)} clock for ${event.host} now until ${zulu(millis(event.ends))}. ${plain(event.because, 120)}`;
    case "clock.warned": return `${clockWord(event.clock)} clock for ${event.host}: ${duration(event.left_s)} left`;
    case "clock.expired": return `${clockWord(event.clock)} clock for ${event.host} is over. ${plain(event.because, 160)}`;
    case "clock.stopped": return `${clockWord(event.clock)} clock for ${event.host} stopped. ${plain(event.because, 120)}`;
    case "limit.near":
    case "limit.exceeded":
    case "limit.within": return plain(event.sentence, 200);
    case "target.sighted": return `${plain(event.target, 20)}: seen in ${states(event.states)}${event.by_unit === null ? "" : ` by ${name(event.by_unit)}`}, within ${distance(event.accuracy_m)}`;
    case "eyes.moved": return event.to_unit === null ? "Nobody has eyes on the target" : `${name(event.to_unit)} has eyes on the target`;
    case "eyes.taken": return event.unit === null ? `${op(event.operation)}: who has eyes on the target is settled` : `${name(event.unit)} wants to take the target`;
    case "lead.moved": return `${op(event.operation)}: ${plain(event.lead.room, 16)} leads (e${event.lead.epoch}) since ${zulu(millis(event.lead.since))}${event.by === null ? "" : `, assumed by ${plain(event.by.account, 24)}`}`;
    case "lead.disputed": return `${op(event.operation)}: who leads is in dispute. ${plain(event.partner, 16)} says ${plain(event.room, 16)} (e${event.epoch})`;
    case "lead.settled": return `${op(event.operation)}: ${plain(event.partner, 16)} names the same lead again`;
    case "cease.ordered": return `${op(event.operation)}: CEASE ordered by ${plain(event.room, 16)} (${plain(event.by.account, 24)}), ${names(event.units)}: ${plain(event.words, 160)}`;
    case "release.ordered": return `${op(event.operation)}: ${names(event.units)} released by ${plain(event.room, 16)} (${plain(event.by.account, 24)})`;
    case "cease.acknowledged": return `${op(event.operation)}: CEASE ${event.by === null ? `answered by ${name(event.unit)}: will turn` : `read by ${plain(event.by.account, 24)} (${plain(event.by.room, 16)})`}`;
    case "release.acknowledged": return `${op(event.operation)}: release ${event.by === null ? `answered by ${name(event.unit)}` : `read by ${plain(event.by.account, 24)} (${plain(event.by.room, 16)})`}`;
    case "handover.lam": return `${op(event.operation)}: ${event.direction === "sent" ? `received what ${plain(event.partner, 16)} said` : `${plain(event.partner, 16)} has what we said`}${about(event)}`;
    case "handover.lrm": return `${op(event.operation)}: ${event.direction === "sent" ? `refused what ${plain(event.partner, 16)} said` : `${plain(event.partner, 16)} refuses what we said`}${about(event)}: ${plain(event.message.words ?? "", 200)}`;
    case "handover.ntf": case "handover.aut": case "handover.pro": case "handover.rvn": case "handover.rvr": case "handover.sby": case "handover.cdn": case "handover.acp":
    case "handover.rjc": case "handover.abr": case "handover.hop": case "handover.rof": case "handover.mas": case "handover.eye": case "handover.rel": case "handover.cease":
    case "handover.ext": case "handover.cls": case "handover.ack": case "handover.txt": case "handover.xng": case "handover.rqa":
      return `${op(event.operation)}: ${saidLine(event.message, event.direction === "sent", name)}${event.kind === "handover.ack" ? about(event) : ""}`;
    case "access.viewed": return `${plain(event.by.account, 24)} looked at ${plain(event.what, 60)}: ${plain(event.reason, 80)}`;
    case "access.exported": return `${plain(event.by.account, 24)} took out ${plain(event.what, 60)}: ${plain(event.reason, 80)}`;
    case "access.session": return `${plain(event.by.account, 24)} ${event.act.replaceAll("_", " ")}`;
    case "order.taken": return `Order of ${plain(event.by.account, 24)} carried out: ${plain(event.answer, 60)}`;
    case "profile.adopted": return `Profiles adopted: ${event.profiles.map((profile) => `${profile.pair} v${profile.version}`).join(", ") || "none"}. ${plain(event.changed, 160)}`;
    case "rules.adopted": return `Rules v${event.version} adopted. ${plain(event.changed, 160)}`;
    case "link.lost": return `Link to ${plain(event.partner, 16)} lost since ${zulu(millis(event.since))}: ${event.hears === event.is_heard ? "it is not heard" : event.hears ? "it is heard, and does not hear us" : "it hears us, and is not heard"}`;
    case "link.restored": return `Link to ${plain(event.partner, 16)} whole again`;
    case "link.missing": return event.told_here ? `${plain(event.partner, 16)} has words of this room (${event.from} to ${event.through}) that no record here knows: this room was set back` : `Words of ${plain(event.partner, 16)} (${event.from} to ${event.through}) never came and cannot come any more`;
    case "link.refused": return `Refused in the name of ${plain(event.partner, 16)}: ${plain(event.sentence, 160)}`;
    case "link.head": return `${plain(event.partner, 16)} told that its record has come to ${event.head_seq}`;
    case "link.clock_differs": return event.by_ms === 0 ? `The clock of ${plain(event.partner, 16)} is as good as equal again` : `The clock of ${plain(event.partner, 16)} is ${event.by_ms > 0 ? "ahead" : "behind"} by ${Math.abs(event.by_ms)} ms`;
    case "clock.jumped": return `The service's clock was moved by ${event.by_s.toFixed(1)} s`;
    default: return plain((event as { kind: string }).kind, 60);
  }
}
