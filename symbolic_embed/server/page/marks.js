// What moves over the piano roll: the selection, the loop, the cursor of the keys, notes that sound, the playhead.

import { ink } from "./inks.js";
import { firstFrom, PAD, Paper, RULER } from "./paper.js";

export class Marks extends Paper {
  // Any of: quarter, loop, selection, cursor, isPlaying.
  setMarks(marks) {
    Object.assign(this.marks, marks);
    if (!this.frame) this.paintOverlay();
  }

  paintOverlay() {
    if (!this.piece || !this.wide || !this.parts) return;
    const pen = this.overlay.getContext("2d"), { time } = this, { quarter, loop, selection, cursor, isPlaying } = this.marks;
    pen.clearRect(0, 0, this.wide, this.high);
    pen.save();
    pen.beginPath();
    pen.rect(time.headSeen - 1, 0, this.wide, this.high);
    pen.clip();
    if (selection && (selection.bars || selection.parts)) this.paintSelection(pen, selection);
    if (loop) {
      const [x, end] = loop.map((place) => time.xOf(place));
      pen.fillStyle = ink("accent");
      pen.fillRect(x, RULER - 4, end - x, 3);
    }
    if (cursor) this.outline(pen, [cursor.bar, cursor.bar], cursor.part, [3, 3]);
    if (isPlaying) this.paintSounding(pen, quarter);
    if (quarter !== null) this.paintPlayhead(pen, Math.round(time.xOf(quarter)));
    pen.restore();
  }

  paintSelection(pen, { bars, parts }) {
    const all = bars ?? [0, this.piece.barlines.length - 2];
    this.lanes.forEach((_, number) => {
      if (parts ? !parts.has(number) : this.parts[number].isNew) return;
      const [x, wide] = this.span(all);
      pen.fillStyle = ink("accent");
      pen.globalAlpha = 0.1;
      pen.fillRect(x, Math.max(this.topOf(number), RULER), wide, this.laneHeight - 1);
      pen.globalAlpha = 1;
      if (parts) this.outline(pen, all, number, []);
    });
    if (!parts) {
      const [x, wide] = this.span(all);
      pen.strokeStyle = ink("accent");
      pen.strokeRect(x + 0.5, RULER + 0.5, wide, this.high);
    }
  }

  span([from, to]) {
    const { barlines } = this.piece, x = this.time.xOf(barlines[Math.min(from, barlines.length - 2)]);
    return [x, this.time.xOf(barlines[Math.min(to, barlines.length - 2) + 1]) - x];
  }

  outline(pen, bars, part, dashes) {
    const [x, wide] = this.span(bars), top = this.topOf(part);
    pen.strokeStyle = ink("accent");
    pen.setLineDash(dashes);
    pen.strokeRect(x + 0.5, top + 0.5, wide - 1, this.laneHeight - 2);
    pen.setLineDash([]);
  }

  paintSounding(pen, quarter) {
    for (const part of this.piece.parts) {
      if (!this.isHeard(part.part)) continue;
      const lane = this.lanes[part.part], row = this.rowOf(lane), yOf = this.heightIn(lane, this.topOf(part.part) + PAD);
      pen.fillStyle = ink("text");
      for (let at = firstFrom(part.notes, quarter - part.longest); at < part.notes.length; at++) {
        const note = part.notes[at];
        if (note.start > quarter) break;
        if ((lane.rows ? note.start + 0.2 : note.end) <= quarter) continue;
        const y = yOf(note.pitch);
        if (y < RULER) continue;
        pen.fillRect(this.time.xOf(note.start), y, lane.rows ? 6 : (note.end - note.start) * this.time.scale, Math.max(row * 0.9, 2));
      }
    }
  }

  paintPlayhead(pen, x) {
    pen.fillStyle = ink("playhead");
    pen.fillRect(x - 1, RULER - 6, 2, this.high);
    pen.beginPath();
    pen.moveTo(x - 5, RULER - 11);
    pen.lineTo(x + 5, RULER - 11);
    pen.lineTo(x, RULER - 4);
    pen.fill();
  }
}
