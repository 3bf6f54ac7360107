// Handing in a file: chosen with the browser's own control, sent at once, and named by its digest in the answer.

import { el } from "../dom.js";
import { say, sayOr } from "../words.js";
import { askFile, fileAddress, sendFile } from "./files.js";

export function upload(root, { send, tell, locked }) {
  const input = root.querySelector("input[type=file]");
  const names = new Map();
  const link = el("a", { target: "_blank", rel: "noopener" });
  const again = el("button", { class: "btn", type: "button", text: say("try-again"), on: { click: () => sendChosen() } });
  const back = el("button", { class: "btn plain", type: "button", text: say("take-back"), on: { click: () => takeBack() } });
  const state = el("p", { class: "file-state" }, link, again, back);
  root.append(state);
  again.hidden = true;
  const takeBack = () => {
    input.value = "";
    send([]);
  };
  const sendChosen = async () => {
    const [file] = input.files;
    if (!file || locked()) return;
    again.hidden = true;
    tell(say("file-sending", { name: file.name }));
    try {
      const { slot } = root.closest(".item").dataset;
      const kept = await sendFile(file, { name: file.name, variable: root.dataset.response, slot });
      if (!kept.sha256) {
        tell(sayOr(`file-${kept.code}`, "file-refused"));
        return;
      }
      names.set(kept.sha256, kept.name);
      send([kept.sha256]);
    } catch {
      again.hidden = false;
      tell(say("file-not-sent"));
    }
  };
  input.addEventListener("change", sendChosen);
  return {
    show([sha256]) {
      back.hidden = sha256 === undefined;
      link.hidden = sha256 === undefined;
      if (sha256 === undefined) return;
      link.href = fileAddress(sha256);
      link.textContent = say("file-kept", { name: names.get(sha256) ?? "" });
      if (names.has(sha256)) return;
      askFile(sha256).then((facts) => {
        names.set(sha256, facts?.name ?? "");
        link.textContent = say("file-kept", { name: names.get(sha256) });
      }).catch(() => null);
    },
  };
}
