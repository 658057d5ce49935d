// What is heard: one piece at a time, through the synthesiser of the page, with a fader for each part.

import { Player } from "./player.js";
import { Synth } from "./synth.js";
import { positionText } from "./music.js";

export class Sound {
  // `changed`: whenever it starts, stops, or moves to another place.
  constructor(changed) {
    this.volume = 0.8;
    this.parts = [];
    this.muted = new Set();
    this.alone = new Set();
    this.player = new Player(() => {
      const synth = new Synth(new AudioContext({ latencyHint: "interactive" }), this.parts);
      this.fade(synth);
      return synth;
    }, changed);
  }

  get isPlaying() {
    return this.player.isPlaying;
  }

  get piece() {
    return this.player.piece ?? null;
  }

  get place() {
    return this.player.place;
  }

  get loop() {
    return this.player.loop;
  }

  get position() {
    return this.piece ? positionText(this.piece, this.place) : "–";
  }

  // A piece of these parts, at the same place where one was heard of them before, else at the beginning of its loop.
  hear(piece, parts, loop) {
    const isOther = parts !== this.parts;
    if (isOther) {
      this.muted.clear();
      this.alone.clear();
      if (this.player.piece) this.player.rest = 0;
    }
    this.parts = parts;
    this.adopt(isOther);
    const wasPlaying = this.isPlaying;
    if (isOther && wasPlaying) this.player.stop();
    this.player.setPiece(piece, loop);
    if (isOther) this.player.seek(loop ? loop[0] : 0);
    if (isOther && wasPlaying) this.player.start();
  }

  // A channel for each part; those of other parts before are left.
  adopt(isOther) {
    const { synth } = this.player;
    if (!synth) return;
    if (isOther) {
      synth.silence();
      for (const { input } of synth.channels) input.disconnect();
      synth.channels = [];
    }
    for (const part of this.parts.slice(synth.channels.length)) synth.channels.push(synth.channelOf(part));
    this.fade(synth);
  }

  fade(synth = this.player.synth) {
    if (!synth) return;
    this.parts.forEach((_, part) => synth.setFader(part, this.isHeard(part) ? 1 : 0));
    synth.setVolume(Math.pow(this.volume / 0.8, 2));
  }

  setVolume(share) {
    this.volume = share;
    this.fade();
  }

  isHeard(part) {
    return !this.muted.has(part) && (!this.alone.size || this.alone.has(part));
  }

  // Mutes a part (kind "muted") or has it sound alone (kind "alone"), or no longer; gives back whether it is so now.
  turn(kind, part) {
    const set = this[kind];
    if (!set.delete(part)) set.add(part);
    this.fade();
    return set.has(part);
  }

  // To be called in a click: browsers let nothing sound before one.
  allow() {
    this.player.synth ??= this.player.makeSynth();
    this.player.synth.context.resume();
  }

  toggle() {
    return this.piece ? this.player.toggle() : null;
  }

  start() {
    return this.piece ? this.player.start() : null;
  }

  stop() {
    if (this.isPlaying) this.player.stop();
  }

  seek(quarter) {
    if (this.piece) this.player.seek(quarter);
  }

  setLoop(loop) {
    if (this.piece) this.player.setLoop(loop);
  }
}
