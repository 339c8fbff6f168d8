"use strict";
const at = (id) => document.getElementById(id);
const data = JSON.parse(at("data").textContent);
const steps = data.steps, total = steps.length, first = 1 + data.inputs.length;
const palette = ["#c9d6e2", "#e69f00", "#86aed1", "#d55e00", "#2f6796", "#cc79a7", "#009e73", "#f0e442"];
const KINK = "#000000", MOST = 60, MOST_POINTS = 12, PAUSE = 200, MOST_FOCUSABLE = 5000;
let offsets, sources, weights, heads, leaving, now = 0, sample = 0, chosen = 0, timer = 0;

function number(text) { const [p, q] = String(text).split("/"); return q ? Number(p) / Number(q) : Number(p); }
function fraction(value) {
  if (Number.isInteger(value)) return String(value);
  let low = 1;
  while (!Number.isInteger(value * low) && low < 2 ** 60) low *= 2;
  return Number.isInteger(value * low) ? value * low + "/" + low : String(value);
}
async function unpacked(text, kind) {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new kind(await new Response(stream).arrayBuffer());
}
function made(name, text, attributes) {
  const found = document.createElement(name);
  if (text !== undefined && text !== null) found.textContent = text;
  return Object.assign(found, attributes || {});
}
function table(titles, rows) {
  const found = made("table"), top = made("tr");
  for (const title of titles) top.append(made("th", title, {scope: "col"}));
  found.append(made("thead"), made("tbody"));
  found.tHead.append(top);
  for (const row of rows) {
    const line = made("tr");
    for (const cell of row) line.append(cell instanceof Node ? wrapped(cell) : made("td", cell));
    found.tBodies[0].append(line);
  }
  return found;
}
function wrapped(node) { const cell = made("td"); cell.append(node); return cell; }
function partOf(v) {
  if (v === 0) return "the constant";
  const group = data.groups.find((each) => each[1] <= v && v < each[2]);
  return group ? group[0] : v < first ? "inputs" : v === data.output ? "the output" : "no named part";
}
function nameOf(v) { return v === 0 ? "one" : v < first ? data.inputs[v - 1] : "v" + v; }
function button(v) {
  const found = made("button", nameOf(v), {type: "button", title: partOf(v)});
  found.addEventListener("click", () => choose(v));
  return found;
}

/* The network: forward, backward, and why a gradient is 0. */
function pieceOf(v, value) {
  const pieces = v === data.output ? data.last : data.sigma;
  let i = 0;
  while (pieces[i][0] !== null && value > pieces[i][0]) i++;
  return {i, pieces, kink: pieces[i][0] === value};
}
function forward(x, given) {
  const size = data.vertices, pre = new Float64Array(size), out = new Float64Array(size);
  const piece = new Int8Array(size).fill(-1), kink = new Uint8Array(size), w = given || weights;
  out[0] = pre[0] = 1;
  for (let i = 1; i < first; i++) out[i] = pre[i] = Number(x[i - 1]);
  for (let v = first; v < size; v++) {
    let sum = 0;
    for (let e = offsets[v]; e < offsets[v + 1]; e++) sum += w[e] * out[sources[e]];
    const pieces = v === data.output ? data.last : data.sigma;
    let i = 0;
    while (pieces[i][0] !== null && sum > pieces[i][0]) i++;
    pre[v] = sum; piece[v] = i; kink[v] = pieces[i][0] === sum ? 1 : 0;
    out[v] = pieces[i][1] * sum + pieces[i][2];
  }
  return {pre, out, piece, kink};
}
function slope(run, v) { return (v === data.output ? data.last : data.sigma)[run.piece[v]][1]; }
function backward(run, y, given) {
  const w = given || weights, adjoint = new Float64Array(data.vertices), delta = new Float64Array(data.vertices);
  adjoint[data.output] = run.out[data.output] - y;
  for (let v = data.vertices - 1; v >= first; v--) {
    if (adjoint[v] === 0) continue;
    const d = adjoint[v] * slope(run, v);
    delta[v] = d;
    if (d !== 0) for (let e = offsets[v]; e < offsets[v + 1]; e++) adjoint[sources[e]] += w[e] * d;
  }
  return {adjoint, delta};
}
function gradient(run, back, e) {
  return Math.min(1, Math.max(-1, run.out[sources[e]] * back.delta[heads[e]]));
}
function outgoing(v) {
  if (!leaving) {
    const begins = new Int32Array(data.vertices + 1), edges = new Int32Array(sources.length);
    for (const u of sources) begins[u + 1]++;
    for (let u = 0; u < data.vertices; u++) begins[u + 1] += begins[u];
    const next = begins.slice();
    for (let e = 0; e < sources.length; e++) edges[next[sources[e]]++] = e;
    leaving = {begins, edges};
  }
  return leaving.edges.subarray(leaving.begins[v], leaving.begins[v + 1]);
}
function stoppedAt(run, v) {
  const seen = new Set([v]), front = [v], flat = [];
  let free = v === data.output && slope(run, v) !== 0;
  for (let k = 0; k < front.length; k++) {
    if (slope(run, front[k]) === 0) { flat.push(front[k]); continue; }
    for (const e of outgoing(front[k])) {
      const head = heads[e];
      if (weights[e] === 0 || seen.has(head)) continue;
      seen.add(head); front.push(head);
      if (head === data.output && slope(run, head) !== 0) free = true;
    }
  }
  return {flat, free};
}
function why(run, back, y, e) {
  const u = sources[e], v = heads[e];
  if (data.frozen.includes(e)) return ["this edge is frozen", []];
  if (run.out[u] === 0) return ["the value of its tail is 0", []];
  if (run.out[data.output] === y) return ["the output is the label, so the loss has gradient 0", []];
  if (slope(run, v) === 0) return ["its head is flat there: " + where(run, v), [v]];
  const {flat, free} = stoppedAt(run, v);
  if (free) return ["what goes through different paths to the output cancels", flat];
  return [flat.length ? "every path to the output meets a vertex that is flat" : "no path leads to the output", flat];
}
function where(run, v) {
  const pieces = v === data.output ? data.last : data.sigma;
  return fraction(run.pre[v]) + " is " + (run.kink[v] ? "at a kink of " : "in ") + pieces[run.piece[v]][3];
}

/* Steps. */
function reach(target) {
  target = Math.min(total, Math.max(0, target));
  for (; now < target; now++) for (const entry of steps[now].entries) weights[entry[0]] = number(entry[5]);
  for (; now > target; now--) for (const entry of steps[now - 1].entries) weights[entry[0]] = number(entry[1]);
  show();
}
function changes(s) {
  if (data.rounds.length > s) {
    const after = s + 1 < data.rounds.length ? data.rounds[s + 1].state : data.after;
    return JSON.stringify(after) !== JSON.stringify(data.rounds[s].state);
  }
  return steps[s].entries.some((entry) => entry[4] !== "0");
}
function jump(by) {
  let s = now + by;
  while (s > 0 && s < total && !changes(s)) s += by;
  reach(s);
}
function batchNow() { return steps[Math.min(now, total - 1)]; }
function show() {
  const step = batchNow(), done = now === total;
  at("step").value = now;
  at("where").textContent = done ? "after all " + total + " steps" : "before step " + (now + 1) + " of " + total;
  showBatch(step);
  showRound(done);
  showWritten(done ? null : step);
  showState(done);
  if (!data.exact) return;
  const points = [...new Set(step ? step.x : [])], pick = at("sample"), before = pick.value;
  pick.replaceChildren(...points.map((x) => made("option", data.inputs.map((n, i) => n + "=" + x[i]).join(" ") || "no input", {value: x})));
  pick.value = points.includes(before) ? before : points[0] || "";
  showLiveSoon();
}
/* What needs a walk through the network is shown at once, but in a quick run of steps only now and then. */
let shownAt = -Infinity, waiting = 0;
function showLiveSoon() {
  clearTimeout(waiting);
  const left = shownAt + PAUSE - performance.now();
  if (left > 0) waiting = setTimeout(showLive, left);
  else showLive();
}
function showBatch(step) {
  if (!step) return;
  const seen = new Map();
  step.x.forEach((x, i) => {
    const key = x + " " + step.y[i];
    if (!seen.has(key)) seen.set(key, [x, step.y[i], 0, step.outputs[i]]);
    seen.get(key)[2]++;
  });
  const rows = [...seen.values()];
  at("batch").replaceWith(Object.assign(table(["x", "label", "times", "output"], rows.slice(0, MOST)), {id: "batch"}));
}
function showRound(done) {
  const round = data.rounds[now];
  at("part-round").hidden = !data.rounds.length;
  if (done) return at("round").replaceChildren(made("p", data.predictor));
  if (!round) return at("round").replaceChildren(made("p", "The method has ended."));
  const rows = round.queries.map((query, j) => [j + 1, query, round.means[j], round.answers[j],
    round.errors[j]]);
  at("round").replaceChildren(
    made("p", "Round " + (now + 1) + " asks for the mean of q(x) over the samples with label " + round.label + " (others count 0):"),
    wrappedIn("div", "scroll", table(["query", "q(x)", "batch mean", "answer held", "off by"], rows)));
}
function showWritten(step) {
  if (!step) return at("written").replaceChildren(made("p", "Nothing more is written."));
  if (step.kink !== null) return at("written").replaceChildren(made("p", "Vertex v" + step.kink + " is on a kink: the loss has no gradient, and training stops."));
  const rows = step.entries.slice(0, 400).map((e) => [button(heads[e[0]]), nameOf(sources[e[0]]), partOf(heads[e[0]]), e[1], e[2],
    e[3].join(" or "), e[4], e[5]]);
  const more = step.entries.length > 400 ? [made("p", "and " + (step.entries.length - 400) + " more")] : [];
  at("written").replaceChildren(table(["head", "tail", "part of the head", "weight before", "gradient", "valid roundings", "chosen", "weight after"], rows), ...more);
}
function showState(done) {
  at("part-state").hidden = !data.rounds.length;
  const over = done || now >= data.rounds.length, state = over ? data.after : data.rounds[now].state;
  const said = made("ul");
  for (const line of over ? data.afterInWords : data.rounds[now].inWords) said.append(made("li", line));
  const before = now > 0 && now <= data.rounds.length ? data.rounds[now - 1].state : {};
  const rows = Object.entries(state).map(([name, value]) => [name, value, name in before && before[name] !== value ? "was " + before[name] : ""]);
  at("state").replaceChildren(...(said.children.length ? [said] : []), table(["name", "number", ""], rows.slice(0, 200)));
}
function current() { return forward(at("sample").value); }
function showLive() {
  clearTimeout(waiting);
  const run = current();
  paint(run);
  showCopies();
  showMemory(run);
  choose(chosen, run);
  const entries = now < total ? steps[now].entries : [], pick = at("entry");
  pick.replaceChildren(made("option", "every entry of this step", {value: "-1"}),
    ...entries.slice(0, 400).map((e, i) => made("option", nameOf(sources[e[0]]) + " to " + nameOf(heads[e[0]]) + " (" + partOf(heads[e[0]]) + ")", {value: String(i)})));
  at("off").value = 0;
  breakIt();
  shownAt = performance.now();
}
function group(name) { return data.groups.find((each) => each[0] === name); }
function showCopies() {
  const found = group("round " + (now + 1) + ": activators"), part = at("part-copies");
  part.hidden = !found;
  if (!found) return;
  const points = [...new Set(batchNow().x)].slice(0, MOST_POINTS), runs = points.map((x) => forward(x));
  const rows = [];
  for (let v = found[1]; v < found[2] && rows.length < MOST; v++)
    rows.push([button(v), "copy " + (v - found[1] + 1), ...runs.map((run) => fraction(run.out[v]) + (run.out[v] === 0 ? ", active" : ", idle"))]);
  at("copies").replaceChildren(made("p", "vc of each copy at the points of the batch: where it is 0, the copy is active and its memory is written; elsewhere it is idle."),
    wrappedIn("div", "scroll", table(["vertex", "copy", ...points], rows)));
}
function wrappedIn(name, kind, node) { const found = made(name, null, {className: kind}); found.append(node); return found; }
function showMemory(run) {
  const found = group("round " + now + ": memory"), part = at("part-memory");
  part.hidden = !found;
  if (!found) return;
  const rows = [];
  for (let v = found[1]; v < found[2]; v++) {
    const alone = offsets[v + 1] - offsets[v] === 1 && sources[offsets[v]] === 0;
    if (alone) rows.push([button(v), "copy " + (rows.length + 1), fraction(run.out[v]), ""]);
    else if (rows.length) rows[rows.length - 1][3] += slope(run, v) !== 0 ? "?" : run.out[v] === 2 ? "1" : "0";
  }
  at("memory").replaceChildren(made("p", "The record that the last step wrote into round " + now + ", and the digits that all later passes read."),
    table(["v1", "copy", "record", "digits, the highest first"], rows.slice(0, MOST)));
}
function choose(v, given) {
  if (!data.exact || !(v >= 0 && v < data.vertices)) return;
  chosen = v;
  at("vertex").value = v;
  const run = given || current(), y = batchNow() ? batchNow().y[batchNow().x.indexOf(at("sample").value)] : 0, back = backward(run, y);
  const parts = [made("p", nameOf(v) + " (" + partOf(v) + ") has value " + fraction(run.out[v]) +
    (v < first ? "." : "; its pre-activation " + where(run, v) + ", where the slope is " + fraction(slope(run, v)) + "."))];
  const rows = [];
  for (let e = offsets[v]; e < offsets[v + 1] && rows.length < MOST; e++) {
    const g = gradient(run, back, e), cell = made("span", fraction(g));
    if (g === 0) {
      const [said, flat] = why(run, back, y, e);
      cell.textContent = "0, since " + said + (flat.length ? ": " : "");
      for (const each of flat.slice(0, 8)) cell.append(button(each), " ");
      if (flat.length > 8) cell.append("and " + (flat.length - 8) + " more");
    }
    rows.push([button(sources[e]), fraction(weights[e]), fraction(run.out[sources[e]]), cell]);
  }
  if (rows.length) parts.push(made("p", "Edges into it, with the gradient at x = " + at("sample").value + " with label " + y + ":"),
    wrappedIn("div", "scroll", table(["tail", "weight", "value of the tail", "gradient"], rows)));
  at("inspected").replaceChildren(...parts);
  paint(run);
}
function breakIt() {
  const said = at("broken"), step = now < total ? steps[now] : null;
  said.classList.remove("bad");
  if (!step || !step.entries.length) { said.textContent = "Nothing is written in this step."; return; }
  const eighths = Number(at("off").value), off = (eighths * number(data.rho)) / 8, pick = Number(at("entry").value);
  const rate = number(data.rate), base = eighths ? weights.slice() : weights, moved = eighths ? weights.slice() : weights;
  let taken = 0, allowed = 0;
  step.entries.forEach((e, i) => {
    if (eighths) base[e[0]] = moved[e[0]] = number(e[5]);
    if (pick !== -1 && pick !== i) return;
    if (eighths) moved[e[0]] = number(e[5]) - rate * off;
    taken++;
    allowed += e[3].includes(fraction(number(e[4]) + off));
  });
  const worst = eighths === 0 ? null : firstToBreak(base, moved, [...new Set((steps[now + 1] || step).x)].slice(0, MOST_POINTS));
  const how = "Each rounding is taken " + eighths + "/8 rho beside the one that was chosen; equation (3) allows that for " + allowed + " of " + taken + ": ";
  if (!worst) { said.textContent = how + "every vertex that was strictly flat still is, at the points of the next batch."; return; }
  said.classList.add("bad");
  said.replaceChildren(how + "the first vertex to leave its flat piece is ", button(worst.v),
    " (" + partOf(worst.v) + "), at x = " + worst.x + ": " + where(worst.after, worst.v) + "; before, " + where(worst.before, worst.v) + ".");
}
function firstToBreak(base, moved, points) {
  let worst = null;
  for (const x of points) {
    const before = forward(x, base), after = forward(x, moved), until = worst ? worst.v : data.vertices;
    for (let v = first; v < until; v++) {
      const was = slope(before, v) === 0 && !before.kink[v], is = slope(after, v) === 0 && !after.kink[v];
      if (was && !is) { worst = {v, x, after, before}; break; }
    }
  }
  return worst;
}

/* The map: one cell a vertex. Of a large network it is drawn once into an image, which is then only scaled; of a small
   one each cell is an element that can have the focus. */
const canvas = at("map"), ink = canvas.getContext("2d"), sheet = made("canvas");
let cx, cy, columns, view = {x: 0, y: 0, scale: 1}, frames = [];
const focusable = data.vertices <= MOST_FOCUSABLE, cells = at("cells"), stage = focusable ? cells : canvas;
const drawn = (name, attributes) => {
  const found = document.createElementNS(cells.namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  return found;
};
let squares = [], labels = [], marks;
function layCells() {
  const inside = drawn("g", {});
  marks = drawn("g", {});
  for (let v = 0; v < data.vertices; v++) squares.push(drawn("rect", {x: cx[v], y: cy[v], width: 1, height: 1, tabindex: -1, "data-vertex": v}));
  labels = columns.map(([name, x, y]) => { const text = drawn("text", {x, y: y - 0.3}); text.textContent = name; return text; });
  inside.append(...squares);
  cells.replaceChildren(inside, marks, ...labels);
}
function paintCells(run) {
  squares.forEach((square, v) => { square.style.fill = run.kink[v] ? KINK : run.piece[v] < 0 ? "#969696" : palette[run.piece[v] % palette.length]; });
}
/* Of all cells one can be reached by the tab key: the vertex that is chosen, which says what it is. */
function nameCell(run) {
  for (const old of cells.querySelectorAll("[tabindex='0']")) { old.setAttribute("tabindex", -1); old.removeAttribute("role"); old.removeAttribute("aria-label"); }
  const square = squares[chosen];
  square.setAttribute("tabindex", 0);
  square.setAttribute("role", "img");
  square.setAttribute("aria-label", nameOf(chosen) + ", " + partOf(chosen) + ": value " + fraction(run.out[chosen]) + (run.piece[chosen] < 0 ? "" : ", " + where(run, chosen)));
  if (cells.contains(document.activeElement)) square.focus({preventScroll: true});
}
function drawCells() {
  const began = performance.now(), wide = cells.clientWidth || 1, high = cells.clientHeight || 1;
  cells.setAttribute("viewBox", [view.x, view.y, wide / view.scale, high / view.scale].join(" "));
  for (const text of labels) { text.style.fontSize = 12 / view.scale + "px"; text.style.display = view.scale * 1.2 > 4 ? "" : "none"; }
  const entries = now < total ? steps[now].entries.filter((e) => e[4] !== "0").map((e) => heads[e[0]]) : [];
  marks.replaceChildren(...entries.map((v) => drawn("rect", {x: cx[v], y: cy[v], width: 1, height: 1})),
    drawn("rect", {x: cx[chosen] - 0.2, y: cy[chosen] - 0.2, width: 1.4, height: 1.4, class: "chosen"}));
  frames.push(performance.now() - began);
  if (frames.length > 500) frames.shift();
}
function layOut() {
  const named = new Map(), owner = new Int32Array(data.vertices).fill(-1);
  for (const [name, low, high] of data.groups) {
    const key = /^round \d+: /.test(name) ? name.slice(0, name.indexOf(":")) : low < (data.groups.find((g) => /^round 1: /.test(g[0])) || [0, 0])[1] ? "start" : "predictor and output";
    if (!named.has(key)) named.set(key, []);
    for (let v = low; v < high; v++) if (owner[v] < 0) { owner[v] = 1; named.get(key).push(v); }
  }
  const rest = [];
  for (let v = 0; v < data.vertices; v++) if (owner[v] < 0) rest.push(v);
  if (rest.length) named.set("other vertices", rest);
  const most = Math.max(...[...named.values()].map((each) => each.length)), wide = Math.max(4, Math.ceil(Math.sqrt(most / 2)));
  const high = Math.ceil(most / wide), across = Math.max(1, Math.round(Math.sqrt((3.4 * named.size * (high + 4)) / (wide + 2))));
  cx = new Int32Array(data.vertices); cy = new Int32Array(data.vertices); columns = [];
  [...named].forEach(([name, members], k) => {
    const x0 = (k % across) * (wide + 2), y0 = Math.floor(k / across) * (high + 4) + 2;
    columns.push([name, x0, y0]);
    members.forEach((v, i) => { cx[v] = x0 + (i % wide); cy[v] = y0 + Math.floor(i / wide); });
  });
  sheet.width = Math.min(across, named.size) * (wide + 2);
  sheet.height = Math.ceil(named.size / across) * (high + 4);
}
function rgb(text) { return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16)); }
function paint(run) {
  const image = new ImageData(sheet.width, sheet.height), colours = palette.map(rgb), counts = new Map();
  let kinks = 0;
  for (let v = 0; v < data.vertices; v++) {
    const p = 4 * (cy[v] * sheet.width + cx[v]), piece = run.piece[v];
    const [r, g, b] = run.kink[v] ? [0, 0, 0] : piece < 0 ? [150, 150, 150] : colours[piece % colours.length];
    image.data[p] = r; image.data[p + 1] = g; image.data[p + 2] = b; image.data[p + 3] = 255;
    if (run.kink[v]) kinks++; else if (piece >= 0) counts.set(piece, (counts.get(piece) || 0) + 1);
  }
  if (focusable) { paintCells(run); nameCell(run); } else sheet.getContext("2d").putImageData(image, 0, 0);
  const lines = data.sigma.map((each, i) => [palette[i % palette.length], (each[1] === 0 ? "flat on " : "slope " + fraction(each[1]) + " on ") + each[3], counts.get(i) || 0]);
  at("pieces").replaceChildren(...[...lines, [KINK, "at a kink", kinks]].map(([colour, text, count]) => {
    const line = made("li"), swatch = made("span", null, {className: "swatch"});
    swatch.style.background = colour;
    line.append(swatch, text + ": " + count);
    return line;
  }));
  draw();
}
function draw() {
  if (focusable) return drawCells();
  const began = performance.now(), wide = canvas.clientWidth, high = canvas.clientHeight, dots = devicePixelRatio || 1;
  if (canvas.width !== wide * dots || canvas.height !== high * dots) { canvas.width = wide * dots; canvas.height = high * dots; }
  ink.setTransform(dots, 0, 0, dots, 0, 0);
  ink.clearRect(0, 0, wide, high);
  ink.imageSmoothingEnabled = false;
  ink.drawImage(sheet, -view.x * view.scale, -view.y * view.scale, sheet.width * view.scale, sheet.height * view.scale);
  ink.fillStyle = ink.strokeStyle = getComputedStyle(document.body).color;
  ink.font = "12px system-ui,sans-serif";
  for (const [name, x, y] of columns) {
    const left = (x - view.x) * view.scale, top = (y - view.y) * view.scale - 3;
    if (left > -80 && left < wide && top > 0 && top < high + 12 && view.scale * 1.2 > 4) ink.fillText(name, left, top);
  }
  ink.lineWidth = 2;
  const entries = now < total ? steps[now].entries : [], size = Math.max(4, view.scale);
  for (const e of entries) if (e[4] !== "0") frame(heads[e[0]], size);
  ink.lineWidth = 3;
  frame(chosen, size + 3);
  frames.push(performance.now() - began);
  if (frames.length > 500) frames.shift();
}
function frame(v, size) {
  const middle = view.scale / 2;
  ink.strokeRect((cx[v] - view.x) * view.scale + middle - size / 2, (cy[v] - view.y) * view.scale + middle - size / 2, size, size);
}
function fit() {
  view.scale = Math.min(stage.clientWidth / sheet.width, stage.clientHeight / sheet.height);
  view.x = view.y = 0;
  draw();
}
function zoom(by, x, y) {
  const px = x === undefined ? stage.clientWidth / 2 : x, py = y === undefined ? stage.clientHeight / 2 : y;
  const u = view.x + px / view.scale, v = view.y + py / view.scale;
  view.scale = Math.min(60, Math.max(0.2, view.scale * by));
  view.x = u - px / view.scale; view.y = v - py / view.scale;
  draw();
}
function nearest(px, py) {
  const x = Math.floor(view.x + px / view.scale), y = Math.floor(view.y + py / view.scale);
  for (let v = 0; v < data.vertices; v++) if (cx[v] === x && cy[v] === y) return v;
  return -1;
}
function over(event) { const box = stage.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; }
function listenToMap() {
  let drag = null;
  stage.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, over(event)[0], over(event)[1]); }, {passive: false});
  stage.addEventListener("pointerdown", (event) => { drag = [over(event)[0], over(event)[1], view.x, view.y, false]; stage.setPointerCapture(event.pointerId); });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (Math.abs(over(event)[0] - drag[0]) + Math.abs(over(event)[1] - drag[1]) > 3) drag[4] = true;
    view.x = drag[2] - (over(event)[0] - drag[0]) / view.scale; view.y = drag[3] - (over(event)[1] - drag[1]) / view.scale;
    draw();
  });
  stage.addEventListener("pointerup", (event) => {
    const v = drag && !drag[4] ? nearest(over(event)[0], over(event)[1]) : -1;
    drag = null;
    if (v >= 0) choose(v);
  });
  stage.addEventListener("keydown", (event) => {
    const by = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1}[event.key];
    if (!by) return;
    event.preventDefault(); event.stopPropagation();
    choose(Math.min(data.vertices - 1, Math.max(0, chosen + by)));
  });
  addEventListener("resize", () => draw());
}
function play() {
  const going = at("play").getAttribute("aria-pressed") === "true";
  at("play").setAttribute("aria-pressed", String(!going));
  at("play").textContent = going ? "play" : "stop";
  clearInterval(timer);
  if (!going) timer = setInterval(() => { if (now === total) play(); else reach(now + 1); }, 700);
}
function listen() {
  at("step").addEventListener("input", () => reach(Number(at("step").value)));
  for (const [id, act] of [["first", () => reach(0)], ["back", () => reach(now - 1)], ["on", () => reach(now + 1)], ["last", () => reach(total)],
    ["next", () => jump(1)], ["play", play], ["larger", () => zoom(1.25)], ["smaller", () => zoom(0.8)], ["fit", fit]]) at(id).addEventListener("click", act);
  at("sample").addEventListener("change", showLive);
  at("vertex").addEventListener("change", () => choose(Number(at("vertex").value)));
  at("entry").addEventListener("change", breakIt);
  at("off").addEventListener("input", breakIt);
  at("theme").addEventListener("click", () => {
    const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    if (data.exact) draw();
  });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const act = {ArrowLeft: () => reach(now - 1), ArrowRight: () => reach(now + 1), Home: () => reach(0), End: () => reach(total), n: () => jump(1), p: () => jump(-1),
      "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), "0": fit}[event.key];
    if (act) { event.preventDefault(); act(); }
    else if (event.key === " " && !event.target.closest("button, summary")) { event.preventDefault(); play(); }
  });
}
async function start() {
  const fanIn = await unpacked(data.fanIn, Int32Array);
  sources = await unpacked(data.sources, Int32Array);
  weights = await unpacked(data.weights, Float64Array);
  offsets = new Int32Array(data.vertices + 1);
  for (let v = 0; v < data.vertices; v++) offsets[v + 1] = offsets[v] + fanIn[v];
  heads = new Int32Array(sources.length);
  for (let v = 0; v < data.vertices; v++) heads.fill(v, offsets[v], offsets[v + 1]);
  at("step").max = total;
  at("vertex").max = data.vertices - 1;
  at("about").textContent = total + " steps on " + data.source + ", batch size " + data.batch + ", rho " + data.rho + ", rate " + data.rate +
    "; roundings: " + data.adversary + "; " + data.vertices + " vertices, " + sources.length + " edges.";
  at("inexact").hidden = data.exact;
  for (const part of document.querySelectorAll(".live")) part.hidden = !data.exact;
  chosen = data.output;
  canvas.hidden = focusable;
  cells.toggleAttribute("hidden", !focusable);
  if (data.exact) { layOut(); listenToMap(); if (focusable) layCells(); }
  listen();
  show();
  if (data.exact) fit();
  window.querygrad = {forward, backward, gradient, reach, fraction, number, frames, zoom, stoppedAt, get step() { return now; }, get weights() { return weights; }};
}
start();
