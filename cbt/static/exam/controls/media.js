// Sound and film: the browser's own player; how often it was played is the answer, and an author may limit it.

import { el } from "../dom.js";
import { say } from "../words.js";

export function media(root, { send, locked }) {
  const player = root.querySelector("audio, video");
  const most = Number(root.dataset.max) || Infinity;
  const state = el("output", { class: "plays" });
  let plays = 0;
  let running = false;
  if (player === null) return { show() {} };
  root.append(state);
  player.addEventListener("play", () => {
    if (locked() || (!running && plays >= most)) {
      player.pause();
      return;
    }
    if (running) return;
    running = true;
    send([String(plays + 1)]);
  });
  player.addEventListener("ended", () => {
    running = false;
    limit();
  });
  // Going back in a limited piece would be another hearing.
  player.addEventListener("seeking", () => {
    if (running && most < Infinity && player.currentTime < player.dataset.heard - 1) player.currentTime = Number(player.dataset.heard);
  });
  player.addEventListener("timeupdate", () => {
    if (!player.seeking) player.dataset.heard = player.currentTime;
  });
  const limit = () => {
    const spent = plays >= most && !running;
    player.classList.toggle("spent", spent);
    state.textContent = most === Infinity ? say("played", { n: plays }) : say(spent ? "played-all" : "played-of", { n: plays, most });
  };
  return {
    show([count = "0"]) {
      plays = Number(count) || 0;
      limit();
    },
    lock(on) {
      if (on) player.pause();
    },
  };
}
