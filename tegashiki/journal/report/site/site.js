// What every page does beyond being read: links between scripts and data, ticking runs to compare,
// sorting plain tables, the lineage scrolled to its run.
// Data comes from scripts beside the pages (a page opened from a folder may not fetch): data/ID.js,
// data/table.js and data/series-NAME.js call the functions of `tegashiki`.
"use strict";

const up = document.body.dataset.up;
const ticked = new Set();
const known = new Map();   // id -> facts of a run
const waiting = new Map(); // id -> what to call once it is known

window.tegashiki = {
  add: (run) => { known.set(run.id, run); waiting.get(run.id)?.(run); },
};

function make(tag, fields = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (name in made && name !== "list") made[name] = value; else made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}

const short = (value) => typeof value === "number" ? String(Number(value.toPrecision(4)))
  : value === undefined || value === null ? "–"
  : typeof value === "string" ? value : JSON.stringify(value);

// The facts of a run, from the script beside its page.
function load(id) {
  return new Promise((done, failed) => {
    if (known.has(id)) return done(known.get(id));
    waiting.set(id, done);
    const script = make("script", { src: `${up}data/${id}.js` });
    script.onerror = () => failed(new Error(`no run ${id} in this archive`));
    document.head.append(script);
  });
}

// What an address says behind its #, as names and values; and back.
const stated = () => Object.fromEntries(location.hash.slice(1).split("&").filter(Boolean)
  .map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(decodeURIComponent)));
function state(values) {
  const said = Object.entries(values).filter(([, value]) => value)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  history.replaceState(null, "", said ? `#${said}` : location.pathname);
}

// --- ticking ---------------------------------------------------------------------------------
function countTicked() {
  for (const button of document.querySelectorAll("button.compare")) button.disabled = ticked.size < 2;
  for (const said of document.querySelectorAll(".ticked")) {
    said.textContent = ticked.size ? `${ticked.size} ticked` : "";
  }
}
const toCompare = (ids) => { location.href = `${up}compare.html#${ids.join(",")}`; };

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.closest("#runs") || box.type !== "checkbox") return;
  if (box.checked) ticked.add(box.value); else ticked.delete(box.value);
  countTicked();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("button.compare")) toCompare([...ticked]);
});
// A page that comes back from the history still has its boxes ticked.
window.addEventListener("pageshow", () => {
  for (const box of document.querySelectorAll("#runs input:checked")) ticked.add(box.value);
  countTicked();
});

// --- sorting a plain table ---------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const head = event.target.closest("table.sort th");
  if (!head || !event.target.closest("button")) return;
  const column = [...head.parentNode.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const key = (row) => row.cells[column]?.textContent.trim() ?? "";
  const rows = [...body.rows].sort((a, b) => key(a).localeCompare(key(b), "en", { numeric: true }));
  body.append(...(down ? rows.reverse() : rows));
});

// --- the run in the middle of its lineage --------------------------------------------------------
for (const home of document.querySelectorAll("div.lineage")) {
  const here = home.querySelector("rect.here");
  if (here) home.scrollLeft = here.x.baseVal.value + here.width.baseVal.value / 2 - home.clientWidth / 2;
}
