/* The part of the page: inputs, the picture, tables and lights. */
let gadgetNow;
const gadgetData = unpacked("gadget-data").then((text) => {
  const part = document.getElementById("gadget"), data = gadgetNow = JSON.parse(text);
  const at = (name) => document.getElementById("g-" + name);
  const FAULTS = {
    E03: {thing: "q'", setting: "as printed", rho: "1/16", vc: "0", label: "0", labels: "0,1", fm: 1, ft: 1, adversary: "nearest"},
    E04: {thing: "q", setting: "as printed", rho: "1/16", vc: "0", label: "1", labels: "0,1", fm: 1, ft: 1, adversary: "nearest"},
    E06: {thing: "q", setting: "as printed", rho: "1/16", vc: "0", label: "-1", labels: "-1,1", fm: 0, ft: 1, adversary: "nearest"},
    repaired: {thing: "q", setting: "minimal repair", rho: "1/16", vc: "0", label: "1", labels: "0,1", fm: 1, ft: 1, adversary: "nearest"},
  };
  const SAID = {
    E03: "E03: the weight −1 on v3 → v4 in Q' makes the gradient too large and adds 1/6 where the canceller takes off 1/24.",
    E04: "E04: with the weights 1/2 and 1 the vertex vc is exactly on the kinks 0 and 2, so the loss has no derivative there.",
    E06: "E06: with labels −1 and 1, an agreeing sample of Q has label −1, and the weight v0 → v1 falls.",
    repaired: "The minimal repair: all that is repaired holds; what is printed of the digits is false here (E05), since 4 digits cannot read 18.",
  };
  const parted = (value, parts) => shown(reduced(BigInt(value), BigInt(parts)));
  const labelNow = () => parted(at("label").value, 8);
  const settingNow = () => data.settings.find((each) => each.name === at("setting").value);
  const chosen = () => data.fragments[Number(at("thing").value.slice(1))];
  const isQuery = () => at("thing").value[0] === "q";
  function precision() {
    const text = at("rho").value.trim();
    const good = /^[0-9]{1,4}\/[0-9]{1,4}$/.test(text) && !/\/0+$/.test(text) && sign(ratio(text), UNIT) < 0 && sign(ratio(text), [1n, 256n]) >= 0;
    at("rho").setAttribute("aria-invalid", String(!good));
    at("refused").textContent = good ? "" : "Need a precision p/q from 1/256 to below 1.";
    return good ? text : null;
  }
  function given() {
    const fm = Math.min(Number(at("fm").value), Number(at("ft").value));
    return {setting: at("setting").value, prime: at("thing").value === "q'", rho: precision(), a: parted(at("a").value, 96), fm: parted(fm, 16),
      ft: parted(at("ft").value, 16), vc: parted(at("vc").value, 8), label: labelNow(), labels: at("labels").value.split(","),
      adversary: at("adversary").value};
  }
  const made = (name, text, kind) => { const found = document.createElement(name); if (text !== undefined) found.textContent = text; if (kind) found.className = kind; return found; };
  const SIGNS = {holds: ["✔ holds", "PROVED"], broken: ["✖ broken", "REFUTED"], silent: ["○ says nothing", "open"]};
  const light = (what) => made("span", SIGNS[what][0], "v " + SIGNS[what][1]);
  const some = (labels) => labels.slice(0, 6).join("; ") + (labels.length > 6 ? " and " + (labels.length - 6) + " more" : "");
  function lamps(lights, setting) {
    lines("facts", lights.map((each) => {
      const said = made("div");
      said.append(claim(each.id, setting), ": ", statement(each, setting));
      if (each.broken.length) said.append(made("p", "Broken here: " + some(each.broken) + ".", "g-why"));
      else if (each.silent.length) said.append(made("p", "A premise does not hold here, of: " + some(each.silent) + ".", "g-why"));
      return [light(each.what), said];
    }));
    at("lights").hidden = !lights.length;
  }
  function lines(place, rows) {
    at(place).replaceChildren(...rows.map((cells) => {
      const line = made("tr");
      line.append(...cells.map((cell) => { const found = made("td"); found.append(cell); return found; }));
      return line;
    }));
  }
  function shownAs(id, setting) {
    const names = [setting ? id.replace(".minimal", "." + setting.name.replace("as ", "").split(" ")[0]) : id, id];
    return names.find((name) => document.getElementById(place("o", name)));
  }
  /* The statement as the page has it, with its formulas typeset. */
  function statement({id, statement}, setting) {
    const name = shownAs(id, setting), typeset = name && document.getElementById(place("o", name)).querySelector("summary .said");
    return typeset ? typeset.cloneNode(true) : statement;
  }
  function claim(id, setting) {
    const found = shownAs(id, setting);
    if (!found) return made("code", id);
    const link = made("a", found);
    link.href = "#" + place("o", found);
    return link;
  }
  const place = (kind, name) => kind + "-" + encodeURIComponent(name).replace(/[!'()*~]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase()).replaceAll("%", "~");
  function paint(graph, found, kinks) {
    const drawn = [...part.querySelectorAll(".g-picture")];
    for (const each of drawn) each.hidden = each.dataset.of !== (isQuery() ? "q" : at("thing").value);
    const svg = drawn.find((each) => !each.hidden);
    for (const vertex of svg ? svg.querySelectorAll("g[data-name]") : []) {
      const v = vertex.dataset.name, text = vertex.querySelectorAll("text"), pre = found.pre[v] && ratio(found.pre[v]);
      const kink = pre && onKink(graph.sigma, pre), piece = pre && pieceAt(graph.sigma, pre);
      vertex.setAttribute("class", "n " + (!pre ? "given" : kink ? "kink" : piece[1] === "0" ? "flat" : "slope"));
      text[1].textContent = pre ? "pre " + found.pre[v] : v === graph.constant ? "constant" : "input";
      text[2].textContent = "out " + found.out[v];
      text[3].textContent = !pre ? "" : kink ? "ON A KINK" : "on " + piece[3];
    }
    at("kink").textContent = kinks.length ? "There is no derivative: " + kinks.join(", ") + " is on a kink and the loss depends on it." : "";
  }
  function edges(found) {
    const rows = found.before.map(([u, v, w], i) => [u + " → " + v, shown(w), found.gradient[u + ">" + v], found.batch[u + ">" + v], found.rises[u + ">" + v], found.weights[i][2]]);
    const all = at("every").checked;
    lines("edges", rows.filter((row) => all || row[2] !== "0" || row[3] !== "0"));
    at("none").hidden = all || rows.some((row) => row[2] !== "0" || row[3] !== "0");
    at("edges").parentElement.hidden = !at("none").hidden;
  }
  function showQuery() {
    const choice = given();
    if (!choice.rho) return;
    const found = play(data, choice), {setting} = found;
    paint({sigma: data.sigma, constant: "v0"}, found, found.probeKinks);
    edges(found);
    lamps(found.lights, setting);
    lines("conditions", found.conditions.map((each) => [light(each.holds ? "holds" : "broken"), each.group, each.name, each.what + " " + each.bounds + ": " + each.value]));
    const broken = found.conditions.filter((each) => !each.holds).length;
    at("broken").textContent = broken ? `${broken} of ${found.conditions.length} conditions are broken, so Lemma 11 is not proved of this graph.` : "All conditions hold: Lemma 11 is proved of this graph.";
    const bits = [...found.digits].reverse().map((digit) => digit === null ? "?" : digit).join("");
    at("digits").textContent = `The step raises v0 → v1 by m = ${found.m} multiples of ρ. The ${found.bits} digits read ${bits}` + (found.digits.includes(null) ? "; a digit is not flat." : `, which is R = ${found.read}.`);
    at("driven").textContent = "vc is driven by one bit: " + found.bitsOfVc.map((each) => `bit ${each.bit} gives it ${each.pre}, ${each.kink ? "ON A KINK" : "so it returns " + each.out}`).join("; ") + ".";
    at("beyond").textContent = sign(ratio(choice.rho), ratio(setting.below)) < 0 ? "" : `The setting is proved for ρ < ${setting.below} only.`;
    for (const name of ["a", "fm", "ft", "vc", "label"]) at(name + "-now").textContent = choice[name];
  }
  function showFragment() {
    const fragment = chosen(), rho = precision(), inputs = {}, values = {};
    if (!rho) return;
    fragment.inputs.forEach(([v, place], i) => { if (isFree(place)) inputs[v] = at("in" + i).value; });
    fragment.variables.forEach(([v], i) => { values[v] = at("var" + i).value; });
    at("label-now").textContent = labelNow();
    let found;
    try {
      found = playFragment(data, fragment, {inputs, values, label: labelNow(), rho, adversary: at("adversary").value});
    } catch (trouble) {
      if (!(trouble instanceof RangeError || trouble instanceof SyntaxError)) throw trouble;
      at("refused").textContent = "Nothing can be computed at these numbers: " + trouble.message + ".";
      return;
    }
    at("refused").textContent = "";
    paint(fragment, found, found.kinks);
    edges(found);
    lamps(found.lights, null);
  }
  const isFree = (place) => place === null || (typeof data.nodes[place] === "string" && data.nodes[place][0] !== "$");
  const RATIONAL = /^-?[0-9]{1,12}([/][0-9]{1,12})?$/;
  /* A number as a slider and, beside it, any rational as text. */
  function control(id, name, start, kind) {
    const label = made("label", name + " "), slider = made("input"), now = made("input"), whole = kind === "integer" || kind === "truth";
    const parts = whole ? 1 : 32, [n, d] = ratio(start), near = Math.round(Number(n) * parts / Number(d)), most = Math.max(kind === "truth" ? 1 : 4 * parts, 2 * Math.abs(near));
    Object.assign(slider, {type: "range", min: kind === "truth" ? 0 : -most, max: most, value: near});
    Object.assign(now, {type: "text", value: start, size: 8, id: "g-" + id});
    now.setAttribute("aria-label", name + " as a rational number");
    slider.addEventListener("input", () => { now.value = parted(slider.value, parts); now.setAttribute("aria-invalid", "false"); show(); });
    now.addEventListener("input", () => {
      const text = now.value.trim(), good = RATIONAL.test(text) && !/[/]0+$/.test(text) && (!whole || !text.includes("/"));
      now.setAttribute("aria-invalid", String(!good));
      at("refused").textContent = good ? "" : "Need " + (whole ? "a whole number" : "a rational p/q") + " for " + name + ".";
      if (!good) return;
      slider.value = Math.round(Number(ratio(text)[0]) * parts / Number(ratio(text)[1]));
      show();
    });
    label.append(slider);
    const both = made("span", undefined, "g-control");
    both.append(label, now);
    return both;
  }
  function fields() {
    for (const each of part.querySelectorAll(".g-query")) each.hidden = !isQuery();
    const place = at("inputs");
    place.replaceChildren();
    if (isQuery()) return;
    const {inputs, variables} = chosen();
    inputs.forEach(([v, where], i) => { if (isFree(where)) place.append(control("in" + i, v, where === null ? "0" : data.nodes[where], "real")); });
    variables.forEach(([v, kind, start], i) => place.append(control("var" + i, v, start, kind)));
  }
  const place256 = (text) => { const [n, d] = ratio(text); return Number(256n * n / d); };
  at("rho-slider").addEventListener("input", () => { at("rho").value = parted(at("rho-slider").value, 256); show(); });
  at("rho").addEventListener("input", () => { if (precision()) at("rho-slider").value = place256(at("rho").value.trim()); });
  function show() {
    if (Number(at("fm").value) > Number(at("ft").value)) at("fm").value = at("ft").value;
    if (isQuery()) showQuery(); else showFragment();
  }
  function choose(id) {
    const fault = FAULTS[id];
    for (const name of ["thing", "setting", "rho", "labels", "adversary"]) at(name).value = fault[name];
    at("label").value = 8 * Number(fault.label); at("rho-slider").value = place256(fault.rho);
    at("a").value = 8; at("vc").value = 8 * Number(fault.vc); at("ft").value = 16 * fault.ft; at("fm").value = 16 * fault.fm;
    at("said").textContent = SAID[id];
    fields();
    show();
  }
  at("setting").addEventListener("change", () => { const [n, d] = ratio(settingNow().a); at("a").value = Number(96n * n / d); at("said").textContent = ""; show(); });
  at("thing").addEventListener("change", () => { at("said").textContent = ""; fields(); show(); });
  for (const each of part.querySelectorAll("[data-fault]")) each.addEventListener("click", () => choose(each.dataset.fault));
  for (const each of part.querySelectorAll("input, select")) if (!["g-setting", "g-thing", "g-rho-slider"].includes(each.id)) each.addEventListener("input", show);
  choose("repaired");
  ready.then(show);
  if (data.fragments.length && data.fragments[0].light) { at("thing").value = "f0"; at("said").textContent = ""; fields(); show(); }
});
