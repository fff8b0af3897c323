// Two levers, one sentence: steady yearly changes of both counts, carried to the target year.
// All numbers and words stand in the page; integers as in Python, the published share rounded half up.
for (const box of document.querySelectorAll(".levers")) {
  const given = box.dataset;
  const inputs = Array.from(box.querySelectorAll("input"));
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
  // A browser may bring back where the levers stood when the page was left.
  show();
  box.hidden = false;
}
