/** A refusal as it is shown: what is wrong, what to do, the guard that held and the law behind it. */

import { type TemplateResult, html, nothing } from "lit";
import type { Refused } from "../orders";
import { plain } from "../picture/words";
import { icon } from "./icons";

export function refusal(refused: Refused): TemplateResult {
  const cited = refused.citation;
  return html`<div class="refusal" role="alert">${icon("cross")}<div><b>${plain(refused.title.replaceAll("_", " "), 80)}</b><p>${refused.detail}</p>
    ${refused.guard === null ? nothing : html`<p class="cite">guard <span class="mono">${plain(refused.guard, 60)}</span></p>`}
    ${cited === null ? nothing : html`<p class="cite">${plain(cited.instrument, 160)} · ${cited.origin}, confidence ${cited.confidence}</p>`}</div></div>`;
}
