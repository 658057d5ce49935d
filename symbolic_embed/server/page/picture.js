// The card of the piano roll: what is said of the piece above it, what is selected in it, and the controls beside.

import { factsOf } from "./clip.js";
import { count, element, make, tell } from "./dom.js";
import { headOf, markHeads } from "./heads.js";
import { Lanes } from "./lanes.js";
import { Pointing } from "./pointing.js";

const ZOOM = 1.5;
const nameOf = (part) => part.name || part.instrument;

export class Picture {
  constructor(session, hearing) {
    Object.assign(this, { session, hearing });
    const elements = Object.fromEntries(["scroller", "sheet", "heads", "paper", "overlay"].map((id) => [id, element(id)]));
    const on = { turn: (kind, part) => this.turn(kind, part), choose: (part, isChosen) => this.choose(part, isChosen) };
    this.lanes = new Lanes(elements, (part, number) => headOf(part, number, on), (part) => hearing.isHeard(part));
    this.pointing = new Pointing(this.lanes, {
      seek: (quarter) => hearing.seekOwn(quarter), select: (bars, parts) => session.select(bars, parts), tell: (bar, part) => tell(this.cellInWords(bar, part)),
    });
    session.addEventListener("seed", () => this.showSeed());
    session.addEventListener("takes", () => this.measure());
    session.addEventListener("shown", () => this.showPiece());
    session.addEventListener("selection", () => this.showSelection());
    this.listen();
  }

  listen() {
    const clicks = {
      clear: () => this.session.select(null, null), "zoom-in": () => this.zoom(ZOOM), "zoom-out": () => this.zoom(1 / ZOOM),
      "zoom-fit": () => this.lanes.setZoom(0), taller: () => this.lanes.grow(), "select-mode": () => this.toggleSelecting(),
    };
    for (const [id, act] of Object.entries(clicks)) element(id).addEventListener("click", act);
    for (const id of ["from", "to"]) element(id).addEventListener("change", () => this.selectBars());
    document.addEventListener("themed", () => { this.lanes.draw(); markHeads(this.session.selection.parts); });
  }

  zoom(times = ZOOM) {
    this.pointing.zoom(times);
  }

  measure() {
    this.lanes.measure(this.session.step.pieces.map((piece) => piece.music), this.session.step.parts);
    markHeads(this.session.selection.parts);
  }

  showSeed() {
    const { seed } = this.session, { clip } = seed, warnings = element("warnings");
    element("drop").hidden = true;
    element("picture").hidden = false;
    element("name").textContent = seed.name.split("/").pop();
    element("facts").textContent = factsOf(clip);
    element("undo").disabled = !this.session.canUndo;
    element("redo").disabled = !this.session.canRedo;
    warnings.hidden = !clip.warnings.length;
    warnings.querySelector("summary").textContent = count(clip.warnings.length, "warning");
    warnings.querySelector("ul").replaceChildren(...clip.warnings.map((warning) => make("li", {}, warning)));
    for (const id of ["from", "to"]) element(id).max = clip.bars;
    document.title = `${element("name").textContent} – symbolic embed`;
    this.measure();
  }

  showPiece() {
    const { shown, step } = this.session, { events } = shown.music, parts = step.parts.filter((part) => !part.isNew).length;
    const isTake = shown.state !== "seed", fresh = events.filter((note) => note.isNew).length;
    const what = isTake ? `${shown.title}, ${shown.below}: ${fresh} of ${events.length} notes are new` : `${shown.name}: ${count(parts, "part")}, ${shown.clip.bars} bars`;
    this.lanes.isCompared = isTake;
    this.lanes.setPiece(shown.music);
    element("legend").hidden = !isTake;
    element("paper").setAttribute("aria-label", `Piano roll of ${what}`);
    this.hearing.hearOwn();
    tell(what);
  }

  showSelection() {
    const { selection, seed } = this.session, { bars, parts } = selection;
    [element("from").value, element("to").value] = bars ? bars.map((bar) => bar + 1) : [1, seed.clip.bars];
    element("selected").textContent = parts ? `in ${this.namesOf(parts)}` : bars ? "in all parts" : "all is meant";
    element("clear").disabled = !bars && !parts;
    markHeads(parts);
    this.lanes.setMarks({ selection });
    if (this.hearing.isLooping) this.hearing.loopAnew();
  }

  // What moves, as it is now.
  mark() {
    if (!this.session.shown) return;
    const { isOwn, sound } = this.hearing, isPlaying = isOwn && sound.isPlaying;
    if (isPlaying) this.lanes.time.follow(sound.place);
    this.lanes.setMarks({ quarter: isOwn ? sound.place : null, loop: isOwn ? sound.loop : null, isPlaying });
  }

  turn(kind, part) {
    const isOn = this.hearing.turn(kind, part);
    this.lanes.draw();
    return isOn;
  }

  choose(part, isChosen) {
    const parts = new Set(this.session.selection.parts ?? []);
    if (isChosen) parts.add(part); else parts.delete(part);
    this.session.select(this.session.selection.bars, parts);
  }

  selectBars() {
    const last = this.session.seed.clip.bars;
    const bars = ["from", "to"].map((id) => Math.min(Math.max(1, Number(element(id).value) || 1), last) - 1);
    this.session.select([Math.min(...bars), Math.max(...bars)], this.session.selection.parts);
  }

  // Whether a finger selects bars, or scrolls.
  toggleSelecting() {
    this.pointing.isSelecting = !this.pointing.isSelecting;
    element("select-mode").setAttribute("aria-pressed", String(this.pointing.isSelecting));
    element("papers").classList.toggle("selecting", this.pointing.isSelecting);
  }

  go(bar, part) {
    this.hearing.seekOwn(this.session.shown.music.barlines[bar]);
    this.lanes.reveal(bar, part ?? 0);
  }

  namesOf(parts) {
    return [...parts].map((part) => nameOf(this.session.step.parts[part])).join(", ");
  }

  cellInWords(bar, part) {
    const piece = this.session.shown.music, [start, end] = [piece.barlines[bar], piece.barlines[bar + 1]];
    const notes = piece.parts.find((one) => one.part === part)?.notes.filter((note) => note.start >= start && note.start < end) ?? [];
    const chord = piece.chords[bar] && piece.chords[bar] !== "N.C." ? `, ${piece.chords[bar]}` : "";
    return `bar ${bar + 1}, ${nameOf(this.session.step.parts[part])}, ${count(notes.length, "note")}${notes.some((note) => note.isNew) ? ", some new" : ""}${chord}`;
  }

  // Of what is selected, what a form will ask for.
  scopeInWords({ scope, seed: field }) {
    const { bars, parts } = this.session.selection, said = [];
    if (!field || !this.session.seed) return "";
    if (scope.includes("bars") && bars) said.push(bars[0] === bars[1] ? `bar ${bars[0] + 1}` : `bars ${bars[0] + 1} to ${bars[1] + 1}`);
    if (scope.includes("after") && bars) said.push(`after bar ${bars[1] + 1}`);
    if (scope.includes("tracks") && parts) said.push(this.namesOf(parts));
    return [said.length ? `Selected: ${said.join(" of ")}` : "", this.leftOutInWords(scope)].filter(Boolean).join(". ");
  }

  // Of what is selected, what a form does not ask for.
  leftOutInWords(scope) {
    const { bars, parts } = this.session.selection, of = (...fields) => fields.some((field) => scope.includes(field));
    const left = [bars && !of("bars", "after") ? "Bars" : null, parts && !of("tracks") ? "Parts" : null].filter(Boolean);
    if (left.length === 2) return "Bars and parts are not chosen here: all of the piece is meant";
    return left.length ? `${left[0]} are not chosen here: all ${left[0].toLowerCase()} are meant` : "";
  }
}
