// What can be asked for here, and how its form is laid out. Bounds, choices, defaults and explanations are not written
// here: they come with the server's schema of the request, and a field that it does not know is left out (forms.js).
//
// makes: takes of the seed, matches of it, a map, findings. scope: which fields the selection of the roll is asked in.

const LOCKS = { name: "keep", label: "Leave as it is", kind: "chips", of: ["melody", "chords", "rhythm", "drums", "bass"] };
const SEED = { name: "random_seed", label: "Random seed", kind: "seed" };
const HUMANISE = { name: "humanise", label: "Played like people", kind: "slider" };
const TIDY = { name: "normalise", label: "One part a track, as DAWs expect", kind: "check" };
const COPIED = { name: "max_copied", label: "Notes in a row that may be copied", kind: "number" };
const wish = (name, label) => ({ name, label, kind: "wish" });
const WISHES = [wish("density", "Density"), wish("polyphony", "Polyphony"), wish("range", "Range"), wish("note_length", "Note length")];
const TEMPERATURE = { name: "temperature", label: "Temperature", kind: "slider", most: 2, step: 0.05 };
const TAKES = { name: "takes", label: "Drawn, of which the best stay", kind: "number" };
const takes = (most = 8) => ({ name: "variations", label: "How many", kind: "slider", most });
const COLLECTION = { label: "Among", kind: "collection" };
const TOP = { name: "top", label: "The best", kind: "number", value: 12 };
const WHERE = { name: "where", label: "Only pieces with", kind: "text", placeholder: "metre=3/4 drums bars>8" };
const file = (option, label) => ({ option, label, kind: "file" });

export const VERBS = [
  {
    verb: "vary", word: "Vary", about: "Other notes, as far from the seed as you say. What is selected varies, all else stays.",
    makes: "takes", scope: ["tracks", "bars"], seed: "seed_file",
    fields: [
      {
        label: "How far", kind: "dial",
        dials: [
          { name: "change", word: "share of the notes", most: 1, step: 0.05, value: 0.3 },
          { name: "strength", word: "in likeness", most: 0.2, step: 0.005, value: 0.03 }, // nearly all music lies below
        ],
      },
      LOCKS, { name: "count", label: "How many", kind: "slider", value: 3, most: 8 },
    ],
    more: [{ name: "each_bar", label: "Every bar for itself", kind: "check" }, HUMANISE, SEED, COPIED, TIDY],
  },
  {
    verb: "compose", word: "Continue", about: "New bars after the seed, in its own parts.",
    makes: "takes", scope: ["tracks"], seed: "seed_file",
    fields: [
      { name: "bars", label: "New bars", kind: "slider", most: 32 }, takes(),
      { name: "chords", label: "Chords", kind: "text", list: ["keep", "free", "Am F C G"] },
      { name: "loop", label: "Goes on as it does", kind: "tracks" },
      ...WISHES, { name: "ending", label: "Closes with a cadence", kind: "check" },
    ],
    more: [
      { name: "form", label: "Form", kind: "text", placeholder: "BACA'" }, { name: "scale", label: "Scale", kind: "text", placeholder: "D dorian" },
      TEMPERATURE, TAKES, { name: "alone", label: "Without the seed", kind: "check" }, HUMANISE, SEED, COPIED, TIDY,
    ],
  },
  {
    verb: "fill", word: "Fill", about: "New music for the bars you draw over in the roll, from what comes before and after.",
    makes: "takes", scope: ["tracks", "bars"], needs: "bars", seed: "seed_file",
    fields: [takes(), ...WISHES], more: [TEMPERATURE, TAKES, HUMANISE, SEED, COPIED, TIDY],
  },
  {
    verb: "accompany", word: "Accompany", about: "New parts beside those of the seed.",
    makes: "takes", scope: [], seed: "seed_file",
    fields: [{ name: "parts", label: "Parts", kind: "chips", of: ["chords", "bass", "drums", "melody"] }, takes()],
    more: [TEMPERATURE, TAKES, HUMANISE, SEED, COPIED, TIDY],
  },
  {
    verb: "blend", word: "Blend", about: "Pieces on the way from the seed to another.",
    makes: "takes", scope: ["tracks", "bars"], seed: "first",
    fields: [
      file("second", "To"), { name: "steps", label: "Pieces between", kind: "slider", most: 9 }, LOCKS,
      { name: "to_tempo", label: "Arrive at its tempo", kind: "check" }, { name: "to_key", label: "Arrive in its key", kind: "check" },
    ],
    more: [SEED, COPIED, TIDY],
  },
  {
    verb: "rank", word: "Alike", about: "What is like the seed, and why.",
    makes: "matches", scope: ["tracks"], seed: "query", always: { why: true },
    fields: [COLLECTION, { name: "by", label: "By", kind: "choice" }, { name: "transpose", label: "In any key", kind: "check" }, TOP],
    more: [WHERE],
  },
  {
    verb: "find", word: "Find", about: "Which pieces hold the seed, where, and in which key.",
    makes: "matches", scope: ["tracks"], seed: "fragment", always: {}, fields: [COLLECTION, { name: "by", label: "By", kind: "choice" }, TOP], more: [WHERE],
  },
  {
    verb: "next", word: "Next", about: "What goes on well from the seed, or from the last bar that is selected.",
    makes: "matches", scope: ["tracks", "after"], seed: "loop", always: {},
    fields: [COLLECTION, { name: "transpose", label: "In any key", kind: "check" }, TOP], more: [WHERE],
  },
  {
    verb: "map", word: "Map", about: "A library as a picture: near is alike, click to hear.",
    makes: "map", scope: [], seed: null,
    fields: [COLLECTION, { name: "colour", label: "Coloured by", kind: "choice" }], more: [{ name: "method", label: "Plane", kind: "choice" }, WHERE],
  },
  {
    verb: "humanise", word: "Humanise", about: "The same notes, played as people play them.",
    makes: "takes", scope: ["tracks"], seed: "seed_file",
    fields: [{ name: "amount", label: "How far", kind: "slider" }, { name: "style", label: "Manner", kind: "text", list: ["rock", "funk", "jazz", "latin", "hiphop", "soul"] }],
    more: [{ name: "played", label: "Also what is played already", kind: "check" }, SEED],
  },
  {
    verb: "groove", word: "Groove", about: "Timing and loudness of another file, laid on the seed.",
    makes: "takes", scope: ["tracks"], seed: "to",
    fields: [file("source", "Groove of"), { name: "amount", label: "How far", kind: "slider" }], more: [],
  },
  {
    verb: "check", word: "Check", about: "What in this piece goes wrong in DAWs.",
    makes: "findings", scope: [], seed: "inputs",
    fields: [{ name: "faults", label: "Only what sounds or shows wrong", kind: "check" }, { name: "each", label: "Every place", kind: "check" }], more: [],
  },
];

export const verbOf = (name) => VERBS.find((one) => one.verb === name);
