// The matrix: search, filters, order, one year at a time. The page already shows its first rows without any of this.
"use strict";

ogi.need("index").then((data) => {
  const PAGE = 100;
  const { make } = ogi;
  const form = document.getElementById("filters");
  const table = document.getElementById("matrix");
  const counted = document.getElementById("count");
  const bodies = data.bodies.map(([id, name, short, level, parent], place) => ({
    id, name, level, parent, place, text: ogi.plain(`${name} ${short} ${id}`), entries: new Map(),
  }));
  for (const [place, year, state, label, detail, timing, late, counts, files] of data.entries) {
    bodies[place].entries.set(year, { year, state: data.states[state], label, detail, timing, late, counts, files });
  }
  const regions = ogi.regions(data.bodies);
  const collator = new Intl.Collator("zh-Hans-CN");

  const control = (name) => form.elements.namedItem(name);
  for (const place of regions.keys()) control("region").append(make("option", { value: bodies[place].id }, `${bodies[place].name}（${regions.get(place).size - 1}）`));
  if (regions.size === 0) control("region").closest("label").hidden = true;

  const orders = {
    name: (years) => (a, b) => collator.compare(a.name, b.name),
    level: (years) => (a, b) => rank(a.level) - rank(b.level),
    errors: (years) => (a, b) => total(b, years, 0) - total(a, years, 0),
    warnings: (years) => (a, b) => total(b, years, 1) - total(a, years, 1),
  };
  const rank = (level) => (level < 0 ? data.levels.length : level);
  const total = (body, years, which) => years.reduce((sum, year) => sum + (body.entries.get(year)?.counts[which] ?? 0), 0);

  function found() {
    const query = ogi.plain(control("q").value.trim());
    const region = bodies.find((body) => body.id === control("region").value);
    const members = region && regions.get(region.place);
    const level = control("level").value;
    const status = control("status")?.value ?? "";
    const year = control("year").value;
    const years = year ? [Number(year)] : data.years;
    const fits = (entry) => (status === "late" ? entry.late === 1 : entry.state[0] === status);
    const list = bodies.filter((body) =>
      ogi.has(body.text, query)
      && (!members || members.has(body.place))
      && (level === "" || body.level === Number(level))
      && (status === "" || years.some((y) => body.entries.has(y) && fits(body.entries.get(y)))));
    const order = orders[control("sort").value];
    return [order ? list.sort(order(years)) : list, years, Boolean(year)];
  }

  const address = (body, entry, suffix) => `${ogi.root}${entry.year}/${body.id}_${entry.year}${suffix}`;
  const there = (entry, which) => (entry.files >> which) & 1;

  const links = (body, entry, wanted) => wanted.filter((which) => there(entry, which)).map((which) => make("a", { href: address(body, entry, data.suffixes[which][0]) }, data.suffixes[which][1]));

  function state(body, entry) {
    const inside = [make("span", { class: "icon", "aria-hidden": "true" }, entry.state[1]), entry.label];
    const which = there(entry, data.main) ? data.main : there(entry, data.page) ? data.page : -1;
    if (which >= 0) return make("a", { class: "state", href: address(body, entry, data.suffixes[which][0]) }, ...inside);
    if (entry.state[0] === "failed") return make("a", { class: "state", href: `${ogi.root}index.html#failed-${entry.year}-${body.id}` }, ...inside);
    return make("span", { class: "state" }, ...inside);
  }

  function cell(body, entry) {
    if (!entry) return make("td", {}, "—");
    const beside = links(body, entry, data.beside);
    const outstanding = entry.late || entry.state[0] === "missing";
    return make("td", { class: `s-${entry.state[0]}` },
      state(body, entry),
      entry.detail && make("small", {}, entry.detail),
      outstanding && entry.timing ? make("small", { class: entry.late ? "late" : null }, entry.timing) : null,
      beside.length ? make("small", { class: "files" }, ...beside) : null);
  }

  function head(body) {
    const two = data.years.filter((year) => body.entries.has(year) && there(body.entries.get(year), data.page)).slice(0, 2);
    const compare = two.length === 2 ? make("a", { class: "more screen", href: `${ogi.root}compare.html#a=${body.id}&ay=${two[0]}&b=${body.id}&by=${two[1]}` }, "两年对照") : null;
    return make("th", { scope: "row" }, body.name, make("small", {}, [body.id, data.levels[body.level]].filter(Boolean).join(" · "), compare));
  }

  const rows = {
    matrix: (body, years) => make("tr", {}, head(body), ...years.map((year) => cell(body, body.entries.get(year)))),
    single: (body, [year]) => {
      const entry = body.entries.get(year);
      if (!entry) return make("tr", {}, head(body), make("td", {}, "—"), ...data.counts.map(() => make("td")), make("td"), make("td"));
      const numbers = data.counts.map((_, which) => make("td", { class: "n" }, String(entry.counts[which] ?? "")));
      const all = links(body, entry, [...data.suffixes.keys()]);
      return make("tr", {}, head(body), make("td", { class: `s-${entry.state[0]}` }, state(body, entry)), ...numbers,
        make("td", {}, entry.late ? make("small", { class: "late" }, entry.timing) : entry.timing), make("td", { class: "files" }, ...all));
    },
  };

  const columns = (years, single) => (single ? ["机构", `${years[0]} 年状态`, ...data.counts, "公布", "文件"] : ["机构", ...years.map((year) => `${year} 年`)]);

  let tell = () => {};
  const kept = ogi.keepInAddress(form, (page) => {
    const [list, years, single] = found();
    const pages = Math.max(1, Math.ceil(list.length / PAGE));
    const at = Math.min(page, pages - 1);
    table.classList.toggle("years", !single);
    const row = single ? rows.single : rows.matrix;
    table.tHead.replaceChildren(make("tr", {}, ...columns(years, single).map((name) => make("th", { scope: "col", class: data.counts.includes(name) ? "n" : null }, name))));
    table.tBodies[0].replaceChildren(...list.slice(at * PAGE, (at + 1) * PAGE).map((body) => row(body, years)));
    counted.textContent = list.length ? `符合条件的机构 ${list.length} 家` : "没有符合条件的机构，请放宽条件。";
    tell = [at, pages];
    document.body.dataset.ready = "1";
    return at;
  });
  const turned = ogi.pager(document.getElementById("pages"), (page) => {
    kept.turn(page);
    turned(...tell);
    table.scrollIntoView({ block: "start" });
  });
  turned(...tell);
  form.addEventListener("input", () => turned(...tell));
  form.hidden = false;
}).catch(ogi.complain);
