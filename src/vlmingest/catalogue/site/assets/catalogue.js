// Search, filters, order and choice over the catalogue. Texts go into the page as text, never as markup.
"use strict";
(() => {
  const data = globalThis.vlm && globalThis.vlm.catalogue;
  const table = document.getElementById("models");
  if (!data || !table) return;
  const SHOWN = 3, PAGE = 50, MAX_CHOSEN = 6;
  const number = new Intl.NumberFormat("en");
  const byId = (id) => document.getElementById(id);
  const make = (name, text, className) => {
    const node = document.createElement(name);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  // "Q-Former", "qformer" and "Q Former" are found by each other; accents do not matter
  const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const squash = (text) => text.replace(/[\s\-_/.]+/g, "");
  const words = (numbers) => numbers.map((number) => data.strings[number]);
  const UNITS = { K: 1e-6, M: 1e-3, B: 1, T: 1e3 };
  const billions = (text) => {
    const match = /^([0-9.]+)\s*([KMBT])\b/i.exec(text);
    return match ? Number.parseFloat(match[1]) * UNITS[match[2].toUpperCase()] : -Infinity;
  };
  const models = data.rows.map((row, place) => {
    const [stem, name, rest, author, date, withdrawn, ...numbers] = row;
    const title = rest.startsWith(":") ? name + rest : rest;
    const [sizes, vision, connector, language, kind, visionFamily, languageFamily, datasets] = numbers.map(words);
    const text = fold([name, title, author, date, stem, ...vision, ...connector, ...language, ...kind, ...datasets].join("\n"));
    return {
      place, stem, name, title, date, withdrawn, sizes, vision, connector, language, kind, size: Math.max(...sizes.map(billions)),
      text, squashed: squash(text), folded: fold(name),
      groups: { vision: visionFamily, connector, language: languageFamily, kind, year: date ? [date.slice(0, 4)] : [] },
    };
  });

  // --- state: in the part of the address after #, so that a view can be shared ---
  const FILTERS = ["vision", "connector", "language", "kind", "year"];
  const state = { q: "", sort: "", page: 1, chosen: [] };
  const readAddress = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    state.q = given.get("q") || "";
    state.sort = given.get("sort") || "";
    state.page = Math.max(1, Number.parseInt(given.get("page") || "1", 10) || 1);
    for (const name of FILTERS) state[name] = given.get(name) || "";
  };
  let later = 0;
  const keepAddress = () => { clearTimeout(later); later = setTimeout(writeAddress, 200); };  // not at every key
  const writeAddress = () => {
    const kept = new URLSearchParams();
    for (const name of ["q", "sort", ...FILTERS]) if (state[name]) kept.set(name, state[name]);
    if (state.page > 1) kept.set("page", String(state.page));
    const hash = kept.toString();
    try { history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search); } catch { /* file:// */ }
  };

  // --- what is shown ---
  const keys = {
    name: (model) => model.folded,
    date: (model) => model.date,
    sizes: (model) => (Number.isFinite(model.size) ? model.size : null),
    vision_encoders: (model) => fold(model.vision[0] || ""),
    connectors: (model) => fold(model.connector[0] || ""),
    language_models: (model) => fold(model.language[0] || ""),
    types: (model) => fold(model.kind[0] || ""),
  };
  const compare = (one, two) => (one < two ? -1 : one > two ? 1 : 0);
  const rank = (model, query) => (model.folded.startsWith(query) ? 0 : model.folded.includes(query) ? 1 : 2);
  const found = () => {
    const query = fold(state.q.trim());
    const tokens = query.split(/\s+/).filter(Boolean).map((token) => [token, squash(token)]);
    const chosen = FILTERS.filter((name) => state[name]);
    const hits = models.filter((model) =>
      tokens.every(([token, short]) => model.text.includes(token) || (short && model.squashed.includes(short)))
      && chosen.every((name) => model.groups[name].includes(state[name])));
    const key = keys[state.sort.replace(/^-/, "")];
    if (key) {
      const down = state.sort.startsWith("-") ? -1 : 1;
      hits.sort((one, two) => {
        const [a, b] = [key(one), key(two)];
        const empty = (a === "" || a === null) - (b === "" || b === null);  // models without the value come last
        return empty || down * compare(a, b) || one.place - two.place;
      });
    } else if (query) {
      hits.sort((one, two) => rank(one, query) - rank(two, query) || one.place - two.place);
    }
    return hits;
  };

  const body = table.tBodies[0];
  const few = (values) => values.slice(0, SHOWN).join(", ") + (values.length > SHOWN ? ` +${values.length - SHOWN}` : "");
  const box = (model) => {
    const input = make("input", "", "pick");
    input.type = "checkbox";
    input.checked = state.chosen.includes(model.stem);
    input.setAttribute("aria-label", `Compare ${model.name}`);
    input.dataset.stem = model.stem;
    return input;
  };
  const rowOf = (model) => {
    const row = make("tr"), head = make("th"), link = make("a", model.name);
    head.scope = "row";
    link.href = `models/${model.stem}.html`;
    head.append(box(model), link);
    if (model.withdrawn) head.append(make("span", "withdrawn", "flag"));
    if (model.title) head.append(make("span", model.title, "title"));
    row.append(head, make("td", model.date || "–"));
    for (const values of [model.sizes, model.vision, model.connector, model.language, model.kind]) {
      row.append(values.length ? make("td", few(values)) : make("td", "–", "none"));
    }
    return row;
  };
  const pager = byId("pager") || table.insertAdjacentElement("afterend", make("nav", "", "pager"));
  pager.setAttribute("aria-label", "Pages");
  const show = () => {
    const hits = found(), pages = Math.max(1, Math.ceil(hits.length / PAGE));
    state.page = Math.min(state.page, pages);
    const start = (state.page - 1) * PAGE;
    body.replaceChildren(...hits.slice(start, start + PAGE).map(rowOf));
    const all = number.format(models.length), some = number.format(hits.length);
    byId("count").textContent = hits.length === models.length
      ? `${all} ${models.length === 1 ? "model" : "models"}`
      : `${some} of ${all} models`;
    if (!hits.length) {
      const row = make("tr"), cell = make("td", "Nothing found. Fewer words, or another filter?", "nothing");
      cell.colSpan = 7;
      row.append(cell);
      body.append(row);
    }
    showPager(pages);
    for (const head of table.tHead.rows[0].cells) {
      const own = state.sort.replace(/^-/, "") === head.dataset.key;
      if (own) head.setAttribute("aria-sort", state.sort.startsWith("-") ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    keepAddress();
  };
  const showPager = (pages) => {
    pager.hidden = pages === 1;
    const button = (text, target, label) => {
      const node = make("button", text);
      node.type = "button";
      node.disabled = target < 1 || target > pages;
      node.setAttribute("aria-label", label);
      node.addEventListener("click", () => {
        state.page = target;
        show();
        table.scrollIntoView({ block: "start" });
        body.querySelector("a")?.focus({ preventScroll: true });
      });
      return node;
    };
    pager.replaceChildren(
      button("‹ Newer", state.page - 1, "Previous page"),
      make("span", `Page ${state.page} of ${pages}`),
      button("Older ›", state.page + 1, "Next page"),
    );
  };

  // --- choice for the comparison ---
  const showTray = () => {
    const tray = byId("tray");
    tray.hidden = !state.chosen.length;
    const link = make("a", state.chosen.length === 1 ? "Compare 1 model" : `Compare ${state.chosen.length} models`, "button");
    link.href = `compare.html#models=${state.chosen.map(encodeURIComponent).join(",")}`;
    const clear = make("button", "Clear");
    clear.type = "button";
    clear.addEventListener("click", () => {
      state.chosen = [];
      for (const input of body.querySelectorAll("input.pick")) input.checked = false;
      showTray();
      byId("search").focus();
    });
    tray.replaceChildren(link, clear);
  };
  body.addEventListener("change", (event) => {
    const { stem } = event.target.dataset;
    if (!stem) return;
    state.chosen = state.chosen.filter((one) => one !== stem);
    if (event.target.checked) state.chosen.push(stem);
    if (state.chosen.length > MAX_CHOSEN) {
      const dropped = state.chosen.shift();
      const input = [...body.querySelectorAll("input.pick")].find((one) => one.dataset.stem === dropped);
      if (input) input.checked = false;
    }
    showTray();
  });

  // --- controls ---
  for (const head of table.tHead.rows[0].cells) {
    const button = make("button", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      const key = head.dataset.key, first = ["date", "sizes"].includes(key) ? `-${key}` : key;
      const second = first.startsWith("-") ? key : `-${key}`;
      state.sort = state.sort === first ? second : state.sort === second ? "" : first;
      state.page = 1;
      show();
    });
    head.replaceChildren(button);
  }
  for (const name of FILTERS) {
    const counts = new Map();
    for (const model of models) for (const group of new Set(model.groups[name])) counts.set(group, (counts.get(group) || 0) + 1);
    const order = name === "year" ? (a, b) => compare(b[0], a[0]) : (a, b) => b[1] - a[1] || compare(a[0], b[0]);
    const select = byId(`filter-${name}`);
    for (const [group, count] of [...counts].sort(order)) {
      const option = make("option", `${group} (${count})`);
      option.value = group;
      select.append(option);
    }
    select.addEventListener("change", () => { state[name] = select.value; state.page = 1; show(); });
  }
  byId("order").addEventListener("change", (event) => { state.sort = event.target.value; state.page = 1; show(); });
  if (matchMedia("(max-width: 48rem)").matches) byId("more").open = false;
  const fill = () => {
    byId("search").value = state.q;
    byId("order").value = state.sort;
    for (const name of FILTERS) {
      byId(`filter-${name}`).value = state[name];
      if (byId(`filter-${name}`).value !== state[name]) state[name] = "";
      byId(`filter-${name}`).value = state[name];
    }
  };
  byId("search").addEventListener("input", (event) => { state.q = event.target.value; state.page = 1; show(); });
  byId("reset").addEventListener("click", () => {
    state.q = state.sort = "";
    state.page = 1;
    for (const name of FILTERS) state[name] = "";
    fill();
    show();
    byId("search").focus();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName || "");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      byId("search").focus();
    }
  });
  addEventListener("pagehide", () => { clearTimeout(later); writeAddress(); });
  addEventListener("hashchange", () => { readAddress(); fill(); show(); });
  readAddress();
  fill();
  show();
})();
