// From what the server shows of a MIDI file to a piece that can be drawn and played, laid beside the seed it was made of.

import { soundsOf } from "./controllers.js";
import { run, Refusal } from "./http.js";
import { NEW, pieceOf } from "./music.js";

const FINE = 96; // places to a quarter: what lies nearer together is the same note (presenting/differences.py)

const isDrum = (track) => track.drum ?? track.channel === 10;

// Which tracks are the same part, the surest sign first (presenting/page_music.py).
const SAME_PART = [
  (track) => `${track.chunk} ${track.channel} ${track.name}`,
  (track) => `${track.channel} ${track.name}`,
  (track) => `${track.name} ${track.program} ${isDrum(track)}`,
  (track) => `${track.program} ${isDrum(track)}`,
];

// What the server shows of a file, with its notes.
export async function readClip(bytes, name) {
  const job = await run("show", { request: { notes: true }, options: { inputs: [name], format: "json" }, files: [{ name, bytes }] }, { wait: 30 });
  if (job.exit_code !== 0 || !job.stdout) throw new Refusal(job.error ?? `${name}: cannot be read`);
  const clip = JSON.parse(job.stdout);
  if (!clip.notes) throw new Refusal(`${name}: there is not a note in it`);
  const sounds = soundsOf(new Uint8Array(await bytes.arrayBuffer()));
  for (const track of clip.tracks) Object.assign(track, sounds.get(`${track.chunk} ${track.channel}`));
  return clip;
}

// The place of each track of a clip among the parts that are known; new parts are added to them.
export function placesOf(tracks, known) {
  const places = new Map();
  for (const same of SAME_PART) {
    tracks.forEach((track, number) => {
      const taken = new Set(places.values());
      const place = known.findIndex((part, at) => !taken.has(at) && same(part) === same(track));
      if (!places.has(number) && place >= 0) places.set(number, place);
    });
  }
  tracks.forEach((track, number) => {
    if (places.has(number)) return;
    places.set(number, known.length);
    known.push({ ...track, drum: isDrum(track), isNew: true });
  });
  return tracks.map((_, number) => places.get(number));
}

// The parts of a seed, as takes know them.
export const partsOf = (clip) => clip.tracks.map((track) => ({ ...track, drum: isDrum(track), isNew: false }));

function keysOf(track, division) {
  const place = (tick) => Math.round((tick * FINE) / division);
  return track.note_list.map(([on, long, pitch]) => `${place(on)} ${isDrum(track) ? 0 : place(on + long)} ${pitch}`);
}

// Which of the keys the others have not, or not as often.
function missing(keys, others) {
  const left = new Map();
  for (const key of others) left.set(key, (left.get(key) ?? 0) + 1);
  return keys.map((key) => {
    const there = left.get(key) ?? 0;
    if (there) left.set(key, there - 1);
    return !there;
  });
}

function flat(track, isNew) {
  const numbers = [];
  let before = 0;
  track.note_list.forEach(([on, long, pitch, velocity], at) => {
    numbers.push(on - before, long, pitch, velocity + (isNew[at] ? NEW : 0));
    before = on;
  });
  return numbers;
}

// The piece of a clip, with its parts at their places among `known`. `seed`: the clip and the piece it is laid beside.
export function musicOf(clip, known, seed = null) {
  const places = placesOf(clip.tracks, known), { division } = clip;
  const seedTracks = seed ? seed.clip.tracks : [];
  const parts = clip.tracks.map((track, number) => {
    const keys = keysOf(track, division), ours = seedTracks[places[number]];
    const before = ours ? keysOf(ours, seed.clip.division) : [];
    return {
      part: places[number], notes: flat(track, seed ? missing(keys, before) : []), level: track.level, pan: track.pan, pedal: track.pedal,
      gone: missing(before, keys).flatMap((isGone, at) => (isGone ? [at] : [])),
    };
  });
  seedTracks.forEach((track, place) => {
    if (!places.includes(place)) parts.push({ part: place, notes: [], gone: track.note_list.map((_, at) => at) });
  });
  parts.sort((a, b) => a.part - b.part);
  const end = clip.bar_ticks[clip.bar_ticks.length - 1];
  const seedTicks = seed ? Math.round((seed.clip.bar_ticks[seed.clip.bar_ticks.length - 1] * division) / seed.clip.division) : end;
  const piece = pieceOf({
    division, parts, bars: clip.bar_ticks, metres: clip.metre.filter(({ bar }) => bar).map(({ bar, value }) => [bar - 1, value]),
    tempi: clip.tempo.map(({ tick, value }) => [tick, 60e6 / value]), seedEnd: seedTicks < end ? seedTicks : null,
  }, seed?.music ?? null);
  piece.chords = (clip.chords ?? []).map(([, chords]) => chords);
  piece.markers = new Map(clip.markers.filter(({ bar }) => bar).map(({ bar, value }) => [bar - 1, value]));
  for (const part of piece.parts) part.drum = known[part.part].drum;
  for (const part of piece.parts) part.longest = part.notes.reduce((most, note) => Math.max(most, note.end - note.start), 0);
  return piece;
}

// The share of the notes that the seed has not.
export function shareOfNew(piece) {
  return piece.events.length ? piece.events.filter((note) => note.isNew).length / piece.events.length : 0;
}

// What is to be known of a clip at a glance.
export function factsOf(clip) {
  const minutes = Math.floor(clip.seconds / 60), seconds = String(Math.round(clip.seconds) % 60).padStart(2, "0");
  const changing = (values, unit = "") => (values.length > 1 ? `${values[0].value}${unit} (changes)` : values.length ? `${values[0].value}${unit}` : null);
  const key = changing(clip.key), sounds = clip.estimated_key?.name;
  return [
    `${clip.bars} bars`, `${minutes}:${seconds}`, changing(clip.metre),
    changing(clip.tempo.map(({ value }) => ({ value: Math.round(value * 10) / 10 })), " bpm") ?? "120 bpm (assumed)",
    key ? `${key}${sounds && sounds !== clip.key[0].value ? `, sounds like ${sounds}` : ""}` : sounds ? `sounds like ${sounds}` : null,
  ].filter(Boolean).join(" · ");
}
