/** The symbols, drawn once into one picture: frames by side, marks by kind. They are stencils, coloured when drawn. */

const CELL = 80;
/** One unit of the drawings below is this many pixels: a frame of 16 is drawn at 64 for sharp edges. */
const UNIT = 4;

type Draw = (pen: CanvasRenderingContext2D) => void;
const path = (build: Draw, how: "fill" | "stroke", width = 1.75): Draw => (pen) => {
  pen.beginPath();
  build(pen);
  pen.lineWidth = width;
  pen.lineJoin = "miter";
  if (how === "fill") pen.fill();
  else pen.stroke();
};
const chevron: Draw = (pen) => { pen.moveTo(0, -5); pen.lineTo(4, 4.5); pen.lineTo(0, 2.25); pen.lineTo(-4, 4.5); pen.closePath(); };
const cross: Draw = (pen) => { pen.moveTo(-3.5, -3.5); pen.lineTo(3.5, 3.5); pen.moveTo(3.5, -3.5); pen.lineTo(-3.5, 3.5); };
const hull: Draw = (pen) => { pen.moveTo(0, -5); pen.lineTo(3, -1); pen.lineTo(3, 4.5); pen.lineTo(-3, 4.5); pen.lineTo(-3, -1); pen.closePath(); };
const dot = (r: number): Draw => (pen) => pen.arc(0, 0, r, 0, Math.PI * 2);
const rotor: Draw = (pen) => { cross(pen); pen.moveTo(2, 0); pen.arc(0, 0, 2, 0, Math.PI * 2); };
const box: Draw = (pen) => pen.rect(-8, -8, 16, 16);
const square: Draw = (pen) => pen.rect(-7, -7, 14, 14);
const both = (...draws: Draw[]): Draw => (pen) => draws.forEach((draw) => draw(pen));

const DRAWINGS = {
  "square-ground": path(box, "fill"), "square-frame": path(square, "stroke", 2),
  "round-ground": path(dot(8.5), "fill"), "round-frame": path(dot(7.5), "stroke", 2),
  "vehicle-full": path(chevron, "fill"), "vehicle-hollow": path(chevron, "stroke", 1.25),
  "drone-full": path(cross, "stroke", 2), "drone-hollow": path(cross, "stroke", 1.25),
  "helicopter-full": both(path(cross, "stroke", 1.75), path(dot(2.25), "fill")), "helicopter-hollow": path(rotor, "stroke", 1.25),
  "officer-full": path(dot(3.25), "fill"), "officer-hollow": path(dot(3), "stroke", 1.25),
  "boat-full": path(hull, "fill"), "boat-hollow": path(hull, "stroke", 1.25),
  "tracker-full": both(path(dot(4), "stroke", 1.5), path(dot(1.5), "fill")), "tracker-hollow": path(dot(4), "stroke", 1.25),
  "target-ring": both(path(dot(9), "stroke", 1.75), path(dot(5.75), "stroke", 1.5)), "target-ground": path(dot(9.5), "fill"), "target-dot": path(dot(2.25), "fill"),
  "select": path((pen) => pen.rect(-9.25, -9.25, 18.5, 18.5), "stroke", 1.5),
} satisfies Record<string, Draw>;

export type SymbolName = keyof typeof DRAWINGS;
export interface Icon { x: number; y: number; width: number; height: number; anchorX: number; anchorY: number; mask: true }
export interface Atlas { readonly picture: HTMLCanvasElement; readonly places: Record<string, Icon> }
/** The width on the map at which a drawing unit is one pixel. */
export const DRAWN_SIZE = CELL / UNIT;

const KINDS: ReadonlySet<string> = new Set(["vehicle", "drone", "helicopter", "officer", "boat", "tracker"]);
/** The mark of a kind; one that is not known here is drawn as an officer's dot. */
export function markOf(kind: string, hollow: boolean): SymbolName {
  return `${KINDS.has(kind) ? kind : "officer"}-${hollow ? "hollow" : "full"}` as SymbolName;
}
/** Kinds whose mark turns to the course. */
export const turns = (kind: string): boolean => kind === "vehicle" || kind === "boat";

export function drawAtlas(): Atlas {
  const names = Object.keys(DRAWINGS) as SymbolName[];
  const picture = document.createElement("canvas");
  picture.width = CELL * 6;
  picture.height = CELL * Math.ceil(names.length / 6);
  const pen = picture.getContext("2d");
  const places: Record<string, Icon> = {};
  names.forEach((name, i) => {
    const x = (i % 6) * CELL, y = Math.floor(i / 6) * CELL;
    places[name] = { x, y, width: CELL, height: CELL, anchorX: CELL / 2, anchorY: CELL / 2, mask: true };
    if (pen === null) return;
    pen.save();
    pen.translate(x + CELL / 2, y + CELL / 2);
    pen.scale(UNIT, UNIT);
    pen.fillStyle = pen.strokeStyle = "#fff";
    DRAWINGS[name](pen);
    pen.restore();
  });
  return { picture, places };
}
