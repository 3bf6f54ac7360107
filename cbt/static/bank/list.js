// The list of a bank: choose all on the page, count what is chosen, show what can be done with it and the inputs of that deed.

const form = document.querySelector("[data-bulk]");

if (form) {
  const all = form.querySelector("[data-all]");
  const boxes = [...form.querySelectorAll("[name=item]")];
  const bar = form.querySelector("[data-bar]");
  const count = form.querySelector("[data-chosen]");
  const act = form.elements.act;

  const tell = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = count.dataset.chosen.replace("{}", chosen);
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    bar.hidden = !chosen;
  };
  const offer = () => {
    const needs = act.selectedOptions[0].dataset.needs;
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== needs;
  };

  all.hidden = false;
  count.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  act.addEventListener("change", offer);
  tell();
  offer();
}
