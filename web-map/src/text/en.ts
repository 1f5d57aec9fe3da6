/** Words for codes, in English. Every table falls back to the code itself, so that nothing unknown is ever blank. */

const table = (words: Readonly<Record<string, string>>) => (code: string): string => words[code] ?? code.replaceAll("_", " ");

export const basisWord = table({
  "40(1)": "40(1)", "40(2)": "40(2)", pursuit_flagrante: "41 caught in the act", pursuit_escape: "41 escape", pursuit_evaded_check: "evaded check",
  joint_patrol: "joint patrol", imminent_danger: "imminent danger", transit_road: "transit by road", train_or_ship: "train or ship", assistance: "host's request",
  transfer_person: "transfer of a person", controlled_delivery: "controlled delivery",
});
export const basisLong = table({
  "40(1)": "Art. 40(1), authorised", "40(2)": "Art. 40(2), urgent", pursuit_flagrante: "Art. 41, caught in the act", pursuit_escape: "Art. 41, escaped",
  pursuit_evaded_check: "Treaty, evaded check", joint_patrol: "Joint patrol", imminent_danger: "Help in imminent danger", transit_road: "Transit by road", train_or_ship: "On a train or ship",
  assistance: "Help at the host's request", transfer_person: "Transfer of a person at the border", controlled_delivery: "Controlled delivery",
});
export const recognisedWord = table({ uniform: "uniform", armband: "armband", vehicle_fittings: "fittings of the vehicle", nothing: "nothing" });
export const kindWord = table({ vehicle: "car", officer: "officer", helicopter: "helicopter", boat: "boat", drone: "drone", tracker: "tracker" });
export const kindPlural = table({ vehicle: "Cars", officer: "Officers", helicopter: "Helicopters", boat: "Boats", drone: "Drones", tracker: "Trackers" });
export const marksWord = table({ uniform: "uniform", marked_car: "marked car", covert: "covert" });
export const outcomeWord = table({ arrested: "arrested", handed_over: "handed over to the host", lost: "sight lost", broken_off: "broken off", completed: "completed", not_crossed: "the frontier was not crossed" });
export const OUTCOMES = ["arrested", "handed_over", "lost", "broken_off", "completed", "not_crossed"] as const;
export const topicWord = table({ weapons_used: "weapons used", force_used: "force used", injuries: "persons injured", damage: "damage", objects: "objects secured", why_ended: "why it ended", review: "review: why it is kept", remark: "remark" });
/** By their own names. */
export const LANGUAGES = [["en", "English"], ["de", "Deutsch"], ["fr", "français"], ["hu", "magyar"], ["ro", "română"], ["bg", "български"]] as const;
export const TOPICS = ["weapons_used", "force_used", "injuries", "damage", "objects", "why_ended", "remark"] as const;
export const personWord = table({ suspect: "suspect", contact: "contact person", nobody: "nobody followed" });
export const purposeWord = table({ criminal_investigation: "criminal investigation", preventive: "prevention", customs: "customs" });
export const roleWord = table({ operator: "operator", supervisor: "supervisor", legal: "legal", observer: "observer", auditor: "auditor", admin: "admin" });
export const dutyWord = table({ notice_of_crossing: "Crossing notice", request: "Request for assistance", report: "Report" });
export const dutyCode = table({ notice_of_crossing: "XNG", request: "RQA", report: "RPT" });
export const clockWord = table({ consent: "Consent", authorisation_window: "Authorised", pursuit_period: "Pursuit", release: "Release" });
export const heldWord = table({ handed_over: "handed to the host's officers", arrest_requested: "request for arrest came in", released: "released" });
export const refusedWord = table({ granted: "granted", refused: "refused", withdrawn: "withdrew" });
export const answerWord = table({ met: "met", not_met: "not met", unknown: "unknown" });
export const statusWord = table({ owed: "owed", draft: "draft", ready: "ready", sent: "sent", failed: "not delivered", delivered: "delivered", seen: "seen", voice: "by telephone", answered: "answered" });
export const hostAnswerWord = table({ yes: "yes", no: "no", other: "neither yes nor no" });
export const channelWord = table({ email: "e-mail", webhook: "webhook" });
export const missingWord = table({ grounds: "why it could not be asked for beforehand", marks: "how each unit can be recognised" });
export const reasonWord = table({
  fixed_at_in_future: "clock ahead of ours", fixed_at_too_old: "too old", implausible_jump: "jumped too far", null_island: "at 0, 0",
  out_of_range: "outside the globe", accuracy_unusable: "accuracy unusable", conflicting: "same time, other place", not_your_unit: "not its own unit",
  unknown_unit: "unknown unit", off_duty: "off duty",
});
const CONDITIONS: Readonly<Record<string, string>> = {
  authorisation_in_force: "Authorisation in force", states_bound: "Both states bound", offence_extraditable: "Extraditable offence", offence_listed: "Offence in the list", entry_known: "Place and time of the entry", drone_area: "Drone in the area permitted", drone_height: "Drone no higher than permitted",
  host_consents: "Host has not said no", crossing_foreseen: "Crossing of this kind foreseen", request_in_force: "Host's request in force", preventive_area: "Area of prevention", pursuit_foreseen: "Pursuit foreseen", limit_known: "Limit known", limit_measured: "Limit measured by the map", recognisable: "Recognisable as police",
  host_contacted: "Host state told", urgency_stated: "Urgency stated", check_within_zone: "Check within the zone", from_requesting_state: "From the own state", detention_foreseen: "Holding a person", release_rule_known: "Hours of release",
};
/** `authorisation_in_force` as `Authorisation in force`. */
export function conditionWord(code: string): string {
  const words = CONDITIONS[code] ?? code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
