// The writing surface: pointer events in, finished gestures out, ink on the screen.
//
// Events: "stroke" {points}, "erase" {ids, first}, "lasso" {ids}, "move" {dx, dy}. While a pen is
// down, and shortly after, fingers and palms are not listened to; a second finger never is.

import { bounds, held, touched } from "./gestures.js";

const ERASER = 12;            // CSS pixels around the pointer
const PALM = 500;             // milliseconds after the pen for which touches are still a palm
const MOST_POINTS = 20_000;   // of one stroke; the rest of it is drawn and not kept
const WIDTH = 2.6;            // of the ink, at the usual pressure

export class Surface extends EventTarget {
  #canvas; #context; #pointer = null; #kind = ""; #path = []; #penLast = -Infinity;
  #strokes = []; #lit = new Set(); #selected = new Set(); #shift = null; #scale = 1; #frame = 0;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d", { desynchronized: true });
    this.tool = "pen";
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#moved(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#cancelled(event));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** What is on the screen: strokes, which of them are lit, which are selected. */
  show(strokes) { this.#strokes = strokes; this.#fit(); this.redraw(); }
  light(ids) { this.#lit = new Set(ids); this.redraw(); }
  select(ids) { this.#selected = new Set(ids); this.redraw(); }
  get selected() { return [...this.#selected]; }
  get busy() { return this.#pointer !== null; }

  /** Box of the selection in the canvas's CSS pixels, null if nothing is selected. */
  selectionBox() {
    const points = this.#strokes.filter(({ id }) => this.#selected.has(id)).flatMap((s) => s.points);
    return points.length ? bounds(points).map((v) => v * this.#scale) : null;
  }

  redraw() {
    this.#frame ||= requestAnimationFrame(() => { this.#frame = 0; this.#paint(); });
  }

  // -- pointers ------------------------------------------------------------------------------

  #down(event) {
    const pen = event.pointerType === "pen", now = event.timeStamp;
    if (pen) this.#penLast = now;
    if (this.#pointer !== null) {
      // The pen has come down beside a palm that was taken for writing.
      if (!pen || this.#kind === "pen") return;
      this.#forget();
    } else if (event.pointerType === "touch" && now - this.#penLast < PALM) return;
    if (event.button > 0 && event.button !== 5) return;
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#pointer = event.pointerId;
    this.#kind = event.pointerType;
    try { this.#canvas.setPointerCapture(event.pointerId); } catch { /* a pointer that a test made */ }
    this.#path = [this.#point(event)];
    this.gesture = event.button === 5 || event.buttons & 32 ? "eraser" : this.tool;
    if (this.gesture === "lasso" && this.#onSelection(this.#path[0])) this.gesture = "move";
    if (this.gesture === "eraser") this.#erase(true);
    else this.redraw();
    this.dispatchEvent(new Event("begin"));
  }

  #moved(event) {
    if (event.pointerId !== this.#pointer) return;
    if (this.#kind === "pen") this.#penLast = event.timeStamp;
    const events = event.getCoalescedEvents?.() ?? [];
    const from = this.#path.length;
    for (const each of events.length ? events : [event]) {
      const point = this.#point(each), last = this.#path.at(-1);
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.25 / this.#scale) continue;
      if (this.#path.length < MOST_POINTS) this.#path.push(point);
      if (this.gesture === "eraser") this.#erase(false);
    }
    if (this.gesture === "pen" && this.#path.length > from) this.#stroke(this.#path, Math.max(0, from - 2));
    else if (this.gesture === "move") {
      this.#shift = [0, 1].map((axis) => this.#path.at(-1)[axis] - this.#path[0][axis]);
      this.redraw();
    } else this.redraw();
  }

  #up(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#moved(event);
    const { gesture } = this, path = this.#path, shift = this.#shift;
    this.#forget();
    if (gesture === "pen") this.#tell("stroke", { points: path, at: event.timeStamp });
    else if (gesture === "lasso") this.#tell("lasso", { ids: held(this.#strokes, path) });
    else if (gesture === "move" && shift) this.#tell("move", { dx: shift[0], dy: shift[1] });
  }

  #cancelled(event) {
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
    this.redraw();
  }

  #erase(first) {
    const to = this.#path.at(-1), from = this.#path.at(-2) ?? to;
    const ids = touched(this.#strokes, from, to, ERASER / this.#scale);
    if (ids.length) this.#tell("erase", { ids, first });
    this.redraw();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #point(event) {
    const box = this.#canvas.getBoundingClientRect(), round = (v) => Math.round(v * 100) / 100;
    return [round((event.clientX - box.left) / this.#scale), round((event.clientY - box.top) / this.#scale),
      Math.round(event.timeStamp) / 1000, event.pressure || 0.5];
  }

  #onSelection([x, y]) {
    const box = this.selectionBox()?.map((v) => v / this.#scale);
    return box && x > box[0] - 10 && x < box[2] + 10 && y > box[1] - 10 && y < box[3] + 10;
  }

  // -- the screen ----------------------------------------------------------------------------

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas, ratio = globalThis.devicePixelRatio || 1;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.#fit();
    this.#paint();
  }

  /** Ink from a larger window is shown smaller rather than cut off. */
  #fit() {
    if (this.busy) return;
    const points = this.#strokes.flatMap((stroke) => stroke.points);
    if (!points.length) { this.#scale = 1; return; }
    const [, , right, bottom] = bounds(points), { clientWidth, clientHeight } = this.#canvas;
    this.#scale = Math.min(1, (clientWidth - 4) / right, (clientHeight - 4) / bottom);
    if (!(this.#scale > 0.05)) this.#scale = 1;
  }

  #paint() {
    const context = this.#context, style = getComputedStyle(this.#canvas);
    const colour = (name) => style.getPropertyValue(name).trim();
    const ratio = (globalThis.devicePixelRatio || 1) * this.#scale;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.colours = { ink: colour("--ink"), lit: colour("--accent"), chosen: colour("--chosen") };
    for (const { id, points } of this.#strokes) {
      const chosen = this.#selected.has(id);
      context.strokeStyle = context.fillStyle = chosen ? this.colours.chosen
        : this.#lit.has(id) ? this.colours.lit : this.colours.ink;
      const [dx, dy] = chosen && this.#shift ? this.#shift : [0, 0];
      context.translate(dx, dy);
      this.#smooth(points, 0, this.#lit.has(id) || chosen ? 1.5 : 1);
      context.translate(-dx, -dy);
    }
    if (this.busy && this.gesture === "pen") this.#stroke(this.#path, 0);
    if (this.busy && this.gesture === "lasso") this.#loop(this.#path);
    if (this.busy && this.gesture === "eraser") this.#ring(this.#path.at(-1));
    const box = this.selectionBox()?.map((v) => v / this.#scale);
    if (box && !this.#shift) {
      context.strokeStyle = this.colours.chosen;
      context.lineWidth = 1;
      context.setLineDash([4, 4]);
      context.strokeRect(box[0] - 8, box[1] - 8, box[2] - box[0] + 16, box[3] - box[1] + 16);
      context.setLineDash([]);
    }
  }

  #stroke(points, from) {
    this.#context.strokeStyle = this.#context.fillStyle = this.colours?.ink ?? "#000";
    this.#smooth(points, from, 1);
  }

  /** Quadratic curves through the middles of neighbours; wider where the pen presses. */
  #smooth(points, from, times) {
    const context = this.#context;
    context.lineCap = context.lineJoin = "round";
    if (points.length === 1) {
      context.beginPath();
      context.arc(points[0][0], points[0][1], WIDTH * times * 0.7, 0, 7);
      context.fill();
      return;
    }
    const middle = (i) => [(points[i][0] + points[i + 1][0]) / 2, (points[i][1] + points[i + 1][1]) / 2];
    for (let i = Math.max(1, from); i < points.length; i++) {
      const pressure = points[i][3] ?? 0.5;
      context.lineWidth = WIDTH * times * (0.6 + 0.8 * pressure);
      context.beginPath();
      context.moveTo(...(i === 1 ? points[0] : middle(i - 2)).slice(0, 2));
      if (i > 1) context.quadraticCurveTo(points[i - 1][0], points[i - 1][1], ...middle(i - 1));
      else context.lineTo(...middle(0));
      if (i === points.length - 1) context.lineTo(points[i][0], points[i][1]);
      context.stroke();
    }
  }

  #loop(points) {
    const context = this.#context;
    context.strokeStyle = this.colours.chosen;
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    context.beginPath();
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
    context.stroke();
    context.setLineDash([]);
  }

  #ring([x, y]) {
    const context = this.#context;
    context.strokeStyle = this.colours.chosen;
    context.lineWidth = 1;
    context.beginPath();
    context.arc(x, y, ERASER / this.#scale, 0, 7);
    context.stroke();
  }
}
