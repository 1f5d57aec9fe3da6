/** The only place that sends: log-in, operations, messages to a partner, sightings. A refusal is an answer, not an error. */

import type { Airspace, AlarmFigures, Citation, CrossingPoint, Terms, Written } from "./picture/names";
import { plain } from "./picture/words";

export interface Refused { readonly status: number; readonly title: string; readonly detail: string; readonly guard: string | null; readonly citation: Citation | null }
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refused: Refused };

/** What a person enters to open an operation. */
export interface Opening {
  name: string; basis: string; host_states: string[]; host_rooms?: string[]; offence?: string; person_category?: string; purpose: string;
  patrol?: { state: string };
  target: { id: string; description: string } | null; units: string[];
  authorisation: { number: string; from: string; to: string; conditions: string } | null;
  extraditable?: boolean; grounds?: string; evaded_check?: { point: [number, number] };
}
/** What can be changed of an open operation, one at a time. */
export type Change =
  | { recognisable: { unit: string; by: string } }
  | { authorisation: { number: string; from: string; to: string; conditions: string; state?: string; drone?: Airspace } }
  | { host_refused: { host: string; kind: string; at: string; said_by: string; because: string } }
  | { resting_anew: { rules: string; because: string } }
  | { detained: { host: string; since: string; unit: string | null; host_national: boolean | null } }
  | { detention_step: { host: string; step: string; at: string; note: string } }
  | { amendment: { because: string; extraditable?: boolean; person_category?: string; offence?: string; grounds?: string } };
/** The call by which a notice was given. */
export interface CallMade { name: string; number: string; at: string; reference?: string }
/** A number that two states agreed to call, and when it was last tried. */
export interface VoiceNumber { readonly pair: string; readonly room: string; readonly desk: string; readonly number: string; readonly checked_on: string }
/** Where somebody sees the target, and how sure that is. */
export interface SightingOrder { target: string; seen_at: string; lat: number; lon: number; accuracy_m: number; source: "unit" | "voice"; unit?: string }
export interface Choice { readonly id: string; readonly label: string; readonly rooms: readonly string[] }

/** How long an answer is waited for. */
const ANSWER_MS = 15_000;
/** The same for whether a log-in stands. */
const STANDING_MS = 5_000;

/** A key that names one order: sent again, it is carried out once. Works without a secure context too. */
function orderKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const text = (value: unknown, otherwise: string): string => (typeof value === "string" && value !== "" ? value : otherwise);

function refusedFrom(status: number, body: unknown): Refused {
  const fields = isRecord(body) ? body : {};
  return {
    status,
    title: text(fields["title"], `refused (${status})`),
    detail: plain(text(fields["detail"], status >= 500 ? "The service could not do it. Try again, or act by voice." : "The service gave no reason."), 400),
    guard: typeof fields["guard"] === "string" ? fields["guard"] : null,
    citation: isRecord(fields["citation"]) ? (fields["citation"] as unknown as Citation) : null,
  };
}

async function send(method: string, path: string, body?: unknown, key?: string, within = ANSWER_MS): Promise<Answer<unknown>> {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  try {
    const response = await fetch(`api/v1/${path}`, { method, headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(within), ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const said: unknown = await response.json().catch(() => null);
    return response.ok ? { ok: true, value: said } : { ok: false, refused: refusedFrom(response.status, said) };
  } catch {
    // An order may have arrived although its answer did not.
    const [title, detail] = key === undefined
      ? ["no answer", "The service cannot be reached. Use voice."]
      : ["no answer", "It is not known whether the order was taken. Look whether it shows; sent again unchanged, it is carried out once. Use voice if it is urgent."];
    return { ok: false, refused: { status: 0, title, detail, guard: null, citation: null } };
  }
}

/** The keys of orders whose fate is not known, by what they say. */
const unanswered = new Map<string, string>();

/** Sends an order. The same order again, as long as no answer came, is the same order to the service. */
async function order(path: string, body: unknown, method = "POST"): Promise<Answer<unknown>> {
  const said = JSON.stringify([path, body]), key = unanswered.get(said) ?? orderKey();
  unanswered.set(said, key);
  const answer = await send(method, path, body, key);
  if (answer.ok || (answer.refused.status !== 0 && answer.refused.status < 500)) unanswered.delete(said);
  return answer;
}

export const logIn = (account: string, password: string): Promise<Answer<unknown>> => send("POST", "sessions", { account, password });
export const logOut = (): Promise<Answer<unknown>> => send("DELETE", "sessions");

/** Whether a log-in stands, and why not when the service says so. */
export interface Standing { readonly in: "yes" | "no" | "unknown"; readonly reason: string }

/** The live address refuses a plain request, but first says 401 when nobody is logged in, and 403 to a role without a map. */
export async function loggedIn(): Promise<Standing> {
  const answer = await send("GET", "live", undefined, undefined, STANDING_MS);
  if (answer.ok) return { in: "yes", reason: "" };
  const { status, detail } = answer.refused;
  if (status === 401) return { in: "no", reason: "" };
  if (status === 403) return { in: "no", reason: detail };
  return { in: status === 0 || status >= 500 || status === 429 ? "unknown" : "yes", reason: "" };
}

export const openOperation = (opening: Opening): Promise<Answer<unknown>> => order("operations", opening);
export const closeOperation = (operation: string, reason: string, outcome: string | null): Promise<Answer<unknown>> =>
  order(`operations/${encodeURIComponent(operation)}/close`, { reason, outcome });
const report = (operation: string): string => `operations/${encodeURIComponent(operation)}/report`;
export const stateInReport = (operation: string, topic: string, text: string, language: string | null): Promise<Answer<unknown>> =>
  order(`${report(operation)}/statements`, { topic, text, language });
/** Signs the report that was read: `facts` is its digest as it was then. */
/** What a host state permits of a technical source, as its document says. */
export interface TrackerPermission { unit: string; state: string; number: string; from: string; to: string }
export const permitTracker = (operation: string, permission: TrackerPermission): Promise<Answer<unknown>> => order(`operations/${encodeURIComponent(operation)}/tracker-permissions`, permission);
export const signReport = (operation: string, facts: string): Promise<Answer<unknown>> => order(`${report(operation)}/signatures`, { facts });
/** The digest of what the report says now; `null` when the service did not answer. */
export async function factsOf(operation: string): Promise<string | null> {
  const answer = await send("GET", `${report(operation)}?reason=read%20before%20signing`);
  return answer.ok && isRecord(answer.value) && isRecord(answer.value["made"]) ? text(answer.value["made"]["facts"], "") || null : null;
}
/** Where the report of an operation is read, as a page that prints. */
export const reportOf = (operation: string): string => `api/v1/operations/${encodeURIComponent(operation)}/report?format=html`;

/** Changes one thing of an open operation; what was said before stays in the record. */
export const changeOperation = (operation: string, change: Change): Promise<Answer<unknown>> =>
  order(`operations/${encodeURIComponent(operation)}`, change, "PATCH");

export const sight = (operation: string, seen: SightingOrder): Promise<Answer<unknown>> =>
  order(`operations/${encodeURIComponent(operation)}/sightings`, seen);

/** What the host answered to a notice. */
export interface HostAnswer { name: string; answer: string; words: string; answered_at: string }
export const answerNotice = (operation: string, notice: string, answer: HostAnswer): Promise<Answer<unknown>> =>
  order(`operations/${encodeURIComponent(operation)}/notices/${encodeURIComponent(notice)}/answers`, answer);

/** Sends a notice (`XNG`, `RQA`), says by which call it was given already, or that a person (with a call, of the host) has read one (`ACK`). */
export const sendMessage = (operation: string, message: { code: "XNG" | "RQA" | "ACK"; notice: string; grounds?: string; voice?: CallMade }): Promise<Answer<unknown>> =>
  order(`operations/${encodeURIComponent(operation)}/messages`, message);

/** What a message of the hand-over says beside its code; what each code needs the service says. */
export interface Saying {
  code: string; to: string; reply_to?: string; terms?: Terms; accepts?: string; who?: string; until?: string; reason?: string; words?: string; language?: string; back_to?: string;
  unit?: string; eyes?: string; units?: string[]; authorisation?: { number: string; from: string; to: string; conditions: string }; decision?: string; voice?: CallMade;
}
/** Says something to another room of the hand-over of an operation. */
export const sayTo = (operation: string, saying: Saying): Promise<Answer<unknown>> => order(`operations/${encodeURIComponent(operation)}/messages`, saying);

const isWritten = (row: Record<string, unknown>): boolean => typeof row["language"] === "string" && typeof row["text"] === "string";

/** A notice in the languages of both states, as it was told or would be told now; `null` when the service did not answer. */
export async function textsOf(operation: string, notice: string): Promise<readonly Written[] | null> {
  const answer = await send("GET", `operations/${encodeURIComponent(operation)}/notices/${encodeURIComponent(notice)}`);
  const texts = answer.ok && isRecord(answer.value) ? answer.value["texts"] : null;
  return Array.isArray(texts) ? (texts.filter(isRecord).filter(isWritten) as unknown as Written[]) : null;
}

/** How much was asked of the people lately. */
export async function alarmFigures(): Promise<AlarmFigures | null> {
  const answer = await send("GET", "alarms");
  return answer.ok && isRecord(answer.value) && isRecord(answer.value["figures"]) ? (answer.value["figures"] as unknown as AlarmFigures) : null;
}

/** Says that a screen showed an alarm. */
export const tellAnnunciated = (id: string): Promise<Answer<unknown>> => send("POST", `alarms/${encodeURIComponent(id)}/annunciate`);
/** Takes an alarm, by name. */
export const takeAlarm = (id: string): Promise<Answer<unknown>> => send("POST", `alarms/${encodeURIComponent(id)}/acknowledge`);
/** Puts an alarm aside for a while. */
export const shelveAlarm = (id: string, minutes: number, reason: string): Promise<Answer<unknown>> => send("POST", `alarms/${encodeURIComponent(id)}/shelve`, { minutes, reason });

async function choices(path: string, label: string): Promise<readonly Choice[]> {
  const answer = await send("GET", path);
  if (!answer.ok) return [];
  const rows: unknown = Array.isArray(answer.value) ? answer.value : isRecord(answer.value) ? Object.values(answer.value).find(Array.isArray) : [];
  if (!Array.isArray(rows)) return [];
  return rows.filter(isRecord).map((row) => ({ id: text(row["id"], text(row["state"], "")), label: text(row[label], text(row["label"], text(row["name"], text(row["id"], "")))), rooms: Array.isArray(row["rooms"]) ? row["rooms"].filter((room): room is string => typeof room === "string") : [] })).filter((row) => row.id !== "");
}

/** The numbers of the profiles in force; none when the service does not say. */
export async function voiceNumbers(): Promise<readonly VoiceNumber[]> {
  const answer = await send("GET", "profiles");
  const profiles = answer.ok && isRecord(answer.value) ? answer.value["profiles"] : [];
  const rows = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
  return rows(profiles).flatMap((profile) => rows(profile["voice_numbers"]).map((row) => ({
    pair: text(profile["pair"], ""), room: text(row["room"], ""), desk: text(row["desk"], ""), number: text(row["number"], ""), checked_on: text(row["checked_on"], "unknown"),
  }))).filter((row) => row.number !== "");
}

const isPoint = (row: Record<string, unknown>): boolean =>
  typeof row["name"] === "string" && typeof row["frontier"] === "string" && typeof row["line_deg"] === "number" && Array.isArray(row["point"]) && row["point"].length === 2 && row["point"].every((one) => typeof one === "number");

/** The named places where roads cross a frontier; none when the service does not say. */
export async function crossingPoints(): Promise<readonly CrossingPoint[]> {
  const answer = await send("GET", "crossing-points");
  const rows = answer.ok && isRecord(answer.value) ? answer.value["crossing_points"] : [];
  return Array.isArray(rows) ? (rows.filter(isRecord).filter(isPoint) as unknown as CrossingPoint[]) : [];
}
export const offences = (): Promise<readonly Choice[]> => choices("offences", "label");
export const hostStates = (): Promise<readonly Choice[]> => choices("states", "name");
