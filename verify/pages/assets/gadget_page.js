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
      ft: parted(at("ft").value, 16), vc: parted(at("vc").value, 8), label: at("label").value, labels: at("labels").value.split(","),
      adversary: at("adversary").value};
  }
  const made = (name, text, kind) => { const found = document.createElement(name); if (text !== undefined) found.textContent = text; if (kind) found.className = kind; return found; };
  const light = (holds) => made("span", holds ? "✔ holds" : "✖ broken", "v " + (holds ? "PROVED" : "REFUTED"));
  function lines(place, rows) {
    at(place).replaceChildren(...rows.map((cells) => {
      const line = made("tr");
      line.append(...cells.map((cell) => { const found = made("td"); found.append(cell); return found; }));
      return line;
    }));
  }
  function claim(id, said, setting) {
    const word = setting.name.split(" ")[0], q = at("thing").value === "q'" ? "q~27" : "q";
    const names = [`${id}.${word}.${q}`, `${id}.${word}`, `${id}.printed.${q}`, `${id}.printed`, `${id}.minimal.${q}`];
    const found = names.map((name) => document.getElementById("o-" + name)).find(Boolean);
    if (!found) return document.createTextNode(said);
    const link = made("a", said);
    link.href = "#" + found.id;
    return link;
  }
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
  }
  function showQuery() {
    const choice = given();
    if (!choice.rho) return;
    const found = play(data, choice), {setting} = found;
    paint({sigma: data.sigma, constant: "v0"}, found, found.probeKinks);
    edges(found);
    lines("facts", found.facts.map(({id, said, holds}) => [light(holds), claim(id, said, setting)]));
    lines("conditions", found.conditions.map((each) => [light(each.holds), each.group, each.name, each.what + " " + each.bounds + ": " + each.value]));
    const broken = found.conditions.filter((each) => !each.holds).length;
    at("broken").textContent = broken ? `${broken} of ${found.conditions.length} conditions are broken, so Lemma 11 is not proved of this graph.` : "All conditions hold: Lemma 11 is proved of this graph.";
    const bits = [...found.digits].reverse().map((digit) => digit === null ? "?" : digit).join("");
    at("digits").textContent = `The step raises v0 → v1 by m = ${found.m} multiples of ρ. The ${found.bits} digits read ${bits}` + (found.digits.includes(null) ? "; a digit is not flat." : `, which is R = ${found.read}.`);
    at("driven").textContent = "vc is driven by one bit: " + found.bitsOfVc.map((each) => `bit ${each.bit} gives it ${each.pre}, ${each.kink ? "ON A KINK" : "so it returns " + each.out}`).join("; ") + ".";
    at("beyond").textContent = sign(ratio(choice.rho), ratio(setting.below)) < 0 ? "" : `The setting is proved for ρ < ${setting.below} only.`;
    for (const name of ["a", "fm", "ft", "vc"]) at(name + "-now").textContent = choice[name];
  }
  function showFragment() {
    const fragment = chosen(), rho = precision();
    if (!rho) return;
    const inputs = Object.fromEntries(fragment.inputs.map((v, i) => [v, parted(at("in" + i).value, 8)]));
    fragment.inputs.forEach((v, i) => { at("in" + i + "-now").textContent = inputs[v]; });
    const found = playFragment(fragment, {inputs, label: at("label").value, rho, adversary: at("adversary").value});
    paint(fragment, found, found.kinks);
    edges(found);
  }
  function fields() {
    for (const each of part.querySelectorAll(".g-query")) each.hidden = !isQuery();
    const place = at("inputs");
    place.replaceChildren();
    if (isQuery()) return;
    chosen().inputs.forEach((v, i) => {
      const label = made("label", v + " "), slider = made("input"), now = made("output");
      Object.assign(slider, {type: "range", min: -32, max: 32, value: 0, id: "g-in" + i});
      now.id = slider.id + "-now";
      slider.addEventListener("input", show);
      label.append(slider, now);
      place.append(label);
    });
  }
  function show() {
    if (Number(at("fm").value) > Number(at("ft").value)) at("fm").value = at("ft").value;
    if (isQuery()) showQuery(); else showFragment();
  }
  function choose(id) {
    const fault = FAULTS[id];
    for (const name of ["thing", "setting", "rho", "label", "labels", "adversary"]) at(name).value = fault[name];
    at("a").value = 8; at("vc").value = 8 * Number(fault.vc); at("ft").value = 16 * fault.ft; at("fm").value = 16 * fault.fm;
    at("said").textContent = SAID[id];
    fields();
    show();
  }
  at("setting").addEventListener("change", () => { const [n, d] = ratio(settingNow().a); at("a").value = Number(96n * n / d); at("said").textContent = ""; show(); });
  at("thing").addEventListener("change", () => { at("said").textContent = ""; fields(); show(); });
  for (const each of part.querySelectorAll("[data-fault]")) each.addEventListener("click", () => choose(each.dataset.fault));
  for (const each of part.querySelectorAll("input, select")) if (!["g-setting", "g-thing"].includes(each.id)) each.addEventListener("input", show);
  choose("repaired");
});
