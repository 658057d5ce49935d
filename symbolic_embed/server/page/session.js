// What somebody works on: a seed, the takes that were made of it, the seeds before; what is shown, what is selected.

import { factsOf, musicOf, partsOf, readClip } from "./clip.js";

export class Session extends EventTarget {
  constructor() {
    super();
    this.steps = []; // a seed each, with its takes
    this.at = -1;
    this.selection = { bars: null, parts: null };
    this.showsRejected = false;
  }

  get step() {
    return this.steps[this.at] ?? null;
  }

  get seed() {
    return this.step?.pieces[0] ?? null;
  }

  // The piece that is shown and heard: the seed or a take.
  get shown() {
    return this.step?.pieces[this.step.shown] ?? null;
  }

  say(what) {
    this.dispatchEvent(new Event(what));
  }

  // A file becomes the seed; what was worked on before can be gone back to.
  async open(bytes, name) {
    this.begin(await readClip(bytes, name), bytes, name);
  }

  begin(clip, bytes, name) {
    const parts = partsOf(clip), music = musicOf(clip, parts);
    const seed = { name, bytes, clip, music, title: "Seed", below: factsOf(clip), state: "seed" };
    this.steps.splice(this.at + 1);
    this.steps.push({ parts, pieces: [seed], shown: 0, before: 0 });
    this.move(1);
  }

  move(by) {
    if (!this.steps[this.at + by]) return;
    this.at += by;
    this.selection = { bars: null, parts: null };
    for (const what of ["seed", "takes", "shown", "selection"]) this.say(what);
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at + 1 < this.steps.length;
  }

  // New takes of `step`'s seed; the first is shown where the step is still in sight.
  async add(step, takes) {
    const first = step.pieces.length, seed = step.pieces[0];
    for (const take of takes) {
      const clip = await readClip(take.bytes, take.name);
      step.pieces.push({ ...take, clip, music: musicOf(clip, step.parts, seed), state: "new" });
    }
    if (step !== this.step || step.pieces.length === first) return;
    this.say("takes");
    this.show(first);
  }

  show(number) {
    const { step } = this;
    if (!step?.pieces[number] || number === step.shown) return;
    if (this.isInSight(step.shown)) step.before = step.shown;
    step.shown = number;
    this.say("shown");
  }

  // Whether a piece has a card that is seen: keys pass over the others.
  isInSight(number) {
    const piece = this.step?.pieces[number];
    return Boolean(piece) && (this.showsRejected || piece.state !== "rejected");
  }

  // What the shown one is compared with: what was shown before, the seed where that is out of sight.
  get other() {
    const { before, shown } = this.step;
    return before !== shown && this.isInSight(before) ? before : 0;
  }

  // The two that are compared: back and forth, at the same place.
  swap() {
    if (this.step) this.show(this.other);
  }

  mark(number, state) {
    const piece = this.step.pieces[number];
    if (piece.state === "seed") return;
    piece.state = piece.state === state ? "new" : state;
    if (piece.state === "rejected" && number === this.step.shown) this.show(this.nextFrom(number));
    this.say("takes");
  }

  // The take that comes after one that is rejected, or before it; the seed where no other is left.
  nextFrom(number) {
    const left = this.step.pieces.map((piece, at) => (piece.state === "rejected" ? -1 : at)).filter((at) => at >= 0);
    return left.find((at) => at > number) ?? left[left.length - 1];
  }

  takeAsSeed(number) {
    const { clip, bytes, name, state } = this.step.pieces[number];
    if (state !== "seed") this.begin(clip, bytes, name);
  }

  get kept() {
    return this.steps.flatMap((step) => step.pieces.filter((piece) => piece.state === "kept"));
  }

  // All of it as plain data and bytes; what follows from the clips is left out.
  saved() {
    const steps = this.steps.map(({ pieces, shown, before }) => ({ shown, before, pieces: pieces.map(({ music, ...piece }) => piece) }));
    return { at: this.at, steps };
  }

  // What was saved, as it was.
  restore({ at, steps }) {
    this.steps = steps.map(({ pieces: [seed, ...takes], shown, before }) => {
      const parts = partsOf(seed.clip), first = { ...seed, music: musicOf(seed.clip, parts) };
      return { parts, shown, before, pieces: [first, ...takes.map((take) => ({ ...take, music: musicOf(take.clip, parts, first) }))] };
    });
    this.at = at - 1;
    this.move(1);
  }

  // What is selected, as the verbs have it: bars counted from 1, tracks as `show` numbers them.
  get selected() {
    const { bars, parts } = this.selection, said = {};
    if (bars) said.bars = bars[0] === bars[1] ? `${bars[0] + 1}` : `${bars[0] + 1}-${bars[1] + 1}`;
    if (parts) said.tracks = [...parts].sort((a, b) => a - b).join(",");
    return said;
  }

  // `bars`: first and last, from 0; `parts`: numbers. Null: all.
  select(bars, parts) {
    const all = this.step.parts.filter((part) => !part.isNew).length;
    this.selection = { bars, parts: parts && parts.size && parts.size < all ? parts : null };
    this.say("selection");
  }
}
