// The writing surface: pointer events in, finished gestures out, ink on the screen.
//
// Events: "begin"; "stroke" {points, at}; "tap" {id, points, at}: a stroke that is a point, on the ink
// of `id`; "erase" {ids, gesture}; "lasso" {ids}; "move" {ids, dx, dy}; "view". While a pen is down, and
// shortly after, fingers and palms are not listened to. Two fingers move the sheet.

import { bounds, held, touched } from "./gestures.js";
import { begin, frame, loop, ring, stroke } from "./inkpainter.js";
import { View } from "./view.js";

const ERASER = 12;            // CSS pixels around the pointer
const PALM = 500;             // milliseconds after the pen for which touches are still a palm
const MOST_POINTS = 20_000;   // of one stroke; the rest of it is drawn and not kept
const TAP = 4;                // CSS pixels that a tap may be long
const ON = 5;                 // CSS pixels from a line at which a tap is on it
const PINCH = 12;             // CSS pixels that a first finger may have moved when a second comes

export class Surface extends EventTarget {
  #canvas; #context; #pointer = null; #kind = ""; #path = []; #penLast = -Infinity; #fingers = new Map();
  #strokes = []; #lit = new Set(); #selected = new Set(); #unread = new Set(); #shift = null; #moving = new Set(); #axes = [1, 1];
  #frame = 0; #gesture = 0; #corner = [0, 0]; #size = [0, 0];

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { desynchronized: true });
    this.view = new View();
    this.tool = "pen";
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#moved(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#cancelled(event));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.restyle());
    this.restyle();
  }

  /** What is on the screen: strokes, which of them are lit, selected, not read. */
  show(strokes) {
    this.#strokes = strokes;
    if (!strokes.length && !this.busy) this.#look(() => this.view.home());
    this.redraw();
  }

  light(ids) { this.#lit = new Set(ids); this.redraw(); }
  select(ids) { this.#selected = new Set(ids); this.redraw(); }
  unread(ids) {
    if (ids.length === this.#unread.size && ids.every((id) => this.#unread.has(id))) return;
    this.#unread = new Set(ids);
    this.redraw();
  }

  get selected() { return [...this.#selected]; }
  get busy() { return this.#pointer !== null; }

  /** Box of the selection in the canvas's CSS pixels, null if nothing is selected. */
  selectionBox() {
    const box = this.#sheetBox(({ id }) => this.#selected.has(id));
    return box && this.view.toScreen(box);
  }

  /** Whether some ink is not on the screen. */
  get hides() {
    const box = this.#sheetBox(() => true);
    if (!box) return false;
    const [left, top, right, bottom] = this.view.toScreen(box), [width, height] = this.#size;
    return left < -1 || top < -1 || right > width + 1 || bottom > height + 1;
  }

  /** Whether the ink comes near the right edge of the screen. */
  get full() {
    const box = this.#sheetBox(() => true);
    return Boolean(box) && this.view.toScreen(box)[2] > 0.75 * this.#size[0];
  }

  /** Bring all ink onto the screen. */
  fit() {
    const box = this.#sheetBox(() => true);
    this.#look(() => (box ? this.view.fit(box, ...this.#size) : this.view.home()));
  }

  /** Move the sheet by shares of the screen. */
  scroll(dx, dy) {
    this.#look(() => this.view.pan(dx * this.#size[0], dy * this.#size[1]));
  }

  /** Colours anew, after the theme changed. */
  restyle() {
    const style = getComputedStyle(this.#canvas), colour = (name) => style.getPropertyValue(name).trim() || "#000";
    this.colours = { ink: colour("--ink"), lit: colour("--accent"), chosen: colour("--chosen"), unread: colour("--unread") };
    this.redraw();
  }

  redraw() {
    this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.#paint(); });
  }

  // -- pointers ------------------------------------------------------------------------------

  #down(event) {
    const pen = event.pointerType === "pen", now = event.timeStamp;
    if (pen) this.#penLast = now;
    if (event.pointerType === "touch") this.#fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.#pointer !== null) {
      if (this.#pinches(event)) return;
      // The pen has come down beside a palm that was taken for writing.
      if (!pen || this.#kind === "pen") return;
      this.#forget();
    } else if (event.pointerType === "touch" && now - this.#penLast < PALM) return;
    if (event.button > 1 && event.button !== 5) return;
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#pointer = event.pointerId;
    this.#kind = event.pointerType;
    this.#gesture++;
    try { this.#canvas.setPointerCapture(event.pointerId); } catch { /* a pointer that a test made */ }
    const box = this.#canvas.getBoundingClientRect();
    this.#corner = [box.left, box.top];
    this.#path = [this.#point(event)];
    this.gesture = event.button === 5 || event.buttons & 32 ? "eraser" : event.button === 1 ? "pan" : this.tool;
    if (this.gesture === "lasso" && this.#onSelection(this.#path[0])) this.#carry(this.#selected);
    if (this.gesture === "eraser") this.#erase();
    else this.redraw();
    this.dispatchEvent(new Event("begin"));
  }

  #moved(event) {
    if (this.gesture === "pinch" && this.busy) {
      if (this.#fingers.has(event.pointerId)) this.#pinched(event);
      return;
    }
    if (event.pointerId !== this.#pointer) return;
    if (this.#kind === "pen") this.#penLast = event.timeStamp;
    if (this.gesture === "pan") {
      this.#look(() => this.view.pan(event.movementX, event.movementY));
      return;
    }
    const events = event.getCoalescedEvents?.() ?? [];
    const from = this.#path.length;
    for (const each of events.length ? events : [event]) {
      const point = this.#point(each), last = this.#path.at(-1);
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.25 / this.view.scale) continue;
      if (this.#path.length < MOST_POINTS) this.#path.push(point);
      if (this.gesture === "eraser") this.#erase();
    }
    if (this.gesture === "space") this.#spread();
    if (this.gesture === "pen" && this.#path.length > from) {
      stroke(this.#context, this.#path, { from: Math.max(0, from - 2), colour: this.colours.ink });
      return;
    }
    if (this.gesture === "move") this.#shift = this.#way().map((way, axis) => way * this.#axes[axis]);
    this.redraw();
  }

  #up(event) {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId !== this.#pointer) return;
    if (this.gesture !== "pinch") this.#moved(event);
    const { gesture } = this, path = this.#path, shift = this.#shift, ids = [...this.#moving], at = event.timeStamp;
    this.#forget();
    if (gesture === "pen") {
      const on = length(path) * this.view.scale < TAP ? touched(this.#strokes, path[0], path[0], ON / this.view.scale) : [];
      this.#tell(on.length ? "tap" : "stroke", { points: path, at, id: on.at(-1) });
    } else if (gesture === "lasso") this.#tell("lasso", { ids: held(this.#strokes, path) });
    else if (gesture === "move" && shift) this.#tell("move", { ids, dx: shift[0], dy: shift[1] });
  }

  #cancelled(event) {
    this.#fingers.delete(event.pointerId);
    if (event.pointerId !== this.#pointer) return;
    // The system took the pointer away (a call, a gesture): a long stroke is kept, a touch is not.
    const { gesture } = this, path = this.#path;
    this.#forget();
    if (gesture === "pen" && path.length > 8) this.#tell("stroke", { points: path, at: event.timeStamp });
  }

  #forget() {
    this.#pointer = null;
    this.#path = [];
    this.#shift = null;
    this.#moving = new Set();
    this.redraw();
  }

  #erase() {
    const to = this.#path.at(-1), from = this.#path.at(-2) ?? to;
    const ids = touched(this.#strokes, from, to, ERASER / this.view.scale);
    if (ids.length) this.#tell("erase", { ids, gesture: this.#gesture });
    this.redraw();
  }

  /** Drag what is right of where the pen came down, or below it: room for something forgotten. */
  #spread() {
    const [dx, dy] = this.#way(), [x, y] = this.#path[0];
    if (Math.hypot(dx, dy) * this.view.scale < 8) return;
    const axis = Math.abs(dx) >= Math.abs(dy) ? 0 : 1, edge = axis ? y : x;
    this.#carry(this.#strokes.filter(({ points }) => {
      const box = bounds(points);
      return (box[axis] + box[axis + 2]) / 2 > edge;
    }).map(({ id }) => id));
    this.#axes = axis ? [0, 1] : [1, 0];
  }

  #carry(ids) {
    this.gesture = "move";
    this.#moving = new Set(ids);
    this.#axes = [1, 1];
  }

  #way() {
    return [0, 1].map((axis) => this.#path.at(-1)[axis] - this.#path[0][axis]);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #point(event) {
    const round = (v) => Math.round(v * 100) / 100;
    const [x, y] = this.view.toSheet([event.clientX - this.#corner[0], event.clientY - this.#corner[1]]);
    return [round(x), round(y), Math.round(event.timeStamp) / 1000, event.pressure || 0.5];
  }

  #onSelection([x, y]) {
    const box = this.#sheetBox(({ id }) => this.#selected.has(id));
    return box && x > box[0] - 10 && x < box[2] + 10 && y > box[1] - 10 && y < box[3] + 10;
  }

  #sheetBox(which) {
    const points = this.#strokes.filter(which).flatMap((one) => one.points);
    return points.length ? bounds(points) : null;
  }

  // -- the sheet ----------------------------------------------------------------------------

  /** A second finger, before the first has written anything: from now on they move the sheet. */
  #pinches(event) {
    if (event.pointerType !== "touch" || this.#kind !== "touch" || this.#fingers.size !== 2) return false;
    if (this.gesture !== "pinch" && length(this.#path) * this.view.scale > PINCH) return false;
    this.gesture = "pinch";
    this.#path = [];
    this.redraw();
    return true;
  }

  #pinched(event) {
    const before = [...this.#fingers.values()].slice(0, 2);
    this.#fingers.set(event.pointerId, [event.clientX, event.clientY]);
    const after = [...this.#fingers.values()].slice(0, 2);
    if (after.length < 2) return;
    const middle = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
    const [from, to] = [middle(before), middle(after)];
    this.#look(() => {
      this.view.pan(to[0] - from[0], to[1] - from[1]);
      this.view.zoom(apart(after) / apart(before), [to[0] - this.#corner[0], to[1] - this.#corner[1]]);
    });
  }

  #wheel(event) {
    event.preventDefault();
    const box = this.#canvas.getBoundingClientRect(), lines = event.deltaMode === 1 ? 16 : 1;
    this.#look(() => (event.ctrlKey
      ? this.view.zoom(Math.exp(-event.deltaY * lines / 300), [event.clientX - box.left, event.clientY - box.top])
      : this.view.pan(...(event.shiftKey ? [-event.deltaY, 0] : [-event.deltaX, -event.deltaY]).map((v) => v * lines))));
  }

  #look(change) {
    change();
    this.redraw();
    this.dispatchEvent(new Event("view"));
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas, ratio = globalThis.devicePixelRatio || 1;
    this.#size = [clientWidth, clientHeight];
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    // Ink from a larger window is shown smaller rather than cut off.
    if (!this.busy && this.#strokes.length && this.hides) this.fit();
    this.#paint();
    this.dispatchEvent(new Event("view"));
  }

  #paint() {
    const context = this.#context, { ink, lit, chosen, unread } = this.colours;
    begin(this.#canvas, context, this.view);
    for (const { id, points } of this.#strokes) {
      const moves = this.#moving.has(id) && this.#shift, strong = this.#lit.has(id) || this.#selected.has(id);
      const colour = this.#selected.has(id) || moves ? chosen : this.#lit.has(id) ? lit : this.#unread.has(id) ? unread : ink;
      const [dx, dy] = moves ? this.#shift : [0, 0];
      context.translate(dx, dy);
      stroke(context, points, { times: strong ? 1.5 : 1, colour });
      context.translate(-dx, -dy);
    }
    if (this.busy && this.#path.length) {
      if (this.gesture === "pen") stroke(context, this.#path, { colour: ink });
      if (this.gesture === "lasso") loop(context, this.#path, chosen);
      if (this.gesture === "eraser") ring(context, this.#path.at(-1), ERASER / this.view.scale, chosen);
    }
    const box = this.#sheetBox(({ id }) => this.#selected.has(id));
    if (box && !this.#shift) frame(context, box, chosen);
  }
}

function length(points) {
  let sum = 0;
  for (let i = 1; i < points.length; i++) sum += Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]);
  return sum;
}
