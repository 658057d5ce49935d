// The keys of General MIDI's drum channel, each made of what sounds in it: tones that fall, and filtered noise.
//
// tone: [hertz, hertz it falls to, seconds it falls in, seconds it sounds, amplitude, shape]
// noise: [filter, hertz, Q, seconds it sounds, amplitude, seconds before it begins]

const kick = (hertz) => ({ tones: [[hertz * 3.2, hertz, 0.06, 0.34, 1.15], [1800, 200, 0.012, 0.02, 0.25]] });
const snare = (hertz) => ({ tones: [[hertz * 1.5, hertz, 0.03, 0.16, 0.5]], noises: [["highpass", 1400, 0.5, 0.2, 0.52, 0]] });
const tom = (hertz) => ({ tones: [[hertz * 1.7, hertz, 0.09, 0.42, 0.85]], noises: [["bandpass", hertz * 8, 0.8, 0.05, 0.12, 0]] });
const hat = (seconds, amplitude) => ({ noises: [["highpass", 7200, 0.8, seconds, amplitude, 0]], tones: [[5400, 5400, 0.1, seconds * 0.6, 0.02, "square"], [8100, 8100, 0.1, seconds * 0.6, 0.02, "square"]], choke: "hat" });
const cymbal = (hertz, seconds, amplitude) => ({ noises: [["highpass", hertz, 0.6, seconds, amplitude, 0], ["bandpass", hertz * 0.55, 1.2, seconds * 0.35, amplitude * 0.6, 0]] });
const ride = (bell) => ({ noises: [["highpass", 6500, 0.7, 0.7, 0.13, 0]], tones: [[3100, 3100, 0.1, 0.5, bell], [4650, 4650, 0.1, 0.4, bell * 0.7], [820, 820, 0.1, 0.3, bell * 0.6]] });
const skin = (hertz, seconds) => ({ tones: [[hertz * 1.25, hertz, 0.03, seconds, 0.7]], noises: [["bandpass", hertz * 4, 1, 0.03, 0.15, 0]] });
const block = (hertz, seconds, amplitude = 0.5) => ({ tones: [[hertz, hertz, 0.1, seconds, amplitude], [hertz * 2.7, hertz * 2.7, 0.1, seconds * 0.5, amplitude * 0.24]] });
const bell = (hertz, seconds) => ({ tones: [[hertz, hertz, 0.1, seconds, 0.22, "square"], [hertz * 1.48, hertz * 1.48, 0.1, seconds, 0.16, "square"]], dull: hertz * 4 });
const shaken = (hertz, seconds, amplitude) => ({ noises: [["bandpass", hertz, 1.2, seconds, amplitude, 0]] });
const clap = { noises: [0, 0.011, 0.023].map((late) => ["bandpass", 1500, 1.2, late ? 0.04 : 0.02, 0.6, late]).concat([["bandpass", 1300, 0.9, 0.16, 0.5, 0.03]]) };

const KIT = {
  35: kick(46), 36: kick(52), 37: block(1150, 0.06), 38: snare(185), 39: clap, 40: snare(210), 41: tom(72),
  42: hat(0.055, 0.36), 43: tom(86), 44: hat(0.045, 0.28), 45: tom(104), 46: hat(0.4, 0.3), 47: tom(124), 48: tom(148),
  49: cymbal(4200, 1.5, 0.27), 50: tom(176), 51: ride(0.06), 52: cymbal(3200, 1.1, 0.28), 53: ride(0.16),
  54: shaken(8500, 0.16, 0.4), 55: cymbal(5200, 0.7, 0.28), 56: bell(560, 0.22), 57: cymbal(3700, 1.6, 0.26),
  58: shaken(2600, 0.5, 0.3), 59: ride(0.07), 60: skin(410, 0.14), 61: skin(300, 0.18), 62: skin(330, 0.07),
  63: skin(310, 0.24), 64: skin(205, 0.3), 65: skin(470, 0.22), 66: skin(330, 0.28), 67: bell(910, 0.25),
  68: bell(680, 0.28), 69: shaken(7000, 0.07, 0.4), 70: shaken(8200, 0.05, 0.4), 71: block(2300, 0.09, 0.3),
  72: block(2200, 0.3, 0.2), 73: shaken(3400, 0.08, 0.35), 74: shaken(3000, 0.25, 0.35), 75: block(2500, 0.05),
  76: block(1050, 0.08), 77: block(780, 0.1), 78: skin(600, 0.1), 79: skin(480, 0.22), 80: block(4100, 0.06),
  81: block(4100, 0.6, 0.15),
};

// What is struck by a key that the standard does not name.
const drumOf = (pitch) => KIT[pitch] ?? (pitch < 35 ? block(900, 0.05) : shaken(5000, 0.08, 0.3));

export function strike(synth, target, pitch, loudness, when) {
  const { context } = synth, { tones = [], noises = [], choke, dull } = drumOf(pitch);
  const gain = new GainNode(context, { gain: 0.55 * loudness });
  if (dull) gain.connect(new BiquadFilterNode(context, { type: "lowpass", frequency: dull })).connect(target);
  else gain.connect(target);
  const sources = [];
  let until = when;
  const dying = (begin, seconds, amplitude) => {
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, begin);
    envelope.gain.linearRampToValueAtTime(amplitude, begin + 0.001);
    envelope.gain.setTargetAtTime(0, begin + 0.002, seconds / 3.2);
    envelope.connect(gain);
    until = Math.max(until, begin + seconds * 1.9);
    return envelope;
  };
  for (const [hertz, low, fall, seconds, amplitude, shape = "sine"] of tones) {
    const tone = new OscillatorNode(context, { type: shape, frequency: hertz });
    tone.frequency.setValueAtTime(hertz, when);
    tone.frequency.exponentialRampToValueAtTime(low, when + fall);
    tone.connect(dying(when, seconds, amplitude));
    sources.push(tone);
  }
  for (const [type, frequency, Q, seconds, amplitude, late] of noises) {
    const noise = new AudioBufferSourceNode(context, { buffer: synth.noise, loop: true });
    noise.connect(new BiquadFilterNode(context, { type, frequency, Q })).connect(dying(when + late, seconds, amplitude));
    sources.push(noise);
  }
  if (choke) {
    const before = synth.choked;
    if (before && before.until > when) synth.cut(before, when);
  }
  const voice = synth.hold(sources, gain, when, until);
  if (choke) synth.choked = voice;
  return voice;
}
