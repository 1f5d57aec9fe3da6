/** Labels and their leader lines as elements over the map. Text goes in as text, whatever it says. */

import type { Point } from "./geo";
import { type Box, type Held, MUST, type Placed, type Size, type Wanted, place, placeNotes } from "./placement";
import type { Mark } from "../picture/handover";
import type { Note, Scene, Tag } from "./scene";

/** No more labels than a person can read; the others have none, and the count says so. */
export const LABELS_MOST = 120;
const LINE = 16;
const PADDING = 16;
const SYMBOL = 20;
const NOTE_PADDING = 12;
const pixel = (at: { x: number; y: number }): { x: number; y: number } => ({ x: at.x, y: at.y });

/** The lead between two rooms, as arrows: to us, from us, both there. */
const MARKS: Readonly<Record<Mark, { readonly path: string; readonly words: string }>> = {
  to_us: { path: "M1 6h9M6.5 2.5L10 6L6.5 9.5", words: "lead offered to us" },
  by_us: { path: "M11 6H2M5.5 2.5L2 6L5.5 9.5", words: "lead offered by us" },
  joint: { path: "M1 3.5h9M7.5 1L10 3.5L7.5 6M11 8.5H2M4.5 6L2 8.5L4.5 11", words: "joint" },
};
const MARK_W = 17;

interface Shown { readonly root: HTMLElement; readonly first: HTMLElement; readonly mark: SVGSVGElement; readonly name: HTMLElement; readonly rest: HTMLElement; readonly more: HTMLElement; readonly leader: SVGLineElement }

export class LabelView {
  private readonly boxes = document.createElement("div");
  private readonly leaders = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private readonly shown = new Map<string, Shown>();
  private readonly notes = new Map<string, HTMLElement>();
  private readonly held = new Map<string, Held>();
  private readonly widths = new Map<string, number>();
  private readonly pen = document.createElement("canvas").getContext("2d");

  constructor(host: HTMLElement, private readonly picked: (tag: Tag) => void) {
    this.boxes.className = "labels";
    this.leaders.setAttribute("class", "leaders");
    this.leaders.setAttribute("aria-hidden", "true");
    host.append(this.leaders, this.boxes);
  }

  /** The view has another scale or size: where labels stood says nothing any more. */
  forget(): void { this.held.clear(); }

  /** Draws the labels of a scene; `project` gives the pixel of a place. Returns how many found no room. */
  draw(scene: Scene, project: (at: Point) => { x: number; y: number }, size: Size, mode: "all" | "names" | "off", now: number): number {
    const tags = mode === "off" ? scene.tags.filter((tag) => tag.priority >= MUST) : scene.tags;
    const chosen = [...tags].sort((a, b) => b.priority - a.priority).slice(0, LABELS_MOST);
    const wanted = chosen.map((tag) => this.wanted(tag, project(tag.at), mode));
    // A note about a place that is off the map would stand cut at its edge.
    const near = scene.notes.filter((note) => isOn(project(note.at), size));
    const notes = this.noteBoxes(scene, near, project, size);
    const placed = place(wanted, { ...size, taken: [...size.taken, ...notes] }, now, this.held);
    const byId = new Map(chosen.map((tag) => [tag.id, tag]));
    const live = new Set<string>();
    for (const item of placed) {
      const tag = byId.get(item.id);
      if (tag === undefined) continue;
      live.add(item.id);
      this.put(tag, item, project(tag.at), mode);
    }
    for (const [id, shown] of this.shown) if (!live.has(id)) this.remove(id, shown);
    this.drawNotes(near, notes);
    return Math.max(0, tags.filter((tag) => isOn(project(tag.at), size)).length - placed.length);
  }

  private wanted(tag: Tag, at: { x: number; y: number }, mode: string): Wanted {
    const first = this.width(`${tag.label.name} ${tag.label.rest}`, true) + PADDING + SYMBOL + 12 + (tag.label.mark == null ? 0 : MARK_W);
    const lines = mode === "names" && !tag.target ? [] : tag.label.lines;
    const w = Math.max(first, ...lines.map((line) => this.width(line, false) + PADDING));
    return { id: tag.id, x: at.x, y: at.y, w, h: LINE * (1 + lines.length) + 8, w1: first, h1: LINE + 8, priority: tag.priority, course: tag.course };
  }

  private noteBoxes(scene: Scene, notes: readonly Note[], project: (at: Point) => { x: number; y: number }, size: Size): Box[] {
    if (notes.length === 0) return [];
    const half = SYMBOL / 2 + 2;
    const symbols = [...scene.units, ...scene.targets].map((mark) => project(mark.at)).map((at) => ({ x: at.x - half, y: at.y - half, w: 2 * half, h: 2 * half }));
    const way = [...scene.trail.map((dot) => dot.at), ...scene.segments.map((segment) => segment.from)].map(project);
    const wanted = notes.map((note) => ({ id: note.id, ...pixel(project(note.at)), w: this.width(`${note.strong} ${note.rest}`, true) + NOTE_PADDING, h: LINE + 2 }));
    return placeNotes(wanted, size, symbols, way);
  }

  private width(text: string, strong: boolean): number {
    const key = `${strong ? "b" : "n"}${text}`;
    const known = this.widths.get(key);
    if (known !== undefined) return known;
    if (this.widths.size > 4_000) this.widths.clear();
    if (this.pen !== null) this.pen.font = `${strong ? 600 : 400} 12px "Inter Variable"`;
    // Rounded up to 8 so that a ticking figure does not make the label breathe.
    const width = Math.ceil((this.pen?.measureText(text).width ?? text.length * 7) / 8) * 8;
    this.widths.set(key, width);
    return width;
  }

  private put(tag: Tag, item: Placed, at: { x: number; y: number }, mode: string): void {
    const shown = this.shown.get(item.id) ?? this.make(tag);
    const { box } = item;
    const lines = item.short || (mode === "names" && !tag.target) ? [] : tag.label.lines;
    shown.root.className = `tag ${tag.tone} ${tag.label.step}${item.short ? " short" : ""}`;
    shown.root.style.transform = `translate(${Math.round(box.x)}px,${Math.round(box.y)}px)`;
    shown.root.style.width = `${Math.round(box.w)}px`;
    drawMark(shown.mark, tag.label.mark ?? null);
    shown.name.textContent = tag.label.name;
    shown.rest.textContent = tag.label.rest;
    shown.first.dataset["side"] = tag.target ? "target" : tag.square ? "square" : "round";
    while (shown.more.childElementCount > lines.length) shown.more.lastElementChild?.remove();
    lines.forEach((line, i) => {
      const row = shown.more.children[i] ?? shown.more.appendChild(document.createElement("div"));
      if (row.textContent !== line) row.textContent = line;
    });
    const x = Math.min(Math.max(at.x, box.x), box.x + box.w), y = Math.min(Math.max(at.y, box.y), box.y + box.h);
    const away = Math.hypot(x - at.x, y - at.y) || 1, start = Math.min(10, away);
    shown.leader.setAttribute("x1", String(at.x + ((x - at.x) / away) * start));
    shown.leader.setAttribute("y1", String(at.y + ((y - at.y) / away) * start));
    shown.leader.setAttribute("x2", String(x));
    shown.leader.setAttribute("y2", String(y));
  }

  private make(tag: Tag): Shown {
    const root = document.createElement("div"), first = document.createElement("div"), name = document.createElement("b");
    const rest = document.createElement("span"), more = document.createElement("div");
    first.className = "first";
    more.className = "more";
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    mark.setAttribute("viewBox", "0 0 12 12");
    mark.setAttribute("role", "img");
    mark.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    first.append(mark, name, rest);
    root.append(first, more);
    root.addEventListener("click", () => this.picked(tag));
    const leader = document.createElementNS("http://www.w3.org/2000/svg", "line");
    this.boxes.append(root);
    this.leaders.append(leader);
    const shown = { root, first, mark, name, rest, more, leader };
    this.shown.set(tag.id, shown);
    return shown;
  }

  private remove(id: string, shown: Shown): void {
    shown.root.remove();
    shown.leader.remove();
    this.shown.delete(id);
  }

  private drawNotes(notes: readonly Note[], boxes: readonly Box[]): void {
    const live = new Set(notes.map((note) => note.id));
    for (const [id, element] of this.notes) if (!live.has(id)) { element.remove(); this.notes.delete(id); }
    notes.forEach((note, i) => {
      let element = this.notes.get(note.id);
      if (element === undefined) {
        element = document.createElement("div");
        element.append(document.createElement("b"), document.createElement("span"));
        this.boxes.prepend(element);
        this.notes.set(note.id, element);
      }
      const box = boxes[i] ?? { x: 0, y: 0, w: 0, h: 0 };
      element.className = note.sure ? "note" : "note unsure";
      element.style.transform = `translate(${Math.round(box.x)}px,${Math.round(box.y)}px)`;
      const [strong, rest] = element.children;
      if (strong !== undefined) strong.textContent = note.strong;
      if (rest !== undefined) rest.textContent = note.rest;
    });
  }
}

/** An offer blinks, the symbol only, until the lead has passed or stays. */
function drawMark(mark: SVGSVGElement, which: Mark | null): void {
  mark.setAttribute("class", `g mark ${which === null ? "none" : which === "joint" ? "" : "blink"}`);
  if (which === null) return;
  mark.setAttribute("aria-label", MARKS[which].words);
  mark.firstElementChild?.setAttribute("d", MARKS[which].path);
}

const isOn = (at: { x: number; y: number }, size: Size): boolean => at.x > 0 && at.y > 0 && at.x < size.width && at.y < size.height;
