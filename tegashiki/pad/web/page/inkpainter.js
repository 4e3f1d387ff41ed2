// Ink on a canvas: smooth lines, wider where the pen presses.

const WIDTH = 2.6;            // of the ink, at the usual pressure

/** Clear the canvas and say how sheet and screen belong together. */
export function begin(canvas, context, view) {
  const ratio = (globalThis.devicePixelRatio || 1) * view.scale;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(ratio, 0, 0, ratio, -view.x * ratio, -view.y * ratio);
}

/** Quadratic curves through the middles of neighbours, from the point number `from` on. */
export function stroke(context, points, { from = 0, times = 1, colour }) {
  context.strokeStyle = context.fillStyle = colour;
  context.lineCap = context.lineJoin = "round";
  if (points.length === 1) {
    context.beginPath();
    context.arc(points[0][0], points[0][1], WIDTH * times * 0.7, 0, 7);
    context.fill();
    return;
  }
  const middle = (i) => [(points[i][0] + points[i + 1][0]) / 2, (points[i][1] + points[i + 1][1]) / 2];
  for (let i = Math.max(1, from); i < points.length; i++) {
    context.lineWidth = WIDTH * times * (0.6 + 0.8 * (points[i][3] ?? 0.5));
    context.beginPath();
    context.moveTo(...(i === 1 ? points[0] : middle(i - 2)).slice(0, 2));
    if (i > 1) context.quadraticCurveTo(points[i - 1][0], points[i - 1][1], ...middle(i - 1));
    else context.lineTo(...middle(0));
    if (i === points.length - 1) context.lineTo(points[i][0], points[i][1]);
    context.stroke();
  }
}

/** The dashed way of a lasso. */
export function loop(context, points, colour) {
  dashed(context, colour, 1.5, () => {
    points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.closePath();
  });
}

/** The dashed frame of a selection. */
export function frame(context, [left, top, right, bottom], colour) {
  dashed(context, colour, 1, () => context.rect(left - 8, top - 8, right - left + 16, bottom - top + 16));
}

/** The ring of the eraser. */
export function ring(context, [x, y], radius, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.stroke();
}

function dashed(context, colour, width, draw) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash([5, 4]);
  context.beginPath();
  draw();
  context.stroke();
  context.setLineDash([]);
}
