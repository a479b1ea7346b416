// The reviewer's work list over all reports: the gravest findings first. Each severity is a file of its own, loaded when it is asked for.
"use strict";

ogi.need("index").then(async (data) => {
  const PAGE = 100;
  const { make } = ogi;
  const GRADES = ["error", "warning", "note"];
  const SIGNS = { error: "✖", warning: "▲", note: "●" };
  const form = document.getElementById("filters");
  const table = document.getElementById("list");
  const counted = document.getElementById("count");
  const control = (name) => form.elements.namedItem(name);
  const forms = await ogi.need("forms");
  const regions = ogi.regions(data.bodies);
  const texts = data.bodies.map(([id, name, short]) => ogi.plain(`${name} ${short} ${id}`));
  const lists = new Map();
  let turned = null;
  let kept = null;

  for (const place of regions.keys()) control("region").append(make("option", { value: data.bodies[place][0] }, data.bodies[place][1]));
  if (regions.size === 0) control("region").closest("label").hidden = true;
  for (const year of data.years) control("year").append(make("option", { value: year }, `${year} 年`));

  async function fetchGrade(grade) {
    if (lists.has(grade)) return;
    const { rules, lines } = await ogi.need(`findings-${grade}`);
    lists.set(grade, lines.map(([body, year, rule, place, message, cells, number, waived]) => (
      { grade, body, year, rule: rules[rule][0], about: rules[rule][1], place, message, cells, number, waived, text: null })));
  }

  const page = (finding) => `${finding.year}/${data.bodies[finding.body][0]}_${finding.year}.review.html`;

  function row(finding) {
    const [id, name] = data.bodies[finding.body];
    const link = finding.place ? `${page(finding)}#f-${finding.place}` : page(finding);
    const cells = finding.cells.map((place) => make("a", { href: `${page(finding)}#c-${forms.cells[place][0]}` }, forms.cells[place][1]));
    const spaced = cells.flatMap((cell, n) => (n ? ["、", cell] : [cell]));
    const more = finding.number > cells.length ? `${cells.length ? " 等 " : ""}${finding.number} 格` : "";
    const grade = data.counts[GRADES.indexOf(finding.grade)];
    return make("tr", {},
      make("td", { class: `grade ${finding.waived ? "" : finding.grade}` },
        make("span", { class: "icon", "aria-hidden": "true" }, finding.waived ? "○" : SIGNS[finding.grade]), finding.waived ? `已豁免（${grade}）` : grade),
      make("th", { scope: "row" }, name, make("small", {}, `${id} · ${finding.year} 年`)),
      make("td", {}, make("a", { href: finding.about }, finding.rule)),
      make("td", {}, make("a", { href: link }, finding.message), spaced.length || more ? make("small", {}, "单元格：", ...spaced, more) : null));
  }

  function matching() {
    const query = ogi.plain(control("q").value.trim());
    const region = data.bodies.findIndex(([id]) => id === control("region").value);
    const members = regions.get(region);
    const year = Number(control("year").value);
    const rule = control("rule").value;
    const waived = control("waived").checked;
    return GRADES.filter((grade) => control(grade).checked && lists.has(grade)).flatMap((grade) => lists.get(grade).filter((f) =>
      (waived || !f.waived)
      && (!year || f.year === year)
      && (!rule || f.rule === rule)
      && (!members || members.has(f.body))
      && (!query || ogi.has(f.text ??= `${texts[f.body]} ${ogi.plain(f.message)}`, query))));
  }

  let tell = [0, 1];
  function show(at) {
    const list = matching();
    const pages = Math.max(1, Math.ceil(list.length / PAGE));
    const page = Math.min(at, pages - 1);
    table.tBodies[0].replaceChildren(...list.slice(page * PAGE, (page + 1) * PAGE).map(row));
    const reports = new Set(list.map((f) => f.body * 10000 + f.year)).size;
    counted.textContent = list.length ? `${list.length} 项，涉及 ${reports} 份报告` : "没有符合条件的问题。";
    tell = [page, pages];
    turned?.(...tell);
    document.body.dataset.ready = "1";
    return page;
  }

  const wanted = () => Promise.all(GRADES.filter((grade) => control(grade).checked).map(fetchGrade));
  // A rule asked for in the address may be of any severity.
  const told = new URLSearchParams(location.hash.slice(1));
  for (const grade of GRADES) if (told.get(grade) === "1") control(grade).checked = true;
  for (const grade of GRADES) if (told.get(grade) === "0") control(grade).checked = false;
  await wanted();
  kept = ogi.keepInAddress(form, show);
  turned = ogi.pager(document.getElementById("pages"), (to) => {
    kept.turn(to);
    table.scrollIntoView({ block: "start" });
  });
  turned(...tell);
  form.addEventListener("change", async () => {
    const before = lists.size;
    await wanted();
    if (lists.size !== before) kept.turn(0);
  });
  form.hidden = false;
}).catch(ogi.complain);
