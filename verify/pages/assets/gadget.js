/* Exact rationals: [numerator, denominator] of BigInt, the denominator above 0, in lowest terms. */
const reduced = (n, d) => {
  if (d < 0n) [n, d] = [-n, -d];
  let a = n < 0n ? -n : n, b = d;
  while (b) [a, b] = [b, a % b];
  return [n / a, d / a];
};
const ratio = (text) => { const [n, d] = String(text).split("/"); return reduced(BigInt(n), BigInt(d || 1)); };
const shown = ([n, d]) => d === 1n ? String(n) : n + "/" + d;
const plus = (a, b) => reduced(a[0] * b[1] + b[0] * a[1], a[1] * b[1]);
const times = (a, b) => reduced(a[0] * b[0], a[1] * b[1]);
const minus = (a, b) => plus(a, [-b[0], b[1]]);
const over = (a, b) => { if (!b[0]) throw new RangeError("division by 0"); return reduced(a[0] * b[1], a[1] * b[0]); };
const sign = (a, b) => { const gap = a[0] * b[1] - b[0] * a[1]; return gap < 0n ? -1 : gap > 0n ? 1 : 0; };
const below = ([n, d]) => [n >= 0n ? n / d : -((-n + d - 1n) / d), 1n];
const size = ([n, d]) => [n < 0n ? -n : n, d];
const NIL = [0n, 1n], UNIT = [1n, 1n], TWO = [2n, 1n];

/* The terms that the constructions wrote. */
const RELATIONS = {"<": (s) => s < 0, "<=": (s) => s <= 0, ">": (s) => s > 0, ">=": (s) => s >= 0, "=": (s) => s === 0,
  "==": (s) => s === 0, "!=": (s) => s !== 0};
function evaluator(nodes, values) {
  const done = new Map();
  const worth = (i) => { if (!done.has(i)) done.set(i, found(nodes[i])); return done.get(i); };
  const known = (name) => { if (!(name in values)) throw new RangeError("no number for " + name); return values[name]; };
  function found(node) {
    if (typeof node === "string") return node[0] === "$" ? known(node.slice(1)) : ratio(node);
    const [op, i, j, k] = node;
    switch (op) {
      case "+": return plus(worth(i), worth(j));
      case "-": return minus(worth(i), worth(j));
      case "*": return times(worth(i), worth(j));
      case "/": return over(worth(i), worth(j));
      case "neg": return minus(NIL, worth(i));
      case "floor": return below(worth(i));
      case "if": return worth(i) ? worth(j) : worth(k);
      case "and": return node.slice(1).every(worth);
      case "or": return node.slice(1).some(worth);
      case "not": return !worth(i);
      case "iff": return worth(i) === worth(j);
      case "at least": return node.slice(2).filter(worth).length >= i;
      case "true": return true;
      case "false": return false;
      default: return RELATIONS[op](sign(worth(i), worth(j)));
    }
  }
  return worth;
}

/* The walks over a fragment, forward and backward, as in constructions. */
function pieceAt(sigma, x) { return sigma.find((piece) => piece[0] === null || sign(x, ratio(piece[0])) < 0); }
function onKink(sigma, x) { return sigma.some((piece) => piece[0] !== null && sign(x, ratio(piece[0])) === 0); }
function walked(graph, inputs, outside) {
  const pre = {}, out = {...inputs}, into = {};
  if (graph.constant !== null) out[graph.constant] = UNIT;
  for (const [u, v, w] of graph.edges) (into[v] = into[v] || []).push([u, w]);
  for (const v of graph.order) {
    if (out[v]) continue;
    pre[v] = (into[v] || []).reduce((sum, [u, w]) => plus(sum, times(w, out[u])), outside[v] || NIL);
    const piece = pieceAt(graph.sigma, pre[v]);
    out[v] = plus(times(ratio(piece[1]), pre[v]), ratio(piece[2]));
  }
  return {graph, pre, out};
}
function walkedBack({graph, pre, out}, seeds) {
  const adjoint = {}, edges = {}, from = {}, kinks = [], sources = {};
  for (const [u, v, w] of graph.edges) (from[u] = from[u] || []).push([v, w]);
  for (const v of [...graph.order].reverse()) {
    const along = (from[v] || []).reduce((sum, [head, w]) => plus(sum, times(w, adjoint[head])), seeds[v] || NIL);
    if (!pre[v]) { sources[v] = along; continue; }
    if (along[0] && onKink(graph.sigma, pre[v])) kinks.push(v);
    adjoint[v] = times(ratio(pieceAt(graph.sigma, pre[v])[1]), along);
  }
  for (const [u, v] of graph.edges) edges[u + ">" + v] = times(out[u], adjoint[v]);
  return {edges, kinks, sources};
}
const clipped = (x) => sign(x, UNIT) > 0 ? UNIT : sign(x, [-1n, 1n]) < 0 ? [-1n, 1n] : x;
function valid(value, rho) {
  const low = below(over(value, rho)), most = times([3n, 4n], rho);
  return [low, plus(low, UNIT)].map((k) => times(k, rho)).filter((u) => sign(size(minus(u, value)), most) <= 0);
}
function rounded(value, rho, adversary, place) {
  if (!value[0]) return NIL;
  const choices = valid(value, rho), last = choices[choices.length - 1];
  if (adversary === "down") return choices[0];
  if (adversary === "up") return last;
  if (adversary === "apart") return place % 2 ? last : choices[0];
  const key = (u) => [size(minus(u, value)), size(u)];
  return choices.reduce((best, u) => {
    const [a, b] = key(u), [c, d] = key(best);
    return sign(a, c) < 0 || (sign(a, c) === 0 && sign(b, d) < 0) ? u : best;
  });
}
function stepped(graph, gradient, rho, rate, adversary) {
  const rises = {}, edges = graph.edges.map(([u, v, w], place) => {
    const name = u + ">" + v;
    rises[name] = rounded(gradient[name], rho, adversary, place);
    return [u, v, minus(w, times(rate, rises[name]))];
  });
  return {graph: {...graph, edges}, rises};
}

/* A claim at these numbers: each of its facts holds, is broken, or says nothing since a premise does not hold. */
function lit([id, statement, facts], term) {
  const found = facts.map(([label, under, fact]) => [label, term(under) ? term(fact) ? "holds" : "broken" : "silent"]);
  const of = (what) => found.filter(([, each]) => each === what).map(([label]) => label);
  const broken = of("broken"), silent = of("silent");
  return {id, statement, facts: found, broken, silent, what: broken.length ? "broken" : silent.length ? "silent" : "holds"};
}
const spelled = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)]));

/* One copy of Q or Q': idle, active, its step, and idle again. */
function play(data, given) {
  const setting = data.settings.find((each) => each.name === given.setting), prime = given.prime;
  const read = (name) => ratio(given[name]), rho = read("rho"), rate = ratio(setting.rate);
  const [gain, gainPrime] = setting.gains.map(ratio), a = read("a");
  const values = {rho, a, gain, "gain'": gainPrime, "gain here": prime ? gainPrime : gain, offset: ratio(setting.offset), rate,
    share: times(ratio(setting.share), a), below: ratio(setting.below), "vc from its bit": ratio(setting.control[0]),
    "vc from one": ratio(setting.control[1]), fm: read("fm"), ft: read("ft")};
  let term = evaluator(data.nodes, values);
  const bits = Math.max(1, data.more.filter(term).length), made = data.graphs[bits - 1];
  const graph = {order: made.order, edges: made.edges.map(([u, v, w]) => [u, v, term(w)]), constant: "v0", sigma: data.sigma};
  const held = term(data.held[prime ? 1 : 0]);
  const at = (shape, vc) => {
    const adds = walked(shape, {vc}, {}).pre.v4, outside = minus(held, adds);
    return {run: walked(shape, {vc}, {v4: outside}), outside};
  };
  const back = (run, label) => walkedBack(run, {v4: minus(run.out.v4, label)});
  const [wrong, agreeing] = given.labels.map(ratio).sort(sign).map((y, i, both) => both[prime ? i : 1 - i]);
  const idle = at(graph, TWO), active = at(graph, NIL), probe = at(graph, read("vc"));
  const samples = [[values.fm, back(active.run, wrong)], [minus(values.ft, values.fm), back(active.run, agreeing)],
    [minus(UNIT, values.ft), back(idle.run, wrong)]];
  const batch = {};
  for (const [u, v] of graph.edges) {
    const name = u + ">" + v;
    batch[name] = samples.reduce((sum, [part, each]) => plus(sum, times(part, clipped(each.edges[name]))), NIL);
  }
  const bitsOfVc = ["-2", "2"].map((bit) => driven(rational(setting.vc, term), bit));
  const ofSample = ([part, each], place) => {
    if (!part[0]) return [];
    return bitsOfVc[place < 2 ? 0 : 1].kink && each.sources.vc[0] ? [...each.kinks, "vc"] : each.kinks;
  };
  const kinks = samples.flatMap(ofSample);
  const after = stepped(graph, batch, rho, rate, given.adversary), last = at(after.graph, TWO);
  const digits = Array.from({length: bits}, (_, i) => shown(last.run.out["vr" + i])).map((bit) => bit === "2" ? 1 : bit === "-2" ? 0 : null);
  const whole = (n) => [BigInt(n), 1n], levels = whole(1n << BigInt(bits));
  const m = minus(NIL, over(times(rate, after.rises["v0>v1"]), rho));
  const read_ = digits.includes(null) ? null : digits.reduce((sum, digit, i) => sum + digit * 2 ** i, 0);
  for (const [name, rise] of Object.entries(after.rises)) values["k[" + name.replace(">", "") + "]"] = over(rise, rho);
  Object.assign(values, {m, levels, "z idle": idle.outside, "z active": active.outside, "z after": last.outside,
    "adjoint idle": minus(idle.run.out.v4, wrong), "adjoint after": minus(last.run.out.v4, wrong)});
  term = evaluator(data.nodes, values);
  const pair = given.labels[0] === "0" ? 0 : 1, side = prime ? 1 : 0;
  const lights = [...data.lights[side][pair], data.digits[side][bits - 1]].map((each) => lit(each, term));
  const conditions = made.conditions[setting.rate].map(([group, name, what, value, bounds]) => ({group, name, what, value: shown(term(value)),
    bounds: bounds.map(([relation, bound]) => relation + " " + shown(term(bound))).join(" and "),
    holds: bounds.every(([relation, bound]) => RELATIONS[relation](sign(term(value), term(bound))))}));
  const looked = back(probe.run, ratio(given.label));
  return {bits, digits, kinks, conditions, lights, m: shown(m), read: String(read_), bitsOfVc, setting, held: shown(held),
    pre: spelled(probe.run.pre), out: spelled(probe.run.out), gradient: spelled(looked.edges), probeKinks: looked.kinks, batch: spelled(batch),
    before: graph.edges, rises: spelled(after.rises), weights: after.graph.edges.map(([u, v, w]) => [u, v, shown(w)]), later: spelled(last.run.pre)};
}
const rational = (fragment, term) => ({...fragment, edges: fragment.edges.map(([u, v, w]) => [u, v, term(w)])});
function driven(fragment, bit) {
  const {pre, out} = walked(fragment, {bit: ratio(bit)}, {}), kink = onKink(fragment.sigma, pre.vc);
  return {bit, pre: shown(pre.vc), out: shown(out.vc), kink};
}

/* Any other fragment: its walk, the gradient of half the squared distance of its first output from a label, a step. */
function playFragment(data, fragment, given) {
  const values = Object.fromEntries(fragment.variables.map(([v, kind]) => [v, kind === "truth" ? given.values[v] !== "0" : ratio(given.values[v])]));
  const term = evaluator(data.nodes, values), graph = rational(fragment, term), free = (v) => ratio(given.inputs[v]);
  const inputs = Object.fromEntries(fragment.inputs.map(([v, place]) => [v, v in given.inputs ? free(v) : term(place)]));
  const run = walked(graph, inputs, Object.fromEntries(fragment.outside.map(([v, place]) => [v, term(place)]))), last = fragment.outputs[0];
  const {edges, kinks} = walkedBack(run, {[last]: minus(run.out[last], ratio(given.label))});
  const batch = Object.fromEntries(Object.entries(edges).map(([name, value]) => [name, clipped(value)]));
  const after = stepped(graph, batch, ratio(given.rho), UNIT, given.adversary);
  return {kinks, pre: spelled(run.pre), out: spelled(run.out), gradient: spelled(edges), batch: spelled(batch), before: graph.edges,
    rises: spelled(after.rises), weights: after.graph.edges.map(([u, v, w]) => [u, v, shown(w)]),
    lights: fragment.light ? [lit(fragment.light, term)] : []};
}
