// The keys that hold everywhere on the page. Single letters can be switched off: who speaks to the computer types them
// by accident.

import { element } from "./dom.js";

const TYPING = "input:not([type=range], [type=checkbox], [type=radio]), select, textarea";

// `acts`: what each key does, by its name; those with Ctrl by "Ctrl z"; `digit`: what a digit does.
export function listenToKeys(acts, digit) {
  document.addEventListener("keydown", (event) => {
    const act = actOf(event, acts, digit);
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}

function actOf(event, acts, digit) {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key, isTyping = Boolean(event.target.closest(TYPING));
  if (event.altKey || element("help").open) return null;
  if (event.ctrlKey || event.metaKey) return isTyping && name !== "Enter" ? null : acts[`Ctrl ${name}`];
  if (isTyping || (name === " " && event.target.closest("button, summary, a, input"))) return null;
  if (name.length === 1 && name !== " " && !element("letters").checked) return null;
  return /^[0-9]$/.test(name) ? () => digit(Number(name)) : acts[name];
}
