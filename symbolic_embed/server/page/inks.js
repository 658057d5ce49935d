// The colours that canvases are drawn with: those of the style sheet, and one for each part. The parts' are told apart
// by people who see colours otherwise too (those of the pictures, presenting/piano_roll.py).

const PARTS = [
  "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f",
  "#003f66", "#803800", "#00543d", "#8a2f62", "#8f6300", "#1b6e9c", "#4a2e70", "#3f3f3f",
];
const known = new Map();

document.addEventListener("themed", () => known.clear());

export const isDark = () => document.documentElement.dataset.theme === "dark";

// A colour of the style sheet by name.
export function ink(name) {
  if (!known.has(name)) known.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  return known.get(name);
}

// A part's colour, lighter on a dark page.
export function colourOf(part) {
  const colour = PARTS[part % PARTS.length];
  if (!isDark()) return colour;
  const name = `part ${part % PARTS.length}`;
  if (!known.has(name)) {
    const mixed = [1, 3, 5].map((at) => Math.round(parseInt(colour.slice(at, at + 2), 16) * 0.66 + 255 * 0.34));
    known.set(name, `rgb(${mixed.join(" ")})`);
  }
  return known.get(name);
}
