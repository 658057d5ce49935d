// What is heard: one piece at a time, through the synthesiser of the page, with a fader for each part; or as the server
// rendered it with a sound font, where all parts are heard as they are.

import { complain } from "./dom.js";
import { positionText } from "./music.js";
import { Player } from "./player.js";
import { Synth } from "./synth.js";
import { Tape } from "./tape.js";

export class Sound {
  // `changed`: whenever it starts, stops, or moves to another place.
  constructor(changed) {
    this.changed = changed;
    this.volume = 0.8;
    this.parts = [];
    this.muted = new Set();
    this.alone = new Set();
    this.render = null; // what has a piece rendered, where a sound font was chosen
    this.rendered = new WeakMap(); // buffers, and what is on its way, by piece
    this.player = new Player(() => {
      const synth = new Synth(new AudioContext({ latencyHint: "interactive" }), this.parts);
      this.fade(synth);
      return synth;
    }, changed);
    this.tape = null;
    this.isTape = false;
  }

  // What plays now.
  get engine() {
    return this.isTape ? this.tape : this.player;
  }

  get isPlaying() {
    return this.engine.isPlaying;
  }

  get piece() {
    return this.player.piece ?? null;
  }

  get place() {
    return this.engine.place;
  }

  get loop() {
    return this.engine.loop;
  }

  get position() {
    return this.piece ? positionText(this.piece, this.place) : "–";
  }

  // A piece of these parts: at the same place where one was heard of them before, else at the beginning of its loop.
  hear(piece, parts, loop) {
    const isOther = parts !== this.parts, wasPlaying = this.isPlaying;
    if (this.isTape && !isOther && this.rendered.get(piece)?.buffer && this.isWhole) {
      this.player.piece = piece;
      this.tape.load(this.rendered.get(piece).buffer, piece, loop);
      return;
    }
    this.leaveTape();
    if (isOther) {
      this.muted.clear();
      this.alone.clear();
      if (wasPlaying) this.player.stop();
      if (this.player.piece) this.player.rest = 0;
    }
    this.parts = parts;
    this.adopt(isOther);
    this.player.setPiece(piece, loop);
    if (isOther) this.player.seek(loop ? loop[0] : 0);
    if (isOther && wasPlaying) this.player.start();
    this.takeTape();
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

  // Through a sound font from now on, by what has a piece rendered and gives back a WAV file; null: no longer.
  setRender(render) {
    this.render = render;
    if (render) this.takeTape(); else this.leaveTape();
  }

  // Whether all parts are heard as they are: of a tape none can be left out.
  get isWhole() {
    return !this.muted.size && !this.alone.size;
  }

  // Goes over to what was rendered, at the same place, once that is here.
  async takeTape() {
    const { piece } = this;
    if (!this.render || !piece || !this.isWhole || this.isTape) return;
    if (!this.player.synth) return; // before the first click there is nothing to render for
    try {
      if (!this.rendered.has(piece)) this.rendered.set(piece, { coming: this.bufferOf(piece) });
      const known = this.rendered.get(piece);
      known.buffer ??= await known.coming;
    } catch (error) {
      this.rendered.delete(piece);
      complain(error.message);
      return;
    }
    if (piece !== this.piece || !this.render || !this.isWhole || this.isTape) return;
    const { synth } = this.player, { place, isPlaying, loop } = this;
    this.player.stop();
    this.tape ??= new Tape(synth.context, synth.limiter, this.changed);
    this.isTape = true;
    this.tape.load(this.rendered.get(piece).buffer, piece, loop);
    this.tape.rest = place;
    if (isPlaying) this.tape.start();
    this.changed();
  }

  async bufferOf(piece) {
    const bytes = await this.render(piece);
    return this.player.synth.context.decodeAudioData(await bytes.arrayBuffer());
  }

  leaveTape() {
    if (!this.isTape) return;
    const { place, isPlaying, loop } = this;
    this.tape.stop();
    this.isTape = false;
    Object.assign(this.player, { loop, rest: place });
    if (isPlaying) this.player.start();
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
    if (this.isWhole) this.takeTape(); else this.leaveTape();
    return set.has(part);
  }

  // To be called in a click: browsers let nothing sound before one. Gives back what sounds.
  allow() {
    this.player.synth ??= this.player.makeSynth();
    this.player.synth.context.resume();
    return this.player.synth.context;
  }

  async toggle() {
    if (!this.piece) return;
    if (this.isPlaying) this.engine.stop(); else await this.start();
  }

  async start() {
    if (!this.piece || this.isPlaying) return;
    await this.engine.start();
    this.takeTape();
  }

  stop() {
    if (this.isPlaying) this.engine.stop();
  }

  seek(quarter) {
    if (this.piece) this.engine.seek(quarter);
  }

  setLoop(loop) {
    if (this.piece) this.engine.setLoop(loop);
  }
}
