// Elements: finding them, making them, and saying something to whoever does not see.

export const element = (id) => document.getElementById(id);

// An element with attributes (those that begin with "on" are listeners) and children, elements or text.
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

export const button = (text, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, text);

// A name as the id of an element: letters, digits, hyphens.
export const idOf = (...names) => names.join("-").replaceAll("_", "-");

let quiet = null;

// Says something that is heard, not seen; what is said in quick succession is said once.
export function tell(text) {
  clearTimeout(quiet);
  quiet = setTimeout(() => { element("told").textContent = text; }, 60);
}

// Says what went wrong, in the server's words; `again` is what another try does.
export function complain(text, again = null) {
  element("notice-text").textContent = text;
  element("notice").hidden = false;
  element("notice-again").hidden = !again;
  element("notice-again").onclick = () => { element("notice").hidden = true; again(); };
}

export function count(number, what) {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

// Has the browser save bytes, or what an address of this server holds, under a name.
export function save(source, name) {
  const address = typeof source === "string" ? source : URL.createObjectURL(source);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  if (typeof source !== "string") setTimeout(() => URL.revokeObjectURL(address), 10000);
}
