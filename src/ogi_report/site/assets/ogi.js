// What all pages share: data that script files bring, elements made from text only, the state of the controls in the address.
"use strict";

const ogi = (() => {
  const loaded = new Map();
  const waiting = new Map();
  const root = document.body.dataset.root;

  /** Called by the data files themselves. */
  function load(name, data) {
    loaded.set(name, data);
    waiting.get(name)?.resolve(data);
  }

  /** Loads a data file when it is first needed; a page that lies in a folder may load scripts, but not fetch. */
  function need(name) {
    if (loaded.has(name)) return Promise.resolve(loaded.get(name));
    if (!waiting.has(name)) {
      const entry = {};
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      waiting.set(name, entry);
      const script = document.createElement("script");
      script.src = `${root}site/data/${name}.js`;
      script.onerror = () => entry.reject(new Error(`缺少文件 site/data/${name}.js，请重新生成总览。`));
      document.head.append(script);
    }
    return waiting.get(name).promise;
  }

  /** An element; children are elements or texts, and a text is never read as HTML. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  /** Full-width and half-width, large and small letters are the same to whoever searches. */
  const plain = (text) => text.normalize("NFKC").toLowerCase();

  /** Whether all words of a query stand in a text; both plain. */
  const has = (text, query) => query.split(/\s+/).every((word) => text.includes(word));

  /** Fills controls from the address and keeps the address up to date, so that "back" returns to the same view. */
  function keepInAddress(form, changed) {
    const told = new URLSearchParams(location.hash.slice(1));
    const controls = [...form.elements].filter((control) => control.name);
    for (const control of controls) {
      if (!told.has(control.name)) continue;
      if (control.type === "checkbox") control.checked = told.get(control.name) === "1";
      else control.value = told.get(control.name);
      if (control.tagName === "SELECT" && control.selectedIndex < 0) control.selectedIndex = 0;
    }
    let page = Math.max(0, Number(told.get("page") ?? 1) - 1) || 0;
    const show = () => {
      const state = new URLSearchParams();
      for (const control of controls) {
        const value = control.type === "checkbox" ? String(Number(control.checked)) : control.value;
        const usual = control.type === "checkbox" ? String(Number(control.defaultChecked)) : control.dataset.usual ?? "";
        if (value !== usual) state.set(control.name, value);
      }
      page = changed(page) ?? page;
      if (page > 0) state.set("page", page + 1);
      const hash = state.toString();
      history.replaceState(null, "", hash || location.hash ? `#${hash}` : location.href);
    };
    form.addEventListener("input", () => { page = 0; show(); });
    form.addEventListener("submit", (event) => event.preventDefault());
    show();
    return { turn(to) { page = to; show(); } };
  }

  /** Buttons to turn pages of a list. */
  function pager(nav, turn) {
    const [before, said, after] = [make("button", { type: "button" }, "上一页"), make("span"), make("button", { type: "button" }, "下一页")];
    let at = 0;
    before.addEventListener("click", () => turn(at - 1));
    after.addEventListener("click", () => turn(at + 1));
    nav.replaceChildren(before, said, after);
    return (page, pages) => {
      at = page;
      nav.hidden = pages < 2;
      before.disabled = page === 0;
      after.disabled = page >= pages - 1;
      said.textContent = `第 ${page + 1} 页，共 ${pages} 页`;
    };
  }

  /** Parents in the roster's order, each with everything below it. */
  function regions(bodies) {
    const below = new Map();
    bodies.forEach((_, place) => {
      const seen = new Set();
      for (let above = place; above >= 0 && !seen.has(above); above = bodies[above][4]) {
        seen.add(above);
        if (!below.has(above)) below.set(above, new Set());
        below.get(above).add(place);
      }
    });
    return new Map([...below].filter(([, members]) => members.size > 1).sort(([a], [b]) => a - b));
  }

  /** What went wrong, where people look for the result. */
  function complain(error) {
    document.getElementById("count").textContent = error.message;
  }

  return { load, need, complain, make, plain, has, keepInAddress, pager, regions, root };
})();
