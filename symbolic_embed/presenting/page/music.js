// The music of the page as the other scripts use it. Places are in quarter notes from the beginning of the piece;
// seconds follow from the tempo map. Nothing here touches the page or the sound.

export const NEW = 128; // added to the velocity of a note that the seed has not (page_music.py)
const TEMPO_120 = 500000; // microseconds a quarter before the first tempo

// A flat list of notes, four numbers each, as notes with places in quarters.
export function notesOf(flat, division) {
  const notes = [];
  let tick = 0;
  for (let i = 0; i < flat.length; i += 4) {
    tick += flat[i];
    const velocity = flat[i + 3];
    notes.push({
      start: tick / division, end: (tick + flat[i + 1]) / division, pitch: flat[i + 2],
      velocity: velocity % NEW, isNew: velocity >= NEW,
    });
  }
  return notes;
}

// When each tempo begins, in quarters and in seconds, and its seconds a quarter; the first begins at 0.
export function stretchesOf(tempi, division) {
  const all = tempi.length && tempi[0][0] === 0 ? tempi : [[0, TEMPO_120], ...tempi];
  const stretches = [];
  for (const [tick, microseconds] of all) {
    const quarter = tick / division, last = stretches[stretches.length - 1];
    const seconds = last ? last.seconds + (quarter - last.quarter) * last.each : 0;
    stretches.push({ quarter, seconds, each: microseconds / 1e6 });
  }
  return stretches;
}

// The index of the last of `sorted` whose `key` is at most `value`; 0 where none is.
export function lastAtMost(sorted, value, key) {
  let low = 0, high = sorted.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (key(sorted[middle]) <= value) low = middle; else high = middle;
  }
  return low;
}

export function secondsAt(piece, quarter) {
  const stretch = piece.stretches[lastAtMost(piece.stretches, quarter, (one) => one.quarter)];
  return stretch.seconds + (quarter - stretch.quarter) * stretch.each;
}

export function quarterAt(piece, seconds) {
  const stretch = piece.stretches[lastAtMost(piece.stretches, seconds, (one) => one.seconds)];
  return stretch.quarter + (seconds - stretch.seconds) / stretch.each;
}

// The bar (from 0) that a place lies in; the last one for all behind it.
export function barAt(piece, quarter) {
  return Math.min(lastAtMost(piece.barlines, quarter, (one) => one), piece.barlines.length - 2);
}

// Where a note stops to sound: its end, or where the pedal comes up that was down then. `pedal`: down, up, down ...
export function releasedAt(end, pedal) {
  if (!pedal.length || end < pedal[0]) return end;
  const turn = lastAtMost(pedal, end, (one) => one);
  if (turn % 2 === 1) return end;
  return turn + 1 < pedal.length ? pedal[turn + 1] : end;
}

// A piece of the page's data; `seed`: the first of them, whose notes a take may lack.
export function pieceOf(data, seed) {
  const division = data.division;
  const parts = data.parts.map((part, index) => {
    const ours = seed && seed.parts.find((other) => other.part === part.part);
    return {
      part: part.part, level: part.level ?? 1, pan: part.pan ?? 0,
      pedal: (part.pedal ?? []).map((tick) => tick / division),
      notes: notesOf(part.notes, division),
      gone: ours ? part.gone.map((number) => ours.notes[number]) : [],
    };
  });
  const piece = {
    parts, barlines: data.bars.map((tick) => tick / division), metres: new Map(data.metres),
    stretches: stretchesOf(data.tempi, division), seedEnd: data.seedEnd === null ? null : data.seedEnd / division,
  };
  piece.end = piece.barlines[piece.barlines.length - 1];
  piece.events = parts
    .flatMap((part) => part.notes.map((note) => ({ ...note, part: part.part, until: releasedAt(note.end, part.pedal) })))
    .sort((a, b) => a.start - b.start);
  return piece;
}

// The bars in which something is new, as [start, end] in quarters: all behind the seed; else from the first to the
// last bar with a new note; null where nothing is.
export function newStretch(piece) {
  if (piece.seedEnd !== null) return [piece.seedEnd, piece.end];
  const starts = piece.events.filter((note) => note.isNew).map((note) => note.start);
  if (!starts.length) return null;
  return [piece.barlines[barAt(piece, starts[0])], piece.barlines[barAt(piece, starts[starts.length - 1]) + 1]];
}

// Where playing goes on in another piece: at the same place, or at the beginning of `stretch` where that has ended.
export function placeIn(piece, quarter, stretch) {
  return quarter < piece.end - 1e-6 ? quarter : stretch ? stretch[0] : 0;
}

// Bar and time of a place, for people.
export function positionText(piece, quarter) {
  const bar = barAt(piece, quarter), seconds = Math.max(0, Math.floor(secondsAt(piece, quarter)));
  return `bar ${bar + 1} · ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
