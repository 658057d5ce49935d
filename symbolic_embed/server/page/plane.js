// The map of a library: points that lie near each other where the pieces are alike.

import { Cloud } from "./cloud.js";
import { musicOf, partsOf, readClip } from "./clip.js";
import { complain, element, make, tell } from "./dom.js";
import { bytesAt, fileAddress } from "./http.js";

const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const stem = (path) => path.split("/").pop();

export class Plane {
  // `on`: hear(piece, loop), seed(clip, bytes, name), blend(name, bytes).
  constructor(on) {
    this.on = on;
    element("plane-close").addEventListener("click", () => { element("plane-card").hidden = true; });
    element("take-chosen").addEventListener("click", () => on.seed(this.taken.clip, this.taken.bytes, this.taken.name));
    element("blend-chosen").addEventListener("click", () => on.blend(this.taken.name, this.taken.bytes));
    element("cloud").addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("themed", () => this.cloud?.draw());
  }

  show(drawn, { library, files }) {
    Object.assign(this, { library, files });
    const groups = [...new Set(drawn.pieces.map((piece) => piece.group))];
    this.points = drawn.pieces.map((piece) => {
      const group = groups.indexOf(piece.group);
      return { ...piece, group, groupName: piece.group, colour: COLOURS[Math.min(group, COLOURS.length - 1)], isOdd: piece.odd, isBlend: false };
    });
    element("groups").replaceChildren(...groups.slice(0, COLOURS.length).map((name, group) => legendRow(name, group, this.points)));
    element("plane-card").hidden = false;
    const gaps = drawn.gaps ?? [];
    if (this.cloud) {
      Object.assign(this.cloud, { points: this.points, gaps, chosen: -1, hovered: -1 });
      this.cloud.fit();
    } else {
      this.cloud = new Cloud(element("cloud"), this.points, gaps, { hover: (...at) => this.tip(...at), choose: (number) => this.choose(number) });
    }
    element("plane-title").textContent = `Map of ${library ?? "the files"}: ${this.points.length} pieces`;
    element("plane-card").scrollIntoView({ block: "nearest" });
  }

  tip(number, x, y) {
    const tip = element("tip");
    tip.hidden = number < 0;
    if (number < 0) return;
    tip.textContent = `${stem(this.points[number].path)} (${this.points[number].groupName})`;
    const isRight = x > this.cloud.width / 2;
    Object.assign(tip.style, { left: isRight ? "auto" : `${x + 14}px`, right: isRight ? `${this.cloud.width - x + 14}px` : "auto", top: `${Math.max(4, y - 12)}px` });
  }

  async choose(number) {
    if (number < 0) return;
    const point = this.points[number], name = stem(point.path);
    this.cloud.chosen = number;
    this.cloud.show(number);
    const said = `${name}${point.isOdd ? ", like no other" : point.nearest ? `, nearest: ${stem(point.nearest)}` : ""}`;
    element("chosen").textContent = said;
    try {
      const given = this.files.find((file) => file.name === point.path);
      const bytes = given ? given.bytes : await bytesAt(fileAddress(this.library, point.path));
      const clip = await readClip(bytes, name), parts = partsOf(clip);
      if (this.cloud.chosen !== number) return;
      this.taken = { clip, bytes, name };
      for (const id of ["take-chosen", "blend-chosen"]) element(id).disabled = false;
      this.on.hear({ ...this.taken, parts, music: musicOf(clip, parts) }, null);
    } catch (error) {
      complain(error.message);
    }
  }

  key(event) {
    if (!this.cloud || event.ctrlKey || event.metaKey || event.altKey) return;
    const zooms = { "+": 1.3, "=": 1.3, "-": 1 / 1.3 };
    if (ARROWS[event.key]) this.choose(this.cloud.next(...ARROWS[event.key]));
    else if (zooms[event.key]) this.cloud.zoom(zooms[event.key]);
    else if (event.key === "0") this.cloud.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (ARROWS[event.key] && this.cloud.chosen >= 0) tell(stem(this.points[this.cloud.chosen].path));
  }
}

// A group of the map in its colour; the last colour is that of all further groups.
function legendRow(name, group, points) {
  const isRest = group === COLOURS.length - 1, swatch = make("span", { class: "swatch", "aria-hidden": "true" });
  const count = points.filter((point) => (isRest ? point.group >= group : point.group === group)).length;
  swatch.style.background = COLOURS[group];
  return make("li", {}, swatch, `${isRest ? "others" : name} (${count})`);
}
