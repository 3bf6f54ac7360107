// Dragging with any pointer, on top of a way that needs none.

const FAR_PX = 5;

/** Follow one pointer from `start` on until it is lifted: `move(event)`, then `drop(event)` or `cancel()`. */
function follow(start, { move, drop, cancel }) {
  const { pointerId, target } = start;
  const listeners = {
    pointermove: (event) => event.pointerId === pointerId && move(event),
    pointerup: (event) => event.pointerId === pointerId && end(() => drop(event)),
    pointercancel: (event) => event.pointerId === pointerId && end(cancel),
  };
  function end(then) {
    for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener);
    then();
  }
  if (target.hasPointerCapture?.(pointerId)) target.releasePointerCapture(pointerId);
  for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener);
}

/** Let the lines of a list be dragged by their grip or words; `dropped(line, index)` or `undone()` ends it. */
export function sortable(list, { locked, dropped, undone }) {
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".grip, .what");
    if (!handle || locked() || event.button !== 0 || (event.pointerType !== "mouse" && !handle.matches(".grip"))) return;
    event.preventDefault();
    const line = handle.closest(".line");
    let moved = false;
    follow(event, {
      move({ clientY }) {
        const others = [...list.children].filter((other) => other !== line);
        const before = others.find((other) => clientY < middle(other)) ?? null;
        if (before !== line.nextElementSibling) {
          moved = true;
          list.insertBefore(line, before);
        }
        line.classList.add("dragged");
      },
      drop() {
        line.classList.remove("dragged");
        if (moved) dropped(line, [...list.children].indexOf(line));
        else undone();
      },
      cancel() {
        line.classList.remove("dragged");
        undone();
      },
    });
  });
}

function middle(node) {
  const { top, height } = node.getBoundingClientRect();
  return top + height / 2;
}

/** Let tokens be dragged; `dropped(token, under)` gets the element below the pointer, `pressed(token)` a press without a way. */
export function draggable(tokens, { locked, dropped, pressed, over }) {
  for (const token of tokens) {
    token.addEventListener("pointerdown", (event) => {
      if (locked() || event.button !== 0) return;
      event.preventDefault();
      const from = { x: event.clientX, y: event.clientY };
      let ghost = null;
      const finish = () => {
        ghost?.remove();
        over(null);
      };
      follow(event, {
        move({ clientX: x, clientY: y }) {
          if (ghost === null && Math.hypot(x - from.x, y - from.y) < FAR_PX) return;
          ghost ??= makeGhost(token);
          Object.assign(ghost.style, { left: `${x}px`, top: `${y}px` });
          over(document.elementFromPoint(x, y));
        },
        drop({ clientX: x, clientY: y }) {
          const far = ghost !== null;
          finish();
          if (far) dropped(token, document.elementFromPoint(x, y));
          else pressed(token);
        },
        cancel: finish,
      });
    });
  }
}

function makeGhost(token) {
  const ghost = token.cloneNode(true);
  ghost.classList.add("ghost");
  ghost.setAttribute("aria-hidden", "true");
  token.closest(".stem").append(ghost);
  return ghost;
}
