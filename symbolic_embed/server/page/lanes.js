// The piano roll as a whole: how large it is, what is in its lanes, what lies where.

import { Marks } from "./marks.js";
import { barAt } from "./music.js";
import { HEIGHTS, RULER } from "./paper.js";
import { Timeline } from "./timeline.js";

const LEAST_PITCHES = 12;

export class Lanes extends Marks {
  // `heads`: makes the head of a lane; `isHeard`: tells whether a part is.
  constructor({ scroller, sheet, heads, paper, overlay }, makeHead, isHeard) {
    super();
    Object.assign(this, { scroller, sheet, heads, paper, overlay, makeHead, isHeard });
    this.time = new Timeline(scroller, sheet, heads);
    this.height = 1; // of HEIGHTS
    this.piece = null;
    this.marks = { quarter: 0, loop: null, selection: null, cursor: null, isPlaying: false };
    scroller.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.resize()).observe(scroller);
  }

  // What all pieces share, so that nothing jumps from take to take: parts, lengths, the pitches of each part.
  measure(pieces, parts) {
    const isOther = parts !== this.parts, before = isOther ? 0 : this.lanes.length;
    this.parts = parts;
    this.lanes = parts.map((part, number) => {
      const pitches = pieces.flatMap((piece) => piece.parts.filter((one) => one.part === number))
        .flatMap((one) => one.notes.concat(one.gone).map((note) => note.pitch));
      return part.drum ? drumLane(pitches) : pitchLane(pitches);
    });
    if (isOther) {
      this.height = parts.length > 8 ? 0 : parts.length > 3 ? 1 : 2;
      this.time.zoom = 0;
    }
    if (isOther || before !== parts.length) this.heads.replaceChildren(...parts.map((part, number) => this.makeHead(part, number)));
    this.longest = Math.max(...pieces.map((piece) => piece.end));
    this.resize();
  }

  setPiece(piece) {
    this.piece = piece;
    this.draw();
  }

  setHeight(height) {
    this.height = Math.min(Math.max(height, 0), HEIGHTS.length - 1);
    this.resize();
  }

  grow() {
    this.setHeight((this.height + 1) % HEIGHTS.length);
  }

  resize() {
    if (!this.lanes || !this.scroller.clientWidth) return;
    this.sheet.style.setProperty("--lane", `${this.laneHeight}px`);
    this.sheet.style.height = `${RULER + this.lanes.length * this.laneHeight}px`;
    const wide = this.scroller.clientWidth, high = this.scroller.clientHeight, ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.paper, this.overlay]) {
      [canvas.width, canvas.height] = [Math.round(wide * ratio), Math.round(high * ratio)];
      [canvas.style.width, canvas.style.height] = [`${wide}px`, `${high}px`];
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.paper.parentElement.style.width = `${wide}px`;
    this.paper.parentElement.style.height = `${high}px`;
    [this.wide, this.high] = [wide, high];
    this.time.headSeen = this.time.head;
    this.time.measure(this.longest);
    this.paint();
  }

  setZoom(zoom, x) {
    this.time.setZoom(zoom, x);
    this.draw();
  }

  // The bar and the part at a place on the canvas; part -1: the ruler.
  at(x, y) {
    const bar = barAt(this.piece, this.time.quarterAt(x));
    const part = y < RULER ? -1 : Math.floor((y - RULER + this.scroller.scrollTop) / this.laneHeight);
    return { bar, part: Math.min(part, this.lanes.length - 1) };
  }

  // Brings a bar and a part into sight.
  reveal(bar, part) {
    const [x, wide] = this.span([bar, bar]), top = this.topOf(part), head = this.time.headSeen;
    if (x < head) this.scroller.scrollLeft -= head - x;
    else if (x + wide > this.wide) this.scroller.scrollLeft += Math.min(x + wide - this.wide, x - head);
    if (top < RULER) this.scroller.scrollTop -= RULER - top;
    else if (top + this.laneHeight > this.high) this.scroller.scrollTop += top + this.laneHeight - this.high;
  }
}

function pitchLane(pitches) {
  const [low, high] = pitches.reduce(([least, most], pitch) => [Math.min(least, pitch), Math.max(most, pitch)], [127, 0]);
  if (low > high) return { low: 60, high: 60 + LEAST_PITCHES };
  const more = Math.max(0, LEAST_PITCHES - (high - low + 1)) / 2;
  return { low: low - Math.floor(more), high: high + Math.ceil(more) };
}

// Of drums, a row for each key that is struck.
function drumLane(pitches) {
  const struck = [...new Set(pitches)].sort((a, b) => b - a);
  return { low: 0, high: Math.max(struck.length, 4) - 1, rows: new Map(struck.map((pitch, row) => [pitch, row])) };
}
