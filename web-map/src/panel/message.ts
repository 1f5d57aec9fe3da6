/** A notice as it is sent: coded facts, field by field. */

import { type TemplateResult, html, nothing } from "lit";
import type { NoticeFields } from "../picture/names";
import { millis, zulu } from "../picture/time";
import { place, plain } from "../picture/words";
import { basisLong, kindWord, marksWord, personWord } from "../text/en";

/** What the message says, field by field, exactly as coded. */
export function message(fields: NoticeFields): TemplateResult {
  return html`<dl class="kv">
    <dt>Operation</dt><dd>${plain(fields.name, 32)}</dd>
    ${fields.amends === null ? nothing : html`<dt>Corrects</dt><dd>notice <span class="mono">${plain(fields.amends, 40)}</span>, sent before</dd>`}
    <dt>Basis</dt><dd>${basisLong(fields.basis)}${fields.authorisation === null ? "" : `, ${plain(fields.authorisation, 32)}`}</dd>
    <dt>From, to</dt><dd>${fields.requesting_state} in ${fields.host_state}</dd>
    <dt>For</dt><dd>${fields.offence === "" ? nothing : html`${plain(fields.offence.replaceAll("_", " "), 40)}, `}${personWord(fields.person_category)}</dd>
    ${fields.grounds === null ? nothing : html`<dt>Grounds</dt><dd>${plain(fields.grounds, 400)}</dd>`}
    ${fields.crossings.map((one) => html`<dt>${plain(one.callsign, 14)}</dt><dd>${kindWord(one.unit_kind)}${one.marks === null ? "" : `, ${marksWord(one.marks)}`}; ${one.taken_back ? "TAKEN BACK, did not cross as told:" : one.expected ? "expected" : "crossed"} ${zulu(millis(one.likely))}, earliest ${zulu(millis(one.earliest))}; <span class="mono">${place(one.point[1], one.point[0])}</span></dd>`)}
  </dl>`;
}
