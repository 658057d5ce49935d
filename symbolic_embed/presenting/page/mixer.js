// The parts: how loud each is, which are mute, which sound alone; the same for all takes.

class Mixer {
  // `changed`: whenever a part is to sound louder or softer.
  constructor(parts, colourOf, changed) {
    this.state = parts.map(() => ({ volume: 0.8, mute: false, solo: false }));
    this.rows = parts.map((part, number) => this.rowOf(part, number, changed));
    this.colourOf = colourOf;
    document.getElementById("mixer").replaceChildren(...this.rows.map((row) => row.element));
  }

  rowOf(part, number, changed) {
    const element = document.createElement("tr"), name = document.createElement("th");
    const swatch = document.createElement("span"), instrument = document.createElement("small");
    const count = document.createElement("td"), state = this.state[number];
    name.scope = "row";
    swatch.className = "swatch";
    instrument.textContent = part.isNew ? `${part.instrument}, not in the seed` : part.instrument;
    name.append(swatch, part.name, ...(part.name === part.instrument && !part.isNew ? [] : [instrument]));
    count.className = "number";
    const toggles = [["mute", "M", "Mute"], ["solo", "S", "Solo"]].map(([kind, sign, word]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = kind;
      button.textContent = sign;
      button.setAttribute("aria-label", `${word} ${part.name}`);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        state[kind] = !state[kind];
        button.setAttribute("aria-pressed", String(state[kind]));
        changed();
      });
      return button;
    });
    const volume = document.createElement("input");
    Object.assign(volume, { type: "range", min: 0, max: 100, value: 80 });
    volume.setAttribute("aria-label", `Volume of ${part.name}`);
    volume.addEventListener("input", () => {
      state.volume = volume.value / 100;
      changed();
    });
    const cells = [...toggles, volume].map((control) => {
      const cell = document.createElement("td");
      cell.append(control);
      return cell;
    });
    element.append(name, count, ...cells);
    return { element, swatch, count };
  }

  // How loud a part is: 0 where it is mute or another one sounds alone. At .8 it is as the file has it.
  gain(part) {
    const { volume, mute, solo } = this.state[part], isApart = this.state.some((one) => one.solo);
    return mute || (isApart && !solo) ? 0 : Math.pow(volume / 0.8, 2);
  }

  isHeard(part) {
    return this.gain(part) > 0;
  }

  // What of each part is in a piece.
  setPiece(piece) {
    this.rows.forEach(({ element, count, swatch }, number) => {
      const part = piece.parts.find((one) => one.part === number), notes = part ? part.notes : [];
      element.classList.toggle("absent", !notes.length);
      count.textContent = notes.length ? String(notes.filter((note) => note.isNew).length) : "–";
      swatch.style.background = this.colourOf(number);
    });
  }
}
