// The piano roll's paper: a lane for each part, bars, chords, notes; only what is in sight is drawn.

import { colourOf, ink, isDark } from "./inks.js";
import { barAt, lastAtMost } from "./music.js";

export const RULER = 40; // pixels: numbers of bars, below them chords
export const HEIGHTS = [44, 64, 96, 150, 240]; // of a lane
export const PAD = 4;

// Who extends it knows the piece, the lanes and their heights, and the canvas.
export class Paper {
  get laneHeight() {
    return HEIGHTS[this.height];
  }

  // Draws with the next frame, however often it is asked for.
  draw() {
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.piece || !this.wide) return;
    this.time.look();
    const pen = this.paper.getContext("2d"), head = this.time.headSeen;
    pen.fillStyle = ink("paper");
    pen.fillRect(0, 0, this.wide, this.high);
    pen.save();
    pen.beginPath();
    pen.rect(head, 0, this.wide - head, this.high);
    pen.clip();
    const first = Math.max(0, Math.floor(this.time.top / this.laneHeight));
    const last = Math.min(this.lanes.length - 1, Math.floor((this.time.top + this.high - RULER) / this.laneHeight));
    for (let number = first; number <= last; number++) this.paintGround(pen, number);
    this.paintBars(pen);
    this.keepStill();
    for (const part of this.piece.parts) if (part.part >= first && part.part <= last) this.paintLane(pen, part);
    this.paintRuler(pen);
    pen.restore();
    this.paintOverlay();
  }

  // While nothing moves but up and down, the notes of a lane are painted once: there may be thousands.
  keepStill() {
    const { left, scale } = this.time, as = [left, scale, this.laneHeight, this.wide, isDark(), this.isCompared, ...this.parts.map((_, part) => this.isHeard(part))].join();
    this.isStill = this.piece === this.paintedPiece && as === this.paintedAs;
    [this.paintedPiece, this.paintedAs] = [this.piece, as];
    if (!this.isStill) this.still = new Map();
  }

  paintLane(pen, part) {
    if (!this.isStill) {
      this.paintPart(pen, part, this.topOf(part.part) + PAD);
      return;
    }
    if (!this.still.has(part.part)) this.still.set(part.part, this.laneImage(part));
    pen.drawImage(this.still.get(part.part), 0, this.topOf(part.part), this.wide, this.laneHeight);
  }

  laneImage(part) {
    const ratio = window.devicePixelRatio || 1, image = new OffscreenCanvas(Math.round(this.wide * ratio), Math.round(this.laneHeight * ratio));
    const pen = image.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.paintPart(pen, part, PAD);
    return image;
  }

  // Where the top of a lane lies on the canvas.
  topOf(number) {
    return RULER + number * this.laneHeight - this.time.top;
  }

  paintGround(pen, number) {
    const top = this.topOf(number), lane = this.lanes[number], row = this.rowOf(lane);
    pen.fillStyle = ink("octave");
    if (!lane.rows) {
      for (let pitch = Math.ceil(lane.low / 12) * 12; pitch <= lane.high; pitch += 12) {
        pen.fillRect(0, Math.round(top + PAD + (lane.high - pitch + 1) * row), this.wide, 1);
      }
    }
    pen.fillStyle = ink("line");
    pen.fillRect(0, top + this.laneHeight - 1, this.wide, 1);
  }

  rowOf(lane) {
    return (this.laneHeight - 2 * PAD) / (lane.high - lane.low + 1);
  }

  // Where a pitch lies in a lane that begins at `top`.
  heightIn(lane, top) {
    const row = this.rowOf(lane);
    return lane.rows ? (pitch) => top + lane.rows.get(pitch) * row : (pitch) => top + (lane.high - pitch) * row;
  }

  paintBars(pen) {
    const { time, piece } = this, { barlines } = piece, end = this.high;
    for (let bar = this.firstBar; bar < barlines.length; bar++) {
      const x = time.xOf(barlines[bar]);
      if (x > this.wide) break;
      const next = barlines[bar + 1] ?? barlines[bar], wide = (next - barlines[bar]) * time.scale;
      if (time.scale > 14) {
        pen.fillStyle = ink("beat");
        for (let beat = barlines[bar] + 1; beat < next - 1e-6; beat++) pen.fillRect(Math.round(time.xOf(beat)), RULER, 1, end);
      }
      pen.fillStyle = ink("barline");
      if (wide > 4 || bar % 4 === 0) pen.fillRect(Math.round(x), RULER, 1, end);
    }
  }

  get firstBar() {
    return Math.max(0, barAt(this.piece, Math.max(0, this.time.left / this.time.scale)) - 1);
  }

  // Numbers of bars where there is room, with the metre where it begins or changes; where the seed ends.
  paintRuler(pen) {
    const { time, piece } = this, { barlines, metres } = piece;
    pen.fillStyle = ink("card");
    pen.fillRect(0, 0, this.wide, RULER);
    pen.fillStyle = ink("line");
    pen.fillRect(0, RULER - 1, this.wide, 1);
    let free = -Infinity;
    for (let bar = this.firstBar; bar < barlines.length - 1; bar++) {
      const x = time.xOf(barlines[bar]);
      if (x > this.wide) break;
      const metre = metres.get(bar), marker = piece.markers.get(bar), text = [bar + 1, metre, marker].filter(Boolean).join("  ");
      if (x < free) continue;
      pen.font = `${metre || marker ? "600 " : ""}11px system-ui, sans-serif`;
      pen.fillStyle = ink("muted");
      pen.fillText(text, x + 4, 13);
      free = x + pen.measureText(text).width + 12;
    }
    this.paintChords(pen);
    if (piece.seedEnd === null) return;
    pen.fillStyle = ink("accent");
    pen.fillRect(Math.round(time.xOf(piece.seedEnd)) - 1, 0, 2, this.high);
  }

  // The chords of each bar, where there is room and they are not those of the bar before.
  paintChords(pen) {
    const { time, piece } = this, { barlines, chords } = piece;
    pen.font = "11px system-ui, sans-serif";
    let free = -Infinity;
    for (let bar = this.firstBar; bar < barlines.length - 1; bar++) {
      const x = time.xOf(barlines[bar]);
      if (x > this.wide) break;
      if (!chords[bar] || chords[bar] === "N.C." || chords[bar] === chords[bar - 1] || x < free) continue;
      const wide = pen.measureText(chords[bar]).width + 6;
      if (wide > (barlines[bar + 1] - barlines[bar]) * time.scale) continue;
      pen.fillStyle = ink("text");
      pen.fillText(chords[bar], x + 4, 29);
      free = x + wide;
    }
  }

  // The notes of a part: the seed's pale, new ones full, what a take left out as an outline. Nothing is pale where
  // nothing is new: then all is the seed's.
  paintPart(pen, part, top) {
    const { time } = this, lane = this.lanes[part.part], row = this.rowOf(lane);
    const high = Math.max(row * (lane.rows ? 0.7 : 0.92), 2), share = this.isHeard(part.part) ? 1 : 0.3;
    const left = (time.headSeen - time.offset) / time.scale, right = (this.wide - time.offset) / time.scale;
    const pale = this.isCompared ? (isDark() ? 0.32 : 0.26) : 0.6;
    const yOf = this.heightIn(lane, top);
    pen.fillStyle = pen.strokeStyle = colourOf(part.part);
    if (part.gone.length) this.paintGone(pen, part.gone, { left, right, yOf, high });
    let lastX = -1, lastY = -1;
    for (let at = firstFrom(part.notes, left - part.longest); at < part.notes.length; at++) {
      const note = part.notes[at];
      if (note.start > right) break;
      if (note.end < left) continue;
      const x = time.offset + note.start * time.scale, y = yOf(note.pitch), wide = (note.end - note.start) * time.scale;
      if (wide < 2 && Math.round(x) === lastX && y === lastY) continue;
      pen.globalAlpha = share * ((note.isNew ? 0.72 : pale) + 0.28 * (note.velocity / 127) * (note.isNew ? 1 : 0.9));
      pen.fillRect(x, y, lane.rows ? Math.min(Math.max(3, time.scale * 0.2), 7) : Math.max(wide - Math.min(1, wide * 0.15), 1.5), high);
      [lastX, lastY] = [Math.round(x), y];
    }
    pen.globalAlpha = 1;
  }

  paintGone(pen, notes, { left, right, yOf, high }) {
    pen.setLineDash([2, 2]);
    pen.globalAlpha = 0.75;
    for (const note of notes) {
      if (note.start > right || note.end < left) continue;
      const wide = Math.max((note.end - note.start) * this.time.scale - 1, 1);
      pen.strokeRect(this.time.xOf(note.start) + 0.5, yOf(note.pitch) + 0.5, wide, Math.max(high - 1, 1));
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }
}

// The first of notes in their order that begins at `quarter` or later.
export function firstFrom(notes, quarter) {
  if (!notes.length || notes[0].start >= quarter) return 0;
  return lastAtMost(notes, quarter - 1e-9, (note) => note.start) + 1;
}
