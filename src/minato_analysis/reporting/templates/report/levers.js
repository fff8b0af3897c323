// Two levers, one sentence, twenty dots: steady yearly changes of both counts, carried to the target year.
// All numbers and words stand in the page; integers as in Python, the published share rounded half up.
for (const box of document.querySelectorAll(".levers")) {
  const given = box.dataset;
  const inputs = Array.from(box.querySelectorAll("input[type=range]"));
  const result = box.querySelector("[role=status]");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const persons = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",") + "人";
  const tenths = (number) => Math.floor(number / 10) + "." + (number % 10);
  const course = (rate) =>
    rate ? fill(rate < 0 ? given.falls : given.rises, { rate: tenths(Math.abs(rate)) }) : given.flat;
  const after = (count, rate) =>
    Math.floor(Number(count) * Math.pow(1 + rate / 1000, Number(given.years)) + 0.5);
  const show = () => {
    const rate = {};
    for (const input of inputs) {
      rate[input.name] = Number(input.value);
      const said = course(rate[input.name]);
      input.setAttribute("aria-valuetext", said);
      input.parentElement.querySelector(".course").textContent = said;
    }
    const again = after(given.reoffenders, rate.reoffenders);
    const first = after(given.firstTime, rate.first_time);
    const all = again + first;
    const share = Math.floor((2000 * again + all) / (2 * all));
    const target = Number(given.target);
    result.textContent = fill(given.result, {
      reoffenders: persons(again),
      first_time: persons(first),
      share: tenths(share) + "%",
      target: tenths(target) + "%",
      met: share <= target ? given.met : given.missed,
    });
  };
  box.addEventListener("input", show);
  for (const button of box.querySelectorAll(".presets button"))
    button.addEventListener("click", () => {
      inputs[0].value = button.dataset.reoffenders;
      inputs[1].value = button.dataset.firstTime;
      show();
    });
  // Half a percent with an arrow, a whole one with the page keys: a tenth would take a hundred strokes.
  const strokes = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 10, PageDown: -10 };
  for (const input of inputs)
    input.addEventListener("keydown", (event) => {
      const by = strokes[event.key];
      if (!by) return;
      event.preventDefault();
      input.value = Math.round((Number(input.value) + by) / 5) * 5;
      show();
    });
  const members = Array.from(box.querySelectorAll(".members input"));
  const drawing = box.querySelector(".dots");
  const columns = (one) =>
    one.value.split(" ").map((tenths) => {
      const column = Math.floor((tenths - given.target) / 10);
      return tenths <= Number(given.target) ? Math.min(column, -1) : Math.max(column, 0);
    });
  const all = members.flatMap(columns);
  const first = Math.min(...all, -1);
  const wide = 360 / (Math.max(...all, 0) - first + 1);
  const choose = () => {
    const chosen = members.find((one) => one.checked);
    const height = {};
    const found = columns(chosen);
    drawing.querySelectorAll("circle").forEach((dot, at) => {
      const column = found[at];
      height[column] = (height[column] || 0) + 1;
      dot.setAttribute("cx", (column - first + 0.5) * wide);
      dot.setAttribute("cy", 96 - 11 * height[column] + 4);
      dot.classList.toggle("met", column < 0);
    });
    box.querySelector(".met[role=status]").textContent = chosen.dataset.said;
  };
  if (members.length) {
    drawing.querySelector(".aim").setAttribute("d", `M${-first * wide} 0V100`);
    const label = drawing.querySelector("text");
    label.setAttribute("x", Math.min(-first * wide, 260));
    label.textContent = given.aim + tenths(Number(given.target)) + "%";
    for (const one of members) one.addEventListener("change", choose);
    choose();
  }
  // A browser may bring back where the levers stood when the page was left.
  show();
  box.hidden = false;
  for (const way of document.querySelectorAll(".skip[hidden]")) way.hidden = false;
}
