/** What a role may do, so that a button that would be refused says so beforehand. The service decides. */

export type Act = "open" | "close" | "send" | "read" | "sight" | "alarm" | "state" | "sign" | "unseal" | "rules" | "cease" | "authorise";

const MAY: Readonly<Record<Act, readonly string[]>> = {
  open: ["operator", "supervisor", "legal"],
  close: ["operator", "supervisor", "legal"],
  send: ["operator", "supervisor"],
  read: ["operator", "supervisor"],
  sight: ["operator", "supervisor"],
  alarm: ["operator", "supervisor"],
  state: ["operator", "supervisor", "legal"],
  sign: ["supervisor", "legal"],
  unseal: ["supervisor", "legal"],
  rules: ["supervisor", "legal"],
  cease: ["operator", "supervisor", "legal"],
  authorise: ["legal"],
};

/** Whether that role may do it; a program without a role may do nothing here. */
export const may = (role: string | undefined, act: Act): boolean => role !== undefined && MAY[act].includes(role);

/** Which right a message to another room takes. */
export const rightOf = (code: string): Act => (code === "CEASE" ? "cease" : code === "AUT" ? "authorise" : code === "ACK" ? "read" : "send");

/** Whom an act is for, in words. */
export const forWhom = (act: Act): string => { const roles = MAY[act]; return roles.length < 2 ? (roles[0] ?? "") : `${roles.slice(0, -1).join(", ")} or ${roles.at(-1)}`; };
