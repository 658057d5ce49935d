// What can be done: a tab and a form for each verb, one job at a time, with its progress; what came of it.

import { Form } from "./forms.js";
import { complain, element, make, tell } from "./dom.js";
import { run } from "./http.js";
import { addCommand } from "./commands.js";
import { VERBS, verbOf } from "./verbs.js";

const ENDED = "The server ended this before it was done; nothing was written.";

export class Panel {
  // `verbs`: those of the server with their schemas; `context`: what forms need to know; `came`: what is done with a
  // job that has ended.
  constructor(verbs, context, came) {
    Object.assign(this, { context, came });
    this.forms = new Map();
    for (const spec of VERBS.filter(({ verb }) => verbs[verb])) {
      this.forms.set(spec.verb, new Form(spec, verbs[spec.verb].request, { ...context, go: (form) => this.go(form) }));
    }
    element("tabs").replaceChildren(...[...this.forms.values()].map(({ spec }) => this.tabOf(spec)));
    element("forms").replaceChildren(...[...this.forms.values()].map((form) => make("div", { role: "tabpanel", id: `panel-${form.spec.verb}`, "aria-labelledby": `tab-${form.spec.verb}`, hidden: true }, form.element)));
    element("tabs").addEventListener("keydown", (event) => this.key(event));
    element("cancel").addEventListener("click", () => this.running?.abort());
    this.open(this.forms.keys().next().value);
  }

  tabOf({ verb, word }) {
    return make("button", { type: "button", role: "tab", id: `tab-${verb}`, "aria-controls": `panel-${verb}`, onclick: () => this.open(verb) }, word);
  }

  get form() {
    return this.forms.get(this.verb);
  }

  open(verb) {
    if (!this.forms.has(verb)) return;
    this.verb = verb;
    for (const tab of element("tabs").children) {
      const isOpen = tab.id === `tab-${verb}`;
      tab.setAttribute("aria-selected", String(isOpen));
      tab.tabIndex = isOpen ? 0 : -1;
      element(tab.getAttribute("aria-controls")).hidden = !isOpen;
      if (isOpen) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    this.refresh();
  }

  key(event) {
    const verbs = [...this.forms.keys()], at = verbs.indexOf(this.verb);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: verbs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.open(verbs[(to + verbs.length) % verbs.length]);
    element(`tab-${this.verb}`).focus();
  }

  // Says what the form will be about, and whether it can be sent.
  refresh() {
    const { form } = this, { seed, selection } = this.context.state(), { spec } = form;
    form.refresh();
    const isMissing = spec.seed && !seed ? "Open a MIDI file first." : spec.needs === "bars" && seed && !selection.bars ? "Draw over the bars to be filled: drag in the roll, or Shift and arrow keys there." : null;
    form.hint.textContent = isMissing ?? this.context.scopeInWords(spec);
    form.hint.classList.toggle("scoped", !isMissing && form.hint.textContent !== "");
    form.submit.disabled = Boolean(isMissing || this.running);
  }

  // The seed of a form, and what is selected, in the fields that take it.
  scoped(asked, { spec }) {
    const { seed, selection, shown } = this.context.state();
    if (spec.seed === "inputs") {
      asked.options.inputs = [shown.name];
      asked.options.format = "json";
      asked.files.unshift({ name: shown.name, bytes: shown.bytes });
    } else if (spec.seed) {
      asked.options[spec.seed] = seed.name;
      asked.files.unshift({ name: seed.name, bytes: seed.bytes });
    }
    if (spec.scope.includes("tracks") && selection.parts) asked.request.tracks = [...selection.parts].sort((a, b) => a - b);
    const [from, to] = selection.bars ?? [];
    if (spec.scope.includes("bars") && selection.bars) asked.request.bars = from === to ? `${from + 1}` : `${from + 1}-${to + 1}`;
    if (spec.scope.includes("after") && selection.bars) asked.request.after = to + 1;
    return asked;
  }

  go(form = this.form) {
    if (form.submit.disabled) return null;
    try {
      return this.do(form.spec.verb, this.scoped(form.asked(), form));
    } catch (error) {
      complain(error.message);
      return null;
    }
  }

  // Runs a verb to its end; gives back whether it came to one.
  async do(verb, asked) {
    if (this.running) return false;
    const state = this.context.state(), spec = verbOf(verb);
    this.running = new AbortController();
    this.begin(spec);
    try {
      const job = await run(verb, asked, { on: { progress: (progress) => this.progress(spec, progress), message: (line) => this.say([line]) }, signal: this.running.signal });
      this.ended(job);
      if (job.exit_code === 0 || job.exit_code === 3) await this.came(spec, job, { asked, ...state });
      return true;
    } catch (error) {
      complain(error.message, error.isPassing ? () => this.do(verb, asked) : null);
      return false;
    } finally {
      this.running = null;
      element("work").hidden = true;
      this.refresh();
    }
  }

  begin(spec) {
    element("notice").hidden = true;
    element("messages").replaceChildren();
    element("work").hidden = false;
    this.progress(spec, null);
    this.refresh();
  }

  progress(spec, progress) {
    const bar = element("bar"), { doing, done, total, where } = progress ?? {};
    const said = progress ? `${spec.word}: ${doing} ${where || (total ? `${done} of ${total}` : "")}` : `${spec.word} …`;
    if (element("work-what").textContent !== said) element("work-what").textContent = said;
    if (total) Object.assign(bar, { max: total, value: done });
    else bar.removeAttribute("value");
  }

  ended(job) {
    addCommand(job.command, job.state);
    const isEnded = job.state === "cancelled" && !this.running.signal.aborted; // by the server, or by somebody else there
    if (isEnded) complain(ENDED);
    else if (job.state === "cancelled") tell("cancelled");
    else if (job.exit_code === 1 || job.exit_code === 2 || job.state === "failed") complain(job.error ?? job.messages.at(-1) ?? "It could not be done.");
    this.say(job.state === "cancelled" ? [isEnded ? ENDED : "Cancelled; nothing was written."] : job.messages);
  }

  say(lines) {
    element("messages").replaceChildren(...lines.map((line) => make("li", {}, line)));
  }
}
