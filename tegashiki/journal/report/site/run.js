// The page of one run: its curves and the machine's samples as live charts.
"use strict";

addEventListener("load", () => {
  const run = [...known.values()][0];
  const home = document.getElementById("curves");
  if (run && home) home.replaceChildren(curvesOf([run], { own: true }));
  const machine = document.getElementById("system");
  const samples = Object.entries(run?.system ?? {});
  if (machine && samples.length) {
    machine.prepend(make("div", { className: "charts" }, ...samples.map(([name, points]) =>
      chart([{ name, points }], { title: name, over: "seconds", high: 180 }))));
  }
});
