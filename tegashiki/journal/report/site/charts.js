// Charts, all of one engine (uPlot, beside this file with its licence): curves with a log axis,
// smoothing, zoom, wall clock and seeds as mean and band; any points; samples over time.
"use strict";

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"];
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const USUAL = ["val_exact", "exact", "validation_loss", "val_loss", "loss"];
const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = new Set(); // charts to be drawn anew when the page's width or colours change
const colour = (n) => COLOURS[n % COLOURS.length];

// An exponential mean that starts at the first value; `share` 0 leaves the curve as it is.
function smoothed(points, share) {
  let mean = 0, weight = 0;
  return points.map(([x, y]) => {
    mean = share * mean + (1 - share) * y;
    weight = share * weight + (1 - share);
    return [x, share ? mean / weight : y];
  });
}

// The same curve over seconds since the start of its run; [] if nobody took the time.
function clocked(points, clock) {
  const at = new Map((clock ?? []).map(([x, seconds]) => [x, seconds]));
  return points.filter(([x]) => at.has(x)).map(([x, y]) => [at.get(x), y]);
}

// Runs that differ in their seed only become one line: the mean, between the least and the most.
function grouped(lines) {
  const groups = new Map();
  for (const line of lines) {
    const { seed, ...rest } = line.parameters ?? {};
    const key = `${line.step} ${JSON.stringify(Object.entries(rest).sort())}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap((members) => {
    if (members.length < 2) return members;
    const at = new Map();
    for (const { points } of members) {
      for (const [x, y] of points) at.set(x, [...(at.get(x) ?? []), y]);
    }
    const every = [...at].sort((a, b) => a[0] - b[0]);
    const edge = (choose) => every.map(([x, ys]) => [x, choose(...ys)]);
    return [{ name: `${members[0].step}, mean of ${members.length} seeds`, step: members[0].step,
      points: every.map(([x, ys]) => [x, ys.reduce((a, b) => a + b) / ys.length]),
      band: [edge(Math.max), edge(Math.min)] }];
  });
}

// lines: [{name, points: [[x, y]], link, band}]. Returns a figure; drag to zoom, double click back.
function chart(lines, { title, over = "epoch", log = false, dots = false, names = null, high = 260 } = {}) {
  const home = make("figure", { className: "live" });
  const stage = make("div", { role: "img", className: "stage",
    "aria-label": `${title} over ${over}: ${lines.map((line) => line.name).join(", ")}` });
  const said = make("p", { className: "tip" }, " ");
  home.append(make("figcaption", {}, title), stage, said, legend(lines));
  const tables = [], series = [{}], bands = [];
  lines.forEach((line, n) => {
    const points = log ? line.points.filter(([, y]) => y > 0) : line.points;
    const add = (rows, look) => {
      tables.push([rows.map((p) => p[0]), rows.map((p) => p[1])]);
      series.push({ stroke: colour(n), spanGaps: true, ...look });
    };
    add(points, { label: line.name, width: 2, dash: DASHES[Math.floor(n / COLOURS.length) % 4],
      points: { show: dots || points.length < 2, size: 7 },
      ...(dots ? { paths: () => null } : {}) });
    if (line.band) {
      const edges = line.band.map((edge) => log ? edge.filter(([, y]) => y > 0) : edge);
      for (const edge of edges) add(edge, { width: 0, points: { show: false } });
      bands.push({ series: [series.length - 2, series.length - 1], fill: `${colour(n)}33` });
    }
  });
  // uPlot wants one x for all: rows are put together, holes stay empty. Points keep their own.
  const filled = tables.filter(([xs]) => xs.length);
  if (!filled.length) { stage.append("nothing to draw"); return home; }
  const data = uPlot.join(tables.map(([xs, ys]) => {
    const order = xs.map((_, n) => n).sort((a, b) => xs[a] - xs[b]);
    return [order.map((n) => xs[n]), order.map((n) => ys[n])];
  }));
  const build = () => {
    const soft = getComputedStyle(document.body).getPropertyValue("--soft") || "#555";
    const line = getComputedStyle(document.body).getPropertyValue("--line") || "#ccc";
    const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { stroke: line },
      font: "12px system-ui" };
    stage.replaceChildren();
    const made = new uPlot({
      width: Math.max(stage.clientWidth, 200), height: high, series, bands,
      legend: { show: false }, focus: { alpha: 0.25 },
      cursor: { focus: { prox: 24 }, drag: { x: true, y: true, uni: 20 } },
      scales: { x: { time: false, ...(names ? { range: [-0.3, names.length - 0.7] } : {}) },
        y: { distr: log ? 3 : 1 } },
      axes: [{ ...axis, label: over, labelSize: 22, ...(names ? { size: 44 } : {}),
        ...(names ? { splits: () => names.map((_, n) => n), values: () => names } : {}) },
      { ...axis, size: 62, values: (_, ticks) => ticks.map((y) => y === null ? "" : short(y)) }],
      hooks: { setSeries: [(u, n) => tell(u, n)], setCursor: [(u) => tell(u, focused)] },
    }, data, stage);
    made.root.addEventListener("click", () => {
      const shown = lines[order[focused]];
      if (shown?.link && !moved) location.href = shown.link;
    });
    return made;
  };
  let focused = null, moved = false;
  const order = {};            // uPlot's number of a series -> which line it is
  let number = 0;
  lines.forEach((line, n) => { number += 1; order[number] = n; if (line.band) number += 2; });
  stage.addEventListener("pointerdown", () => { moved = false; });
  stage.addEventListener("pointermove", (event) => { moved ||= event.buttons > 0; });
  function tell(u, n) {
    focused = n;
    const index = u.cursor.idx, place = order[n];
    if (index == null || place === undefined) { said.textContent = " "; return; }
    const y = u.data[n][index], x = u.data[0][index];
    said.textContent = y == null ? lines[place].name
      : `${lines[place].name}: ${short(y)} at ${over} ${names ? names[x] ?? x : short(x)}`;
  }
  const redraw = () => { if (stage.isConnected) { home.plot?.destroy(); home.plot = build(); } };
  drawn.add(redraw);
  requestAnimationFrame(redraw);
  return home;
}

function legend(lines) {
  const items = lines.slice(0, 24).map((line, n) => {
    const mark = make("i");
    mark.style.background = colour(n);
    return make("span", {}, mark, line.link ? make("a", { href: line.link }, line.name) : line.name);
  });
  if (lines.length > 24) items.push(make("span", {}, `and ${lines.length - 24} more`));
  return make("div", { className: "legend" }, ...items);
}

let width = innerWidth, later = 0;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(later);
  later = setTimeout(() => drawn.forEach((redraw) => redraw()), 150);
});
dark.addEventListener("change", () => drawn.forEach((redraw) => redraw()));

// Charts of runs [{id, step, curves, clock, parameters}] with the controls above them; one quantity
// a chart, or the chosen one. `filters` adds a choice of steps. Returns what to put into the page.
function curvesOf(runs, { link, single = false, own = false } = {}) {
  const columns = [...new Set(runs.flatMap((run) => Object.keys(run.curves ?? {})))];
  if (!columns.length) return make("p", {}, "No curves.");
  const first = USUAL.find((name) => columns.includes(name)) ?? columns[0];
  const steps = [...new Set(runs.map((run) => run.step))];
  const option = (name, chosen) => make("option", { value: name, selected: chosen }, name);
  const column = make("select", {}, ...columns.map((name) => option(name, name === first)));
  const step = make("select", {}, option("all", true), ...steps.map((name) => option(name, false)));
  const over = make("select", {}, option("epoch", true), option("seconds", false));
  const log = make("input", { type: "checkbox" }), seeds = make("input", { type: "checkbox" });
  const smooth = make("input", { type: "range", min: 0, max: 0.98, step: 0.02, value: 0 });
  const many = make("select", {}, ...["6", "12", "24", "all"].map((n) => option(n, n === "12")));
  const field = (name, control) => make("label", {}, `${name} `, control);
  const bar = make("p", { className: "bar controls" },
    ...(single ? [field("Curve", column), field("Step", step), field("Newest", many)] : []),
    field("Over", over), field("Log axis", log), field("Smoothing", smooth),
    ...(own ? [] : [field("Seeds as mean and band", seeds)]));
  const grid = make("div", { className: single ? "" : "charts" });
  function show() {
    drawn.clear();
    const limit = many.value === "all" || !single ? Infinity : Number(many.value);
    const names = single ? [column.value] : own ? families(columns) : columns;
    grid.replaceChildren(...names.map((name) => {
      const parts = own ? columns.filter((one) => family(one) === name) : [name];
      const lines = parts.flatMap((part) => runs
        .filter((run) => run.curves?.[part] && (!single || step.value === "all" || run.step === step.value))
        .slice(0, limit)
        .map((run) => ({ name: own ? part : `${run.id} ${run.step}`, step: run.step,
          parameters: run.parameters, link: link?.(run.id),
          points: over.value === "seconds" ? clocked(run.curves[part], run.clock) : run.curves[part] })));
      const ready = (seeds.checked ? grouped(lines) : lines)
        .map((line) => ({ ...line, points: smoothed(line.points, Number(smooth.value)) }))
        .filter((line) => line.points.length);
      if (!ready.length) return make("p", {}, `${name}: no curve here${over.value === "seconds" ? " with a clock" : ""}.`);
      return chart(ready, { title: name, over: over.value, log: log.checked, high: single ? 340 : 260 });
    }));
  }
  for (const control of [column, step, over, log, seeds, smooth, many]) control.addEventListener("input", show);
  requestAnimationFrame(show);
  return make("div", { className: "curves" }, bar, make("p", { className: "soft" },
    "Drag over a chart to zoom, double click to go back; click a line to open its run."), grid);
}

// loss and val_loss belong together.
const family = (name) => name.replace(/^(val|validation)_/, "").replace(/^token_/, "");
const families = (columns) => [...new Set(columns.map(family))];
