/** What one person has chosen to look at. It never changes what is true, only what is drawn. */

export interface View {
  /** The operation in focus. */
  readonly operation: string | null;
  /** The unit whose card is open. */
  readonly unit: string | null;
  /** What the map keeps in its middle. */
  readonly follow: { readonly kind: "unit" | "target"; readonly id: string } | null;
  /** Minutes of tail drawn. */
  readonly tails: 0 | 5 | 30;
  readonly labels: "all" | "names" | "off";
  /** Kinds of unit that are not drawn; never the ones that matter in an open operation. */
  readonly hiddenKinds: ReadonlySet<string>;
  readonly dim: boolean;
  readonly theme: "dark" | "light";
  /** The event whose grounds are shown. */
  readonly event: number | null;
  readonly opening: boolean;
  /** The handover card that is open: with which room, and which message is being written; `null` while none is. */
  readonly card: { readonly partner: string; readonly say: string | null } | null;
  /** Whether the list of alarms is open. */
  readonly alarms: boolean;
}

export const FIRST_VIEW: View = {
  operation: null, unit: null, follow: null, tails: 5, labels: "all", hiddenKinds: new Set(), dim: false, theme: "dark", event: null, opening: false, card: null, alarms: false,
};

/** The tail length after this one. */
export const nextTails = (tails: View["tails"]): View["tails"] => (tails === 0 ? 5 : tails === 5 ? 30 : 0);
/** The label mode after this one. */
export const nextLabels = (labels: View["labels"]): View["labels"] => (labels === "all" ? "names" : labels === "names" ? "off" : "all");
