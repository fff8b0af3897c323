"use strict";
// Lets a reader sort a table by any column, by mouse or keyboard. Without this script it is an ordinary table.
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
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending" || (!head.hasAttribute("aria-sort") && head.classList.contains("num"));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(column, down);
      said.textContent = `${name}の${down ? "大きい" : "小さい"}順に並べました。`;
    });
  });
}
