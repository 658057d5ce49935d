// The page: what belongs together is put together here.

import { belowOf, Cards } from "./cards.js";
import { complain, count, element } from "./dom.js";
import { listenForDrops } from "./dropping.js";
import { Findings } from "./findings.js";
import { Hearing } from "./hearing.js";
import { about, bytesAt } from "./http.js";
import { listenToKeys } from "./keys.js";
import { Matches } from "./matches.js";
import { remember, remembered } from "./memory.js";
import { Panel } from "./panel.js";
import { Picture } from "./picture.js";
import { Plane } from "./plane.js";
import { listening, sending } from "./rooms.js";
import { Session } from "./session.js";
import { verbOf } from "./verbs.js";
import { Words } from "./words.js";

class Studio {
  constructor() {
    this.session = new Session();
    this.hearing = new Hearing(this.session, () => this.picture?.mark());
    this.picture = new Picture(this.session, this.hearing);
    new Cards(this.session);
    const on = {
      hear: (piece, loop) => this.hearing.hearGuest(piece, loop), hearSeed: (loop) => this.hearing.hearSeed(loop),
      seed: (...piece) => this.takeSeed(...piece), blend: (name, bytes) => this.blendWith(name, bytes),
    };
    this.matches = new Matches(on);
    this.plane = new Plane(on);
    this.findings = new Findings((bar, part) => this.picture.go(bar, part));
    this.session.addEventListener("selection", () => this.panel?.refresh());
    this.session.addEventListener("seed", () => this.leave());
    sending(() => this.session.shown);
  }

  // What the server can do becomes the panel.
  offer(server) {
    const { session, picture } = this, state = () => ({ seed: session.seed, step: session.step, shown: session.shown, selection: session.selection });
    const context = { libraries: server.libraries, parts: () => session.seed?.clip.tracks ?? [], state, scopeInWords: (spec) => picture.scopeInWords(spec) };
    this.panel = new Panel(server.verbs, context, (...came) => this.came(...came));
    if (server.sound_font) this.hearing.offerSoundFont();
    if (server.asks) this.words = new Words(() => (session.seed ? [session.seed.name] : []), () => session.selected, (meant) => this.doMeant(meant));
    element("in-words").hidden = !server.asks;
    element("from-map").hidden = !server.libraries.length;
    element("from-map").addEventListener("click", () => { this.panel.open("map"); this.panel.go(); });
  }

  async open(file) {
    if (!file) return;
    try {
      await this.session.open(file, file.name);
      element("notice").hidden = true;
      element("picture").scrollIntoView({ block: "nearest" });
    } catch (error) {
      complain(error.message, error.isPassing ? () => this.open(file) : null);
    }
  }

  // What was heard and found before is not of the new seed.
  leave() {
    this.hearing.sound.stop();
    for (const id of ["matches", "findings"]) element(id).hidden = true;
  }

  takeSeed(clip, bytes, name) {
    this.session.begin(clip, bytes, name);
    element("picture").scrollIntoView({ block: "nearest" });
  }

  blendWith(name, bytes) {
    this.panel.open("blend");
    this.panel.form.setFile(name, bytes);
    element("verbs").scrollIntoView({ block: "nearest" });
    this.panel.form.submit.focus();
  }

  // What came of a verb: takes of the seed it was asked of, matches, a map, findings.
  async came(spec, job, { asked, step, seed, shown }) {
    const where = { library: asked.options.library ?? null, files: asked.files };
    if (spec.makes === "takes") {
      await this.session.add(step, await takesOf(spec, job, step.pieces.length));
      element("cards").querySelector(".shown").scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (spec.makes === "matches") {
      this.matches.show(spec.verb, spec.word, JSON.parse(job.stdout), { query: seed, ...where });
    } else if (spec.makes === "map") {
      this.plane.show(JSON.parse(job.stdout), where);
    } else {
      this.findings.show(JSON.parse(job.stdout), shown);
    }
  }

  // Does what a request in words was understood as; the seed is the file that it names.
  doMeant({ verb, request, options }) {
    const { seed } = this.session, spec = verbOf(verb), isNamed = seed && JSON.stringify(options).includes(JSON.stringify(seed.name));
    const format = spec.makes === "takes" ? {} : { format: "json" };
    this.panel.open(verb);
    return this.panel.do(verb, {
      request: { ...spec.always, ...request }, options: { ...options, ...format }, files: isNamed ? [{ name: seed.name, bytes: seed.bytes }] : [],
    });
  }

  // What was worked on at the last visit can be gone on with.
  async offerLast() {
    const last = await remembered();
    remember(this.session);
    if (!last?.steps.length || this.session.step) return;
    const { pieces } = last.steps[last.at];
    element("go-on").textContent = `Go on with ${pieces[0].name.split("/").pop()}${pieces.length > 1 ? ` and ${count(pieces.length - 1, "take")}` : ""}`;
    element("go-on").hidden = false;
    element("go-on").addEventListener("click", () => this.session.restore(last));
  }

  listen() {
    const { session, hearing, picture } = this, choose = () => element("file").click(), help = () => element("help").showModal();
    const clicks = { open: choose, choose, undo: () => session.move(-1), redo: () => session.move(1), keys: help };
    for (const [id, act] of Object.entries(clicks)) element(id).addEventListener("click", act);
    element("file").addEventListener("change", () => { this.open(element("file").files[0]); element("file").value = ""; });
    const withStep = (act) => () => session.step && act(session.step.shown);
    listenToKeys({
      " ": () => hearing.toggle(), Home: () => hearing.begin(), Escape: withStep(() => session.select(null, null)),
      x: () => session.swap(), l: () => hearing.setLooping(!hearing.isLooping), o: choose, "?": help,
      k: withStep((number) => session.mark(number, "kept")), r: withStep((number) => session.mark(number, "rejected")), s: withStep((number) => session.takeAsSeed(number)),
      "+": () => picture.zoom(), "=": () => picture.zoom(), "-": () => picture.zoom(1 / 1.5),
      "Ctrl z": (event) => session.move(event.shiftKey ? 1 : -1), "Ctrl y": () => session.move(1), "Ctrl Enter": () => this.panel?.go(),
    }, (number) => session.isInSight(number) && session.show(number));
    listenForDrops((file) => this.open(file));
  }
}

async function takesOf(spec, job, first) {
  const written = job.results.filter(({ name }) => name.endsWith(".mid"));
  return Promise.all(written.map(async ({ name, url }, at) => {
    const beside = job.results.find((one) => one.name === name.replace(/\.mid$/, ".json"));
    const record = beside ? JSON.parse(await (await bytesAt(beside.url)).text()) : {};
    return {
      name, bytes: await bytesAt(url), title: `${spec.word} ${first + at}`, below: belowOf(record, spec.verb), job: job.id,
      towards: spec.verb === "blend" ? record.target?.path?.split("/").pop() : null, saysChange: spec.verb === "vary" && record.measured_change !== undefined,
    };
  }));
}

async function begin() {
  const room = new URLSearchParams(location.search).get("room"), studio = new Studio();
  element("theme").addEventListener("click", () => document.dispatchEvent(new Event("theme")));
  element("notice-close").addEventListener("click", () => { element("notice").hidden = true; });
  document.body.classList.toggle("room", room !== null);
  if (room !== null) {
    listening(room, studio.hearing.sound);
    return;
  }
  studio.listen();
  studio.offerLast();
  try {
    studio.offer(await about());
  } catch (error) {
    complain(error.message, () => location.reload());
  }
}

begin();
