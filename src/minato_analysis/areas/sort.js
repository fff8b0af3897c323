"use strict";
// Lets a reader sort a table by any column, by mouse or keyboard, and see the rows of a word or a prefecture.
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
}
