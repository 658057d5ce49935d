// A piece as it was rendered elsewhere, through a sound font: played from any place, round a loop, as the player does.

import { quarterAt, secondsAt } from "./music.js";

export class Tape {
  // `changed`: whenever it starts or stops.
  constructor(context, output, changed) {
    Object.assign(this, { context, output, changed });
    this.rest = 0; // where it stands while it does not play, in quarters
    this.loop = null;
    this.source = null;
  }

  get isPlaying() {
    return this.source !== null;
  }

  get place() {
    if (!this.isPlaying) return this.rest;
    let seconds = this.from + Math.max(0, this.context.currentTime - this.begun);
    if (this.loop) {
      const [start, end] = this.loop.map((quarter) => secondsAt(this.piece, quarter));
      if (seconds >= end) seconds = start + ((seconds - start) % (end - start));
    }
    return Math.min(quarterAt(this.piece, seconds), this.piece.end);
  }

  // Another piece, at the same place.
  load(buffer, piece, loop) {
    const place = this.place, wasPlaying = this.isPlaying;
    this.silence();
    Object.assign(this, { buffer, piece, loop, rest: Math.min(place, piece.end) });
    if (wasPlaying) this.start();
  }

  setLoop(loop) {
    this.loop = loop;
    this.seek(this.place);
  }

  seek(quarter) {
    const isInside = !this.loop || (quarter >= this.loop[0] - 1e-6 && quarter < this.loop[1] - 1e-6);
    const wasPlaying = this.isPlaying;
    this.silence();
    this.rest = wasPlaying && !isInside ? this.loop[0] : quarter;
    if (wasPlaying) this.start(); else this.changed();
  }

  start() {
    if (this.rest >= this.piece.end - 1e-6) this.rest = 0;
    const source = new AudioBufferSourceNode(this.context, { buffer: this.buffer, loop: Boolean(this.loop) });
    if (this.loop) [source.loopStart, source.loopEnd] = this.loop.map((quarter) => secondsAt(this.piece, quarter));
    source.connect(this.output);
    source.onended = () => { if (this.source === source) { this.silence(); this.rest = 0; this.changed(); } };
    [this.from, this.begun] = [secondsAt(this.piece, this.rest), this.context.currentTime];
    source.start(0, this.from);
    this.source = source;
    this.changed();
  }

  stop() {
    this.rest = this.place;
    this.silence();
    this.changed();
  }

  silence() {
    const { source } = this;
    this.source = null;
    source?.stop();
  }
}
