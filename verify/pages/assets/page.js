"use strict";
const all = (what) => [...document.querySelectorAll(what)];
const search = document.getElementById("search"), found = document.getElementById("found");
let texts = [];
/* Base 85, five digits for four bytes. */
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%.()*+-;,=>?@^_`{|}~";
function bytesOf(text) {
  const worth = new Uint8Array(128), missing = (5 - text.length % 5) % 5, whole = text + "~".repeat(missing);
  [...DIGITS].forEach((digit, i) => { worth[digit.charCodeAt(0)] = i; });
  const bytes = new Uint8Array(whole.length / 5 * 4), view = new DataView(bytes.buffer);
  for (let i = 0; i < whole.length; i += 5) {
    let value = 0;
    for (let k = i; k < i + 5; k++) value = 85 * value + worth[whole.charCodeAt(k)];
    view.setUint32(i / 5 * 4, value);
  }
  return bytes.subarray(0, bytes.length - missing);
}
async function unpacked(id) {
  const bytes = bytesOf(document.getElementById(id).textContent);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}
async function fill() {
  const places = all("[data-packed]");
  if (places.length) {
    const pieces = JSON.parse(await unpacked("packed"));
    for (const place of places) {
      const piece = pieces[place.dataset.packed];
      if (place.tagName !== "SPAN") place.outerHTML = piece;
      else { place.innerHTML = piece; place.removeAttribute("data-packed"); }
    }
  }
  texts = all("section.item, details.claim").map((part) => [part, part.textContent.toLowerCase()]);
}
const ready = fill();
const nodes = all("svg.map a");
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const [part, text] of texts) {
    part.hidden = !words.every((word) => text.includes(word));
    count += !part.hidden;
  }
  for (const group of all("div.group")) group.hidden = !group.querySelector("details.claim:not([hidden])");
  const shown = new Set(all("section.item:not([hidden]), details.claim:not([hidden])").map((part) => "#" + part.id));
  for (const node of nodes) node.classList.toggle("faded", words.length > 0 && !shown.has(node.getAttribute("href")));
  found.textContent = words.length ? count + " found" : "";
}
search.addEventListener("input", filter);
function open() {
  const part = location.hash && document.getElementById(location.hash.slice(1));
  if (!part) return;
  if (part.closest("[hidden]")) { search.value = ""; filter(); }
  for (let each = part; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  part.scrollIntoView();
  (part.querySelector(":scope > summary") || part).focus({preventScroll: true});
}
addEventListener("hashchange", open);
const frame = document.querySelector(".frame");
let zoom = 1;
function scale(by) {
  if (!frame) return;
  const before = zoom, x = frame.scrollLeft + frame.clientWidth / 2, y = frame.scrollTop + frame.clientHeight / 2;
  zoom = by === 0 ? 1 : Math.min(8, Math.max(0.25, zoom * by));
  frame.style.setProperty("--zoom", zoom);
  frame.scrollLeft = (x * zoom) / before - frame.clientWidth / 2;
  frame.scrollTop = (y * zoom) / before - frame.clientHeight / 2;
}
for (const button of all("[data-zoom]")) button.addEventListener("click", () => scale(Number(button.dataset.zoom)));
if (frame) frame.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  scale(event.deltaY < 0 ? 1.1 : 1 / 1.1);
}, {passive: false});
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && search.value) { search.value = ""; filter(); return; }
  if (event.target.closest("input, textarea")) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); }
  else if (event.key === "+" || event.key === "=") scale(1.25);
  else if (event.key === "-") scale(0.8);
  else if (event.key === "o") {
    const shown = all("details.claim:not([hidden])"), some = shown.some((each) => !each.open);
    for (const each of shown) each.open = some;
  }
});
const paper = document.getElementById("paper");
let closed = [];
addEventListener("beforeprint", () => {
  closed = paper.value === "all" ? all("details:not([open]):not(.keys)") : [];
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
ready.then(() => { if (search.value) filter(); open(); });
