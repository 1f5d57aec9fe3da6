/** What needs a person first: the line above everything. */

import type { Operation } from "./names";
import { openOperations } from "./side";
import type { Picture } from "./picture";
import { noticeNoun } from "./strips";
import { millis } from "./time";

/** A notice is overdue for the banner when it was not sent, or not read by a person, for this long. The rooms' figures: the law says "immediately". */
export const OVERDUE_S: Readonly<Record<string, number>> = { notice_of_crossing: 60, request: 900 };

export interface Line {
  readonly key: string;
  readonly priority: 1 | 2 | 3;
  readonly operation: string;
  readonly what: string;
  readonly detail: string;
  readonly act: string;
  /** When it came up, ms. */
  readonly raised: number;
}

function stops(operation: Operation, now: number): Line[] {
  const lines: Line[] = [];
  if (operation.must_stop !== null) {
    const ended = operation.clocks.filter((clock) => clock.status === "expired").map((clock) => millis(clock.ends)).filter((ends) => ends <= now);
    lines.push({ key: `${operation.id}:stop`, priority: 1, operation: operation.id, what: `${operation.name}: must stop`, detail: operation.must_stop, act: `${operation.room}: stop, and confirm with each unit`, raised: ended.length > 0 ? Math.max(...ended) : latestAssessment(operation) });
  }
  for (const assessment of operation.assessments.filter((one) => one.verdict === "stop" && operation.must_stop === null)) {
    const failing = assessment.findings.find((finding) => finding.answer !== "met");
    const about = assessment.unit === null ? "this operation" : assessment.unit;
    lines.push({ key: `${operation.id}:${assessment.unit ?? ""}:verdict`, priority: 1, operation: operation.id, what: `${operation.name}: the rules say stop for ${about}`, detail: failing?.sentence ?? "", act: "Stop, or ask legal", raised: millis(assessment.at) });
  }
  return lines;
}

const latestAssessment = (operation: Operation): number => Math.max(millis(operation.opened_at), ...operation.assessments.map((one) => millis(one.at)));

function overdue(operation: Operation, now: number): Line[] {
  const lines: Line[] = [];
  for (const notice of operation.notices) {
    const noun = noticeNoun(notice.duty);
    const unsent = notice.status === "owed" || notice.status === "draft" || notice.status === "ready";
    const since = unsent ? notice.owed_since : notice.status === "seen" ? null : notice.sent_at;
    const within = OVERDUE_S[notice.duty];
    if (since === null || within === undefined || now - millis(since) < within * 1000) continue;
    const to = notice.to === "" ? operation.host_states.join(" ") : notice.to;
    const first = notice.duty === "notice_of_crossing";
    lines.push({
      key: `${operation.id}:${notice.id}:${unsent ? "unsent" : "unseen"}`, priority: first ? 1 : 2, operation: operation.id, raised: millis(since) + within * 1000,
      what: unsent ? `${operation.name}: ${noun} to ${to} not sent` : `${operation.name}: ${noun} not read in ${to}`,
      detail: unsent ? `owed since ${since.slice(11, 19)}Z` : `sent ${since.slice(11, 19)}Z`,
      act: unsent ? `${operation.room}: send it, or phone` : `${operation.room}: phone ${to}`,
    });
  }
  return lines;
}

/** Everything that stands now, the most pressing first, then the newest. */
export function lines(picture: Picture, now: number): Line[] {
  return openOperations(picture)
    .flatMap((operation) => [...stops(operation, now), ...overdue(operation, now)])
    .sort((a, b) => a.priority - b.priority || b.raised - a.raised);
}
