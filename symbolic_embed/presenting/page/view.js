// Which stretch of a piece is in sight, and where on the canvas each note lies; clicks and drags, read as places.

const RULER = 26, LANE = 11, GAP = 8; // pixels
const MOST_ZOOM = 240; // pixels a quarter

class View {
  // `on`: what is called for a click (seek) and for a dragged stretch (select), with places in quarters; and what tells
  // whether a part is heard. Who extends it draws.
  constructor(music, pieces, on) {
    const find = (id) => document.getElementById(id);
    [this.scroller, this.length, this.window] = [find("scroller"), find("length"), find("window")];
    [this.canvas, this.overlay] = [find("roll"), find("overlay")];
    this.music = music;
    this.zoom = 0;
    this.isHeard = on.isHeard;
    this.measure(pieces);
    this.listen(on);
  }

  // What is the same for all pieces, so that nothing jumps from take to take: the length, the range of pitches, the drums.
  measure(pieces) {
    this.longest = Math.max(...pieces.map((piece) => piece.end));
    const pitches = [], struck = new Set();
    for (const part of pieces.flatMap((piece) => piece.parts)) {
      const isDrum = this.music.parts[part.part].drum;
      for (const note of part.notes) if (isDrum) struck.add(note.pitch); else pitches.push(note.pitch);
    }
    const bounds = pitches.reduce(([low, high], pitch) => [Math.min(low, pitch), Math.max(high, pitch)], [127, 0]);
    [this.low, this.high] = pitches.length ? [Math.max(bounds[0] - 2, 0), Math.min(bounds[1] + 2, 127)] : [60, 59];
    this.drums = [...struck].sort((a, b) => b - a);
    const rows = this.high - this.low + 1;
    this.row = rows ? Math.max(3.2, Math.min(11, 340 / rows)) : 0;
    this.rollHeight = rows * this.row;
    this.height = RULER + this.rollHeight + (this.drums.length ? GAP + this.drums.length * LANE : 0) + 4;
  }

  listen(on) {
    this.scroller.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.piece && this.resize()).observe(this.scroller);
    let from = null;
    const place = (event) => this.quarterOf(event.clientX - this.window.getBoundingClientRect().left);
    const dragged = (event) => from !== null && Math.abs(event.clientX - from.x) > 6;
    this.window.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, quarter: place(event) };
      if (event.pointerType === "mouse") this.window.setPointerCapture(event.pointerId);
    });
    this.window.addEventListener("pointermove", (event) => {
      if (dragged(event) && event.pointerType === "mouse") on.select(from.quarter, place(event));
    });
    this.window.addEventListener("pointerup", (event) => {
      if (from !== null && !dragged(event)) on.seek(from.quarter);
      from = null;
    });
    this.window.addEventListener("pointercancel", () => { from = null; });
  }

  setPiece(piece) {
    this.piece = piece;
    this.resize();
  }

  get gutter() {
    return this.width < 600 ? 48 : 76;
  }

  get fit() {
    return Math.max(0.01, (this.width - this.gutter - 2) / this.longest);
  }

  resize() {
    this.width = this.scroller.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.canvas, this.overlay]) {
      canvas.width = Math.round(this.width * ratio);
      canvas.height = Math.round(this.height * ratio);
      canvas.style.width = `${this.width}px`;
      canvas.style.height = `${this.height}px`;
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.window.style.width = `${this.width}px`;
    this.window.style.height = `${this.height}px`;
    this.setZoom(this.zoom);
  }

  // Pixels a quarter; 0, and whatever is less than the whole in sight: the whole.
  setZoom(zoom) {
    const middle = this.scale ? this.quarterOf(this.width / 2) : 0;
    this.zoom = zoom <= this.fit ? 0 : Math.min(zoom, MOST_ZOOM);
    this.scale = this.zoom || this.fit;
    this.length.style.width = `${this.gutter + this.longest * this.scale + 2}px`;
    if (this.zoom) this.scroller.scrollLeft = middle * this.scale - (this.width - this.gutter) / 2;
    this.draw();
  }

  show([start, end]) {
    this.setZoom((this.width - this.gutter - 2) / (end - start));
    this.scroller.scrollLeft = start * this.scale;
    this.draw();
  }

  // Turns the page where a place is out of sight.
  follow(quarter) {
    const x = this.xOf(quarter);
    if (this.zoom && (x < this.gutter || x > this.width - 8)) this.scroller.scrollLeft = quarter * this.scale - 12;
  }

  xOf(quarter) {
    return this.gutter + quarter * this.scale - this.scroller.scrollLeft;
  }

  quarterOf(x) {
    const quarter = (Math.max(x, this.gutter) - this.gutter + this.scroller.scrollLeft) / this.scale;
    return Math.min(Math.max(quarter, 0), this.piece.end);
  }

  yOf(note, isDrum) {
    if (isDrum) return RULER + this.rollHeight + GAP + this.drums.indexOf(note.pitch) * LANE;
    return RULER + (this.high - note.pitch) * this.row;
  }

  box(note, isDrum) {
    const x = this.xOf(note.start), y = this.yOf(note, isDrum);
    if (isDrum) return [x, y + 1.5, Math.max(3, Math.min(7, this.scale * 0.22)), LANE - 3];
    const wide = (note.end - note.start) * this.scale;
    return [x, y + this.row * 0.08, Math.max(wide - Math.min(1, wide * 0.15), 1.5), Math.max(this.row * 0.84, 2.4)];
  }
}
