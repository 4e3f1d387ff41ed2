// The table of all runs: choose columns, filter, sort, search; all of it stands in the address.
"use strict";

const AT_ONCE = 60;  // rows that are drawn before somebody asks for all
const FIRST = ["run", "started", "series", "step", "status", "curve", "key numbers", "verdict", "intact", "tags"];
const SIGNS = {
  "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b, "<=": (a, b) => a <= b,
  ">": (a, b) => a > b, ">=": (a, b) => a >= b,
};

tegashiki.table = ({ facts, columns, runs }) => {
  const names = ["curve", ...facts, ...columns];
  const rows = runs.map(([said, pairs, points]) => {
    const values = { curve: points };
    facts.forEach((name, n) => { values[name] = said[n]; });
    for (let n = 0; n < pairs.length; n += 2) values[columns[pairs[n]]] ??= pairs[n + 1];
    return values;
  });
  const field = (id) => document.getElementById(id);
  const [search, filter, found] = ["search", "filter", "found"].map(field);
  let chosen = [], sort = "", every = false, order = [];

  // --- searching: words and numbers. 74.5% finds 0.7452, 0.745 finds what rounds to it.
  // What is searched is put together while nobody waits; who searches sooner waits for the rest.
  const texts = new Map(), numbers = new Map();
  function textOf(row) {
    if (!texts.has(row)) {
      texts.set(row, Object.entries(row).map(([name, value]) =>
        name === "curve" || value === null || value === "" ? "" : `${name} ${value}`).join("\n").toLowerCase());
    }
    return texts.get(row);
  }
  function numbersIn(row) {
    if (!numbers.has(row)) numbers.set(row, Object.values(row).filter((v) => typeof v === "number"));
    return numbers.get(row);
  }
  function finder(word) {
    const number = word.match(/^(-?\d*\.?(\d*))(%?)$/);
    if (!number || !/\d/.test(word)) return (row) => textOf(row).includes(word);
    const wanted = Number(number[1]), digits = number[2].length, times = number[3] ? 100 : 1;
    const half = 0.5 * 10 ** -digits;
    return (row) => (!number[3] && textOf(row).includes(word))
      || (digits > 0 && numbersIn(row).some((v) => Math.abs(v * times - wanted) <= half));
  }

  // --- filtering: NAME SIGN VALUE, joined by `and`.
  function condition(text) {
    const told = text.match(/^\s*(.+?)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*$/);
    if (!told) throw new Error(`“${text.trim()}” is no comparison; write NAME > VALUE`);
    const [, name, sign, value] = told;
    if (!names.includes(name)) throw new Error(`no column “${name}”`);
    const number = value === "" ? NaN : Number(value);
    return (row) => {
      const have = row[name];
      if (have === undefined || have === null) return sign === "!=";
      if (typeof have === "number" && !Number.isNaN(number)) return SIGNS[sign](have, number);
      if (name === "tags" && (sign === "=" || sign === "!=")) {
        return have.split(" ").includes(value) === (sign === "=");
      }
      return SIGNS[sign](String(have).toLowerCase(), value.toLowerCase());
    };
  }

  function select() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean).map(finder);
    const tests = filter.value.split(/\s+and\s+|,/).filter((part) => part.trim()).map(condition);
    const kept = rows.filter((row) => tests.every((test) => test(row)) && words.every((word) => word(row)));
    if (!sort) return kept;
    const name = sort.replace(/^-/, ""), sign = sort.startsWith("-") ? -1 : 1;
    const rank = (value) => value === undefined || value === null || value === "" ? 2
      : typeof value === "number" ? 0 : 1;
    return kept.sort((a, b) => rank(a[name]) - rank(b[name])
      || sign * (typeof a[name] === "number" ? a[name] - b[name] : String(a[name] ?? "").localeCompare(String(b[name] ?? ""))));
  }

  // --- drawing
  function cell(row, name) {
    const value = row[name];
    if (name === "run") return make("a", { href: `run/${value}.html` }, value);
    if (name === "series") return make("a", { href: `series/${value}.html` }, value);
    if (name === "status") return make("span", { className: `status ${value.replace(" ", "-")}` }, value);
    if (name === "do it again") return make("code", {}, value);
    if (name === "tags") return make("span", {}, ...String(value).split(" ").filter(Boolean).map((tag) => make("span", { className: "tag" }, tag)));
    if (name === "curve") {
      if (!value) return "";
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 90 22");
      svg.setAttribute("class", "s");
      svg.setAttribute("aria-hidden", "true");
      const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
      line.setAttribute("points", value);
      svg.append(line);
      return svg;
    }
    return value === undefined || value === null ? "" : short(value);
  }

  function show(push = true) {
    try { order = select(); } catch (error) {
      found.textContent = error.message;
      filter.setAttribute("aria-invalid", "true");
      return;
    }
    filter.removeAttribute("aria-invalid");
    const visible = every ? order : order.slice(0, AT_ONCE);
    // What is filtered by should be seen.
    const asked = filter.value.split(/\s+and\s+|,/).map((part) => part.match(/^\s*(.+?)\s*[<>=!]/)?.[1]);
    const drawn = [...new Set([...chosen, ...asked.filter((name) => names.includes(name))])];
    const head = make("tr", {}, make("th", {}, make("span", { className: "hidden" }, "compare")), ...drawn.map((name) => {
      const th = make("th", { scope: "col" }, make("button", { type: "button" }, name));
      if (sort.replace(/^-/, "") === name) th.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
      th.firstChild.addEventListener("click", () => {
        sort = sort === `-${name}` ? name : sort === name ? `-${name}` : typeof order[0]?.[name] === "number" ? `-${name}` : name;
        show();
      });
      return th;
    }));
    const body = visible.map((row) => make("tr", {}, make("td", {}, make("input", { type: "checkbox",
      value: row.run, checked: ticked.has(row.run),
      "aria-label": `Compare run ${row.run}, ${row.series} ${row.step}` })),
    ...drawn.map((name) => make("td", { "data-name": name,
      className: FIRST.includes(name) ? "" : "named" }, cell(row, name)))));
    document.querySelector("#runs").replaceChildren(make("div", { className: "wide", tabIndex: 0, role: "region",
      "aria-label": "Runs" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body))));
    found.textContent = `${order.length} of ${rows.length} runs`
      + (visible.length < order.length ? `, the first ${visible.length} shown` : "");
    field("all-rows").hidden = visible.length === order.length;
    field("compare-shown").disabled = order.length < 2 || order.length > 100;
    if (push) {
      const usual = chosen.join("|") === FIRST.join("|");
      state({ q: search.value, filter: filter.value, sort, columns: usual ? "" : chosen.join("|") });
    }
  }

  function choices() {
    const word = field("find-column").value.toLowerCase();
    field("choices").replaceChildren(...names.filter((name) => name.toLowerCase().includes(word)).slice(0, 300)
      .map((name) => {
        const box = make("input", { type: "checkbox", checked: chosen.includes(name) });
        box.addEventListener("change", () => {
          chosen = box.checked ? [...chosen, name] : chosen.filter((one) => one !== name);
          show();
        });
        return make("label", {}, box, ` ${name}`);
      }));
  }

  function restore() {
    const said = stated();
    search.value = said.q ?? "";
    filter.value = said.filter ?? "";
    sort = said.sort ?? "";
    chosen = said.columns ? said.columns.split("|").filter((name) => names.includes(name)) : [...FIRST];
    choices();
    show(false);
  }

  search.addEventListener("input", () => show());
  filter.addEventListener("input", () => show());
  field("find-column").addEventListener("input", choices);
  field("all-rows").addEventListener("click", () => { every = true; show(); });
  field("compare-shown").addEventListener("click", () => toCompare(order.map((row) => row.run)));
  addEventListener("hashchange", restore);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });
  restore();

  const idle = window.requestIdleCallback ?? ((call) => setTimeout(call, 0, { timeRemaining: () => 4 }));
  let ready = 0;
  function prepare(time) {
    do {
      textOf(rows[ready]);
      numbersIn(rows[ready]);
      ready += 1;
    } while (ready < rows.length && time.timeRemaining() > 1);
    if (ready < rows.length) idle(prepare);
  }
  if (rows.length) idle(prepare);
};
