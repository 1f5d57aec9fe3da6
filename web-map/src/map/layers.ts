/** A scene as deck.gl layers, from the ground up: circles, ways, trails, symbols. */

import type { Layer } from "@deck.gl/core";
import { IconLayer, LineLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { Disc, Dot, Scene, Segment, TargetMark, Tone, UnitMark } from "./scene";
import { type Atlas, DRAWN_SIZE, type SymbolName } from "./symbols";
import { type Rgba, type Theme, faded } from "./theme";

const HOLLOW_TARGET: SymbolName = "vehicle-hollow";
const FULL_TARGET: SymbolName = "vehicle-full";

export function toneColour(theme: Theme, tone: Tone, frozen: boolean): Rgba {
  if (frozen) return theme.rgba["text-2"];
  switch (tone) {
    case "req": return theme.rgba.req;
    case "host": return theme.rgba.host;
    case "target": return theme.rgba.target;
    case "own": return theme.rgba["text-2"];
    case "partner": return theme.rgba["text-3"];
    case "plain": return theme.rgba["map-frontier"];
  }
}

interface Stencil<T> { id: string; data: readonly T[]; icon: (item: T) => SymbolName; colour: (item: T) => Rgba; turn?: (item: T) => number; size?: (item: T) => number }

export function layersOf(scene: Scene, theme: Theme, atlas: Atlas, frozen: boolean): Layer[] {
  const tone = (item: { tone: Tone }): Rgba => toneColour(theme, item.tone, frozen);
  const strength = (item: { step: string }): number => (item.step === "ageing" ? theme.ageing : 1);
  const stencil = <T extends { at: [number, number] }>(spec: Stencil<T>): Layer =>
    new IconLayer<T>({
      id: spec.id, data: spec.data as T[], iconAtlas: atlas.picture as never, iconMapping: atlas.places,
      getPosition: (item) => item.at, getIcon: spec.icon, getColor: spec.colour, getAngle: (item) => -(spec.turn?.(item) ?? 0),
      getSize: (item) => DRAWN_SIZE * (spec.size?.(item) ?? 1), sizeUnits: "pixels", alphaCutoff: -1,
    });
  return [
    new ScatterplotLayer<Disc>({ id: "accuracy", data: scene.discs, getPosition: (disc) => disc.at, getRadius: (disc) => disc.metres, radiusUnits: "meters", getFillColor: (disc) => faded(tone(disc), 0.08), stroked: true, getLineColor: (disc) => faded(tone(disc), 0.5), getLineWidth: 1, lineWidthUnits: "pixels" }),
    new LineLayer<Segment>({ id: "ways", data: scene.segments, getSourcePosition: (s) => s.from, getTargetPosition: (s) => s.to, getColor: (s) => faded(tone(s), s.strength), getWidth: (s) => s.width, widthUnits: "pixels" }),
    new ScatterplotLayer<Dot>({ id: "trail", data: scene.trail, getPosition: (dot) => dot.at, getRadius: (dot) => dot.radius, radiusUnits: "pixels", getFillColor: (dot) => faded(tone(dot), dot.strength) }),
    stencil<UnitMark>({ id: "grounds", data: scene.units, icon: (u) => (u.square ? "square-ground" : "round-ground"), colour: () => theme.rgba.label, size: (u) => u.size }),
    stencil<UnitMark>({ id: "frames", data: scene.units, icon: (u) => (u.square ? "square-frame" : "round-frame"), colour: (u) => faded(tone(u), strength(u)), size: (u) => u.size }),
    stencil<UnitMark>({ id: "marks", data: scene.units, icon: (u) => u.mark, colour: (u) => faded(tone(u), strength(u)), turn: (u) => u.turn, size: (u) => u.size }),
    stencil<UnitMark>({ id: "selected", data: scene.units.filter((u) => u.selected), icon: () => "select", colour: () => theme.rgba.text, size: () => 1.3 }),
    stencil<TargetMark>({ id: "target-ground", data: scene.targets, icon: () => "target-ground", colour: () => theme.rgba.label }),
    stencil<TargetMark>({ id: "target-rings", data: scene.targets, icon: () => "target-ring", colour: (t) => faded(toneColour(theme, "target", frozen), strength(t)) }),
    stencil<TargetMark>({ id: "target-mark", data: scene.targets, icon: (t) => (t.turn === null ? "target-dot" : t.hollow ? HOLLOW_TARGET : FULL_TARGET), colour: () => toneColour(theme, "target", frozen), turn: (t) => t.turn ?? 0, size: () => 0.62 }),
  ];
}
