// Two reports side by side, from the same cells: two years of one agency, or two agencies. Numbers stay exact.
"use strict";

Promise.all([ogi.need("index"), ogi.need("forms")]).then(([data, forms]) => {
  const { make } = ogi;
  const form = document.getElementById("filters");
  const said = document.getElementById("count");
  const out = document.getElementById("comparison");
  const control = (name) => form.elements.namedItem(name);
  const bodies = data.bodies.map(([id, name, short, , , shard], place) => ({ id, name, shard, place, text: ogi.plain(`${name} ${short} ${id}`), shown: `${name}（${id}）` }));
  const byId = new Map(bodies.map((body) => [body.id, body]));
  const years = new Map();
  for (const [place, year, , , , , , , files] of data.entries) {
    if (!((files >> data.page) & 1)) continue;
    if (!years.has(place)) years.set(place, []);
    years.get(place).push(year);
  }
  document.getElementById("bodies").append(...bodies.filter((body) => years.has(body.place)).map((body) => make("option", { value: body.shown })));

  /** The agency that somebody means by a code, a name, a short name or the suggestion they took. */
  function meant(text) {
    const query = ogi.plain(text.trim());
    if (!query) return null;
    const exact = bodies.find((body) => body.id === query || ogi.plain(body.shown) === query || ogi.plain(body.name) === query);
    if (exact) return exact;
    const like = bodies.filter((body) => years.has(body.place) && ogi.has(body.text, query));
    return like.length === 1 ? like[0] : like.length;
  }

  function chosen(side) {
    const body = meant(control(side).value);
    const year = control(`${side}y`);
    if (body === null) return { why: "请选择两份报告。" };
    if (typeof body === "number") return { why: body ? `“${control(side).value}”符合的有 ${body} 家，请写得更具体。` : `没有找到“${control(side).value}”，或者它还没有报告。` };
    const known = years.get(body.place) ?? [];
    const wanted = Number(year.dataset.wanted ?? year.value);
    if (year.dataset.of !== body.id) {
      year.replaceChildren(...known.map((y) => make("option", { value: y }, `${y} 年`)));
      year.dataset.of = body.id;
      // The second side begins with the year before, which is what most people want to see.
      year.value = known.includes(wanted) ? wanted : side === "b" && known.length > 1 && meant(control("a").value) === body ? known[1] : known[0];
    }
    delete year.dataset.wanted;
    return known.length ? { body, year: Number(year.value) } : { why: `${body.name} 还没有报告。` };
  }

  // Amounts in units of their last decimal, as whole numbers of any size.
  const exact = (content) => (typeof content === "number" ? { units: BigInt(content), places: 0 } : typeof content === "string" && content[0] === "=" ? decimal(content.slice(1)) : null);
  function decimal(text) {
    const [whole, part = ""] = text.split(".");
    return { units: BigInt(whole + part), places: part.length };
  }
  const raise = ({ units, places }, to) => units * 10n ** BigInt(to - places);
  function printed(units, places) {
    const sign = units < 0n ? "-" : "";
    const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
    return sign + (places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits);
  }
  function plus(contents, signs) {
    const numbers = contents.map(exact);
    if (numbers.includes(null)) return null;
    const places = Math.max(...numbers.map((n) => n.places));
    return { units: numbers.reduce((sum, n, i) => sum + signs[i] * raise(n, places), 0n), places };
  }
  const shown = (content) => (content === null ? "" : typeof content === "number" ? String(content) : content.slice(1));

  /** Content of a cell, or of several added up; undefined where the layout has no such cell. */
  function content(cells, places) {
    if (places.length === 0) return undefined;
    if (places.length === 1) return cells[places[0]];
    const sum = plus(places.map((place) => cells[place]), places.map(() => 1n));
    return sum && `=${printed(sum.units, sum.places)}`;
  }

  function line(label, unit, a, b) {
    const known = a !== undefined && b !== undefined;
    const difference = known && a !== null && b !== null ? plus([a, b], [1n, -1n]) : null;
    const differs = known && (difference ? difference.units !== 0n : shown(a) !== shown(b));
    if (control("only").checked && !differs) return null;
    const side = (value) => (value === undefined ? make("td", { class: "n absent" }, "表样无此格") : make("td", { class: "n" }, value === null ? make("span", { class: "quiet" }, "空白") : shown(value)));
    const text = difference ? (difference.units > 0n ? "+" : "") + printed(difference.units, difference.places) : "";
    return make("tr", { class: differs ? "differs" : null }, make("th", { scope: "row" }, label, make("small", { class: "unit" }, `（${unit}）`)), side(a), side(b), make("td", { class: "n d" }, text));
  }

  let asked = 0;
  async function compare() {
    const [a, b] = [chosen("a"), chosen("b")];
    const ticket = ++asked;
    const why = a.why ?? b.why;
    out.replaceChildren();
    said.textContent = why ?? "正在读取……";
    if (why) { document.body.dataset.ready = "1"; return; }
    const [left, right] = await Promise.all([a, b].map(async ({ body, year }) => (await ogi.need(`figures-${body.shard}`))[body.id]?.[year]));
    if (ticket !== asked) return;
    if (!left || !right) { said.textContent = "没有找到其中一份的数据。"; return; }
    const [layoutA, cellsA, ownA] = left;
    const [layoutB, cellsB, ownB] = right;
    const names = [a, b].map(({ body, year }) => `${body.name} ${year} 年`);
    const groups = new Map();
    let differing = 0;
    for (const [table, label, unit, placesA, placesB] of forms.plans[`${layoutA} ${layoutB}`]) {
      if (!groups.has(table)) groups.set(table, []);
      const tr = line(label, unit, content(cellsA, placesA), content(cellsB, placesB));
      if (tr?.classList.contains("differs")) differing += 1;
      if (tr) groups.get(table).push(tr);
    }
    const [rowsA, rowsB] = [new Map(ownA), new Map(ownB)];
    const own = a.body === b.body && layoutA === layoutB
      ? [...new Set([...rowsA.keys(), ...rowsB.keys()])].map((label) => [label, rowsA.get(label), rowsB.get(label)])
      : [...ownA.map(([label, raw]) => [label, raw, undefined]), ...ownB.map(([label, raw]) => [label, undefined, raw])];
    const asCell = (raw) => (raw === undefined ? undefined : raw === "" ? null : /^[+-]?\d+(\.\d+)?$/.test(raw) ? `=${raw.replace("+", "")}` : `'${raw}`);
    const extra = own.map(([label, x, y]) => line(label, "自加的行", asCell(x), asCell(y))).filter(Boolean);
    if (extra.length) groups.set("表样以外的行", extra);
    const head = make("tr", {}, ...["项目", ...names, "相差（前者减后者）"].map((name, n) => make("th", { scope: "col", class: n ? "n" : null }, name)));
    const parts = [...groups].filter(([, rows]) => rows.length).map(([name, rows]) =>
      make("tbody", {}, make("tr", { class: "group" }, make("th", { scope: "colgroup", colspan: "4" }, name)), ...rows));
    if (parts.length) out.append(make("table", {}, make("caption", {}, `${names[0]}与${names[1]}逐格对照`), make("thead", {}, head), ...parts));
    const note = layoutA === layoutB ? "" : `两份报告用的是两套表样（${forms.layouts[layoutA]}、${forms.layouts[layoutB]}）：只有含义相同的格才相互对照，其余各列各的。`;
    said.textContent = `${differing ? `有 ${differing} 格不同。` : "可对照的各格都相同。"}${note}`;
    document.body.dataset.ready = "1";
  }

  const told = new URLSearchParams(location.hash.slice(1));
  for (const side of ["a", "b"]) {
    const body = byId.get(told.get(side));
    if (body) control(side).value = body.shown;
    if (told.get(`${side}y`)) control(`${side}y`).dataset.wanted = told.get(`${side}y`);
  }
  control("only").checked = told.get("only") === "1";
  function keep() {
    const state = new URLSearchParams();
    for (const side of ["a", "b"]) {
      const body = meant(control(side).value);
      if (body?.id) { state.set(side, body.id); state.set(`${side}y`, control(`${side}y`).value); }
    }
    if (control("only").checked) state.set("only", "1");
    history.replaceState(null, "", state.size ? `#${state}` : "#");
  }
  const act = () => compare().then(keep, (error) => { said.textContent = error.message; });
  form.addEventListener("change", act);
  form.addEventListener("submit", (event) => { event.preventDefault(); act(); });
  document.getElementById("swap").addEventListener("click", () => {
    const [a, b, ay, by] = ["a", "b", "ay", "by"].map(control);
    [a.value, b.value] = [b.value, a.value];
    [ay.dataset.wanted, by.dataset.wanted] = [by.value, ay.value];
    for (const year of [ay, by]) delete year.dataset.of;
    act();
  });
  form.hidden = false;
  act();
}).catch(ogi.complain);
