// MediaPipe's HolisticLandmarker, from the folder mediapipe/ beside this page. Neither its library nor its model
// comes with tegashiki; MISSING says where they are from. Nothing is asked of another host.

import { frameOf } from "./normal.js";

export const MISSING = `To read from the camera or a video, put three things into the folder "mediapipe" beside this
page: vision_bundle.mjs and wasm/ from the npm package @mediapipe/tasks-vision (npm pack @mediapipe/tasks-vision), and
holistic_landmarker.task from https://storage.googleapis.com/mediapipe-models/holistic_landmarker/holistic_landmarker/float16/latest/holistic_landmarker.task
Recorded landmarks can be read without them.`;

export class Landmarker {
  static async load(folder) {
    const library = await import(`${folder}vision_bundle.mjs`);
    const files = await library.FilesetResolver.forVisionTasks(`${folder}wasm`);
    const landmarker = await library.HolisticLandmarker.createFromOptions(files, {
      baseOptions: { modelAssetPath: `${folder}holistic_landmarker.task` }, runningMode: "VIDEO",
    });
    return new Landmarker(landmarker);
  }

  constructor(landmarker) {
    this.landmarker = landmarker;
  }

  /** The joints in the picture that `video` shows now; `time` in milliseconds, growing. */
  frame(video, time) {
    return frameOf(this.landmarker.detectForVideo(video, time));
  }
}
