// What was done here, as the command lines that do it.

import { button, element, make, tell } from "./dom.js";

export async function copy(text) {
  const isCopied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  tell(isCopied ? "copied" : "not copied: the browser does not allow it");
  return Boolean(isCopied);
}

export function addCommand(command, ended) {
  if (!command) return;
  const code = make("code", {}, command);
  const copying = button("Copy", async () => {
    if (await copy(command)) copying.textContent = "Copied";
    else getSelection().selectAllChildren(code);
  }, { "aria-label": `Copy: ${command}` });
  element("no-commands").hidden = true;
  element("commands").prepend(make("li", { class: ended === "done" ? "" : "failed" }, code, copying, ended === "done" ? null : make("small", {}, ended)));
}
