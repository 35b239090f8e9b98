// The comparison: models are chosen by name, the choice stands in the address.
"use strict";
(() => {
  const data = globalThis.vlm && globalThis.vlm.comparison;
  const table = document.getElementById("comparison");
  if (!data || !table) return;
  const MAX = 6;
  const byId = (id) => document.getElementById(id);
  const make = (name, text, className) => {
    const node = document.createElement(name);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  const rows = new Map(data.rows.map((row) => [row[0], row]));
  const label = ([stem, name]) => (data.rows.filter((row) => row[1] === name).length > 1 ? `${name} (${stem})` : name);
  const stems = new Map(data.rows.map((row) => [label(row).toLowerCase(), row[0]]));
  const given = () => (new URLSearchParams(location.hash.slice(1)).get("models") || "").split(",").filter((stem) => rows.has(stem));
  let chosen = given();
  if (!chosen.length) chosen = [...table.tHead.querySelectorAll("a")].map((link) => link.getAttribute("href").slice(7, -5));

  const show = () => {
    const picked = chosen.map((stem) => rows.get(stem)).filter(Boolean);
    const head = make("tr");
    if (picked.length) head.append(make("td"));
    for (const row of picked) {
      const cell = make("th"), link = make("a", row[1]), drop = make("button", "×", "drop");
      cell.scope = "col";
      link.href = `models/${row[0]}.html`;
      drop.type = "button";
      drop.setAttribute("aria-label", `Take ${row[1]} out`);
      drop.addEventListener("click", () => { chosen = chosen.filter((stem) => stem !== row[0]); show(); byId("add").focus(); });
      cell.append(link, drop);
      head.append(cell);
    }
    table.tHead.replaceChildren(head);
    const body = data.fields.map((field, place) => {
      const line = make("tr"), title = make("th", field);
      title.scope = "row";
      line.append(title);
      const texts = picked.map((row) => row[3 + place].map((number) => data.strings[number]).join("; "));
      if (new Set(texts).size > 1) line.className = "differs";
      line.append(...texts.map((text) => make("td", text || "–")));
      return texts.some(Boolean) ? line : null;
    });
    if (!table.tBodies.length) table.append(make("tbody"));
    table.tBodies[0].replaceChildren(...(picked.length ? body.filter(Boolean) : []));
    byId("count").textContent = picked.length ? "" : "No model is chosen: add one by its name.";
    const hash = chosen.length ? `#models=${chosen.map(encodeURIComponent).join(",")}` : "#";
    try { history.replaceState(null, "", hash); } catch { /* file:// */ }
  };
  const add = () => {
    const text = byId("add").value.trim().toLowerCase();
    if (!text) return;
    const stem = stems.get(text) || (data.rows.find((row) => row[1].toLowerCase().startsWith(text)) || [])[0];
    if (!stem) { byId("count").textContent = "There is no model of this name."; return; }
    chosen = [...chosen.filter((one) => one !== stem), stem].slice(-MAX);
    byId("add").value = "";
    show();
    byId("count").textContent = `${rows.get(stem)[1]} was added.`;
  };
  byId("names").append(...data.rows.map((row) => { const option = make("option"); option.value = label(row); return option; }));
  byId("add").addEventListener("keydown", (event) => { if (event.key === "Enter") add(); });
  byId("add-button").addEventListener("click", add);
  byId("clear").addEventListener("click", () => { chosen = []; show(); byId("add").focus(); });
  addEventListener("hashchange", () => { chosen = given(); show(); });
  show();
})();
