/** The map: base, frontier, units and labels. It draws what it is given, once a frame at most. */

import { MapboxOverlay } from "@deck.gl/mapbox";
import { type GeoJSONSource, Map as BaseMap, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { CrossingPoint, Operation } from "../picture/names";
import type { Picture } from "../picture/picture";
import { placeOf } from "../picture/place";
import type { View } from "../picture/view";
import { type BaseData, boxOf, loadBase, namesIn } from "./base_data";
import { type Bounds, Frontier } from "./frontier";
import { type Point, metresPerPixel } from "./geo";
import { LabelView } from "./label_view";
import { layersOf } from "./layers";
import { LimitStrips, type ShownStrips, wantedStrips } from "./limit_strips";
import { type Scene, type Tag, sceneOf } from "./scene";
import { EMPTY, NAMED_ZOOM, OWN_LINE_ZOOM, baseStyle } from "./style";
import { type Atlas, drawAtlas } from "./symbols";
import { type Theme, readTheme } from "./theme";

setWorkerUrl(workerUrl);

const VIEW_DEBOUNCE_MS = 250;
/** The service gives no wider piece of the frontier at once. */
const WIDEST_SQUARE_DEG = 100;
/** Beyond Europe there is nothing to see. */
const EDGE: [[number, number], [number, number]] = [[-31, 28], [64, 72.5]];

export interface MapHooks {
  pickUnit(unit: string | null): void;
  pickTarget(operation: string): void;
  /** The person moved the map by hand: following ends. */
  moved(): void;
  /** What the tool line tells of the map. */
  told(told: Told): void;
}
export interface Told { readonly hidden: number; readonly unlabelled: number; readonly frontier: "approximate" | "loading" | "own" | "missing"; readonly limits: readonly string[]; readonly scale: { readonly px: number; readonly text: string } }
export interface Shown { readonly crossingPoints: readonly CrossingPoint[]; readonly picture: Picture; readonly view: View; readonly now: number; readonly frozen: boolean }

export class LiveMap {
  private readonly map: BaseMap;
  private readonly overlay = new MapboxOverlay({ interleaved: false, layers: [] });
  private readonly labels: LabelView;
  private readonly frontier: Frontier;
  private readonly strips = new LimitStrips((shown) => this.showStrips(shown));
  private limits: readonly string[] = [];
  private readonly atlas: Atlas = drawAtlas();
  private theme: Theme;
  private shown: Shown | null = null;
  private frame = 0;
  private debounce: ReturnType<typeof setTimeout> | null = null;
  private frontierState: Told["frontier"] = "approximate";
  private lastTold = "";
  private base: BaseData | null = null;
  private styled = false;
  private atHome: (() => void) | null = null;
  private scene: Scene | null = null;

  constructor(private readonly host: HTMLElement, private state: string, private readonly hooks: MapHooks) {
    this.theme = readTheme(host);
    const ground = document.createElement("div");
    ground.className = "ground";
    host.append(ground);
    this.map = new BaseMap({
      container: ground, style: baseStyle(this.theme, state), bounds: [[8, 44], [28, 50]], maxBounds: EDGE, minZoom: 3, maxZoom: 18,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, keyboard: false, fadeDuration: 0, doubleClickZoom: true,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(this.overlay);
    this.labels = new LabelView(host, (tag) => this.picked(tag));
    this.frontier = new Frontier((lines) => this.showFrontier(lines));
    this.map.on("style.load", () => { this.styled = true; this.retheme(); this.fill(); });
    void loadBase().then((base) => { this.base = base; this.fill(); this.atHome?.(); }, () => undefined);
    this.map.on("zoom", () => this.labels.forget());
    // With the map's own drawing, so that no label stands off its symbol while the map is still on its way.
    this.map.on("render", () => this.drawLabels());
    this.map.on("moveend", () => { this.needFrontier(); this.nameStates(); this.redraw(); });
    this.map.on("movestart", (event) => { if (event.originalEvent !== undefined) this.atHome = null; });
    this.map.on("dragstart", () => hooks.moved());
    this.map.on("click", (event) => this.click(event.point));
    new ResizeObserver(() => { if (host.clientWidth > 0) { this.map.resize(); this.labels.forget(); this.redraw(); } }).observe(host);
  }

  /** Draws this at the next frame. */
  show(shown: Shown): void {
    const themed = this.shown?.view.theme !== shown.view.theme && this.shown !== null;
    this.shown = shown;
    if (themed) this.retheme();
    this.redraw();
  }

  /** Seen from another state from now on. */
  setState(state: string): void {
    if (state === this.state) return;
    this.state = state;
    this.retheme();
  }

  zoomBy(step: number): void { this.map.zoomTo(this.map.getZoom() + step, { duration: 0 }); }
  panBy(x: number, y: number): void { this.map.panBy([x, y], { duration: 0 }); this.hooks.moved(); }
  centreOn(at: Point, zoom = Math.max(12, this.map.getZoom())): void { this.map.jumpTo({ center: at, zoom }); }

  /** The home extent: what matters of the operation; without one the room's state and all its units. */
  home(picture: Picture, operation: Operation | null): void {
    // The element may have been away, at the log-in, or changed its size just now.
    this.map.resize();
    this.atHome = () => this.home(picture, operation);
    const points = operation === null ? overviewPoints(picture, this.base, this.state) : operationPoints(picture, operation);
    const lons = points.map((p) => p[0]), lats = points.map((p) => p[1]);
    if (points.length === 0) return;
    const room = operation === null ? { top: 40, bottom: 40, left: 40, right: 40 } : { top: 150, bottom: 130, left: 190, right: 190 };
    this.map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: room, maxZoom: 13.5, duration: 0 });
  }

  private redraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  private draw(): void {
    if (this.shown === null) return;
    this.followTarget(this.shown);
    const { crossingPoints, picture, view, now, frozen } = this.shown;
    this.host.classList.toggle("frozen", frozen);
    this.host.classList.toggle("dim", view.dim);
    this.scene = sceneOf({ crossingPoints, picture, view, now, frozen, metresPerPixel: this.metresPerPixel() });
    this.needStrips(this.shown);
    this.overlay.setProps({ layers: layersOf(this.scene, this.theme, this.atlas, frozen) });
    this.drawLabels();
  }

  private drawLabels(): void {
    if (this.shown === null || this.scene === null) return;
    const box = { width: this.host.clientWidth, height: this.host.clientHeight };
    const unlabelled = this.labels.draw(this.scene, (at) => this.map.project(at), { ...box, taken: this.taken() }, this.shown.view.labels, performance.now());
    this.tell({ hidden: this.scene.hidden, unlabelled, frontier: this.frontierState, limits: this.limits, scale: this.scale() });
  }

  /** The panes and the scale that stand on the map: no label goes under them. */
  private taken(): { x: number; y: number; w: number; h: number }[] {
    const origin = this.host.getBoundingClientRect();
    return [...(this.host.parentElement?.querySelectorAll(".inset, .scale, .limits") ?? [])].map((pane) => {
      const box = pane.getBoundingClientRect();
      return { x: box.x - origin.x, y: box.y - origin.y, w: box.width, h: box.height };
    });
  }

  private followTarget({ picture, view }: Shown): void {
    if (view.follow === null) return;
    const operation = picture.operations.get(view.follow.id);
    const unit = picture.units.get(view.follow.kind === "unit" ? view.follow.id : (operation?.eyes ?? ""));
    const at = (view.follow.kind === "target" ? operation?.sighting : null) ?? (unit === undefined ? null : placeOf(unit));
    if (at == null) return;
    const here = this.map.project([at.lon, at.lat]), middle = { x: this.host.clientWidth / 2, y: this.host.clientHeight / 2 };
    // Followed in steps, so that the map stands still under the eye most of the time.
    if (Math.hypot(here.x - middle.x, here.y - middle.y) > 60) this.map.jumpTo({ center: [at.lon, at.lat] });
  }

  private metresPerPixel(): number { return metresPerPixel(this.map.getZoom(), this.map.getCenter().lat); }

  private scale(): Told["scale"] {
    const per = this.metresPerPixel(), most = 140 * per, base = 10 ** Math.floor(Math.log10(most));
    const metres = [5, 2, 1].map((n) => n * base).find((n) => n <= most) ?? base;
    return { px: Math.round(metres / per), text: metres >= 1000 ? `${metres / 1000} km` : `${metres} m` };
  }

  private tell(told: Told): void {
    const key = JSON.stringify(told);
    if (key === this.lastTold) return;
    this.lastTold = key;
    this.hooks.told(told);
  }

  private picked(tag: Tag): void {
    if (tag.unit !== null) this.hooks.pickUnit(tag.unit);
    else this.hooks.pickTarget(tag.id.slice(1));
  }

  private click(at: { x: number; y: number }): void {
    const near = (this.scene?.units ?? []).map((unit) => ({ unit, p: this.map.project(unit.at) })).map(({ unit, p }) => ({ unit, d: Math.hypot(p.x - at.x, p.y - at.y) })).sort((a, b) => a.d - b.d)[0];
    this.hooks.pickUnit(near !== undefined && near.d < 16 ? near.unit.id : null);
  }

  private retheme(): void {
    this.theme = readTheme(this.host);
    if (!this.styled) return;
    // Painted over where it stands: laying the style anew would lose its data and its glyphs.
    for (const layer of baseStyle(this.theme, this.state).layers) {
      for (const [name, value] of Object.entries(layer.paint ?? {})) this.map.setPaintProperty(layer.id, name as never, value as never);
      if ("filter" in layer) this.map.setFilter(layer.id, layer.filter);
    }
  }

  /** Gives the style its data, once both are there. */
  private fill(): void {
    if (this.base === null || !this.styled) return;
    for (const id of ["states", "borders", "names", "towns", "water"] as const) this.source(id)?.setData(this.base[id]);
    this.nameStates();
    this.needFrontier();
  }

  private nameStates(): void {
    if (this.base === null || this.map.getZoom() < NAMED_ZOOM) return;
    this.source("near")?.setData(namesIn(this.base, this.bounds()));
  }

  private bounds(): Bounds {
    const view = this.map.getBounds();
    return { west: view.getWest(), south: view.getSouth(), east: view.getEast(), north: view.getNorth() };
  }

  private source(id: string): GeoJSONSource | undefined { return this.map.getSource(id); }

  private needFrontier(): void {
    if (this.debounce !== null) clearTimeout(this.debounce);
    const view = this.bounds();
    if (this.isTooWide(view)) {
      this.frontier.drop();
      return this.setFrontierState("approximate");
    }
    // At once: beyond the piece that is here the approximate line stands, and says that it is approximate.
    if (!this.frontier.has(view)) this.setFrontierState("loading");
    this.debounce = setTimeout(() => void this.frontier.need(this.bounds()), VIEW_DEBOUNCE_MS);
  }

  /** Whether the view is too wide for the service's own line. */
  private isTooWide(view: Bounds): boolean {
    return this.map.getZoom() < OWN_LINE_ZOOM || (view.east - view.west + 1) * (view.north - view.south + 1) > WIDEST_SQUARE_DEG;
  }

  private showFrontier(lines: Parameters<GeoJSONSource["setData"]>[0] | null): void {
    this.source("frontier")?.setData(lines ?? EMPTY);
    this.setFrontierState(this.isTooWide(this.bounds()) ? "approximate" : lines === null ? "missing" : "own");
  }

  /** A picture that is frozen says nothing of now, and neither would a strip. */
  private needStrips({ picture, view, frozen }: Shown): void {
    if (frozen) return this.strips.drop();
    const bounds = this.bounds(), wanted = wantedStrips(picture, view.operation);
    this.strips.need(this.isTooWide(bounds) ? null : bounds, this.metresPerPixel(), wanted);
  }

  private showStrips({ strips, said }: ShownStrips): void {
    this.limits = said;
    this.source("strips")?.setData(strips);
    this.redraw();
  }

  private setFrontierState(state: Told["frontier"]): void {
    this.frontierState = state;
    // The approximate line stands until the true one is there for the whole view, and goes when it is: two lines would be one too many.
    if (this.map.getLayer("approximate") !== undefined) this.map.setLayoutProperty("approximate", "visibility", state === "own" ? "none" : "visible");
    this.redraw();
  }
}

/** Units of other rooms further than this from the target do not widen the home extent. */
const NEARBY_DEG = 0.09;

function operationPoints(picture: Picture, operation: Operation): Point[] {
  const points: Point[] = [], seen = operation.sighting;
  if (seen !== null) points.push([seen.lon, seen.lat]);
  for (const unit of picture.units.values()) {
    const fix = placeOf(unit);
    if (fix === null || !unit.on_duty || unit.retired) continue;
    const far = seen !== null && Math.hypot((fix.lon - seen.lon) * 0.7, fix.lat - seen.lat) > NEARBY_DEG;
    if (operation.units.includes(unit.id) && unit.approach !== null) points.push(unit.approach.point);
    if (operation.units.includes(unit.id) || (operation.host_rooms.includes(unit.room) && !far)) points.push([fix.lon, fix.lat]);
  }
  return points;
}

function overviewPoints(picture: Picture, base: BaseData | null, state: string): Point[] {
  const box = base === null ? null : boxOf(base, state);
  const points: Point[] = box === null ? [] : [[box[0], box[1]], [box[2], box[3]]];
  for (const unit of picture.units.values()) {
    const at = placeOf(unit);
    if (at !== null && unit.on_duty && !unit.retired) points.push([at.lon, at.lat]);
  }
  return points;
}
