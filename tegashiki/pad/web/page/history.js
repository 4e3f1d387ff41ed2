// The work on the pad and its past. One list of steps for everything: writing, erasing, moving,
// pinning, taking; a step back undoes the last of them, whichever it was.
//
// The state is { strokes, pins }. A stroke is { id, points: [[x, y, t, pressure], ...] }, a pin
// { token, strokes: [id, ...] }; neither ever changes itself.

const MOST = 500;          // steps that can be undone

export class History extends EventTarget {
  #past = [];
  #future = [];
  #next = 1;
  #state = { strokes: [], pins: [] };

  get strokes() { return this.#state.strokes; }
  get pins() { return this.#state.pins; }
  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }

  /** Add a stroke; returns it. */
  add(points) {
    const stroke = { id: this.#next++, points };
    this.change([...this.strokes, stroke]);
    return stroke;
  }

  /** Make these lists of points the ink. */
  replace(all) {
    this.change(all.map((points) => ({ id: this.#next++, points })));
  }

  /** Take strokes away by id; whether there were any. All with the same `gesture` are one step. */
  remove(ids, gesture = null) {
    const gone = new Set(ids), left = this.strokes.filter(({ id }) => !gone.has(id));
    if (left.length === this.strokes.length) return false;
    this.change(left, { gesture });
    return true;
  }

  /** Move strokes by id. Moved strokes keep their id and their place in the order of writing. */
  move(ids, dx, dy, gesture = null) {
    const moved = new Set(ids);
    this.change(this.strokes.map((stroke) => (moved.has(stroke.id)
      ? { ...stroke, points: stroke.points.map(([x, y, ...rest]) => [x + dx, y + dy, ...rest]) }
      : stroke)), { gesture });
  }

  /** Make `pins` the pins. */
  pin(pins) {
    this.change(this.strokes, { pins });
  }

  /**
   * Make `strokes` the ink; pins on strokes that are gone go with them. `also` has undo() and redo()
   * for what changed beside the ink. A step of the same `gesture` as the last one joins it.
   */
  change(strokes, { pins = this.pins, also = null, gesture = null } = {}) {
    const joins = gesture !== null && this.#past.at(-1)?.gesture === gesture;
    if (!joins) this.#past.push({ state: this.#state, also, gesture });
    if (this.#past.length > MOST) this.#past.shift();
    this.#future = [];
    const there = new Set(strokes.map(({ id }) => id));
    this.#set({ strokes, pins: pins.filter((pin) => pin.strokes.every((id) => there.has(id))) });
  }

  undo() {
    this.#step(this.#past, this.#future, "undo");
  }

  redo() {
    this.#step(this.#future, this.#past, "redo");
  }

  /** The state as it was kept; nothing before it can be undone. */
  restore({ strokes = [], pins = [] }) {
    this.#past = [];
    this.#future = [];
    this.#set({ strokes, pins });
  }

  #step(from, to, way) {
    const step = from.pop();
    if (!step) return;
    to.push({ state: this.#state, also: step.also, gesture: null });
    step.also?.[way]();
    this.#set(step.state);
  }

  #set(state) {
    this.#state = state;
    this.#next = state.strokes.reduce((most, { id }) => Math.max(most, id + 1), this.#next);
    this.dispatchEvent(new Event("change"));
  }
}
