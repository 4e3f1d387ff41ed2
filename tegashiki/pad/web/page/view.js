// Which part of the endless sheet is on the screen: a shift and a scale.

const SMALLEST = 0.15, LARGEST = 4;

export class View {
  x = 0;                 // of the sheet, at the left and upper edge of the screen
  y = 0;
  scale = 1;             // CSS pixels of the screen a unit of the sheet

  /** A point of the screen -> of the sheet. */
  toSheet([x, y]) {
    return [x / this.scale + this.x, y / this.scale + this.y];
  }

  /** A box of the sheet -> of the screen. */
  toScreen([left, top, right, bottom]) {
    return [(left - this.x) * this.scale, (top - this.y) * this.scale,
      (right - this.x) * this.scale, (bottom - this.y) * this.scale];
  }

  /** Move the sheet by CSS pixels. */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
  }

  /** Scale around a point of the screen, which stays where it is. */
  zoom(times, [x, y]) {
    const scale = Math.min(LARGEST, Math.max(SMALLEST, this.scale * times)), [left, top] = this.toSheet([x, y]);
    this.scale = scale;
    this.x = left - x / scale;
    this.y = top - y / scale;
  }

  /** All of a box is on a screen of this size, and no larger than it was written. */
  fit([left, top, right, bottom], width, height, margin = 12) {
    const fitting = Math.min(1, (width - 2 * margin) / Math.max(right - left, 1),
      (height - 2 * margin) / Math.max(bottom - top, 1));
    this.scale = Math.max(SMALLEST, fitting);
    this.x = Math.min(left - margin / this.scale, Math.max(0, right + margin / this.scale - width / this.scale));
    this.y = Math.min(top - margin / this.scale, Math.max(0, bottom + margin / this.scale - height / this.scale));
    if (this.scale === 1 && left >= 0 && top >= 0 && right <= width && bottom <= height) this.x = this.y = 0;
  }

  /** Back to the beginning. */
  home() {
    this.x = this.y = 0;
    this.scale = 1;
  }
}
