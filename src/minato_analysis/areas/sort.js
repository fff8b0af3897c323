"use strict";
// Lets a reader sort a table by any column, by mouse or keyboard, see the rows of a word or a prefecture, and set
// two areas side by side: their cells, their values by year, their marks in the drawing above.
// Without this script it is an ordinary table. On paper all rows stand.
const SHOWN = 100;
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "unseen";
  table.parentElement.before(said);
  const value = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = Number(text.replace(/[,%]/g, "").replace("△", "-"));
    return { text, number, given: text !== "x" && text !== "-" && text !== "…" };
  };
  const before = (one, other) =>
    Number.isNaN(one.number) || Number.isNaN(other.number)
      ? one.text.localeCompare(other.text, "ja")
      : one.number - other.number;
  const sort = (column, down) => {
    const rows = Array.from(body.rows, (row) => ({ row, key: value(row, column) }));
    rows.sort((one, other) =>
      one.key.given !== other.key.given
        ? Number(other.key.given) - Number(one.key.given) // what is not given comes last either way
        : one.key.given
          ? (down ? -1 : 1) * before(one.key, other.key)
          : 0,
    );
    body.append(...rows.map((one) => one.row));
  };
  heads.forEach((head, column) => {
    const name = head.textContent;
    // Not a button: a browser prints those on the first sheet only.
    const button = document.createElement("span");
    button.setAttribute("role", "button");
    button.tabIndex = 0;
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending" || (!head.hasAttribute("aria-sort") && head.classList.contains("num"));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(column, down);
      show();
      said.textContent = `${name}の${down ? "大きい" : "小さい"}順に並べました。`;
    });
  });
  const field = (label, element) => {
    const around = document.createElement("label");
    around.append(`${label} `, element);
    tools.append(around);
    element.addEventListener("input", () => {
      limit = SHOWN;
      const found = show();
      said.textContent = `${found}地域を示しています。`;
    });
    return element;
  };
  let limit = SHOWN;
  const tools = document.createElement("p");
  tools.className = "tools";
  const code = (row) => row.cells[1].textContent.trim();
  const search = field("地域の名前かコード", document.createElement("input"));
  search.type = "search";
  const prefectures = [...new Set(Array.from(body.rows, (row) => code(row).slice(0, 2)))];
  const choice = document.createElement("select");
  choice.append(new Option("すべて", ""), ...prefectures.map((one) => new Option(`${one}…`, one)));
  if (prefectures.length > 1) field("コードのはじめの2桁（都道府県）", choice);
  const more = document.createElement("button");
  more.type = "button";
  more.className = "more";
  more.addEventListener("click", () => {
    limit = Infinity;
    show();
    search.focus();
  });
  table.parentElement.before(tools);
  table.parentElement.after(more);
  // Rows that are not asked for are not laid out: with many areas that is most of the work.
  const show = () => {
    let found = 0;
    const word = search.value.trim();
    for (const row of body.rows) {
      const fits = (row.cells[0].textContent.includes(word) || code(row).startsWith(word)) && code(row).startsWith(choice.value);
      found += Number(fits);
      row.classList.toggle("later", !fits || found > limit);
    }
    more.hidden = found <= limit;
    more.textContent = `${found}地域をすべて表示`;
    return found;
  };
  show();

  const every = Array.from(body.rows);
  const nameOf = (row) => row.cells[0].textContent.trim();
  const titleOf = (row) => `${nameOf(row)}（${code(row)}）`;
  const years = table.dataset.years.split(" ");
  const valuesOf = (row) => (row.dataset.values ? row.dataset.values.split(" ") : years.map(() => "-"));
  const add = (parent, tag, text, given = {}) => {
    const one = parent.namespaceURI.endsWith("svg") || tag === "svg" ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(given)) one.setAttribute(name, value);
    one.textContent = text;
    parent.append(one);
    return one;
  };
  const pick = (word) => {
    const fits = every.filter((row) => titleOf(row) === word || nameOf(row) === word || code(row) === word);
    return fits.length === 1 ? fits[0] : null;
  };
  const choose = document.createElement("p");
  choose.className = "tools";
  const list = add(choose, "datalist", "", { id: "every-area" });
  for (const row of every) add(list, "option", "", { value: titleOf(row) });
  const asked = ["あなたの地域", "並べる地域"].map((label) => {
    const input = add(add(choose, "label", `${label} `), "input", "", { list: list.id, autocomplete: "off" });
    input.addEventListener("change", () => {
      const rows = pair();
      said.textContent = rows.length ? `${rows.map(nameOf).join("と")}を示しています。` : "地域の名前かコードを、一覧から選んでください。";
    });
    return input;
  });
  const beside = document.createElement("div");
  beside.className = "pair";
  tools.before(choose, beside);
  const INK = ["#0017c1", "#ac3e00"];
  const DASH = ["none", "5 3"];
  const marked = document.createElementNS("http://www.w3.org/2000/svg", "g");
  const drawing = document.querySelector('svg[aria-labelledby^="funnel-"]');
  if (drawing) drawing.append(marked);
  const mark = (row, at) => {
    const point = drawing && row.dataset.mark && drawing.querySelectorAll('use[stroke="#ffffff"]')[Number(row.dataset.mark.slice(1))];
    if (!point) return;
    const [x, y] = ["x", "y"].map((one) => Number(point.getAttribute(one)));
    add(marked, "circle", "", { cx: x, cy: y, r: 7, fill: "none", stroke: INK[at], "stroke-width": 2 });
    const end = x > 0.6 * drawing.viewBox.baseVal.width;
    const place = { x: x + (end ? -10 : 10), y: y + 13, "text-anchor": end ? "end" : "start" };
    const look = { fill: INK[at], "font-size": 10, "font-weight": 700, stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke" };
    add(marked, "text", nameOf(row), { ...place, ...look });
  };
  const lines = (rows) => {
    const numbers = rows.map((row) => valuesOf(row).map(parseFloat));
    const known = numbers.flat().filter((one) => !Number.isNaN(one));
    if (!known.length) return;
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const across = (at) => 45 + (at * 250) / Math.max(1, years.length - 1);
    const up = (value) => 110 - (90 * (value - low)) / (high - low || 1);
    const chart = add(beside, "svg", "", { viewBox: "0 0 400 140", "aria-hidden": "true", "font-size": 12 });
    for (const one of new Set([low, high])) add(chart, "text", String(one), { x: 36, y: up(one) + 3, "text-anchor": "end" });
    for (const at of [0, years.length - 1]) add(chart, "text", years[at], { x: across(at), y: 132, "text-anchor": "middle" });
    const ends = numbers.map((one) => up(one.filter((value) => !Number.isNaN(value)).at(-1) ?? low));
    if (ends.length > 1 && Math.abs(ends[0] - ends[1]) < 12) {
      const middle = (ends[0] + ends[1]) / 2;
      const first = ends[0] <= ends[1] ? -6 : 6;
      [ends[0], ends[1]] = [middle + first, middle - first];
    }
    rows.forEach((row, which) => {
      let path = "";
      numbers[which].forEach((value, at) => {
        if (!Number.isNaN(value)) path += `${path && !Number.isNaN(numbers[which][at - 1]) ? "L" : "M"}${across(at)} ${up(value)}`;
      });
      if (!path) return;
      add(chart, "path", "", { d: path, fill: "none", stroke: INK[which], "stroke-width": 2, "stroke-dasharray": DASH[which] });
      add(chart, "text", nameOf(row), { x: 302, y: ends[which] + 3, fill: INK[which], "font-weight": 700 });
    });
  };
  const pair = () => {
    const rows = asked.map((input) => pick(input.value.trim())).filter((row) => row);
    beside.replaceChildren();
    marked.replaceChildren();
    if (!rows.length) return rows;
    const small = add(beside, "table", "");
    add(small, "caption", `${rows.map(nameOf).join("と")}　${table.dataset.label}ほか`);
    const line = (parent, head, cells, tag, scope) => {
      const one = add(parent, "tr", "");
      add(one, "th", head, { scope });
      for (const cell of cells) add(one, tag, cell, tag === "th" ? { scope: "col", class: "num" } : { class: "num" });
    };
    line(add(small, "thead", ""), "項目", rows.map(nameOf), "th", "col");
    const cells = add(small, "tbody", "");
    heads.forEach((head, column) => {
      if (column) line(cells, head.textContent, rows.map((row) => row.cells[column].textContent), "td", "row");
    });
    years.forEach((year, at) => line(cells, `${table.dataset.label} ${year}年`, rows.map((row) => valuesOf(row)[at]), "td", "row"));
    lines(rows);
    rows.forEach(mark);
    return rows;
  };
  const linked = every.find((row) => `#${row.id}` === location.hash);
  if (linked) {
    asked[0].value = titleOf(linked);
    pair();
    choose.scrollIntoView();
  }
}
