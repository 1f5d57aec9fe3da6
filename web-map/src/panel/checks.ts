/** What is looked at before a person takes the position. */

import type { Check } from "./login";

async function ask(path: string): Promise<number> {
  try {
    return (await fetch(path, { cache: "no-store", credentials: "same-origin" })).status;
  } catch {
    return 0;
  }
}

async function service(): Promise<Check> {
  const started = performance.now(), status = await ask("readyz");
  const ms = Math.round(performance.now() - started);
  if (status === 0) return { name: "Service", state: "bad", words: "does not answer" };
  if (status === 503) return { name: "Service", state: "bad", words: "answers, and says that it is not ready" };
  return { name: "Service", state: "ok", words: `answers in ${ms} ms` };
}

async function baseMap(): Promise<Check> {
  const status = await ask("basemap/names.json");
  return { name: "Base map", state: status === 200 ? "ok" : "bad", words: status === 200 ? "offline copy is here" : "is missing" };
}

function drawing(): Check {
  const pen = document.createElement("canvas").getContext("webgl2");
  return { name: "Map drawing", state: pen === null ? "bad" : "ok", words: pen === null ? "this browser has no WebGL 2: no map" : "WebGL 2" };
}

function clock(): Check {
  return { name: "This machine's clock", state: "ok", words: `${new Date().toISOString().slice(11, 19)}Z, the service's is the one shown` };
}

/** Runs the checks and tells the list each time one of them answers. */
export function runChecks(tell: (checks: readonly Check[]) => void): void {
  const list: Check[] = [{ name: "Service", state: "wait", words: "asking" }, { name: "Base map", state: "wait", words: "looking" }, drawing(), clock()];
  const put = (check: Check): void => tell(list.splice(list.findIndex((one) => one.name === check.name), 1, check) && [...list]);
  tell([...list]);
  void service().then(put);
  void baseMap().then(put);
}
