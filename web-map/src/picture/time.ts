/** Times as an operator reads them: UTC first, durations signed, nothing rounded upwards in its own favour. */

/** Milliseconds since 1970 of an RFC 3339 time; NaN when it is none. */
export const millis = (instant: string): number => Date.parse(instant);

const two = (n: number): string => String(n).padStart(2, "0");

/** `11:33:31Z`. */
export function zulu(ms: number): string {
  if (!Number.isFinite(ms)) return "unknown";
  const d = new Date(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}Z`;
}

/** `11:33Z`. */
export function zuluMinutes(ms: number): string {
  return Number.isFinite(ms) ? `${zulu(ms).slice(0, 5)}Z` : "unknown";
}

/** `2027-03-16`. */
export const isoDate = (ms: number): string => (Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : "unknown");

/** `2027-03-16 11:33Z`: for moments that need not lie on the day shown. */
export function zuluFull(ms: number, now: number): string {
  const time = ms % 60_000 === 0 ? zuluMinutes(ms) : zulu(ms);
  return isoDate(ms) === isoDate(now) ? time : `${isoDate(ms)} ${time}`;
}

/** `7:21`, `1:02:03`, past a limit `−0:14`. Whole seconds, cut towards zero. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  const whole = Math.trunc(Math.abs(seconds));
  const sign = seconds <= -1 ? "−" : "";
  const h = Math.trunc(whole / 3600), m = Math.trunc(whole / 60) % 60, s = whole % 60;
  return h > 0 ? `${sign}${h}:${two(m)}:${two(s)}` : `${sign}${m}:${two(s)}`;
}

/** An age: `9 s` below a minute, then `1:12`. */
export function age(seconds: number): string {
  if (!Number.isFinite(seconds)) return "unknown";
  return seconds < 60 ? `${Math.max(0, Math.trunc(seconds))} s` : duration(seconds);
}

/** The time zone of a state's capital, for the clock beside UTC. */
const ZONE: Readonly<Record<string, string>> = {
  AD: "Andorra", AL: "Tirane", AT: "Vienna", BA: "Sarajevo", BE: "Brussels", BG: "Sofia", BY: "Minsk", CH: "Zurich", CY: "Nicosia",
  CZ: "Prague", DE: "Berlin", DK: "Copenhagen", EE: "Tallinn", ES: "Madrid", FI: "Helsinki", FR: "Paris", GB: "London", GI: "Gibraltar",
  GR: "Athens", HR: "Zagreb", HU: "Budapest", IE: "Dublin", IT: "Rome", LI: "Vaduz", LT: "Vilnius", LU: "Luxembourg", LV: "Riga",
  MC: "Monaco", MD: "Chisinau", ME: "Podgorica", MK: "Skopje", MT: "Malta", NL: "Amsterdam", NO: "Oslo", PL: "Warsaw", PT: "Lisbon",
  RO: "Bucharest", RS: "Belgrade", RU: "Moscow", SE: "Stockholm", SI: "Ljubljana", SK: "Bratislava", SM: "San_Marino", TR: "Istanbul",
  UA: "Kyiv", XK: "Belgrade",
};
const formats = new Map<string, Intl.DateTimeFormat | null>();

/** `12:33` in that state's capital, or `null` for a state without a zone here. */
export function localTime(ms: number, state: string): string | null {
  let format = formats.get(state);
  if (format === undefined) {
    const city = ZONE[state];
    format = null;
    if (city !== undefined) {
      const area = state === "CY" ? "Asia" : "Europe";
      try {
        format = new Intl.DateTimeFormat("en-GB", { timeZone: `${area}/${city}`, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      } catch {
        format = null;
      }
    }
    formats.set(state, format);
  }
  return format !== null && Number.isFinite(ms) ? format.format(ms) : null;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** `11:40` or `11:40:05` as the last such moment, UTC, a minute ahead at most; `null` when it is no time of day. */
export function momentOf(text: string, now: number): number | null {
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2}))?Z?$/.exec(text.trim());
  if (parts === null) return null;
  const [hours, minutes, seconds] = [parts[1], parts[2], parts[3] ?? "0"].map(Number) as [number, number, number];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const at = Math.floor(now / DAY_MS) * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return at > now + MINUTE_MS ? at - DAY_MS : at;
}

/** `11:40` as the moment of that time of day that lies nearest, UTC, before or ahead; `null` when it is no time of day. */
export function momentNear(text: string, now: number): number | null {
  const past = momentOf(text, now + DAY_MS / 2);
  return past === null || past <= now + DAY_MS / 2 ? past : past - DAY_MS;
}
