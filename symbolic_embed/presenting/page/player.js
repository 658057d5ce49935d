// Plays a piece through the synthesiser: notes are handed over a little before they sound, and what is looped, or
// changes for another take, goes on without a gap.

import { newStretch, placeIn, quarterAt, secondsAt } from "./music.js";

const AHEAD = 0.2, AHEAD_UNSEEN = 1.6; // seconds; browsers seldom wake a page that nobody sees
const EVERY = 40; // milliseconds
const LEAD = 0.06; // seconds from a jump to its first note
const HEARD = 0.12; // seconds that a held note must still last to be taken up in its midst

export class Player {
  // `makeSynth`: called when sound is first asked for, as browsers want it; `changed`: whenever it starts or stops.
  constructor(makeSynth, changed) {
    this.makeSynth = makeSynth;
    this.changed = changed;
    this.rest = 0; // where it stands while it does not play, in quarters
    this.loop = null;
    this.anchors = []; // context time and place from which playing goes on, the last for what comes next
    this.timer = null;
  }

  get isPlaying() {
    return this.timer !== null;
  }

  get now() {
    return this.synth.context.currentTime;
  }

  // Where it is, in quarters.
  get place() {
    if (!this.isPlaying) return this.rest;
    const heard = this.anchors.filter((anchor) => anchor.time <= this.now);
    const anchor = heard.length ? heard[heard.length - 1] : this.anchors[0];
    const place = quarterAt(this.piece, secondsAt(this.piece, anchor.quarter) + Math.max(0, this.now - anchor.time));
    return Math.min(place, this.piece.end);
  }

  // Another piece, at the same place and in time: not a beat is lost.
  setPiece(piece, loop) {
    const before = this.piece ? this.place : 0;
    const place = this.piece ? placeIn(piece, before, loop ?? newStretch(piece)) : 0;
    this.piece = piece;
    this.loop = loop;
    if (this.synth) this.setChannels();
    this.seek(place, place === before ? 0 : LEAD);
  }

  setLoop(loop) {
    this.loop = loop;
    this.seek(this.place, 0);
  }

  seek(quarter, lead = LEAD) {
    const inside = !this.loop || (quarter >= this.loop[0] - 1e-6 && quarter < this.loop[1] - 1e-6);
    const place = this.isPlaying && !inside ? this.loop[0] : quarter;
    if (this.isPlaying) this.goOn(place, lead); else this.rest = place;
    this.changed();
  }

  async toggle() {
    if (this.isPlaying) this.stop(); else await this.start();
  }

  async start() {
    if (!this.synth) {
      this.synth = this.makeSynth();
      this.setChannels();
    }
    await this.synth.context.resume();
    if (this.isPlaying) return;
    if (this.rest >= this.piece.end - 1e-6) this.rest = 0;
    this.timer = setInterval(() => this.schedule(), EVERY);
    this.seek(this.rest);
  }

  stop() {
    this.rest = this.place >= this.piece.end - 1e-6 ? 0 : this.place;
    clearInterval(this.timer);
    this.timer = null;
    this.synth.silence();
    this.changed();
  }

  setChannels() {
    for (const part of this.piece.parts) this.synth.place(part.part, part.level, part.pan);
  }

  // Plays on from a place, in `lead` seconds.
  goOn(quarter, lead) {
    this.synth.silence();
    this.anchors = [{ time: this.now + lead, quarter }];
    this.begin();
    this.schedule();
  }

  // The next event from the last anchor on; what is held there already is taken up.
  begin() {
    const { time, quarter } = this.anchors[this.anchors.length - 1];
    this.next = this.piece.events.findIndex((note) => note.start >= quarter - 1e-6);
    if (this.next < 0) this.next = this.piece.events.length;
    for (const note of this.piece.events.slice(0, this.next)) {
      const channel = this.synth.channels[note.part];
      if (!channel.drum && channel.patch.sustain && note.until > quarter) this.play(note, time, quarter, HEARD);
    }
  }

  // A note, from `quarter` on, where at least `least` seconds of it are left.
  play(note, when, quarter, least) {
    const end = Math.min(note.until, this.loop ? this.loop[1] : note.until);
    const seconds = secondsAt(this.piece, end) - secondsAt(this.piece, quarter);
    if (seconds >= least) this.synth.play(note.part, note, when, seconds);
  }

  schedule() {
    const horizon = this.now + (document.hidden ? AHEAD_UNSEEN : AHEAD), { piece } = this;
    for (;;) {
      const anchor = this.anchors[this.anchors.length - 1];
      const timeOf = (quarter) => anchor.time + secondsAt(piece, quarter) - secondsAt(piece, anchor.quarter);
      const stop = this.loop ? this.loop[1] : piece.end, note = piece.events[this.next];
      if (note && note.start < stop - 1e-6) {
        const when = timeOf(note.start);
        if (when > horizon) return;
        this.play(note, Math.max(when, this.now), note.start, 0);
        this.next++;
      } else if (timeOf(stop) > horizon) {
        return;
      } else if (this.loop) {
        this.anchors = [...this.anchors.slice(-3), { time: timeOf(stop), quarter: this.loop[0] }];
        this.begin();
      } else {
        if (this.now >= timeOf(stop)) this.stop();
        return;
      }
    }
  }
}
