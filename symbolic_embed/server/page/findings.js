// What in a piece goes wrong in DAWs; a finding leads to its bar.

import { button, count, element, make } from "./dom.js";

export class Findings {
  // `go`: to a bar, from 0, of a part.
  constructor(go) {
    this.go = go;
    element("findings-close").addEventListener("click", () => { element("findings").hidden = true; });
  }

  show([{ findings }], piece) {
    const faults = findings.filter(({ level }) => level === "fault").length;
    element("findings").hidden = false;
    element("findings-title").textContent = `Check of ${piece.name.split("/").pop()}`;
    element("findings-sum").textContent = findings.length ? `${count(faults, "fault")}, ${count(findings.length - faults, "remark")}` : "Nothing was found: it should open everywhere as it is.";
    element("findings-list").replaceChildren(...findings.map((finding) => this.rowOf(finding)));
    element("findings").scrollIntoView({ block: "nearest" });
  }

  rowOf({ level, text, way_out: wayOut, bar, track, name, count: times }) {
    const where = [bar === null ? null : `bar ${bar}`, track === null ? null : `track ${track} ${name}`, times > 1 ? `${times} times` : null].filter(Boolean).join(", ");
    return make("li", { class: level }, make("strong", {}, level), ` ${text} `, bar === null ? make("small", {}, where) : button(where, () => this.go(bar - 1, track), { class: "link" }),
      wayOut ? make("p", { class: "hint" }, wayOut) : null);
  }
}
