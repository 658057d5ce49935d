// The request line: what somebody says, the command that is understood by it, and its answer once it is confirmed.

import { button, complain, element, make } from "./dom.js";
import { ask } from "./http.js";
import { verbOf } from "./verbs.js";

export class Words {
  // `files`: the names that can be meant, the seed first; `selected`: the bars and tracks that are; `go`: does what was
  // understood.
  constructor(files, selected, go) {
    Object.assign(this, { files, selected });
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
      this.show(await ask(text, this.files(), this.selected()));
    } catch (error) {
      complain(error.message, error.isPassing ? () => this.ask(text) : null);
    }
  }

  show(meant) {
    this.meant = meant;
    const isClear = Boolean(meant.sure && meant.verb), isHere = isClear && meant.kind !== "continuing" && Boolean(verbOf(meant.verb));
    element("meant").hidden = false;
    element("meant-what").textContent = [isClear ? this.saidOf(meant, isHere) : null, meant.unclear ?? (isClear ? null : "That is not clear.")].filter(Boolean).join(" ");
    element("meant-command").textContent = meant.command ?? "";
    element("meant-command").hidden = !meant.command;
    element("meant-go").hidden = !isHere;
    element("nearest").replaceChildren(...(meant.nearest ?? []).map((near) => make("li", {}, button(near, () => {
      element("said").value = near;
      this.ask(near);
    }, { class: "link" }))));
    if (isHere) element("meant-go").focus();
  }

  saidOf({ kind }, isHere) {
    if (kind === "continuing") return "This goes on while you play: type it where your instrument is.";
    return isHere ? "This is what it means. Nothing is written before you say so." : "This is what it means. Type it: the page has no place for its answer.";
  }
}
