/** What a message between two rooms says, in one line. */

import type { Said } from "../picture/names";
import { termsLine } from "../picture/terms";
import { millis, zulu, zuluMinutes } from "../picture/time";
import { backToWord, codeWord, eyesWord, plain, refusedForWord, withdrawnForWord } from "../picture/words";
import { refusedWord } from "./en";

type Named = (unit: string) => string;

/** The content beside the code; empty where the code says it all. */
export function contentOf(said: Said, name: Named): string {
  const words = said.words === undefined || said.words === "" ? "" : plain(said.words, 300);
  const with_ = (first: string): string => (words === "" ? first : `${first}: ${words}`);
  switch (said.code) {
    case "NTF": case "PRO": case "RVN": case "RVR": case "CDN": return said.terms === undefined ? "" : termsLine(said.terms, name);
    case "SBY": return `${plain(said.who ?? "somebody", 40)} decides by ${said.until === undefined ? "no time said" : zulu(millis(said.until))}`;
    case "RJC": return with_(refusedForWord(said.reason ?? ""));
    case "ABR": return with_(`${withdrawnForWord(said.reason ?? "")}; what is left: ${backToWord(said.back_to ?? "nothing")}`);
    case "HOP": return `epoch ${said.epoch}`;
    case "MAS": return `epoch ${said.epoch} to ${said.epoch + 1}`;
    case "EYE": return `${name(said.unit ?? "a unit")} ${eyesWord(said.eyes ?? "")}`;
    case "REL": return (said.units ?? []).map(name).join(", ");
    case "AUT": return said.authorisation !== undefined
      ? `granted, ${plain(said.authorisation.number, 40)} until ${zuluMinutes(millis(said.authorisation.to))}`
      : said.host_refused === undefined ? words : `${refusedWord(said.host_refused.kind)}${said.host_refused.because === "" ? "" : `: ${plain(said.host_refused.because, 200)}`}`;
    case "XNG": case "RQA": return `notice ${plain(said.notice ?? "", 64)}`;
    case "EXT": return with_(said.until === undefined ? "asks for more" : `until ${zuluMinutes(millis(said.until))}`);
    case "TXT": case "CEASE": return `${words}${said.language === undefined ? "" : ` (${plain(said.language, 8)})`}`;
    default: return words;
  }
}

/** `Proposal to ARD: …`, `Stand by from ARD: …`, with who said it and by which call. */
export function saidLine(said: Said, sent: boolean, name: Named): string {
  const word = codeWord(said.code), content = contentOf(said, name);
  const whom = sent ? `to ${plain(said.to, 16)}` : `from ${plain(said.from, 16)}`;
  const by = said.by === null ? "" : ` by ${plain(said.by.account, 24)}`;
  const call = said.call === undefined ? "" : `, by telephone with ${plain(said.call.name, 40)}`;
  return `${word.charAt(0).toUpperCase()}${word.slice(1)} ${whom}${by}${call}${content === "" ? "" : `: ${content}`}`;
}
