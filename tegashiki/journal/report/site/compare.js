// The page that compares the runs whose ids stand in its address.
"use strict";

function rowsOf(runs, field, all) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run[field] ?? {})))];
  return names.map((name) => {
    const values = runs.map((run) => short((run[field] ?? {})[name]));
    return { name, values, differs: new Set(values).size > 1 };
  }).filter((row) => all || row.differs);
}

function tableOf(title, runs, rows) {
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
  const part = (title, ...inside) => home.append(make("h2", {}, title), ...inside);
  const about = runs.map((run) => `${run.series} ${run.step}, ${run.status}, ${run.started}`);
  home.append(tableOf("run", runs, [{ name: "is", values: about }]));
  for (const [title, field] of [["key numbers", "results"], ["parameters", "parameters"],
    ["code, data, machine", "facts"], ["packages", "packages"]]) {
    const rows = rowsOf(runs, field, all && field !== "packages");
    if (rows.length) part(title, tableOf(title, runs, rows));
  }
  if (runs.some((run) => Object.keys(run.curves ?? {}).length)) {
    part("curves", curvesOf(runs, { link: (id) => `run/${id}.html` }));
  }
  const names = numbersOf(runs);
  if (names.size > 1) part("any two numbers", scatter(runs, names));
  if (runs.length > 2) part("what was varied", parallel(runs, names));
  const shown = pictures(runs);
  if (shown.length) part("pictures side by side", ...shown);
}

addEventListener("DOMContentLoaded", () => {
  const go = () => {
    location.hash = document.getElementById("ids").value.split(/[\s,]+/).filter(Boolean).join(",");
  };
  document.getElementById("show").addEventListener("click", go);
  document.getElementById("ids").addEventListener("keydown", (e) => { if (e.key === "Enter") go(); });
  document.getElementById("all").addEventListener("change", compare);
  addEventListener("hashchange", compare);
  compare();
});
