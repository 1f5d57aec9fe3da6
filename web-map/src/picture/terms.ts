/** What two rooms agree on, term by term: in words, and in what two versions differ. */

import type { Terms } from "./names";
import { millis, zulu, zuluMinutes } from "./time";
import { distance, plain } from "./words";

/** Every term, as a card lists them. */
export const TERMS = ["crossing_point", "expected", "transfer_at", "takes_eyes", "units", "overlap", "voice"] as const;
export type Term = (typeof TERMS)[number];

/** How a unit is called on the screen. */
export type Named = (unit: string) => string;

/** `11:33Z ±2 min`; where the interval is lopsided, its two ends. */
function expectedText(terms: Terms): string {
  const at = terms.expected;
  if (at === null) return "";
  const [earliest, likely, latest] = [millis(at.earliest), millis(at.likely), millis(at.latest)];
  const before = Math.round((likely - earliest) / 60_000), after = Math.round((latest - likely) / 60_000);
  const moment = likely % 60_000 === 0 ? zuluMinutes(likely) : zulu(likely);
  return before === after ? (before === 0 ? moment : `${moment} ±${before} min`) : `${moment}, ${zuluMinutes(earliest)} to ${zuluMinutes(latest)}`;
}

/** `2.0 km beyond the line`, `at the line`, `500 m before the line`. */
export function transferText(metres: number | null): string {
  if (metres === null) return "";
  return metres === 0 ? "at the line" : `${distance(metres)} ${metres > 0 ? "beyond" : "before"} the line`;
}

function overlapText(terms: Terms): string {
  const far = terms.overlap_m === null ? "" : distance(terms.overlap_m);
  const long = terms.overlap_s === null ? "" : `${Math.round(terms.overlap_s / 60)} min`;
  return [far, long].filter((part) => part !== "").join(" and ");
}

/** `COP-1 Nagylak–Nădlac I 0.78`: the likeliest first. */
function pointsText(terms: Terms): string {
  return terms.crossing_points.map((at) => `${plain(at.name, 60)}${at.percent === null ? "" : ` ${(at.percent / 100).toFixed(2)}`}`).join(" · ");
}

/** What stands where terms leave something open. */
export const NOT_SAID = "not said";

/** What terms say of one thing; `not said` where they leave it open. */
export function termText(terms: Terms, term: Term, name: Named): string {
  const said = {
    crossing_point: () => pointsText(terms),
    expected: () => expectedText(terms),
    transfer_at: () => transferText(terms.transfer_at_m),
    takes_eyes: () => (terms.takes_eyes === null ? "" : name(terms.takes_eyes)),
    units: () => terms.units.map(name).join(", "),
    overlap: () => overlapText(terms),
    voice: () => plain(terms.voice ?? "", 80),
  }[term]();
  return said === "" ? NOT_SAID : said;
}

/** In what one version differs from another. A crossing point is the same when its name is; times are when they mean the same moment. */
export function differences(before: Terms, after: Terms): Term[] {
  const same: Readonly<Record<Term, boolean>> = {
    crossing_point: before.crossing_points[0]?.name === after.crossing_points[0]?.name,
    expected: before.expected === null || after.expected === null
      ? before.expected === after.expected
      : (["earliest", "likely", "latest"] as const).every((key) => millis(before.expected?.[key] ?? "") === millis(after.expected?.[key] ?? "")),
    transfer_at: before.transfer_at_m === after.transfer_at_m,
    takes_eyes: before.takes_eyes === after.takes_eyes,
    units: before.units.join() === after.units.join(),
    overlap: before.overlap_m === after.overlap_m && before.overlap_s === after.overlap_s,
    voice: before.voice === after.voice,
  };
  return TERMS.filter((term) => !same[term]);
}

/** The terms in one line, for a history: only what they say. */
export function termsLine(terms: Terms, name: Named): string {
  return TERMS.map((term) => ({ term, text: termText(terms, term, name) }))
    .filter(({ text }) => text !== NOT_SAID)
    .map(({ term, text }) => (term === "takes_eyes" ? `${text} takes eyes` : term === "units" ? `${text} enter${text.includes(",") ? "" : "s"}` : term === "overlap" ? `overlap ${text}` : text))
    .join(" · ");
}
