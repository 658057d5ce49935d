// The request line: what somebody says, the command that is understood by it, and its answer once it is confirmed.

import { button, complain, element, make } from "./dom.js";
import { ask } from "./http.js";

export class Words {
  // `files`: the names that can be meant, the seed first; `go`: does what was understood.
  constructor(files, go) {
    this.files = files;
    element("words").addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(element("said").value.trim());
    });
    element("meant-go").addEventListener("click", () => {
      element("meant").hidden = true;
      go(this.meant);
    });
    element("meant-no").addEventListener("click", () => {
      element("meant").hidden = true;
      element("said").focus();
    });
  }

  async ask(text) {
    if (!text) return;
    try {
      this.show(await ask(text, this.files()));
    } catch (error) {
      complain(error.message, error.isPassing ? () => this.ask(text) : null);
    }
  }

  show(meant) {
    this.meant = meant;
    const isClear = meant.sure && meant.verb;
    element("meant").hidden = false;
    element("meant-what").textContent = isClear ? "This is what it means. Nothing is written before you say so." : meant.unclear ?? "That is not clear.";
    element("meant-command").textContent = meant.command ?? "";
    element("meant-command").hidden = !meant.command;
    element("meant-go").hidden = !isClear || meant.kind === "continuing";
    if (isClear && meant.kind === "continuing") element("meant-what").textContent = "This goes on while you play: type it where your instrument is.";
    element("nearest").replaceChildren(...(isClear ? [] : meant.nearest ?? []).map((near) => make("li", {}, button(near, () => {
      element("said").value = near.includes(": ") ? near.split(": ").slice(1).join(": ") : near;
      this.ask(element("said").value);
    }, { class: "link" }))));
    if (isClear && meant.kind !== "continuing") element("meant-go").focus();
  }
}
