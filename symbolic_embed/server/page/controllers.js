// What a MIDI file says of how a part sounds besides its notes: how loud it is, where it stands, its sustain pedal. The
// server has read the file already and shows its notes; here only four controllers are looked for in the same bytes,
// and what cannot be followed counts as not said.

const VOLUME = 7, PAN = 10, EXPRESSION = 11, SUSTAIN = 64, DOWN = 64;
const USUAL = { [VOLUME]: 100, [PAN]: 64, [EXPRESSION]: 127 };

// How each part sounds, by "chunk channel" (chunks from 0, channels from 1): level (0 to 1, an amplitude), pan (-1 left,
// 1 right), pedal (ticks at which it goes down, up, down ...).
export function soundsOf(bytes) {
  const sounds = new Map();
  for (const [chunk, events] of chunksOf(bytes).entries()) {
    const said = changesOf(events);
    for (const [channel, changes] of said.changes) {
      const body = (controller) => longest(changes.filter((one) => one.controller === controller), said.end) ?? USUAL[controller];
      sounds.set(`${chunk} ${channel + 1}`, {
        level: ((body(VOLUME) * body(EXPRESSION)) / 127 ** 2) ** 2, pan: Math.min(Math.max((body(PAN) - 64) / 63, -1), 1),
        pedal: turnsOf(changes.filter((one) => one.controller === SUSTAIN)),
      });
    }
  }
  return sounds;
}

// The contents of the track chunks.
function chunksOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), name = (at) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const chunks = [];
  let at = 0;
  while (at + 8 <= bytes.length && name(at) !== "MThd") at++;
  for (; at + 8 <= bytes.length; at += 8 + view.getUint32(at + 4)) {
    if (name(at) === "MTrk") chunks.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at + 4)));
  }
  return chunks;
}

// The controllers of a chunk, by channel, and the tick of its last event.
function changesOf(events) {
  const changes = new Map();
  let at = 0, tick = 0, status = 0;
  const number = () => {
    let value = 0, byte = 128;
    while (byte & 128 && at < events.length) {
      byte = events[at++];
      value = value * 128 + (byte & 127);
    }
    return value;
  };
  while (at < events.length) {
    tick += number();
    if (events[at] & 128) status = events[at++];
    if (status === 0xff) at++;
    if (status >= 0xf0) {
      const length = number();
      at += length;
      continue;
    }
    const kind = status & 0xf0, channel = status & 15, isShort = kind === 0xc0 || kind === 0xd0;
    if (!kind) break;
    if (kind === 0xb0) {
      if (!changes.has(channel)) changes.set(channel, []);
      changes.get(channel).push({ tick, controller: events[at], value: events[at + 1] });
    }
    at += isShort ? 1 : 2;
  }
  return { changes, end: tick };
}

// The value that was in force for longest; null where none was said.
function longest(changes, end) {
  const ticks = new Map();
  changes.forEach(({ tick, value }, at) => ticks.set(value, (ticks.get(value) ?? 0) + (changes[at + 1]?.tick ?? end + 1) - tick));
  return [...ticks].reduce((best, one) => (best && best[1] >= one[1] ? best : one), null)?.[0] ?? null;
}

// When the pedal goes down and up in turn.
function turnsOf(changes) {
  const turns = [];
  for (const { tick, value } of changes) if ((value >= DOWN) !== (turns.length % 2 === 1)) turns.push(tick);
  return turns;
}
