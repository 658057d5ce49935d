// Which piece is heard: the one that is shown, or a guest, a match or a point of the map; what is repeated; the
// transport below the page.

import { element } from "./dom.js";
import { bytesAt, run } from "./http.js";
import { newStretch } from "./music.js";
import { Sound } from "./sound.js";

export class Hearing {
  // `moved`: whenever it plays, stops, or goes elsewhere.
  constructor(session, moved) {
    Object.assign(this, { session, moved, isLooping: false, guest: null });
    this.sound = new Sound(() => this.refresh());
    const clicks = { play: () => this.toggle(), begin: () => this.begin(), loop: () => this.setLooping(!this.isLooping) };
    for (const [id, act] of Object.entries(clicks)) element(id).addEventListener("click", act);
    element("volume").addEventListener("input", () => this.sound.setVolume(element("volume").value / 100));
  }

  // Whether what is heard is a piece of the session.
  get isOwn() {
    return Boolean(this.session.step) && this.sound.parts === this.session.step.parts;
  }

  // The stretch of a piece that is repeated: the selected bars, else what is new, else all.
  loopOf(piece) {
    if (!this.isLooping) return null;
    const last = piece.barlines.length - 2, { bars } = this.session.selection;
    if (bars) return [piece.barlines[Math.min(bars[0], last)], piece.barlines[Math.min(bars[1], last) + 1]];
    return newStretch(piece) ?? [0, piece.end];
  }

  hearOwn(loop = this.loopOf(this.session.shown.music)) {
    this.guest = null;
    this.sound.hear(this.session.shown.music, this.session.step.parts, loop);
    element("play").disabled = false;
  }

  seekOwn(quarter) {
    if (!this.isOwn) this.hearOwn();
    this.sound.seek(quarter);
  }

  hearGuest({ music, parts, name, bytes }, loop) {
    this.guest = { music, name, bytes };
    this.sound.hear(music, parts, loop);
    element("play").disabled = false;
    this.sound.start();
    this.refresh();
  }

  hearSeed(loop) {
    this.session.show(0);
    this.hearOwn(loop);
    this.sound.seek(loop[0]);
    this.sound.start();
  }

  // Mutes a part of the session, or has it alone; whether it is so now.
  turn(kind, part) {
    if (!this.isOwn) this.hearOwn();
    return this.sound.turn(kind, part);
  }

  isHeard(part) {
    return !this.isOwn || this.sound.isHeard(part);
  }

  async toggle() {
    if (this.sound.piece) await this.sound.toggle();
  }

  begin() {
    this.sound.seek(this.sound.loop ? this.sound.loop[0] : 0);
  }

  setLooping(isOn) {
    this.isLooping = isOn;
    element("loop").setAttribute("aria-pressed", String(isOn));
    this.loopAnew();
  }

  loopAnew() {
    if (this.isOwn) this.sound.setLoop(this.loopOf(this.session.shown.music));
  }

  refresh() {
    const { sound } = this, word = sound.isPlaying ? "Stop" : "Play", shown = this.session.shown;
    if (element("play-word").textContent !== word) {
      element("play-word").textContent = word;
      element("play").classList.toggle("playing", sound.isPlaying);
      if (sound.isPlaying) requestAnimationFrame(() => this.animate());
    }
    element("position").textContent = sound.position;
    element("heard").textContent = this.guest?.name ?? (shown?.state === "seed" ? "" : shown?.title ?? "");
    this.moved();
  }

  animate() {
    if (!this.sound.isPlaying) return;
    this.refresh();
    requestAnimationFrame(() => this.animate());
  }

  // The server's sound font as another sound than that of the page: what is heard is rendered there.
  offerSoundFont() {
    element("instrument-label").hidden = false;
    element("instrument").addEventListener("change", () => {
      this.sound.setRender(element("instrument").value === "font" ? (piece) => this.rendered(piece) : null);
    });
  }

  async rendered(piece) {
    const own = this.session.steps.flatMap(({ pieces }) => pieces).find(({ music }) => music === piece) ?? this.guest;
    const name = own.name.split("/").pop(), file = { name, bytes: own.bytes };
    const job = await run("render", { options: { file: name, output: "sound.wav" }, files: [file] });
    if (job.exit_code !== 0) throw new Error(job.error);
    return bytesAt(job.results.find((one) => one.name === "sound.wav").url);
  }
}
