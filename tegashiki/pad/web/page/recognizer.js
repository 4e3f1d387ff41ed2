// The page is bundled without it; what else uses the page's parts in one file finds it here.

export * from "../recognizer/recognizer.js";
