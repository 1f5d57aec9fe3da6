/** Figures and strangers' text, made fit to show. */

/** Characters that change how their neighbours are read, or cannot be seen: each is shown as a mark instead. */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** A stranger's text as one line: direction marks and invisible characters become `�`, long text is cut with `…`. */
export function plain(text: string, most = 48): string {
  const shown = Array.from(text.slice(0, most * 8).replace(UNSEEN, "\ufffd"));
  return shown.length > most ? `${shown.slice(0, most - 1).join("")}…` : shown.join("");
}

/** `240 m` below a kilometre, `7.2 km` above. */
export function distance(metres: number | null): string {
  if (metres === null || !Number.isFinite(metres)) return "unknown";
  const m = Math.abs(metres);
  if (m < 995) return `${m < 100 ? Math.round(m) : Math.round(m / 10) * 10} m`;
  return m < 99_950 ? `${(m / 1000).toFixed(1)} km` : `${Math.round(m / 1000)} km`;
}

/** `82 km/h`. */
export const speed = (mps: number): string => `${Math.round(mps * 3.6)} km/h`;

/** `104°`. */
export const course = (degrees: number): string => `${String(((Math.round(degrees) % 360) + 360) % 360).padStart(3, "0")}°`;

/** `46.15600 20.70800`, latitude first. */
export const place = (lat: number, lon: number): string => `${lat.toFixed(5)} ${lon.toFixed(5)}`;

/** `A|B` of a condominium or a disputed place, as read aloud; `-` is none of the states we know. */
export function states(set: string): string {
  if (set === "-" || set === "") return "none";
  return set.split("|").join(" or ");
}

/** Whether somebody is followed on a basis: then there is a person and mostly an offence. */
export const followsSomebody = (basis: string): boolean => basis.startsWith("40(") || isPursuit(basis);
/** Whether an operation rests on Art. 41, or on a treaty that goes further. */
export const isPursuit = (basis: string): boolean => basis.startsWith("pursuit_");

/** A table of words for codes; what it does not know is shown as it came. */
const words = (table: Readonly<Record<string, string>>) => (code: string): string => table[code] ?? code.replaceAll("_", " ");

/** What a message between two rooms is, by its code. */
export const codeWord = words({
  NTF: "notice of a crossing to come", RQA: "request", AUT: "authorisation", PRO: "proposal", RVN: "update", RVR: "revision", SBY: "stand by", CDN: "counter-proposal",
  ACP: "acceptance", RJC: "refusal", ABR: "taken back", XNG: "crossing notice", HOP: "offer of the lead", ROF: "request for the lead", MAS: "assumption of the lead",
  EYE: "eyes", REL: "release", CEASE: "cease", EXT: "request for more", CLS: "side closed", RPT: "report", ACK: "read", TXT: "text", LAM: "received", LRM: "refused by the machine",
});
/** Why something is refused. */
export const refusedForWord = words({ no_unit: "no unit can take over", no_basis: "no basis in law", safety: "not safe", area: "not there", other: "other" });
/** Why something is taken back. */
export const withdrawnForWord = words({ route: "the target goes another way", cancel: "not wanted any more", stop: "stopped", hold: "on hold", target_lost: "target lost", other: "other" });
/** What is left when something is taken back. */
export const backToWord = words({ nothing: "nothing", notice: "the notice", agreement: "what was agreed" });
/** What is said of a unit and the target. */
export const eyesWord = words({ has: "has the target", lost: "lost the target", hands: "hands the target over", takes: "takes the target" });
/** What terms say. */
export const termWord = words({ crossing_point: "Crossing point", expected: "Expected", transfer_at: "Lead passes", takes_eyes: "Takes eyes", units: "Units that enter", overlap: "Overlap", voice: "Voice" });
