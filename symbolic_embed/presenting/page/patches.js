// How the instruments of General MIDI sound here: a patch a family, and exceptions. Oscillators through a low-pass
// filter, an envelope for each.
//
// waves: [shape, ratio to the pitch, cents beside it, amplitude]. attack, decay, release in seconds; sustain: share of
// the peak that is held, 0 for what dies away. cutoff: of the filter, in multiples of the pitch, plus `open` times that
// when struck; bright: how much of it is left at the softest. vibrato: cents. noise: breath. fm: [ratio, index, decay].
// reverb: how much goes into the room. level: so that all are about equally loud.

const PLUCK = { waves: [["sawtooth", 1, 0, 0.5], ["triangle", 1, 3, 0.5]], attack: 0.002, decay: 1.1, sustain: 0, release: 0.12, cutoff: 2, open: 7, close: 0.25, reverb: 0.18, level: 0.62 };
const PAD = { waves: [["sawtooth", 1, -8, 0.4], ["sawtooth", 1, 8, 0.4], ["triangle", 0.5, 0, 0.3]], attack: 0.18, decay: 1, sustain: 0.8, release: 0.5, cutoff: 3, open: 1.5, close: 0.8, reverb: 0.45, level: 0.55 };
const MALLET = { waves: [["sine", 1, 0, 0.8], ["sine", 4, 0, 0.16]], attack: 0.001, decay: 0.6, sustain: 0, release: 0.25, cutoff: 12, open: 0, close: 1, reverb: 0.25, level: 0.8 };

const FAMILIES = [
  { waves: [["piano", 1, -1.5, 0.5], ["piano", 1, 1.5, 0.5]], attack: 0.002, decay: 2.4, sustain: 0, release: 0.16, cutoff: 4, open: 9, close: 0.5, reverb: 0.16, level: 0.66 }, // piano
  { ...MALLET, decay: 1.4, fm: [3.5, 1.2, 0.35], level: 0.64 }, // chromatic percussion
  { waves: [["organ", 1, 0, 0.9]], attack: 0.008, decay: 0.1, sustain: 0.95, release: 0.06, cutoff: 14, open: 0, close: 1, vibrato: 4, reverb: 0.22, level: 0.36 }, // organ
  PLUCK, // guitar
  { waves: [["triangle", 1, 0, 0.75], ["sawtooth", 1, 0, 0.3]], attack: 0.004, decay: 1.8, sustain: 0.25, release: 0.08, cutoff: 3, open: 5, close: 0.15, reverb: 0.03, level: 0.85 }, // bass
  { waves: [["sawtooth", 1, -4, 0.5], ["sawtooth", 1, 4, 0.5]], attack: 0.06, decay: 0.5, sustain: 0.85, release: 0.18, cutoff: 4, open: 1, close: 0.6, vibrato: 9, reverb: 0.32, level: 0.55 }, // strings
  { ...PAD, attack: 0.11, release: 0.35 }, // ensemble
  { waves: [["sawtooth", 1, -3, 0.5], ["sawtooth", 1, 3, 0.4]], attack: 0.035, decay: 0.3, sustain: 0.8, release: 0.1, cutoff: 2, open: 5, close: 0.12, vibrato: 5, reverb: 0.24, level: 0.62 }, // brass
  { waves: [["reed", 1, 0, 0.8]], attack: 0.03, decay: 0.3, sustain: 0.85, release: 0.09, cutoff: 6, open: 2, close: 0.3, vibrato: 9, noise: 0.012, reverb: 0.24, level: 0.5 }, // reed
  { waves: [["sine", 1, 0, 0.75], ["sine", 2, 0, 0.14], ["sine", 3, 0, 0.05]], attack: 0.045, decay: 0.3, sustain: 0.9, release: 0.11, cutoff: 10, open: 0, close: 1, vibrato: 12, noise: 0.035, reverb: 0.32, level: 0.46 }, // pipe
  { waves: [["sawtooth", 1, -6, 0.45], ["sawtooth", 1, 6, 0.45]], attack: 0.006, decay: 0.5, sustain: 0.7, release: 0.12, cutoff: 5, open: 4, close: 0.3, vibrato: 6, reverb: 0.22, level: 0.62 }, // lead
  PAD, // pad
  { ...PAD, attack: 0.08, fm: [2, 1.5, 1.5] }, // effects
  { ...PLUCK, decay: 0.8, cutoff: 3 }, // from all over the world
  { ...MALLET, decay: 0.35, fm: [1.7, 2, 0.1] }, // percussive
  { waves: [["sine", 1, 0, 0.1]], attack: 0.05, decay: 0.8, sustain: 0.3, release: 0.3, cutoff: 8, open: 0, close: 1, noise: 0.4, reverb: 0.3, level: 0.4 }, // sound effects
];

const EXCEPTIONS = [
  [4, 5, { waves: [["sine", 1, 0, 0.8]], fm: [1, 1.1, 0.9], attack: 0.002, decay: 2.2, sustain: 0, release: 0.2, cutoff: 16, open: 0, close: 1, reverb: 0.22, level: 0.72 }],
  [6, 7, { ...PLUCK, waves: [["sawtooth", 1, 0, 0.5], ["square", 2, 0, 0.2]], decay: 1.3, cutoff: 6, level: 1.2 }],
  [12, 13, { ...MALLET, decay: 0.4 }],
  [21, 23, { ...FAMILIES[8], waves: [["reed", 1, -5, 0.4], ["reed", 1, 5, 0.4]] }],
  [28, 28, { ...PLUCK, decay: 0.25, level: 1.2 }],
  [29, 30, { waves: [["sawtooth", 1, -5, 0.45], ["square", 1, 5, 0.3]], attack: 0.004, decay: 1.5, sustain: 0.6, release: 0.1, cutoff: 4, open: 3, close: 0.5, reverb: 0.2, level: 0.55 }],
  [38, 39, { ...FAMILIES[4], waves: [["sawtooth", 1, -4, 0.45], ["square", 0.5, 4, 0.35]], decay: 0.7, sustain: 0.5, level: 0.9 }],
  [45, 46, { ...PLUCK, waves: [["triangle", 1, 0, 0.8], ["sawtooth", 1, 0, 0.12]], decay: 0.7, level: 0.85 }],
  [47, 47, { ...MALLET, waves: [["sine", 1, 0, 0.9], ["sine", 1.5, 0, 0.25]], decay: 1.2, level: 1 }],
  [52, 54, { waves: [["voice", 1, -7, 0.4], ["voice", 1, 7, 0.4]], attack: 0.12, decay: 0.5, sustain: 0.9, release: 0.3, cutoff: 7, open: 0, close: 1, vibrato: 10, noise: 0.01, reverb: 0.45, level: 0.5 }],
  [71, 71, { ...FAMILIES[8], waves: [["square", 1, 0, 0.6]], cutoff: 5, vibrato: 4, level: 0.42 }],
  [80, 80, { ...FAMILIES[10], waves: [["square", 1, 0, 0.6]], level: 0.42 }],
];

export function patchOf(program) {
  const found = EXCEPTIONS.find(([first, last]) => first <= program && program <= last);
  return found ? found[2] : FAMILIES[program >> 3];
}

// The harmonics of the shapes that no oscillator has of its own, from the first.
export const HARMONICS = {
  piano: [1, 0.52, 0.34, 0.22, 0.14, 0.12, 0.03, 0.06, 0.04, 0.03, 0.02, 0.015],
  organ: [1, 0.7, 0.5, 0.35, 0, 0.25, 0, 0.2],
  reed: [1, 0.35, 0.75, 0.4, 0.45, 0.25, 0.2, 0.12, 0.08, 0.05],
  voice: [1, 0.65, 0.4, 0.12, 0.06, 0.1, 0.06, 0.02],
};
