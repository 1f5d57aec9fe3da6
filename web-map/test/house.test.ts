/** The order of the rooms: a room may name those to its left, never those to its right, and strangers never each other. */

import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = join(import.meta.dirname, "../src");
const ORDER = ["wire.gen", "picture", "text", "orders", "strangers", "main"];
const STRANGERS = ["live", "map", "panel"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const roomOf = (path: string): string => path.split("/")[0]?.replace(/\.ts$/, "") ?? "";
const rank = (room: string): number => ORDER.indexOf(STRANGERS.includes(room) ? "strangers" : room);

function imports(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/from "(\.[^"]+)"|import "(\.[^"]+)"|import\("(\.[^"]+)"\)/g)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? "")
    .filter((path) => !path.endsWith(".css"))
    .map((path) => relative(SRC, join(SRC, file, "..", path)));
}

describe("rooms", () => {
  it.each(files)("%s names only what lies to its left", (file) => {
    const own = roomOf(file);
    for (const other of imports(file).map(roomOf)) {
      if (other === own) continue;
      expect(rank(other), `${own} names ${other}`).toBeGreaterThanOrEqual(0);
      expect(rank(other), `${own} names ${other}`).toBeLessThan(rank(own));
    }
  });
  it("find at least the rooms they are about", () => expect(new Set(files.map(roomOf))).toEqual(new Set([...ORDER.filter((room) => room !== "strangers"), ...STRANGERS])));
});

describe("every file", () => {
  it.each(files.filter((file) => file !== "wire.gen.ts"))("%s is short, and puts no text in as markup", (file) => {
    const text = readFileSync(join(SRC, file), "utf8");
    expect(text.split("\n").length).toBeLessThanOrEqual(500);
    expect(text).not.toMatch(/innerHTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|document\.write|\beval\(|new Function|: any\b|as any\b/);
    // An inline style attribute would need a weaker policy than the service sets.
    expect(text).not.toMatch(/\sstyle=["$]/);
  });
});
