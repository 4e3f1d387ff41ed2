// Keys for everything that a pointer can do, except where somebody types text.

const TOOLS = { p: "pen", e: "eraser", l: "lasso", s: "space" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Listen for keys and do the `actions` that they mean. Those of a single letter or digit can be off. */
export function keyboard(actions) {
  // A focused surface has no ring while somebody writes on it, only when keys are used.
  document.addEventListener("pointerdown", () => { document.body.dataset.input = "pointer"; }, true);
  document.addEventListener("keydown", () => { document.body.dataset.input = "keys"; }, true);
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const typing = target.closest("textarea, input, select");
    const command = event.ctrlKey || event.metaKey;
    if (typing || event.altKey) return;
    const done = command ? withControl(key.toLowerCase(), event.shiftKey, actions)
      : alone(event, target, actions);
    if (done) event.preventDefault();
  });
  toolbar(document.getElementById("tools"), actions);
}

function withControl(key, shift, actions) {
  if (key === "z") (shift ? actions.redo : actions.undo)();
  else if (key === "y") actions.redo();
  else if (key === "c" && !String(getSelection())) actions.copy();
  else return false;
  return true;
}

function alone({ key, shiftKey }, target, actions) {
  const button = target.closest("button, [role=button], a, summary"), single = document.body.dataset.shortcuts !== "off";
  if (key.length === 1 && !single) return false;
  if (/^[1-5]$/.test(key)) actions.take(Number(key) - 1);
  else if (key === "Enter" && !button) actions.take(0);
  else if (key === "Delete" && shiftKey) actions.clear();
  else if (key === "Delete" || (key === "Backspace" && !button)) actions.remove();
  else if (key === "Escape") actions.close();
  else if (key === "[" || key === "]") actions.next(key === "]" ? 1 : -1);
  else if (key in ARROWS && target.closest("#surface, body") && !target.closest("[role=radio], .spots")) {
    const step = shiftKey ? 20 : 4;
    actions.move(...ARROWS[key].map((v) => v * step));
  } else if (key.toLowerCase() in TOOLS) actions.tool(TOOLS[key.toLowerCase()]);
  else return false;
  return true;
}

/** Arrow keys go through the tools, as a group of radio buttons should. */
function toolbar(group, actions) {
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...group.children], here = buttons.indexOf(event.target);
    const next = buttons[(here + step + buttons.length) % buttons.length];
    event.preventDefault();
    next.focus();
    actions.tool(next.dataset.tool);
  });
}
