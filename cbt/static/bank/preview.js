// Text size and colours of the item's preview, for the paper alone.

const specimen = document.querySelector(".specimen");

for (const looks of document.querySelectorAll("[data-looks]")) {
  looks.hidden = false;
  looks.addEventListener("change", ({ target }) => {
    specimen.dataset[target.name === "look-scale" ? "scale" : "theme"] = target.value;
  });
}
