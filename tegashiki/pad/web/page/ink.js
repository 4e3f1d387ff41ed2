// The ink on the pad and its past: every change makes a new list of strokes, so that undo is one
// step back. A stroke is { id, points: [[x, y, t, pressure], ...] } and never changes itself.

const MOST = 500;          // steps that can be undone

export class InkState extends EventTarget {
  #past = [];
  #future = [];
  #next = 1;

  constructor() {
    super();
    this.strokes = [];
  }

  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }

  /** Add a stroke; returns it. */
  add(points) {
    const stroke = { id: this.#next++, points };
    this.change([...this.strokes, stroke]);
    return stroke;
  }

  /** Take strokes away by id; whether there were any. */
  remove(ids) {
    const gone = new Set(ids), left = this.strokes.filter(({ id }) => !gone.has(id));
    if (left.length === this.strokes.length) return false;
    this.change(left);
    return true;
  }

  /** Move strokes by id. Moved strokes keep their id and their place in the order of writing. */
  move(ids, dx, dy) {
    const moved = new Set(ids);
    this.change(this.strokes.map((stroke) => (moved.has(stroke.id)
      ? { ...stroke, points: stroke.points.map(([x, y, ...rest]) => [x + dx, y + dy, ...rest]) }
      : stroke)));
  }

  /** Make `strokes` the ink. `also` has undo() and redo() for what changed beside the ink. */
  change(strokes, also = null) {
    this.#past.push({ strokes: this.strokes, also });
    if (this.#past.length > MOST) this.#past.shift();
    this.#future = [];
    this.#set(strokes);
  }

  undo() {
    const step = this.#past.pop();
    if (!step) return;
    this.#future.push({ strokes: this.strokes, also: step.also });
    step.also?.undo();
    this.#set(step.strokes);
  }

  redo() {
    const step = this.#future.pop();
    if (!step) return;
    this.#past.push({ strokes: this.strokes, also: step.also });
    step.also?.redo();
    this.#set(step.strokes);
  }

  #set(strokes) {
    this.strokes = strokes;
    this.dispatchEvent(new Event("change"));
  }
}
