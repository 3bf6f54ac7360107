// The parts on an exam's page: only those of the chosen blueprint are shown and sent, and their sum is the time of the exam.

const way = document.getElementById("way");
const blueprint = document.getElementById("blueprint");
const minutes = document.getElementById("minutes");

function inParts() {
  return way.querySelector("input[name='navigation']:checked")?.value === "parts";
}

/** Show the parts that count now. */
function show() {
  for (const parts of way.querySelectorAll("fieldset")) {
    const counts = inParts() && parts.dataset.blueprint === blueprint.value;
    parts.hidden = !counts;
    parts.disabled = !counts;
  }
  sum();
}

/** Write the sum of the parts' minutes as the time of the exam; it cannot be typed then. */
function sum() {
  const own = [...way.querySelectorAll("fieldset:not([disabled]) input[name^='part_minutes']")].map((input) => Number(input.value));
  const whole = own.reduce((total, one) => total + one, 0);
  minutes.readOnly = whole > 0;
  if (whole > 0) minutes.value = whole;
}

way.addEventListener("change", show);
way.addEventListener("input", sum);
blueprint.addEventListener("change", show);
show();
