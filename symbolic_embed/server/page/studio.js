// The page: what belongs together is put together here, and the keys that hold everywhere.

import { belowOf, Cards } from "./cards.js";
import { factsOf } from "./clip.js";
import { complain, count, element, make, tell } from "./dom.js";
import { Findings } from "./findings.js";
import { about, bytesAt } from "./http.js";
import { Lanes } from "./lanes.js";
import { headOf, markHeads } from "./heads.js";
import { Matches } from "./matches.js";
import { barAt, newStretch } from "./music.js";
import { Panel } from "./panel.js";
import { Plane } from "./plane.js";
import { Pointing } from "./pointing.js";
import { listening, sending } from "./rooms.js";
import { Session } from "./session.js";
import { Sound } from "./sound.js";
import { Words } from "./words.js";

const ZOOM = 1.5;
const session = new Session();
const sound = new Sound(() => refresh());
const lanes = new Lanes(
  { scroller: element("scroller"), sheet: element("sheet"), heads: element("heads"), paper: element("paper"), overlay: element("overlay") },
  (part, number) => headOf(part, number, { turn, choose: selectPart }), (part) => !isOwn() || sound.isHeard(part),
);
const pointing = new Pointing(lanes, { seek: seekOwn, select: (bars, parts) => session.select(bars, parts), tell: (bar, part) => tell(cellInWords(bar, part)) });
new Cards(session);
let isLooping = false, guest = null, panel = null, matches = null, plane = null, findings = null;

// Whether what is heard is a piece of the session, not a match or a point of the map.
const isOwn = () => Boolean(session.step) && sound.parts === session.step.parts;

// The stretch that is repeated: the selected bars, else what is new, else all.
function loopOf(piece) {
  if (!isLooping) return null;
  const last = piece.barlines.length - 2, { bars } = session.selection;
  if (bars) return [piece.barlines[Math.min(bars[0], last)], piece.barlines[Math.min(bars[1], last) + 1]];
  return newStretch(piece) ?? [0, piece.end];
}

function hearOwn(loop = loopOf(session.shown.music)) {
  guest = null;
  sound.hear(session.shown.music, session.step.parts, loop);
}

function seekOwn(quarter) {
  if (!isOwn()) hearOwn();
  sound.seek(quarter);
}

// Another piece is heard: a match, a point of the map.
function hearGuest(piece, parts, loop, name) {
  guest = name;
  sound.hear(piece, parts, loop);
  element("play").disabled = false;
  sound.start();
  refresh();
}

function hearSeed(loop) {
  session.show(0);
  hearOwn(loop);
  sound.seek(loop[0]);
  sound.start();
}

function takeSeed(clip, bytes, name) {
  sound.stop();
  session.begin(clip, bytes, name);
  element("picture").scrollIntoView({ block: "nearest" });
}

function blendWith(name, bytes) {
  panel.open("blend");
  panel.form.setFile(name, bytes);
  element("verbs").scrollIntoView({ block: "nearest" });
  panel.form.submit.focus();
}

async function open(file) {
  if (!file) return;
  try {
    await session.open(file, file.name);
    element("notice").hidden = true;
  } catch (error) {
    complain(`${error.message}`, error.isPassing ? () => open(file) : null);
  }
}

function showSeed() {
  const { seed, step } = session, { clip } = seed;
  element("drop").hidden = true;
  element("picture").hidden = false;
  element("name").textContent = seed.name.split("/").pop();
  element("facts").textContent = factsOf(clip);
  element("undo").disabled = !session.canUndo;
  element("redo").disabled = !session.canRedo;
  const warnings = element("warnings");
  warnings.hidden = !clip.warnings.length;
  warnings.querySelector("summary").textContent = count(clip.warnings.length, "warning");
  warnings.querySelector("ul").replaceChildren(...clip.warnings.map((warning) => make("li", {}, warning)));
  for (const id of ["from", "to"]) element(id).max = clip.bars;
  element("play").disabled = false;
  lanes.measure(step.pieces.map((piece) => piece.music), step.parts);
  document.title = `${seed.name} – symbolic embed`;
}

function showPiece() {
  const { shown, step } = session, piece = shown.music, fresh = piece.events.filter((note) => note.isNew).length;
  lanes.isCompared = shown.state !== "seed";
  lanes.setPiece(piece);
  element("legend").hidden = !lanes.isCompared;
  const what = lanes.isCompared ? `${shown.title}, ${shown.below}: ${fresh} of ${piece.events.length} notes are new` : `${shown.name}: ${count(step.parts.filter((part) => !part.isNew).length, "part")}, ${shown.clip.bars} bars`;
  element("paper").setAttribute("aria-label", `Piano roll of ${what}`);
  hearOwn();
  tell(what);
}

function showSelection() {
  const { bars, parts } = session.selection, { clip } = session.seed;
  [element("from").value, element("to").value] = bars ? bars.map((bar) => bar + 1) : [1, clip.bars];
  element("selected").textContent = parts ? `in ${[...parts].map((part) => clip.tracks[part].name || clip.tracks[part].instrument).join(", ")}` : bars ? "in all parts" : "nothing selected: all is meant";
  element("clear").disabled = !bars && !parts;
  markHeads(parts);
  lanes.setMarks({ selection: session.selection });
  if (isLooping && isOwn()) sound.setLoop(loopOf(session.shown.music));
  panel?.refresh();
}

function selectPart(part, isChosen) {
  const parts = new Set(session.selection.parts ?? []);
  if (isChosen) parts.add(part); else parts.delete(part);
  session.select(session.selection.bars, parts);
}

function selectBars() {
  const bars = ["from", "to"].map((id) => Math.min(Math.max(1, Number(element(id).value) || 1), session.seed.clip.bars) - 1);
  session.select([Math.min(...bars), Math.max(...bars)], session.selection.parts);
}

function turn(kind, part) {
  if (!isOwn()) hearOwn();
  const isOn = sound.turn(kind, part);
  lanes.draw();
  return isOn;
}

function cellInWords(bar, part) {
  const piece = session.shown.music, { name, instrument } = session.step.parts[part];
  const [start, end] = [piece.barlines[bar], piece.barlines[bar + 1]];
  const notes = piece.parts.find((one) => one.part === part)?.notes.filter((note) => note.start >= start && note.start < end) ?? [];
  return `bar ${bar + 1}, ${name || instrument}, ${count(notes.length, "note")}${notes.some((note) => note.isNew) ? ", some new" : ""}`;
}

function scopeInWords({ scope, seed: field }) {
  const { seed, selection } = session;
  if (!field || !seed) return "";
  const bars = scope.includes("bars") && selection.bars, said = [];
  if (bars) said.push(bars[0] === bars[1] ? `bar ${bars[0] + 1}` : `bars ${bars[0] + 1} to ${bars[1] + 1}`);
  if (scope.includes("after") && selection.bars) said.push(`after bar ${selection.bars[1] + 1}`);
  if (scope.includes("tracks") && selection.parts) said.push([...selection.parts].map((part) => seed.clip.tracks[part].name || seed.clip.tracks[part].instrument).join(", "));
  return said.length ? `Selected: ${said.join(" of ")}` : "";
}

// What came of a verb: takes of the seed it was asked of, matches, a map, findings.
async function came(spec, job, { asked, step, seed, shown }) {
  if (spec.makes === "takes") {
    await session.add(step, await takesOf(spec, job, step.pieces.length));
    element("takes").scrollIntoView({ block: "nearest" });
  } else if (spec.makes === "matches") {
    matches.show(spec.verb, spec.word, JSON.parse(job.stdout), { query: seed, library: asked.options.library ?? null, files: asked.files });
  } else if (spec.makes === "map") {
    plane.show(JSON.parse(job.stdout), { library: asked.options.library ?? null, files: asked.files });
  } else {
    findings.show(JSON.parse(job.stdout), shown);
  }
}

async function takesOf(spec, job, first) {
  const written = job.results.filter(({ name }) => name.endsWith(".mid"));
  return Promise.all(written.map(async ({ name, url }, at) => {
    const beside = job.results.find((one) => one.name === name.replace(/\.mid$/, ".json"));
    const record = beside ? JSON.parse(await (await bytesAt(beside.url)).text()) : {};
    return { name, url, bytes: await bytesAt(url), title: `${spec.word} ${first + at}`, below: belowOf(record, spec.verb) };
  }));
}

function setLooping(isOn) {
  isLooping = isOn;
  element("loop").setAttribute("aria-pressed", String(isOn));
  if (isOwn()) sound.setLoop(loopOf(session.shown.music));
}

function refresh() {
  const word = sound.isPlaying ? "Stop" : "Play";
  if (element("play-word").textContent !== word) {
    element("play-word").textContent = word;
    element("play").classList.toggle("playing", sound.isPlaying);
    if (sound.isPlaying) requestAnimationFrame(animate);
  }
  element("position").textContent = sound.position;
  element("heard").textContent = guest ?? (session.shown?.state === "seed" ? "" : session.shown?.title ?? "");
  if (session.shown) lanes.setMarks({ quarter: isOwn() ? sound.place : null, loop: isOwn() ? sound.loop : null, isPlaying: isOwn() && sound.isPlaying });
}

function animate() {
  if (!sound.isPlaying) return;
  if (isOwn()) lanes.time.follow(sound.place);
  refresh();
  requestAnimationFrame(animate);
}

async function toggle() {
  if (!session.shown && !guest) return;
  if (!sound.piece) hearOwn();
  await sound.toggle();
}

session.addEventListener("seed", showSeed);
session.addEventListener("takes", () => lanes.measure(session.step.pieces.map((piece) => piece.music), session.step.parts));
session.addEventListener("shown", showPiece);
session.addEventListener("selection", showSelection);

const KEYS = {
  " ": toggle, Home: () => sound.seek(sound.loop ? sound.loop[0] : 0), Escape: () => session.step && session.select(null, null),
  x: () => session.swap(), l: () => setLooping(!isLooping), o: () => element("file").click(), "?": () => element("help").showModal(),
  k: () => session.step && session.mark(session.step.shown, "kept"), r: () => session.step && session.mark(session.step.shown, "rejected"),
  s: () => session.step && session.takeAsSeed(session.step.shown), "+": () => pointing.zoom(ZOOM), "=": () => pointing.zoom(ZOOM), "-": () => pointing.zoom(1 / ZOOM),
};

function key(event) {
  const isCommand = event.ctrlKey || event.metaKey, name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (element("help").open || event.altKey) return;
  if (isCommand) {
    const act = { z: () => session.move(event.shiftKey ? 1 : -1), y: () => session.move(1), Enter: () => panel?.go() }[name];
    if (!act || (name !== "Enter" && event.target.closest("input[type=text], input[type=number]"))) return;
    event.preventDefault();
    act();
    return;
  }
  if (event.target.closest("input:not([type=range], [type=checkbox], [type=radio]), select, textarea")) return;
  if (event.key === " " && event.target.closest("button, summary, a, input")) return;
  if (name.length === 1 && name !== " " && !element("letters").checked) return;
  const act = /^[0-9]$/.test(name) ? () => session.show(Number(name)) : KEYS[name];
  if (!act) return;
  event.preventDefault();
  act();
}

function listen() {
  const clicks = {
    open: () => element("file").click(), choose: () => element("file").click(), undo: () => session.move(-1), redo: () => session.move(1),
    play: toggle, begin: KEYS.Home, loop: () => setLooping(!isLooping), theme: () => document.dispatchEvent(new Event("theme")),
    keys: () => element("help").showModal(), clear: () => session.select(null, null), "notice-close": () => { element("notice").hidden = true; },
    "zoom-in": () => pointing.zoom(ZOOM), "zoom-out": () => pointing.zoom(1 / ZOOM), "zoom-fit": () => lanes.setZoom(0), taller: () => lanes.grow(),
    "from-map": () => { panel.open("map"); panel.go(); }, "select-mode": toggleSelecting,
  };
  for (const [id, act] of Object.entries(clicks)) element(id).addEventListener("click", act);
  element("file").addEventListener("change", () => { open(element("file").files[0]); element("file").value = ""; });
  for (const id of ["from", "to"]) element(id).addEventListener("change", selectBars);
  element("volume").addEventListener("input", () => sound.setVolume(element("volume").value / 100));
  document.addEventListener("keydown", key);
  document.addEventListener("themed", () => { lanes.draw(); markHeads(session.selection.parts); });
  listenForDrops();
}

function toggleSelecting() {
  pointing.isSelecting = !pointing.isSelecting;
  element("select-mode").setAttribute("aria-pressed", String(pointing.isSelecting));
  element("papers").classList.toggle("selecting", pointing.isSelecting);
}

function listenForDrops() {
  const { body } = document;
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => { event.preventDefault(); body.classList.add("dropping"); });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) body.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    body.classList.remove("dropping");
    open(event.dataTransfer.files[0]);
  });
}

async function begin() {
  const room = new URLSearchParams(location.search).get("room");
  document.body.classList.toggle("room", room !== null);
  listen();
  if (room !== null) {
    listening(room, sound);
    return;
  }
  sending(() => session.shown);
  const on = { hear: hearGuest, hearSeed, seed: takeSeed, blend: blendWith };
  [matches, plane] = [new Matches(on), new Plane(on)];
  findings = new Findings((bar, part) => { seekOwn(session.shown.music.barlines[bar] ?? 0); lanes.reveal(bar, part ?? 0); });
  try {
    const server = await about();
    const state = () => ({ seed: session.seed, step: session.step, shown: session.shown, selection: session.selection });
    panel = new Panel(server.verbs, { libraries: server.libraries, parts: () => session.seed?.clip.tracks ?? [], state, scopeInWords }, came);
    element("in-words").hidden = !server.asks;
    new Words(() => (session.seed ? [session.seed.name] : []), (meant) => doMeant(meant));
    element("from-map").hidden = !server.libraries.length;
  } catch (error) {
    complain(error.message, () => location.reload());
  }
}

// Does what a request in words was understood as; the seed is the file that it names.
function doMeant({ verb, request, options }) {
  const { seed } = session, names = JSON.stringify(options);
  const files = seed && names.includes(JSON.stringify(seed.name)) ? [{ name: seed.name, bytes: seed.bytes }] : [];
  return panel.do(verb, { request, options, files });
}

begin();
