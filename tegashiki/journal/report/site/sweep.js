// Many runs at once: a scatter of any two numbers, and parallel coordinates of what was varied.
"use strict";

function numbersOf(runs) {
  const found = new Map(); // name -> one value a run, null where it has none
  for (const field of ["parameters", "results"]) {
    for (const name of new Set(runs.flatMap((run) => Object.keys(run[field] ?? {})))) {
      const values = runs.map((run) => run[field]?.[name] ?? null);
      if (new Set(values.filter((v) => v !== null).map(String)).size > 1) found.set(name, { field, values });
    }
  }
  return found;
}

// Numbers as they are; words by their place among the words.
function scaled(values) {
  const words = [...new Set(values.filter((v) => v !== null && typeof v !== "number").map(String))].sort();
  return values.map((v) => v === null ? null : typeof v === "number" ? v : words.indexOf(String(v)));
}

function scatter(runs, names) {
  const select = (chosen) => make("select", {}, ...[...names.keys()].map((name) =>
    make("option", { selected: name === chosen }, name)));
  const given = [...names].filter(([, { field }]) => field === "parameters");
  const parameter = (given.find(([, { values }]) => values.some((v) => typeof v === "number")) ?? given[0])?.[0];
  const result = USUAL.find((name) => names.has(name))
    ?? [...names].find(([, { field }]) => field === "results")?.[0];
  const across = select(parameter), down = select(result), log = make("input", { type: "checkbox" });
  const stage = make("div");
  function show() {
    const xs = scaled(names.get(across.value).values), ys = scaled(names.get(down.value).values);
    const lines = runs.map((run, n) => ({ name: `${run.id} ${run.step}`, link: `run/${run.id}.html`,
      points: xs[n] === null || ys[n] === null ? [] : [[xs[n], ys[n]]] }))
      .filter((line) => line.points.length);
    const words = [...new Set(names.get(across.value).values.filter((v) => v !== null && typeof v !== "number").map(String))].sort();
    stage.replaceChildren(chart(lines, { title: down.value, over: across.value, dots: true, log: log.checked,
      high: 340, names: words.length ? words : null }));
  }
  for (const control of [across, down, log]) control.addEventListener("input", show);
  requestAnimationFrame(show);
  return make("div", {}, make("p", { className: "bar controls" }, make("label", {}, "Across ", across),
    make("label", {}, "Up ", down), make("label", {}, "Log axis ", log)), stage);
}

// An axis for each parameter that was varied and for the chosen result, each from its least to its most.
function parallel(runs, names) {
  const results = [...names].filter(([, { field }]) => field === "results").map(([name]) => name);
  const varied = [...names].filter(([, { field }]) => field === "parameters").map(([name]) => name);
  if (!results.length || !varied.length) return make("p", {}, "Nothing was varied.");
  const choose = make("select", {}, ...results.map((name) =>
    make("option", { selected: name === (USUAL.find((n) => results.includes(n)) ?? results[0]) }, name)));
  const stage = make("div");
  function show() {
    const axes = [...varied.slice(0, 8), choose.value];
    const labels = axes.map((name) => {
      const some = names.get(name).values.filter((v) => typeof v === "number");
      return some.length ? `${name}\n${short(Math.min(...some))} – ${short(Math.max(...some))}` : name;
    });
    const shares = axes.map((name) => {
      const values = scaled(names.get(name).values), some = values.filter((v) => v !== null);
      const low = Math.min(...some), reach = Math.max(...some) - low || 1;
      return values.map((v) => v === null ? null : (v - low) / reach);
    });
    const lines = runs.map((run, n) => ({ name: `${run.id} ${run.step}`, link: `run/${run.id}.html`,
      points: shares.map((share, axis) => [axis, share[n]]).filter(([, y]) => y !== null) }))
      .filter((line) => line.points.length > 1);
    stage.replaceChildren(chart(lines, { title: `${choose.value}, each axis from least to most`,
      over: "parameter", names: labels, high: 360 }));
  }
  choose.addEventListener("input", show);
  requestAnimationFrame(show);
  return make("div", {}, make("p", { className: "bar controls" },
    make("label", {}, "Result ", choose)), stage);
}

// Pictures of one name beside each other; where names end in a number, a slider goes through them.
function pictures(runs) {
  const stems = new Map(); // name without its last number -> numbers
  for (const name of new Set(runs.flatMap((run) => run.pictures ?? []))) {
    const [, stem, number, kind] = name.match(/^(.*?)[-_]?(\d*)(\.\w+)$/) ?? [];
    if (stem !== undefined) stems.set(`${stem}${kind}`, [...(stems.get(`${stem}${kind}`) ?? []), { name, number: Number(number) }]);
  }
  const parts = [];
  for (const [title, files] of stems) {
    files.sort((a, b) => a.number - b.number);
    const row = make("div", { className: "pictures" });
    const said = make("span");
    const show = (at) => {
      said.textContent = files.length > 1 ? ` ${files[at].number}` : "";
      row.replaceChildren(...runs.filter((run) => run.pictures?.includes(files[at].name)).map((run) =>
        make("figure", {}, make("img", { loading: "lazy", alt: `${title} of run ${run.id}`,
          src: `run/${run.id}/pictures/${encodeURIComponent(files[at].name)}` }),
        make("figcaption", {}, make("a", { href: `run/${run.id}.html` }, `${run.id} ${run.step}`)))));
    };
    parts.push(make("h3", {}, title, said));
    if (files.length > 1) {
      const slide = make("input", { type: "range", min: 0, max: files.length - 1, value: files.length - 1,
        "aria-label": `which ${title}` });
      slide.addEventListener("input", () => show(Number(slide.value)));
      parts.push(slide);
    }
    show(files.length - 1);
    parts.push(row);
  }
  return parts;
}
