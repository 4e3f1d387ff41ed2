// The normal form of a signing body, as tegashiki/signs/normal_form.py has it.
//
//   const packed = packedOf(frames, aspect);      // frames of 67 x 3 numbers -> 32 x 67 x 4, or null
//
// A frame is a Float32Array of 67 joints (25 of the body, 21 of the left hand, 21 of the right one), x, y, z each,
// in image widths and heights, NaN where nothing was tracked. Unit of the result: the width between the shoulders.

export const JOINTS = 67, FRAMES = 32;
const BODY = 25, LEFT = 25, RIGHT = 46, LEFT_SHOULDER = 11, RIGHT_SHOULDER = 12, LEFT_WRIST = 15, RIGHT_WRIST = 16;
const MIRRORED = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21, 24, 23,
  ...Array.from({ length: 21 }, (_, i) => 46 + i), ...Array.from({ length: 21 }, (_, i) => 25 + i)];

/** One frame from what MediaPipe's HolisticLandmarker found. */
export function frameOf({ poseLandmarks, leftHandLandmarks, rightHandLandmarks }) {
  const frame = new Float32Array(JOINTS * 3).fill(NaN);
  const put = (found, start, count) => found?.[0]?.slice(0, count).forEach(({ x, y, z }, i) =>
    frame.set([x, y, z], 3 * (start + i)));
  put(poseLandmarks, 0, BODY);
  put(leftHandLandmarks, LEFT, 21);
  put(rightHandLandmarks, RIGHT, 21);
  return frame;
}

/** Whether any hand is seen in a frame. */
export const handSeen = (frame) => Number.isFinite(frame[3 * LEFT]) || Number.isFinite(frame[3 * RIGHT]);

/** 32 x 67 x 4 numbers (x, y, z, seen), or null where no body and no hand was tracked. */
export function packedOf(frames, aspect = 4 / 3) {
  if (!frames.some((frame) => frame.some(Number.isFinite))) return null;
  const joints = frames.map((frame) => Float64Array.from(frame, (value, i) => (i % 3 === 1 ? value : value * aspect)));
  const { x, y, width } = place(joints);
  let body = joints.map((frame) => Float32Array.from(frame, (value, i) =>
    (value - [x, y, 0][i % 3]) / width));
  if (leftLeads(body)) body = body.map(mirrored);
  return packed(evenly(body));
}

/** Between the shoulders, and how far they are apart: medians over time. */
function place(joints) {
  const at = (frame, joint, axis) => frame[3 * joint + axis];
  const middle = [0, 1].map((axis) => median(joints.map((frame) =>
    (at(frame, LEFT_SHOULDER, axis) + at(frame, RIGHT_SHOULDER, axis)) / 2)));
  const width = median(joints.map((frame) => Math.hypot(
    at(frame, LEFT_SHOULDER, 0) - at(frame, RIGHT_SHOULDER, 0),
    at(frame, LEFT_SHOULDER, 1) - at(frame, RIGHT_SHOULDER, 1))));
  if (width > 1e-6) return { x: middle[0], y: middle[1], width };
  // No shoulders: whatever was seen gives place and size.
  const along = (axis) => joints.flatMap((frame) => [...frame].filter((value, i) =>
    i % 3 === axis && Number.isFinite(value)));
  const ys = along(1), spread = Math.sqrt(mean(ys.map((value) => (value - mean(ys)) ** 2)));
  return { x: mean(along(0)), y: mean(ys), width: Math.max(2 * spread, 1e-3) };
}

/** The hand that is seen more and held higher leads. */
function leftLeads(body) {
  const seen = (start) => mean(body.map((frame) => (Number.isFinite(frame[3 * start]) ? 1 : 0)));
  const height = (wrist) => mean(body.map((frame) => frame[3 * wrist + 1]).filter(Number.isFinite));
  return seen(LEFT) - height(LEFT_WRIST) > seen(RIGHT) - height(RIGHT_WRIST);
}

function mirrored(frame) {
  const other = new Float32Array(frame.length);
  MIRRORED.forEach((from, to) => {
    other.set([-frame[3 * from], frame[3 * from + 1], frame[3 * from + 2]], 3 * to);
  });
  return other;
}

/** 32 frames evenly in time, linear between two; next to a gap the frame that is seen. */
function evenly(body) {
  return Array.from({ length: FRAMES }, (_, i) => {
    const time = (i * (body.length - 1)) / (FRAMES - 1), before = Math.floor(time);
    const after = Math.min(before + 1, body.length - 1), share = time - before;
    return Float32Array.from(body[before], (value, k) => {
      const between = value * (1 - share) + body[after][k] * share;
      return Number.isNaN(between) ? (share < 0.5 ? value : body[after][k]) : between;
    });
  });
}

function packed(frames) {
  const all = new Float32Array(FRAMES * JOINTS * 4);
  frames.forEach((frame, t) => {
    for (let joint = 0; joint < JOINTS; joint++) {
      const [x, y, z] = frame.subarray(3 * joint, 3 * joint + 3);
      if (Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z)) all.set([x, y, z, 1], 4 * (t * JOINTS + joint));
    }
  });
  return all;
}

const mean = (values) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0);

function median(values) {
  const known = values.filter(Number.isFinite).sort((a, b) => a - b), half = known.length / 2;
  return known.length % 2 ? known[Math.floor(half)] : (known[half - 1] + known[half]) / 2;
}
