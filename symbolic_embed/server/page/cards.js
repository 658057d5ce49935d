// The seed and its takes side by side: what is new in each in colour; hear, keep, reject, download, go on from it.

import { shareOfNew } from "./clip.js";
import { button, count, element, make, save } from "./dom.js";
import { paintStrip, penOf } from "./strip.js";
import { zipped } from "./zip.js";

export class Cards {
  constructor(session) {
    this.session = session;
    session.addEventListener("takes", () => this.fill());
    session.addEventListener("shown", () => this.mark());
    element("show-rejected").addEventListener("click", () => this.toggleRejected());
    element("download-kept").addEventListener("click", () => this.downloadKept());
    element("swap").addEventListener("click", () => session.swap());
    element("way-place").addEventListener("input", () => session.show(this.way[element("way-place").value]));
    window.addEventListener("beforeunload", (event) => { if (session.kept.some((piece) => !piece.isSaved)) event.preventDefault(); });
    document.addEventListener("themed", () => this.paint());
    new ResizeObserver(() => this.paint()).observe(element("cards"));
  }

  fill() {
    const { pieces } = this.session.step;
    const held = document.activeElement?.closest?.("#cards li")?.dataset.number, act = document.activeElement?.dataset.act;
    element("takes").hidden = false;
    element("cards").replaceChildren(...pieces.map((piece, number) => this.card(piece, number)));
    const rejected = pieces.filter((piece) => piece.state === "rejected").length, kept = this.session.kept.length;
    element("show-rejected").hidden = !rejected;
    element("show-rejected").textContent = this.session.showsRejected ? "Hide rejected" : `Show rejected (${rejected})`;
    element("download-kept").disabled = !kept;
    element("download-kept").textContent = kept ? `Download kept (${kept})` : "Download kept";
    this.mark();
    this.paint();
    if (held !== undefined) element("cards").querySelector(`[data-number="${held}"] [data-act="${act}"]`)?.focus();
  }

  card(piece, number) {
    const { session } = this, isSeed = piece.state === "seed", name = isSeed ? "the seed" : `take ${number}`;
    const act = (kind, text, does, label, more = {}) => button(text, does, { "data-act": kind, "aria-label": label, title: label, ...more });
    const shown = button("", () => session.show(number), { class: "strip", "data-act": "show", "aria-label": `Hear ${name}: ${piece.title}, ${piece.below}` });
    shown.append(make("canvas", { "aria-hidden": "true" }));
    return make("li", { "data-number": number, class: `take ${piece.state}`, hidden: !session.isInSight(number) },
      shown,
      make("p", { class: "title", title: piece.name }, make("kbd", {}, String(number)), make("strong", {}, piece.title), make("small", {}, isSeed ? piece.name : this.newIn(piece)),
        act("download", "↓", () => this.download(piece), `Download ${name}`)),
      make("p", { class: "below" }, piece.below),
      isSeed ? null : make("div", { class: "actions" },
        act("keep", piece.state === "kept" ? "★ Kept" : "☆ Keep", () => session.mark(number, "kept"), `Keep ${name}`, { "aria-pressed": String(piece.state === "kept") }),
        act("reject", piece.state === "rejected" ? "Take back" : "✕", () => session.mark(number, "rejected"), piece.state === "rejected" ? `Take ${name} back` : `Reject ${name}`),
        act("seed", "Use as seed", () => session.takeAsSeed(number), `Go on from ${name}`)));
  }

  // The takes of a blend lie on a way from the seed to another piece: a slider goes along it, while one of them is
  // shown, or the seed that it was set to.
  fillWay() {
    const { step: { pieces }, shown } = this.session;
    this.job = shown.job ?? this.job;
    const on = pieces.flatMap((piece, number) => (piece.towards && piece.job === this.job ? [number] : []));
    this.way = on.length ? [0, ...on] : [];
    element("way").hidden = !on.length;
    element("way-place").max = on.length;
    element("way-from").textContent = pieces[0].name.split("/").pop();
    element("way-to").textContent = pieces[on[0]]?.towards ?? "";
  }

  // What is new, where it is not said below what has changed.
  newIn(piece) {
    return piece.saysChange ? "" : `${Math.round(100 * shareOfNew(piece.music))} % new`;
  }

  mark() {
    const { step, other } = this.session;
    for (const item of element("cards").children) {
      const number = Number(item.dataset.number), isShown = number === step.shown;
      item.classList.toggle("shown", isShown);
      item.classList.toggle("before", number === other && !isShown);
      item.querySelector(".strip").setAttribute("aria-pressed", String(isShown));
    }
    this.fillWay();
    if (this.way.includes(step.shown)) element("way-place").value = this.way.indexOf(step.shown);
    element("swap").disabled = other === step.shown;
  }

  paint() {
    const pieces = this.session.step?.pieces ?? [], length = Math.max(...pieces.map((piece) => piece.music.end));
    for (const item of element("cards").children) {
      const piece = pieces[Number(item.dataset.number)];
      if (!piece || item.hidden) continue;
      const { pen, wide, high } = penOf(item.querySelector("canvas"));
      pen.clearRect(0, 0, wide, high);
      paintStrip(pen, piece.music, { x: 0, y: 0, wide, high, length, isCompared: piece.state !== "seed" });
    }
  }

  toggleRejected() {
    this.session.showsRejected = !this.session.showsRejected;
    element("show-rejected").setAttribute("aria-pressed", String(this.session.showsRejected));
    this.fill();
  }

  download(piece) {
    save(piece.bytes, piece.name.split("/").pop());
    piece.isSaved = true;
  }

  async downloadKept() {
    const files = this.session.kept.map(({ name, bytes }) => ({ name: name.split("/").pop(), bytes }));
    for (const piece of this.session.kept) piece.isSaved = true;
    if (files.length === 1) save(files[0].bytes, files[0].name);
    else save(await zipped(files), `${count(files.length, "take").replace(" ", "_")}.zip`);
  }
}

// What is said below the title of a take, from the record that lies beside it.
export function belowOf(record, verb) {
  const said = [], take = record.take ?? {}, percent = (share) => `${Math.round(100 * share)} %`;
  if (verb === "vary" && record.measured_change !== undefined) said.push(`${percent(record.measured_change)} of the notes changed where it varies`);
  if (record.settings?.strength) said.push(`strength ${record.measured_strength}`);
  if (verb === "blend" && record.settings?.step) said.push(`step ${record.settings.step} of ${record.settings.steps} to ${record.target?.path?.split("/").pop() ?? "the other"}`);
  if (record.settings?.amount !== undefined) said.push(`amount ${record.settings.amount}`);
  if (record.written_bars?.length) said.push(count(record.written_bars.length, "new bar"));
  if (take.failures) said.push(take.failures.length ? `fails: ${take.failures.map((failure) => failure.replaceAll("_", " ")).join(", ")}` : "no failure found");
  if (take.of) said.push(take.rank ? `best ${take.rank} of ${take.of}` : `best of ${take.of}`);
  return said.join(" · ") || verb;
}
