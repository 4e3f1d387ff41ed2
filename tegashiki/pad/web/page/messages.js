// What the page says in passing (the status) and until it is closed (the notice).

import { say } from "./i18n.js";

const $ = (id) => document.getElementById(id);

export function status(text) {
  $("status").textContent = text;
}

/** A message that stays until it is closed; `again` is offered as a button. */
export function notice(text, again = null) {
  $("notice").querySelector("p").textContent = text;
  const button = $("notice").querySelector(".again");
  button.hidden = !again;
  button.onclick = () => { $("notice").hidden = true; again(); };
  $("notice").hidden = false;
}

/** In the person's language, with what the program said behind it. */
export function explain(problem) {
  return [say(problem.code ?? "worker", problem.message), problem.code === "formula" ? ""
    : say("detail", problem.message ?? problem)].join(" ");
}

/** How much of the recogniser is here: a bar, and megabytes for those who do not see it. */
export function progress(loaded, total) {
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);
  $("progress").hidden = false;
  $("progress").value = total ? loaded / total : 0;
  status(say("progress", megabytes(loaded), megabytes(total)));
}

export function loaded() {
  $("progress").hidden = true;
}

$("notice").querySelector(".close").onclick = () => { $("notice").hidden = true; };
