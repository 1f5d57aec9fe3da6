/** Where labels stand: near their symbol, away from the course, never one over another when they matter. */

export interface Box { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
export interface Wanted {
  readonly id: string; readonly x: number; readonly y: number;
  /** Size with all lines, and with the first only. */
  readonly w: number; readonly h: number; readonly w1: number; readonly h1: number;
  readonly priority: number;
  /** Where it is going on the screen, degrees clockwise from up; labels keep off that side. */
  readonly course: number | null;
}
export interface Placed { readonly id: string; readonly box: Box; readonly short: boolean; readonly slot: number }
export interface Held { readonly slot: number; readonly since: number }

/** Priorities from here on never disappear and never drop lines. */
export const MUST = 3;
/** A label stays where it is for at least this long, unless two that stay would come to lie one over the other. */
const HOLD_MS = 2_000;

const DIRECTIONS = [45, 135, 315, 225, 90, 270, 0, 180, 67, 112, 292, 247];
const REACH = [22, 52, 92, 140, 196];
export const SLOTS = DIRECTIONS.length * REACH.length;

function boxAt(slot: number, item: Wanted, short: boolean): Box {
  const angle = ((DIRECTIONS[slot % DIRECTIONS.length] ?? 0) * Math.PI) / 180, reach = REACH[Math.floor(slot / DIRECTIONS.length)] ?? 22;
  const w = short ? item.w1 : item.w, h = short ? item.h1 : item.h;
  const dx = Math.sin(angle), dy = -Math.cos(angle);
  // The label's nearest edge lies `reach` away, so it hangs outwards from the symbol.
  return { x: item.x + dx * reach + (dx < -0.3 ? -w : dx > 0.3 ? 0 : -w / 2), y: item.y + dy * reach + (dy < -0.3 ? -h : dy > 0.3 ? 0 : -h / 2), w, h };
}

const overlap = (a: Box, b: Box, margin: number): number => {
  const w = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x) + margin, h = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y) + margin;
  return w > 0 && h > 0 ? w * h : 0;
};
const turn = (a: number, b: number): number => Math.abs(((a - b + 540) % 360) - 180);

/** A note's size, and the place it is about. */
export interface WantedNote { readonly id: string; readonly x: number; readonly y: number; readonly w: number; readonly h: number }

/** Where a note may stand beside its place, right, left or middle, so far below or above: the nearest first. */
const NOTE_STEPS: readonly (readonly [number, number])[] = [8, 28, 48, 72].flatMap((away) => [[1, away], [-1, away], [1, -away], [-1, -away], [0, away + 8], [0, -away - 8]] as const);
const NOTE_ASIDE = 12;
/** Nothing further away than this meets a note. */
const NOTE_REACH = { x: 320, y: 130 };

function noteAt(note: WantedNote, side: number, away: number): Box {
  const x = side > 0 ? note.x + NOTE_ASIDE : side < 0 ? note.x - NOTE_ASIDE - note.w : note.x - note.w / 2;
  return { x, y: away > 0 ? note.y + away : note.y + away - note.h, w: note.w, h: note.h };
}

const isNear = (note: WantedNote, at: { x: number; y: number }): boolean => Math.abs(at.x - note.x) < NOTE_REACH.x && Math.abs(at.y - note.y) < NOTE_REACH.y;
const isIn = (box: Box, at: { x: number; y: number }): boolean => at.x > box.x - 3 && at.x < box.x + box.w + 3 && at.y > box.y - 3 && at.y < box.y + box.h + 3;

/** Notes stand beside their place: not on a symbol, a pane or another note, and off the way that was driven where they can. */
export function placeNotes(wanted: readonly WantedNote[], size: Size, symbols: readonly Box[], way: readonly { x: number; y: number }[]): Box[] {
  const boxes: Box[] = [];
  for (const note of wanted) {
    const first = noteAt(note, 1, 8);
    if (note.x < 0 || note.y < 0 || note.x > size.width || note.y > size.height) { boxes.push(first); continue; }
    const others = [...boxes, ...size.taken, ...symbols.filter((symbol) => isNear(note, symbol))], driven = way.filter((point) => isNear(note, point));
    let best = { box: first, cost: Infinity };
    NOTE_STEPS.forEach(([side, away], i) => {
      const box = noteAt(note, side, away);
      const outside = Math.max(0, -box.x, box.x + box.w - size.width) + Math.max(0, -box.y, box.y + box.h - size.height);
      const covered = others.reduce((sum, other) => sum + overlap(box, other, 2), 0);
      const cost = covered * 100 + outside * 100 + driven.filter((point) => isIn(box, point)).length * 12 + i * 5;
      if (cost < best.cost) best = { box, cost };
    });
    boxes.push(best.box);
  }
  return boxes;
}

/** The map's size, and what already stands on it. */
export interface Size { readonly width: number; readonly height: number; readonly taken: readonly Box[] }
interface Ground { readonly width: number; readonly height: number; readonly placed: Box[]; readonly symbols: readonly Box[] }

function outside(box: Box, ground: Ground): boolean {
  return box.x < 4 || box.y < 4 || box.x + box.w > ground.width - 4 || box.y + box.h > ground.height - 20;
}

/** How bad a slot is: infinite is forbidden, except that a label that must stay takes the least bad one. */
function cost(slot: number, item: Wanted, short: boolean, ground: Ground, held: number | undefined): { hard: number; soft: number } {
  const box = boxAt(slot, item, short);
  let hard = outside(box, ground) ? 100_000 : 0;
  for (const other of ground.placed) hard += overlap(box, other, 4);
  let soft = Math.floor(slot / DIRECTIONS.length) * 60;
  for (const symbol of ground.symbols) soft += overlap(box, symbol, 4) * 3;
  if (item.course !== null) soft += Math.max(0, 90 - turn(DIRECTIONS[slot % DIRECTIONS.length] ?? 0, item.course)) * 1.2;
  if (held === slot) soft -= 80;
  return { hard, soft };
}

function best(item: Wanted, short: boolean, ground: Ground, held: number | undefined): { slot: number; hard: number } {
  let chosen = { slot: 0, hard: Infinity, soft: Infinity };
  for (let slot = 0; slot < SLOTS; slot++) {
    const found = cost(slot, item, short, ground, held);
    if (found.hard < chosen.hard || (found.hard === chosen.hard && found.soft < chosen.soft)) chosen = { slot, ...found };
  }
  return chosen;
}

/** Places all labels. `held` remembers slots between calls and is brought up to date. */
export function place(wanted: readonly Wanted[], size: Size, now: number, held: Map<string, Held>): Placed[] {
  const onScreen = wanted.filter((item) => item.x > -20 && item.y > -20 && item.x < size.width + 20 && item.y < size.height + 20);
  const symbols = onScreen.map((item): Box => ({ x: item.x - 10, y: item.y - 10, w: 20, h: 20 }));
  const ground: Ground = { width: size.width, height: size.height, placed: [...size.taken], symbols };
  const out: Placed[] = [];
  const isKept = (item: Wanted): boolean => now - (held.get(item.id)?.since ?? -Infinity) < HOLD_MS;
  // Those that must stay where they are come first, so that the others find their places around them.
  const first = (item: Wanted): number => Number(item.priority >= MUST && isKept(item));
  for (const item of [...onScreen].sort((a, b) => first(b) - first(a) || b.priority - a.priority || (a.id < b.id ? -1 : 1))) {
    const before = held.get(item.id), must = item.priority >= MUST;
    const labels = ground.placed.slice(size.taken.length);
    const covers = (slot: number): boolean => labels.some((other) => overlap(boxAt(slot, item, false), other, 0) > 0);
    const keep = before !== undefined && isKept(item) && !covers(before.slot);
    let short = false;
    let found = keep ? { slot: before.slot, hard: cost(before.slot, item, false, ground, before.slot).hard } : best(item, false, ground, before?.slot);
    if (found.hard > 0 && keep && must) found = { slot: before.slot, hard: 0 };
    if (found.hard > 0 && !must) {
      short = true;
      found = best(item, true, ground, before?.slot);
      if (found.hard > 0) continue;
    }
    const box = boxAt(found.slot, item, short);
    ground.placed.push(box);
    out.push({ id: item.id, box, short, slot: found.slot });
    if (before === undefined || before.slot !== found.slot) held.set(item.id, { slot: found.slot, since: now });
  }
  const here = new Set(onScreen.map((item) => item.id));
  for (const id of held.keys()) if (!here.has(id)) held.delete(id);
  return out;
}
