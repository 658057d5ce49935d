// A small synthesiser: notes into any audio context, live or offline. Every part has a channel: level, place, room.

import { strike } from "./drums.js";
import { HARMONICS, patchOf } from "./patches.js";

const MOST_VOICES = 96; // more sounding at once: the oldest give way
const VIBRATO_AFTER = 0.25; // seconds
const FADE = 0.03; // seconds in which what is cut off dies away

// Random numbers that are the same on every visit, -1 to 1.
function noiseSource(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2147483648 - 1;
  };
}

function noiseBuffer(context, seconds) {
  const buffer = context.createBuffer(1, Math.ceil(seconds * context.sampleRate), context.sampleRate);
  const samples = buffer.getChannelData(0), random = noiseSource(1);
  for (let i = 0; i < samples.length; i++) samples[i] = random();
  return buffer;
}

// A room: noise that dies away, duller towards its end.
function roomBuffer(context, seconds) {
  const rate = context.sampleRate, buffer = context.createBuffer(2, Math.ceil(seconds * rate), rate);
  for (const side of [0, 1]) {
    const samples = buffer.getChannelData(side), random = noiseSource(2 + side);
    let smooth = 0;
    for (let i = 0; i < samples.length; i++) {
      const at = i / samples.length;
      smooth += (random() - smooth) * (0.75 - 0.6 * at);
      samples[i] = smooth * Math.pow(1 - at, 3.2) * Math.min(1, i / (0.004 * rate));
    }
  }
  return buffer;
}

export class Synth {
  // `parts`: of the page's data, each with program and drum.
  constructor(context, parts) {
    this.context = context;
    this.voices = new Set();
    this.noise = noiseBuffer(context, 2);
    this.shapes = Object.fromEntries(Object.entries(HARMONICS).map(([name, sines]) => {
      const imaginary = new Float32Array([0, ...sines]);
      return [name, context.createPeriodicWave(new Float32Array(imaginary.length), imaginary)];
    }));
    this.master = context.createGain();
    this.limiter = new DynamicsCompressorNode(context, { threshold: -14, knee: 10, ratio: 5, attack: 0.004, release: 0.18 });
    const room = new ConvolverNode(context, { buffer: roomBuffer(context, 1.9) });
    this.room = new GainNode(context, { gain: 0.9 });
    this.room.connect(room).connect(this.limiter);
    this.limiter.connect(this.master).connect(context.destination);
    this.channels = parts.map((part) => this.channelOf(part));
  }

  channelOf(part) {
    const patch = part.drum ? { reverb: 0.1 } : patchOf(part.program);
    const input = new GainNode(this.context), fader = new GainNode(this.context);
    const pan = new StereoPannerNode(this.context), send = new GainNode(this.context, { gain: patch.reverb });
    input.connect(fader).connect(pan).connect(this.limiter);
    pan.connect(send).connect(this.room);
    return { input, fader, pan, patch, drum: part.drum };
  }

  // How loud and where a part is, from the piece; and its fader, from whoever listens.
  place(part, level, pan) {
    const channel = this.channels[part];
    channel.input.gain.value = level * 1.6; // a part at the volume that General MIDI begins with is then at .9
    channel.pan.pan.value = pan;
  }

  setFader(part, gain) {
    this.channels[part].fader.gain.setTargetAtTime(gain, this.context.currentTime, 0.015);
  }

  setVolume(gain) {
    this.master.gain.setTargetAtTime(gain, this.context.currentTime, 0.015);
  }

  // Has a note sound at `when` for `seconds`; gives back its voice.
  play(part, note, when, seconds) {
    const channel = this.channels[part];
    const loudness = Math.pow(note.velocity / 127, 1.6);
    if (channel.drum) return strike(this, channel.input, note.pitch, loudness, when);
    return this.sound(channel, note.pitch, loudness, when, seconds);
  }

  sound(channel, pitch, loudness, when, seconds) {
    const { context } = this, { patch } = channel, hertz = 440 * Math.pow(2, (pitch - 69) / 12);
    const higher = Math.pow(2, (60 - pitch) / 24); // high strings die away faster
    const decay = patch.sustain ? patch.decay : patch.decay * Math.min(Math.max(higher, 0.3), 2);
    const end = when + Math.max(seconds, 0.04);
    const peak = 0.3 * patch.level * loudness;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, when);
    gain.gain.linearRampToValueAtTime(peak, when + patch.attack);
    gain.gain.setTargetAtTime(peak * patch.sustain, when + patch.attack, decay / 2.5);
    gain.gain.setTargetAtTime(0, end, patch.release / 3);
    const limit = context.sampleRate * 0.45, bright = 0.4 + 0.6 * Math.sqrt(loudness);
    const filter = new BiquadFilterNode(context, { type: "lowpass", Q: 0.7 });
    filter.frequency.automationRate = "k-rate"; // for every sample it would cost more than all the rest
    const closed = Math.min(hertz * patch.cutoff, limit), opened = Math.min(hertz * (patch.cutoff + patch.open) * bright, limit);
    filter.frequency.setValueAtTime(Math.max(opened, closed * patch.close), when);
    filter.frequency.setTargetAtTime(Math.max(closed * (0.4 + 0.6 * patch.close), hertz), when + patch.attack, decay / 3);
    filter.connect(gain).connect(channel.input);
    const sources = patch.waves.map(([shape, ratio, cents, amplitude]) => this.wave(shape, hertz * ratio, cents, amplitude, filter));
    if (patch.fm) sources.push(this.modulation(patch.fm, sources[0], hertz, loudness, when));
    if (patch.vibrato && seconds > VIBRATO_AFTER) sources.push(this.vibrato(patch.vibrato, sources.slice(), when));
    if (patch.noise) sources.push(this.breath(patch.noise, hertz, filter));
    return Object.assign(this.hold(sources, gain, when, end + patch.release * 2.5), { release: patch.release });
  }

  // Ends a note before its time, as its instrument does; drums sound on.
  release(voice, when) {
    if (!voice.release || !this.voices.has(voice)) return;
    voice.gain.gain.cancelScheduledValues(when);
    voice.gain.gain.setTargetAtTime(0, when, voice.release / 3);
    for (const source of voice.sources) source.stop(Math.max(when, voice.when) + voice.release * 2.5);
  }

  wave(shape, hertz, cents, amplitude, target) {
    const wave = new OscillatorNode(this.context, { frequency: hertz, detune: cents });
    if (this.shapes[shape]) wave.setPeriodicWave(this.shapes[shape]); else wave.type = shape;
    wave.connect(new GainNode(this.context, { gain: amplitude })).connect(target);
    return wave;
  }

  modulation([ratio, index, decay], carrier, hertz, loudness, when) {
    const modulator = new OscillatorNode(this.context, { frequency: hertz * ratio });
    const depth = new GainNode(this.context, { gain: 0 });
    depth.gain.setValueAtTime(hertz * index * (0.4 + loudness), when);
    depth.gain.setTargetAtTime(0, when, decay / 2);
    modulator.connect(depth).connect(carrier.frequency);
    return modulator;
  }

  vibrato(cents, carriers, when) {
    const slow = new OscillatorNode(this.context, { frequency: 5.2 }), depth = new GainNode(this.context, { gain: 0 });
    depth.gain.setTargetAtTime(cents, when + VIBRATO_AFTER, 0.2);
    for (const carrier of carriers) slow.connect(depth).connect(carrier.detune);
    return slow;
  }

  breath(amplitude, hertz, target) {
    const noise = new AudioBufferSourceNode(this.context, { buffer: this.noise, loop: true });
    const band = new BiquadFilterNode(this.context, { type: "bandpass", frequency: Math.min(hertz * 3, 9000), Q: 0.8 });
    noise.connect(band).connect(new GainNode(this.context, { gain: amplitude })).connect(target);
    return noise;
  }

  // Starts and stops what makes a voice, and knows it until it has died away.
  hold(sources, gain, when, until) {
    const voice = { sources, gain, when, until };
    for (const source of sources) {
      source.start(when);
      source.stop(until);
    }
    sources[0].onended = () => {
      gain.disconnect();
      this.voices.delete(voice);
    };
    this.voices.add(voice);
    if (this.voices.size > MOST_VOICES) this.cut(this.voices.values().next().value, when);
    return voice;
  }

  cut(voice, when) {
    this.voices.delete(voice);
    const now = Math.max(when, this.context.currentTime);
    voice.gain.gain.cancelScheduledValues(now);
    voice.gain.gain.setTargetAtTime(0, now, FADE / 3);
    for (const source of voice.sources) source.stop(Math.max(now + FADE * 2, voice.when));
  }

  silence() {
    for (const voice of [...this.voices]) this.cut(voice, this.context.currentTime);
  }
}
