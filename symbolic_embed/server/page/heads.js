// The heads of the lanes: a part's name and colour, whether it is heard, whether it is selected.

import { button, element, make } from "./dom.js";
import { colourOf } from "./inks.js";

// `on`: turn(kind, part) mutes or solos, and tells whether it is so now; choose(part, isChosen) selects.
export function headOf(part, number, on) {
  const name = part.name || part.instrument, swatch = make("span", { class: "swatch", "aria-hidden": "true" });
  const toggle = (kind, sign, word) => button(sign, (event) => event.currentTarget.setAttribute("aria-pressed", String(on.turn(kind, number))),
    { class: kind, "aria-pressed": "false", "aria-label": `${word} ${name}`, title: word });
  const box = part.isNew ? null : make("input", { type: "checkbox", "aria-label": `Select ${name}`, title: "Select this part", onchange: (event) => on.choose(number, event.target.checked) });
  return make("div", { class: "head", "data-part": number }, swatch,
    make("span", { class: "part", title: `${name}: ${part.instrument}, ${part.role}` }, make("strong", {}, name), make("small", {}, part.isNew ? `${part.instrument}, new` : part.instrument)),
    toggle("muted", "M", "Mute"), toggle("alone", "S", "Solo"), box);
}

// Which parts are selected; their colours as they are now.
export function markHeads(parts) {
  for (const head of element("heads").children) {
    const number = Number(head.dataset.part), box = head.querySelector("input");
    head.querySelector(".swatch").style.background = colourOf(number);
    head.classList.toggle("selected", Boolean(parts?.has(number)));
    if (box) box.checked = Boolean(parts?.has(number));
  }
}
