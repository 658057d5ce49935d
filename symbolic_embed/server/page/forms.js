// Forms for requests: the layout of verbs.js, filled with what the server's schema says of each field. What is left as
// the default is not sent, so that commands stay short.

import { button, idOf, make } from "./dom.js";

const CHOSEN = "choose a file …";

// What a schema says of a field: bounds, choices, default, explanation; null where it does not know it.
export function known(schema, name) {
  const property = schema.properties[name];
  if (!property) return null;
  const resolved = (one) => (one.$ref ? schema.$defs[one.$ref.split("/").pop()] : one);
  const kinds = (property.anyOf ?? [property]).map(resolved).filter((one) => one.type !== "null");
  return { ...kinds[0], default: property.default, description: property.description ?? "" };
}

export class Form {
  constructor(spec, schema, context) {
    Object.assign(this, { spec, schema, context });
    this.fields = [];
    const rows = (fields) => fields.map((field) => this.row(field)).filter(Boolean);
    const more = rows(spec.more);
    this.submit = make("button", { type: "submit", class: "primary" }, spec.word);
    this.hint = make("p", { class: "hint", role: "status" });
    this.element = make("form", { class: "verb", onsubmit: (event) => { event.preventDefault(); context.go(this); } },
      make("p", { class: "hint" }, spec.about), ...rows(spec.fields),
      more.length ? make("details", {}, make("summary", {}, "More"), ...more) : null, this.hint, this.submit);
  }

  row(field) {
    const about = field.name ? known(this.schema, field.name) : {};
    if (!about) return null;
    const id = idOf(this.spec.verb, field.name ?? field.option ?? field.kind);
    const built = MAKERS[field.kind](id, field, about, this);
    this.fields.push(built);
    const label = built.isGroup ? make("span", { class: "label", id: `${id}-label` }, field.label) : make("label", { class: "label", for: id }, field.label);
    const attributes = built.isGroup ? { role: "group", "aria-labelledby": `${id}-label` } : {};
    return make("div", { class: `field ${field.kind}`, title: about.description, ...attributes }, label, built.element);
  }

  // What is asked for: request, options and files. Throws an Error with a sentence where something is missing.
  asked() {
    const asked = { request: { ...this.spec.always }, options: {}, files: [] };
    for (const field of this.fields) field.read(asked);
    return asked;
  }

  refresh() {
    for (const field of this.fields) field.refresh?.();
  }

  // The other file of a blend or a groove.
  setFile(name, bytes) {
    this.fields.find((field) => field.setFile)?.setFile(name, bytes);
  }
}

const put = (asked, name, value, normal) => { if (value !== normal && value !== "" && value !== null) asked.request[name] = value; };

function slider(id, field, about) {
  const isWhole = about.type === "integer", most = field.most ?? about.maximum ?? 10, least = about.minimum ?? 0;
  const start = field.value ?? about.default ?? (isWhole ? least : 0.5), isOptional = about.default === null && field.value === undefined;
  const input = make("input", { type: "range", id, min: least, max: most, step: field.step ?? (isWhole ? 1 : 0.05), value: start });
  const output = make("output", { for: id });
  const show = () => { output.textContent = input.disabled ? "–" : shown(Number(input.value)); };
  const on = isOptional ? make("input", { type: "checkbox", "aria-label": `${field.label}: ask for it`, onchange: () => { input.disabled = !on.checked; show(); } }) : null;
  input.disabled = isOptional;
  input.addEventListener("input", show);
  show();
  return { element: make("span", { class: "line" }, on, input, output), read: (asked) => { if (!input.disabled) put(asked, field.name, Number(input.value), about.default); } };
}

const shown = (value) => (Number.isInteger(value) ? String(value) : String(Math.round(value * 1000) / 1000).replace(/^0\./, "."));

// Two dials for one thing: which of them, and how far.
function dial(id, field, _, form) {
  const dials = field.dials.map((one) => ({ ...one, about: known(form.schema, one.name) })).filter(({ about }) => about);
  const input = make("input", { type: "range", id: `${id}-amount`, "aria-labelledby": `${id}-label` }), output = make("output", { for: `${id}-amount` });
  const radios = dials.map(({ name }, at) => make("input", { type: "radio", name: `${id}-which`, value: name, checked: at === 0, onchange: () => turn() }));
  const chosen = () => dials[radios.findIndex((radio) => radio.checked)];
  const show = () => { output.textContent = shown(Number(input.value)); };
  const turn = () => {
    const { most, step, value } = chosen();
    Object.assign(input, { min: 0, max: most, step, value });
    show();
  };
  input.addEventListener("input", show);
  turn();
  const choices = radios.map((radio, at) => make("label", { title: dials[at].about.description }, radio, dials[at].word));
  return {
    isGroup: true,
    element: make("span", { class: "stack" }, make("span", { class: "line" }, input, output), make("span", { class: "chips" }, ...choices)),
    read: (asked) => { asked.request[chosen().name] = Number(input.value); },
  };
}

const chip = (value, text) => make("label", {}, make("input", { type: "checkbox", value }), text);

function chosenOf(element) {
  return [...element.querySelectorAll("input:checked")].map((box) => (/^\d+$/.test(box.value) ? Number(box.value) : box.value));
}

function chips(id, field) {
  const element = make("span", { class: "chips", id }, ...field.of.map((word) => chip(word, word)));
  return { isGroup: true, element, read: (asked) => { const chosen = chosenOf(element); if (chosen.length) asked.request[field.name] = chosen; } };
}

function tracks(id, field, _, form) {
  const element = make("span", { class: "chips", id });
  const refresh = () => element.replaceChildren(...form.context.parts().map((part, number) => chip(number, part.name || part.instrument)));
  return { isGroup: true, element, refresh, read: (asked) => { const chosen = chosenOf(element); if (chosen.length) asked.request[field.name] = chosen; } };
}

function check(id, field, about) {
  const input = make("input", { type: "checkbox", id, checked: about.default === true });
  return { element: input, read: (asked) => put(asked, field.name, input.checked, about.default) };
}

function number(id, field, about) {
  const input = make("input", { type: "number", id, min: about.minimum, max: about.maximum, value: field.value ?? about.default, placeholder: "any" });
  return { element: input, read: (asked) => put(asked, field.name, input.value === "" ? null : Number(input.value), about.default) };
}

function seed(id, field, about) {
  const input = make("input", { type: "number", id, min: 0, value: about.default });
  const dice = button("Another", () => { input.value = Math.floor(Math.random() * 1e6); });
  return { element: make("span", { class: "line" }, input, dice), read: (asked) => put(asked, field.name, Number(input.value), about.default) };
}

function text(id, field, about) {
  const list = field.list ? make("datalist", { id: `${id}-list` }, ...field.list.map((value) => make("option", { value }))) : null;
  const input = make("input", { type: "text", id, value: about.default ?? "", placeholder: field.placeholder ?? null, autocomplete: "off", list: list ? list.id : null });
  return { element: make("span", { class: "line" }, input, list), read: (asked) => put(asked, field.name, input.value.trim(), about.default) };
}

const wish = (id, field, about, form) => text(id, { ...field, list: ["lower", "same", "higher"], placeholder: "as it comes" }, { ...about, default: "" }, form);

function choice(id, field, about) {
  const asItIs = about.default === null ? [make("option", { value: "", selected: true }, "as is usual")] : [];
  const select = make("select", { id }, ...asItIs, ...about.enum.map((value) => make("option", { value, selected: value === about.default }, value)));
  return { element: select, read: (asked) => put(asked, field.name, select.value, about.default) };
}

function file(id, field, _, form) {
  let chosen = null;
  const input = make("input", { type: "file", class: "unseen", tabindex: -1, "aria-hidden": "true", accept: ".mid,.midi,.kar,.rmi,audio/midi" });
  const open = button(CHOSEN, () => input.click(), { id });
  const setFile = (name, bytes) => { chosen = { name, bytes }; open.textContent = name; };
  input.addEventListener("change", () => { if (input.files[0]) setFile(input.files[0].name, input.files[0]); });
  return {
    element: make("span", { class: "line" }, open, input), setFile,
    read: (asked) => {
      if (!chosen) throw new Error(`${form.spec.word}: choose the other file first.`);
      const name = freeName(chosen.name, form);
      asked.options[field.option] = name;
      asked.files.push({ name, bytes: chosen.bytes });
    },
  };
}

// A name that is not the seed's: of two files of one name, one is sent in a folder.
const freeName = (name, form) => (name === form.context.state().seed?.name ? `other/${name}` : name);

// The pieces that are searched: a library of the server, or files from here.
function collection(id, _, __, form) {
  const libraries = form.context.libraries;
  const input = make("input", { type: "file", multiple: true, class: "unseen", tabindex: -1, "aria-hidden": "true", accept: ".mid,.midi,.kar,.rmi,audio/midi" });
  const choices = libraries.map(({ name, files }) => make("option", { value: name }, `${name} (${files.toLocaleString("en")} pieces)`));
  const select = make("select", { id }, ...choices, make("option", { value: "" }, "files from here"));
  const open = button("Choose files …", () => input.click());
  const refresh = () => { open.hidden = select.value !== ""; };
  select.addEventListener("change", refresh);
  input.addEventListener("change", () => { open.textContent = `${input.files.length} files`; });
  refresh();
  return {
    element: make("span", { class: "line" }, select, open, input),
    read: (asked) => {
      asked.options.format = "json";
      if (select.value) {
        asked.options.library = select.value;
        return;
      }
      if (!input.files.length) throw new Error(`${form.spec.word}: choose the files to look in first.`);
      const files = [...input.files].map((bytes) => ({ name: freeName(bytes.name, form), bytes }));
      asked.options.inputs = files.map(({ name }) => name);
      asked.files.push(...files);
    },
  };
}

const MAKERS = { slider, dial, chips, tracks, check, number, seed, text, wish, choice, file, collection };
