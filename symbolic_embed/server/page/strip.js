// A piece on a strip: all its parts over one another, small. For cards, and for what lies along what.

import { colourOf, ink, isDark } from "./inks.js";

// A canvas that is as large as it is seen; gives back its pen, and width and height in the page's pixels.
export function penOf(canvas) {
  const ratio = window.devicePixelRatio || 1, { clientWidth: wide, clientHeight: high } = canvas;
  [canvas.width, canvas.height] = [Math.round(wide * ratio), Math.round(high * ratio)];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { pen, wide, high };
}

// Draws a piece into a box. `length`: the quarters that the box is wide; with `isCompared` only what is new has colour.
export function paintStrip(pen, piece, { x, y, wide, high, length = piece.end, isCompared = false }) {
  const scale = wide / length, pitched = [], struck = new Set();
  pen.fillStyle = ink("paper");
  pen.fillRect(x, y, wide, high);
  for (const part of piece.parts) {
    for (const note of part.notes) if (part.drum) struck.add(note.pitch); else pitched.push(note.pitch);
  }
  const drums = [...struck].sort((a, b) => b - a), floor = drums.length ? Math.min(high * 0.25, drums.length * 3) : 0;
  const [low, most] = pitched.reduce(([least, top], pitch) => [Math.min(least, pitch), Math.max(top, pitch)], [127, 0]);
  const row = (high - floor - 4) / Math.max(most - low + 1, 12);
  const yOf = (note, isDrum) => (isDrum ? y + high - floor + (drums.indexOf(note.pitch) * floor) / drums.length : y + 2 + (most - note.pitch) * row);
  paintBarlines(pen, piece, { x, y, high, scale });
  for (const isNew of isCompared ? [false, true] : [null]) {
    for (const part of piece.parts) {
      pen.fillStyle = isCompared && !isNew ? ink("muted") : colourOf(part.part);
      pen.globalAlpha = isCompared && !isNew ? (isDark() ? 0.45 : 0.35) : 0.85;
      for (const note of part.notes) {
        if (isNew !== null && note.isNew !== isNew) continue;
        const long = part.drum ? 1.5 : Math.max((note.end - note.start) * scale, 1.2);
        pen.fillRect(x + note.start * scale, yOf(note, part.drum), long, Math.max(part.drum ? floor / drums.length : row, 1.6));
      }
    }
  }
  pen.globalAlpha = 1;
}

function paintBarlines(pen, { barlines }, { x, y, high, scale }) {
  pen.fillStyle = ink("beat");
  const every = Math.max(1, Math.ceil(14 / ((barlines[1] - barlines[0]) * scale)));
  for (let bar = 0; bar < barlines.length; bar += every) pen.fillRect(Math.round(x + barlines[bar] * scale), y, 1, high);
}
