// The page: which take is in sight, and what keys and buttons do.

const music = JSON.parse(document.getElementById("music").textContent);
const seed = pieceOf(music.pieces[0], null);
const pieces = [seed, ...music.pieces.slice(1).map((data) => pieceOf(data, seed))];
const tabs = [...document.querySelectorAll("[role=tab]")];
const cards = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
const element = (id) => document.getElementById(id);
let chosen = -1, selection = null;

const player = new Player(
  () => {
    const synth = new Synth(new AudioContext({ latencyHint: "interactive" }), music.parts);
    setFaders(synth);
    return synth;
  },
  () => refresh(),
);
const roll = new Roll(music, pieces, {
  isHeard: (part) => mixer.isHeard(part),
  seek: (quarter) => player.seek(quarter),
  select: (from, to) => select(barAt(pieces[chosen], Math.min(from, to)), barAt(pieces[chosen], Math.max(from, to) - 1e-6)),
});
const mixer = new Mixer(music.parts, (part) => roll.colourOf(part), () => {
  if (player.synth) setFaders(player.synth);
  roll.draw();
});
roll.drawn = () => refresh();

function setFaders(synth) {
  music.parts.forEach((_, part) => synth.setFader(part, mixer.gain(part)));
  synth.setVolume(Math.pow(element("volume").value / 80, 2));
}

// The stretch that the loop goes through in a piece, null where nothing is looped.
function loopOf(piece) {
  if (element("loop").value === "new") return newStretch(piece);
  if (element("loop").value === "selection" && selection) {
    const last = piece.barlines.length - 2, [from, to] = selection.map((bar) => Math.min(bar, last));
    return [piece.barlines[from], piece.barlines[to + 1]];
  }
  return null;
}

function select(from, to) {
  const bars = [Math.min(from, to), Math.max(from, to)];
  if (element("loop").value === "selection" && String(bars) === String(selection)) return;
  selection = bars;
  [element("from").value, element("to").value] = selection.map((bar) => bar + 1);
  element("loop").value = "selection";
  player.setLoop(loopOf(pieces[chosen]));
}

function choose(number) {
  if (number < 0 || number >= pieces.length || number === chosen) return;
  const held = tabs.includes(document.activeElement), piece = pieces[number];
  chosen = number;
  tabs.forEach((tab, index) => {
    tab.setAttribute("aria-selected", String(index === number));
    tab.tabIndex = index === number ? 0 : -1;
    cards[index].hidden = index !== number;
  });
  if (held) tabs[number].focus();
  tabs[number].scrollIntoView({ block: "nearest", inline: "nearest" });
  roll.setPiece(piece);
  mixer.setPiece(piece);
  for (const id of ["from", "to"]) element(id).max = piece.barlines.length - 1;
  element("gone-key").hidden = !piece.parts.some((part) => part.gone.length);
  element("roll").setAttribute("aria-label", described(piece, number));
  element("told").textContent = ["name", "below"].map((kind) => tabs[number].querySelector(`.${kind}`).textContent).join(": ");
  player.setPiece(piece, loopOf(piece));
}

// What the picture shows, in words.
function described(piece, number) {
  const name = tabs[number].querySelector(".name").textContent, sounding = piece.parts.filter((part) => part.notes.length);
  const fresh = piece.events.filter((note) => note.isNew).length, bars = piece.barlines.length - 1;
  const end = piece.seedEnd === null ? "" : `, the seed ends after bar ${barAt(piece, piece.seedEnd - 1e-6) + 1}`;
  return `Piano roll of ${name}: ${sounding.length} parts, ${bars} bars${end}, ${fresh} of ${piece.events.length} notes are new`;
}

function refresh() {
  const word = player.isPlaying ? "Stop" : "Play";
  if (element("play-word").textContent !== word) {
    element("play-word").textContent = word;
    element("play").classList.toggle("playing", player.isPlaying);
    if (player.isPlaying) requestAnimationFrame(animate);
  }
  if (!player.piece) return;
  element("position").textContent = positionText(player.piece, player.place);
  roll.drawOverlay(player.place, player.loop, player.isPlaying);
}

function animate() {
  if (!player.isPlaying) return;
  roll.follow(player.place);
  refresh();
  requestAnimationFrame(animate);
}

function showNew() {
  const piece = pieces[chosen], fresh = newStretch(piece) ?? [0, piece.end];
  const before = piece.barlines[Math.max(0, barAt(piece, fresh[0]) - 1)];
  roll.show([before, fresh[1]]);
}

// The new bars stand as selection until somebody selects others.
function suggestBars() {
  const piece = pieces[chosen], [start, end] = newStretch(piece) ?? [0, piece.end];
  [element("from").value, element("to").value] = [barAt(piece, start) + 1, barAt(piece, end - 1e-6) + 1];
}

const KEYS = {
  " ": () => player.toggle(),
  ArrowLeft: () => choose(chosen - 1),
  ArrowRight: () => choose(chosen + 1),
  Home: () => player.seek(player.loop ? player.loop[0] : 0),
  l: () => setLoop(element("loop").value === "new" ? "none" : "new"),
};

function setLoop(kind) {
  element("loop").value = kind;
  if (kind === "selection" && !selection) select(element("from").value - 1, element("to").value - 1);
  player.setLoop(loopOf(pieces[chosen]));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select")) return;
  if (event.key === " " && event.target.closest("button:not([role=tab]), summary, a")) return;
  const act = /^[0-9]$/.test(event.key) ? () => choose(Number(event.key)) : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
tabs.forEach((tab, number) => tab.addEventListener("click", () => choose(number)));
element("play").addEventListener("click", () => player.toggle());
element("loop").addEventListener("change", () => setLoop(element("loop").value));
element("volume").addEventListener("input", () => player.synth && setFaders(player.synth));
for (const id of ["from", "to"]) {
  element(id).addEventListener("change", () => {
    const bars = ["from", "to"].map((each) => Math.min(Math.max(1, Number(element(each).value) || 1), pieces[chosen].barlines.length - 1));
    select(bars[0] - 1, bars[1] - 1);
  });
}
element("zoom-in").addEventListener("click", () => roll.setZoom(roll.scale * 1.5));
element("zoom-out").addEventListener("click", () => roll.setZoom(roll.scale / 1.5));
element("zoom-fit").addEventListener("click", () => roll.setZoom(0));
element("zoom-new").addEventListener("click", showNew);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  roll.draw();
  mixer.setPiece(pieces[chosen]);
});

document.documentElement.classList.add("scripted");
choose(pieces.length > 1 ? 1 : 0);
suggestBars();
if (roll.fit < 9 && newStretch(pieces[chosen])) showNew();
