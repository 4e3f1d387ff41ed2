// The page of a series: the curves of its newest runs in one frame.
"use strict";

tegashiki.series = (rows) => {
  const home = document.getElementById("overlay");
  if (home) home.replaceChildren(curvesOf(rows, { single: true, link: (id) => `../run/${id}.html` }));
};
