// A typeset formula as a picture: each glyph of KaTeX's as text at its place, with the fonts inside.

import { render } from "./formula.js";

const SIZE = 32;                // CSS pixels of a letter's em
const MARGIN = 4;
const SHARP = 3;                // pixels of the PNG a pixel of the SVG

const fonts = new Map();        // file -> its data: address

/** TeX -> the text of an SVG. Throws where KaTeX cannot parse. */
export async function picture(tex) {
  const holder = document.createElement("div");
  holder.style.cssText = `position: absolute; left: -10000px; top: 0; font-size: ${SIZE / 1.21}px; color: #000; white-space: nowrap`;
  document.body.append(holder);
  try {
    if (!render(holder, tex, { display: true })) throw new Error(tex);
    await document.fonts.ready;
    return await drawing(holder.querySelector(".katex-html"));
  } finally {
    holder.remove();
  }
}

/** TeX -> a PNG as a Blob, on white. */
export async function png(tex) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await picture(tex))}`;
  await image.decode();
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
  canvas.width = image.width * SHARP;
  canvas.height = image.height * SHARP;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}

async function drawing(root) {
  const area = bounds(root), shapes = [], used = new Set();
  const at = (x, y) => [(x - area.left + MARGIN).toFixed(2), (y - area.top + MARGIN).toFixed(2)];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const context = document.createElement("canvas").getContext("2d");
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.replace(/\u200b/g, "");
      if (!text.trim()) continue;
      const style = getComputedStyle(node.parentElement), range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect(), family = style.fontFamily.split(",")[0].replace(/"/g, "");
      context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const [x, y] = at(box.left, box.top + context.measureText(text).fontBoundingBoxAscent);
      used.add(`${family} ${style.fontWeight} ${style.fontStyle}`);
      shapes.push(`<text x="${x}" y="${y}" font-family="${family}" font-size="${style.fontSize}" font-weight="${
        style.fontWeight}" font-style="${style.fontStyle}">${escaped(text)}</text>`);
    } else if (node.tagName === "svg") {
      const box = node.getBoundingClientRect(), [x, y] = at(box.left, box.top), frame = node.parentElement.getBoundingClientRect();
      const inner = new XMLSerializer().serializeToString(node.firstElementChild);
      shapes.push(`<svg x="${x}" y="${y}" width="${Math.min(box.width, frame.width).toFixed(2)}" height="${
        box.height.toFixed(2)}" viewBox="${viewBox(node, box, frame)}" preserveAspectRatio="xMinYMin slice">${inner}</svg>`);
    } else if (/frac-line|overline-line|underline-line/.test(node.getAttribute("class") ?? "")) {
      const box = node.getBoundingClientRect(), thick = parseFloat(getComputedStyle(node).borderBottomWidth) || 1;
      const [x, y] = at(box.left, box.bottom - thick);
      shapes.push(`<rect x="${x}" y="${y}" width="${box.width.toFixed(2)}" height="${thick}"/>`);
    }
  }
  const { namespaceURI } = document.querySelector("svg");       // this page has some
  const faces = await Promise.all([...used].map(face));
  const [width, height] = [area.right - area.left, area.bottom - area.top].map((side) => Math.ceil(side + 2 * MARGIN));
  return `<svg xmlns="${namespaceURI}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><style>${
    faces.join("")}</style>${shapes.join("")}</svg>`;
}

/** What is drawn of a root sign: KaTeX's are endlessly wide, and cut off by their frame. */
function viewBox(node, box, frame) {
  const [x, y, , high] = (node.getAttribute("viewBox") ?? `0 0 ${box.width} ${box.height}`).split(" ").map(Number);
  const unit = high / box.height;
  return `${x} ${y} ${(Math.min(box.width, frame.width) * unit).toFixed(1)} ${high}`;
}

function bounds(root) {
  const boxes = [...root.querySelectorAll("*")].map((node) => node.getBoundingClientRect()).filter(({ width, height }) =>
    width > 0 && height > 0 && width < 4000);
  const edge = (side, pick) => boxes.reduce((best, box) => pick(best, box[side]), boxes[0]?.[side] ?? 0);
  const whole = root.getBoundingClientRect();
  return { left: Math.min(whole.left, edge("left", Math.min)), right: whole.right,
    top: edge("top", Math.min), bottom: edge("bottom", Math.max) };
}

/** The @font-face rule of one of KaTeX's fonts, the font inside. */
async function face(name) {
  const [family, weight, style] = name.split(" ");
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSFontFaceRule)) continue;
      const own = rule.style, of = (key) => own.getPropertyValue(key).replace(/"/g, "");
      const heavy = (value) => (value === "bold" ? "700" : value === "normal" || !value ? "400" : value);
      if (of("font-family") !== family || heavy(of("font-weight")) !== weight || (of("font-style") || "normal") !== style) continue;
      const file = /url\("?([^")]+)"?\)/.exec(of("src") || own.getPropertyValue("src"))?.[1];
      if (file) {
        return `@font-face{font-family:${family};font-weight:${weight};font-style:${style};src:url(${
          await data(new URL(file, sheet.href ?? location.href))})}`;
      }
    }
  }
  return "";
}

async function data(address) {
  if (!fonts.has(address.href)) {
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    fonts.set(address.href, `data:font/woff2;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`);
  }
  return fonts.get(address.href);
}

function escaped(text) {
  return text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" }[c]));
}
