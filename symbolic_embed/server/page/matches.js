// What was found in a library or in files: how alike, and why. The bars that lie along each other are joined.

import { musicOf, partsOf, readClip } from "./clip.js";
import { button, complain, element, make, tell } from "./dom.js";
import { bytesAt, fileAddress } from "./http.js";
import { colourOf, ink } from "./inks.js";
import { barAt } from "./music.js";
import { paintStrip, penOf } from "./strip.js";

const STRIP = 92, BETWEEN = 54, LABEL = 16; // pixels
const stem = (path) => path.split("/").pop();

export class Matches {
  // `on`: hear(match, loop), hearSeed(loop), seed(clip, bytes, name), blend(name, bytes).
  constructor(on) {
    this.on = on;
    element("matches-close").addEventListener("click", () => { element("matches").hidden = true; });
    document.addEventListener("themed", () => this.paint());
    new ResizeObserver(() => this.paint()).observe(element("why"));
  }

  // `found`: the rows of rank, find or next; `files`: what was looked in where it was no library.
  show(verb, word, found, { query, library, files }) {
    Object.assign(this, { verb, found, query, library, files, match: null });
    element("matches").hidden = false;
    element("matches-title").textContent = `${word}: ${found.length ? `${found.length} of ${library ?? "the files"}` : "nothing"}`;
    element("why").hidden = true;
    const heads = [["Rank", "number"], ["Piece"], ["Distance", "number"], [verb === "next" ? "From bar" : "How alike"], ["Key", "number"], ["Bars", "number"]];
    element("match-heads").replaceChildren(make("tr", {}, ...heads.map(([head, kind = ""]) => make("th", { scope: "col", class: kind }, head))));
    element("match-rows").replaceChildren(...found.map((row) => this.rowOf(row)));
    element("matches").scrollIntoView({ block: "nearest" });
    tell(`${found.length} found`);
    if (found.length) this.choose(found.find(({ distance }) => distance > 0) ?? found[0], false);
  }

  rowOf(row) {
    const bars = row.last_bar ? `${row.bar}–${row.last_bar}` : String(row.bar ?? "");
    const name = button(stem(row.path), () => this.choose(row, true), { class: "link", title: row.path });
    row.element = make("tr", {}, make("td", { class: "number" }, String(row.rank)), make("th", { scope: "row" }, name),
      make("td", { class: "number" }, row.distance.toFixed(3)), make("td", {}, this.verb === "next" ? String(row.query_bar ?? "") : row.likeness ?? ""),
      make("td", { class: "number" }, row.transposition ? `${row.transposition > 0 ? "+" : "−"}${Math.abs(row.transposition)}` : "same"), make("td", { class: "number" }, bars));
    return row.element;
  }

  bytesOf(row) {
    const given = this.files.find(({ name }) => name === row.path);
    return given ? given.bytes : bytesAt(fileAddress(this.library, row.path));
  }

  async choose(row, isHeard) {
    for (const one of this.found) one.element.classList.toggle("shown", one === row);
    try {
      const bytes = await this.bytesOf(row), name = stem(row.path), clip = await readClip(bytes, name), parts = partsOf(clip);
      this.match = { row, bytes, name, clip, parts, music: musicOf(clip, parts) };
    } catch (error) {
      complain(error.message);
      return;
    }
    this.explain();
    if (isHeard) this.hear();
  }

  // The bars of the match that are meant: where it is alike, or where it was found.
  loopOf({ row, music }) {
    const last = music.barlines.length - 2, from = Math.min((row.bar ?? 1) - 1, last);
    const to = row.last_bar ?? row.passages?.[0]?.last_bar ?? row.bar ?? 1;
    return [music.barlines[from], music.barlines[Math.min(Math.max(to - 1, from), last) + 1]];
  }

  queryLoop({ row }) {
    const { barlines } = this.query.music, bar = Math.min((row.query_bar ?? 1) - 1, barlines.length - 2);
    const last = row.passages?.[0] ? Math.min(row.passages[0].query_last_bar, barlines.length - 1) : row.last_bar ? barlines.length - 1 : bar + 1;
    return [barlines[bar], barlines[Math.max(last, bar + 1)]];
  }

  hear() {
    this.on.hear(this.match, this.loopOf(this.match));
  }

  explain() {
    const { match, on } = this, why = element("why");
    why.hidden = false;
    why.replaceChildren(
      make("canvas", { role: "img", "aria-label": this.inWords(match), onclick: (event) => this.point(event) }),
      make("p", { class: "hint" }, this.inWords(match)),
      make("p", { class: "choices" },
        button("Hear yours", () => on.hearSeed(this.queryLoop(match))), button("Hear the match", () => this.hear(), { class: "primary" }),
        button("Take as seed", () => on.seed(match.clip, match.bytes, match.name)), button("Blend with it", () => on.blend(match.name, match.bytes))));
    this.paint();
  }

  inWords({ row, name }) {
    const parts = ["harmony", "melody", "rhythm", "passages", "bars"].flatMap((what) => (row[`${what}_distance`] === undefined ? [] : [`${what} ${row[`${what}_distance`].toFixed(2)}`]));
    const along = (row.passages ?? []).map((one) => `bars ${one.query_bar} to ${one.query_last_bar} along its bars ${one.bar} to ${one.last_bar}`);
    const near = (row.nearest_bars ?? []).map(([mine, its]) => `${mine} and ${its}`);
    return [
      along.length ? `Yours and ${name}: ${along.join(", ")}` : `Yours and ${name}`,
      near.length ? `nearest bars ${near.join(", ")}` : null, parts.length ? `distances: ${parts.join(", ")}` : null,
    ].filter(Boolean).join(" · ");
  }

  // Strips above one another, each as wide as the card.
  paint() {
    const canvas = element("why").querySelector("canvas");
    if (!this.match || !canvas || element("why").hidden) return;
    const { pen, wide, high } = penOf(canvas), mine = this.query.music, its = this.match.music;
    const top = LABEL, below = LABEL + STRIP + BETWEEN;
    pen.clearRect(0, 0, wide, high);
    pen.font = "12px system-ui, sans-serif";
    pen.fillStyle = ink("muted");
    pen.fillText("yours", 0, 11);
    pen.fillText(this.match.name, 0, below + STRIP + 14);
    paintStrip(pen, mine, { x: 0, y: top, wide, high: STRIP });
    paintStrip(pen, its, { x: 0, y: below, wide, high: STRIP });
    const at = (piece, bar) => (piece.barlines[Math.min(bar, piece.barlines.length - 1)] / piece.end) * wide;
    this.joins().forEach(([from, to, bar, last], number) => {
      const corners = [[at(mine, from - 1), top + STRIP], [at(mine, to), top + STRIP], [at(its, last), below], [at(its, bar - 1), below]];
      pen.beginPath();
      for (const corner of corners) pen.lineTo(...corner);
      pen.closePath();
      pen.fillStyle = pen.strokeStyle = colourOf(number);
      pen.globalAlpha = 0.3;
      pen.fill();
      pen.globalAlpha = 1;
      pen.stroke();
      pen.fillRect(corners[0][0], top + STRIP - 2, corners[1][0] - corners[0][0], 2);
      pen.fillRect(corners[3][0], below, corners[2][0] - corners[3][0], 2);
    });
  }

  // What is joined: passages that lie along each other, the nearest bars, or the place that was found.
  joins() {
    const { row } = this.match, last = this.query.music.barlines.length - 1;
    const passages = (row.passages ?? []).map((one) => [one.query_bar, one.query_last_bar, one.bar, one.last_bar]);
    if (passages.length) return passages;
    if (row.nearest_bars) return row.nearest_bars.map(([mine, its]) => [mine, mine, its, its]);
    if (row.last_bar) return [[1, last, row.bar, row.last_bar]];
    return [[row.query_bar ?? last, row.query_bar ?? last, row.bar ?? 1, row.bar ?? 1]];
  }

  point(event) {
    const box = event.currentTarget.getBoundingClientRect(), isMine = event.clientY - box.top < LABEL + STRIP + BETWEEN / 2;
    const piece = isMine ? this.query.music : this.match.music;
    const bar = barAt(piece, ((event.clientX - box.left) / box.width) * piece.end), loop = [piece.barlines[bar], piece.end];
    if (isMine) this.on.hearSeed(loop); else this.on.hear(this.match, loop);
  }
}
