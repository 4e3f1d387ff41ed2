// What the pages do beyond being read: search, sort, filter, tick to compare, live curves.
// Data comes from scripts beside the pages (a page opened from a folder may not fetch):
// data/search.js, data/series-NAME.js and data/ID.js call the functions of `tegashiki` below.
"use strict";

const up = document.body.dataset.up;
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];
const DASHES = ["", "6 3", "2 3", "8 3 2 3"];
const USUAL = ["val_exact", "exact", "validation_loss", "val_loss", "loss"];
const ticked = new Set();
const known = new Map();   // id -> facts of a run, for comparing
const waiting = new Map(); // id -> what to call once it is known

window.tegashiki = {
  search: (rows) => startSearch(rows),
  series: (rows) => startOverlay(rows),
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

function draw(tag, fields, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(fields)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const short = (value) => typeof value === "number" ? String(Number(value.toPrecision(4)))
  : value === undefined || value === null ? "–"
  : typeof value === "string" ? value : JSON.stringify(value);

// --- ticking ---------------------------------------------------------------------------------
function countTicked() {
  for (const button of document.querySelectorAll("button.compare")) {
    button.disabled = ticked.size < 2;
  }
  for (const said of document.querySelectorAll(".ticked")) {
    said.textContent = ticked.size ? `${ticked.size} ticked` : "";
  }
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.closest("#runs") || box.type !== "checkbox") return;
  if (box.checked) ticked.add(box.value); else ticked.delete(box.value);
  countTicked();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("button.compare")) {
    location.href = `${up}compare.html#${[...ticked].join(",")}`;
  }
});
// A page that comes back from the history still has its boxes ticked.
window.addEventListener("pageshow", () => {
  for (const box of document.querySelectorAll("#runs input:checked")) ticked.add(box.value);
  countTicked();
});

// --- sorting and filtering -------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const head = event.target.closest("table.sort th");
  if (!head || !event.target.closest("button")) return;
  const column = [...head.parentNode.children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const key = (row) => row.cells[column]?.textContent.trim() ?? "";
  const number = (text) => Number((text.match(/-?[\d.]+(e[+-]?\d+)?/) ?? ["x"])[0]);
  const order = (a, b) => {
    const [x, y] = column === 6 ? [number(key(a)), number(key(b))] : [NaN, NaN];
    return Number.isNaN(x) || Number.isNaN(y) ? key(a).localeCompare(key(b)) : x - y;
  };
  const rows = [...body.rows].sort((a, b) => down ? order(b, a) : order(a, b));
  body.append(...rows);
});

function filterRows() {
  const filters = [...document.querySelectorAll("[data-filter]")];
  for (const row of document.querySelectorAll("#runs tbody tr")) {
    row.hidden = filters.some((f) =>
      f.value && row.cells[f.dataset.filter].textContent.trim() !== f.value);
  }
  document.dispatchEvent(new Event("filtered"));
}
for (const filter of document.querySelectorAll("[data-filter]")) {
  filter.addEventListener("change", filterRows);
}

// --- searching all runs from the front page ----------------------------------------------------
function startSearch(rows) {
  const field = document.getElementById("search");
  const said = document.getElementById("found");
  const body = document.querySelector("#runs tbody");
  const latest = [...body.rows];
  const drawn = new Map(latest.map((row) => [row.cells[0].firstChild.value, row]));

  function row([id, started, series, step, status, numbers]) {
    if (drawn.has(id)) return drawn.get(id);
    const box = make("input", { type: "checkbox", value: id, checked: ticked.has(id),
      "aria-label": `Compare run ${id}, ${series} ${step}` });
    const page = make("a", { href: `run/${id}.html` }, id);
    const shelf = make("a", { href: `series/${series}.html` }, series);
    const badge = make("span", { className: `status ${status.replace(" ", "-")}` }, status);
    const cells = [box, page, started, [shelf, ` ${step}`], badge, "", numbers];
    const made = make("tr", {}, ...cells.map((cell) => make("td", {}, ...[cell].flat())));
    drawn.set(id, made);
    return made;
  }

  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
      body.replaceChildren(...latest);
      said.textContent = "";
      return;
    }
    const found = rows.filter((r) => {
      const text = r.join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    body.replaceChildren(...found.slice(0, 200).map(row));
    const more = found.length > 200 ? ", the newest 200 shown" : "";
    said.textContent = `${found.length} of ${rows.length} runs${more}`;
  }
  field.addEventListener("input", search);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT/.test(document.activeElement.tagName)) {
      event.preventDefault();
      field.focus();
    }
  });
  if (field.value) search();
}

// --- live curves -----------------------------------------------------------------------------
function ticks(low, high) {
  if (high - low < 1e-12 * Math.max(Math.abs(high), Math.abs(low), 1e-300)) {
    const spread = Math.abs(low) || 1;
    [low, high] = [low - spread / 2, high + spread / 2];
  }
  const raw = (high - low) / 5, unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((f) => f * unit).find((s) => s >= raw * 0.999);
  const marks = [];
  for (let n = Math.floor(low / step + 1e-9); n <= Math.ceil(high / step - 1e-9); n++) {
    marks.push(Number((n * step).toPrecision(10)));
  }
  return marks;
}

// lines: [{name, points: [[x, y], ...]}]
function chart(lines, column) {
  const every = lines.flatMap((line) => line.points);
  const home = make("div", { className: "live" });
  if (!every.length) return home;
  const W = 640, H = 320, L = 56, T = 12, R = 12, B = 34;
  const xs = ticks(Math.min(...every.map((p) => p[0])), Math.max(...every.map((p) => p[0])));
  const ys = ticks(Math.min(...every.map((p) => p[1])), Math.max(...every.map((p) => p[1])));
  const X = (x) => L + (x - xs[0]) / (xs.at(-1) - xs[0]) * (W - L - R);
  const Y = (y) => T + (1 - (y - ys[0]) / (ys.at(-1) - ys[0])) * (H - T - B);
  const svg = draw("svg", { viewBox: `0 0 ${W} ${H}`, class: "chart", role: "img",
    "aria-label": `${column} of ${lines.map((l) => l.name).join(", ")}` });
  for (const y of ys) {
    svg.append(draw("path", { class: "g", d: `M${L} ${Y(y)}H${W - R}` }),
      draw("text", { class: "t", x: L - 6, y: Y(y) + 4, "text-anchor": "end" }, y));
  }
  for (const x of xs) {
    svg.append(draw("text", { class: "t", x: X(x), y: H - B + 16, "text-anchor": "middle" }, x));
  }
  const drawn = lines.map((line, n) => {
    const fields = { points: line.points.map(([x, y]) => `${X(x)},${Y(y)}`).join(" "),
      fill: "none", stroke: COLOURS[n % 6], "stroke-width": 2 };
    if (DASHES[Math.floor(n / 6) % 4]) fields["stroke-dasharray"] = DASHES[Math.floor(n / 6) % 4];
    return svg.appendChild(draw("polyline", fields));
  });
  const ruler = svg.appendChild(draw("path", { class: "g", d: "" }));
  const tip = make("div", { className: "tip", hidden: true });
  home.append(svg, tip);
  home.addEventListener("pointermove", (event) => {
    const frame = svg.getBoundingClientRect();
    const x = (event.clientX - frame.left) / frame.width * W;
    const y = (event.clientY - frame.top) / frame.height * H;
    let best = null;
    lines.forEach((line, n) => {
      for (const [px, py] of line.points) {
        const far = (X(px) - x) ** 2 + (Y(py) - y) ** 2;
        if (!best || far < best.far) best = { far, n, px, py };
      }
    });
    ruler.setAttribute("d", `M${X(best.px)} ${T}V${H - B}`);
    drawn.forEach((line, n) => line.classList.toggle("dim", n !== best.n));
    tip.hidden = false;
    tip.textContent = `${lines[best.n].name}: ${column} ${short(best.py)} at ${short(best.px)}`;
    tip.style.left = x < W / 2 ? "auto" : "4rem";
    tip.style.right = x < W / 2 ? "1rem" : "auto";
  });
  home.addEventListener("pointerleave", () => {
    tip.hidden = true;
    ruler.setAttribute("d", "");
    drawn.forEach((line) => line.classList.remove("dim"));
  });
  return home;
}

function legend(lines) {
  const items = lines.map((line, n) => {
    const mark = make("i");
    mark.style.background = COLOURS[n % 6];
    return make("span", {}, mark, line.link ? make("a", { href: line.link }, line.name) : line.name);
  });
  return make("figcaption", { className: "legend" }, ...items);
}

function startOverlay(rows) {
  const home = document.getElementById("overlay");
  if (!home) return;
  const columns = [...new Set(rows.flatMap(([, , lines]) => Object.keys(lines)))];
  const first = USUAL.find((name) => columns.includes(name)) ?? columns[0];
  const choose = make("select", { id: "column" },
    ...columns.map((name) => make("option", { selected: name === first }, name)));
  const limit = make("select", { id: "many" }, ...[6, 12, 24, 1000].map((n) =>
    make("option", { value: n }, n === 1000 ? "all" : `newest ${n}`)));
  const figure = make("figure");
  function show() {
    const visible = new Set([...document.querySelectorAll("#runs tbody tr:not([hidden]) input")]
      .map((box) => box.value));
    const lines = rows
      .filter(([id, , lines]) => lines[choose.value] && visible.has(id))
      .slice(0, Number(limit.value))
      .map(([id, step, lines]) => (
        { name: `${id} ${step}`, points: lines[choose.value], link: `../run/${id}.html` }));
    const parts = lines.length ? [chart(lines, choose.value)] : ["No curve of these runs."];
    figure.replaceChildren(...parts, ...(lines.length <= 24 ? [legend(lines)] : []));
  }
  const bar = make("p", { className: "bar" }, make("label", {}, "Curve ", choose),
    make("label", {}, "Runs ", limit));
  home.replaceChildren(bar, figure);
  choose.addEventListener("change", show);
  limit.addEventListener("change", show);
  document.addEventListener("filtered", show);
  show();
}

// --- comparing -------------------------------------------------------------------------------
function load(id) {
  return new Promise((done, failed) => {
    if (known.has(id)) return done(known.get(id));
    waiting.set(id, done);
    const script = make("script", { src: `data/${id}.js` });
    script.onerror = () => failed(new Error(`no run ${id} in this archive`));
    document.head.append(script);
  });
}

function rowsOf(runs, field, all) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run[field] ?? {})))];
  return names.map((name) => {
    const values = runs.map((run) => short((run[field] ?? {})[name]));
    return { name, values, differs: new Set(values).size > 1 };
  }).filter((row) => all || row.differs);
}

function table(title, runs, rows) {
  const head = make("tr", {}, make("th", { scope: "col" }, title), ...runs.map((run) =>
    make("th", { scope: "col" }, make("a", { href: `run/${run.id}.html` }, run.id))));
  const body = rows.map(({ name, values, differs }) => make("tr",
    { className: differs ? "differs" : "" }, make("th", { scope: "row" }, name),
    ...values.map((value) => make("td", {}, value))));
  return make("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": title },
    make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
}

async function compare() {
  const field = document.getElementById("ids"), said = document.getElementById("said");
  const home = document.getElementById("compared"), all = document.getElementById("all").checked;
  const ids = location.hash.slice(1).split(",").filter((id) => /^[0-9a-f]{8}$/.test(id));
  field.value = ids.join(" ");
  home.replaceChildren();
  if (ids.length < 2) { said.textContent = ids.length ? "One run: name another." : ""; return; }
  let runs;
  try { runs = await Promise.all(ids.map(load)); } catch (error) {
    said.textContent = error.message;
    return;
  }
  said.textContent = "";
  const about = runs.map((run) => `${run.series} ${run.step}, ${run.status}, ${run.started}`);
  home.append(table("run", runs, [{ name: "is", values: about }]));
  for (const [title, field] of [["key numbers", "results"], ["parameters", "parameters"],
    ["code, data, machine", "facts"], ["packages", "packages"]]) {
    const rows = rowsOf(runs, field, all && field !== "packages");
    if (rows.length) home.append(make("h2", {}, title), table(title, runs, rows));
  }
  const columns = [...new Set(runs.flatMap((run) => Object.keys(run.curves ?? {})))];
  const grid = make("div", { className: "charts" });
  for (const column of columns) {
    const lines = runs.filter((run) => run.curves?.[column]).map((run) => (
      { name: `${run.id} ${run.step}`, points: run.curves[column] }));
    grid.append(make("figure", {}, make("h3", {}, column), chart(lines, column), legend(lines)));
  }
  if (columns.length) home.append(make("h2", {}, "curves"), grid);
}

if (document.getElementById("compared")) {
  const go = () => {
    const ids = document.getElementById("ids").value.split(/[\s,]+/).filter(Boolean);
    location.hash = ids.join(",");
  };
  document.getElementById("show").addEventListener("click", go);
  document.getElementById("ids").addEventListener("keydown", (e) => { if (e.key === "Enter") go(); });
  document.getElementById("all").addEventListener("change", compare);
  window.addEventListener("hashchange", compare);
  compare();
}
