// MIDI messages that come while somebody plays elsewhere: through the synthesiser, each as much later as the others, so
// that what was played evenly is heard evenly however unevenly it arrives.

import { Synth } from "./synth.js";

const LATER = 0.1; // seconds from when it was played, by the fastest way here
const LONGEST = 30; // seconds that a key may be held
const DRUMS = 9, SUSTAIN = 64, VOLUME = 7, PAN = 10, ALL_SOUND_OFF = 120, ALL_NOTES_OFF = 123;

export class Messages {
  // `context`: of the sound; to be made in a click.
  constructor(context) {
    this.parts = Array.from({ length: 16 }, (_, channel) => ({ program: 0, drum: channel === DRUMS, level: 0.62, pan: 0 }));
    this.synth = new Synth(context, this.parts);
    this.parts.forEach(({ level, pan }, channel) => this.synth.place(channel, level, pan));
    this.keys = new Map(); // voices that are held, by channel and key
    this.pedal = new Set(); // channels whose pedal is down
    this.late = new Map(); // voices that the pedal holds, by channel
    this.offset = Infinity; // from the player's clock to this one, by the fastest message so far
  }

  // `messages`: the milliseconds at which each was played, and its bytes in hex.
  take(messages) {
    const now = this.synth.context.currentTime;
    for (const [milliseconds] of messages) this.offset = Math.min(this.offset, now - milliseconds / 1000);
    for (const [milliseconds, hex] of messages) {
      const bytes = hex.match(/../g).map((pair) => parseInt(pair, 16));
      this.play(bytes, Math.max(now, milliseconds / 1000 + this.offset + LATER));
    }
  }

  play([status, key, value], when) {
    const kind = status & 0xf0, channel = status & 15;
    if (kind === 0x90 && value) this.strike(channel, key, value, when);
    else if (kind === 0x80 || kind === 0x90) this.lift(channel, key, when);
    else if (kind === 0xc0) this.change(channel, key);
    else if (kind === 0xb0) this.control(channel, key, value, when);
  }

  strike(channel, pitch, velocity, when) {
    this.lift(channel, pitch, when);
    this.keys.set(`${channel} ${pitch}`, this.synth.play(channel, { pitch, velocity }, when, LONGEST));
  }

  lift(channel, pitch, when) {
    const name = `${channel} ${pitch}`, voice = this.keys.get(name);
    if (!voice) return;
    this.keys.delete(name);
    if (this.pedal.has(channel)) this.late.set(channel, [...(this.late.get(channel) ?? []), voice]);
    else this.synth.release(voice, when);
  }

  change(channel, program) {
    const part = this.parts[channel];
    if (part.program === program || part.drum) return;
    part.program = program;
    this.synth.channels[channel] = this.synth.channelOf(part);
    this.synth.place(channel, part.level, part.pan);
  }

  control(channel, controller, value, when) {
    const part = this.parts[channel];
    if (controller === SUSTAIN && value >= 64) this.pedal.add(channel);
    else if (controller === SUSTAIN) this.liftPedal(channel, when);
    else if (controller === VOLUME) part.level = (value / 127) ** 2;
    else if (controller === PAN) part.pan = Math.min(Math.max((value - 64) / 63, -1), 1);
    else if (controller === ALL_SOUND_OFF || controller === ALL_NOTES_OFF) this.still(channel, when);
    if (controller === VOLUME || controller === PAN) this.synth.place(channel, part.level, part.pan);
  }

  liftPedal(channel, when) {
    this.pedal.delete(channel);
    for (const voice of this.late.get(channel) ?? []) this.synth.release(voice, when);
    this.late.delete(channel);
  }

  still(channel, when) {
    for (let key = 0; key < 128; key++) this.lift(channel, key, when);
    this.liftPedal(channel, when);
  }

  silence() {
    this.synth.silence();
    this.keys.clear();
    this.late.clear();
  }
}
