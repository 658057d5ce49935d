// How bars and parts of the piano roll are meant: by mouse, by finger, by keys.

const DRAGGED = 6; // pixels, from which a click is none
const ZOOM = 1.3;

export class Pointing {
  // `on`: seek(bar's place in quarters), select(bars, parts), tell(bar, part) where keys have gone.
  constructor(lanes, on) {
    Object.assign(this, { lanes, on });
    this.isSelecting = false; // whether a finger selects
    this.cursor = { bar: 0, part: 0 };
    this.anchor = null;
    this.fingers = new Map();
    this.listen(lanes.paper.parentElement, lanes.scroller);
  }

  listen(papers, scroller) {
    papers.addEventListener("pointerdown", (event) => this.down(event, papers));
    papers.addEventListener("pointermove", (event) => this.move(event));
    papers.addEventListener("pointerup", (event) => this.up(event));
    papers.addEventListener("pointercancel", (event) => this.leave(event));
    scroller.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    scroller.addEventListener("keydown", (event) => this.key(event));
    scroller.addEventListener("focus", () => { if (scroller.matches(":focus-visible")) this.show(); });
    scroller.addEventListener("blur", () => this.lanes.setMarks({ cursor: null }));
  }

  place(event) {
    const box = this.lanes.paper.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event, papers) {
    if (!this.lanes.piece || event.button > 0) return;
    const [x, y] = this.place(event);
    this.fingers.set(event.pointerId, [x, y]);
    if (this.fingers.size === 2) this.pinched = { apart: this.apart(), scale: this.lanes.time.scale };
    this.from = { x, y, ...this.lanes.at(x, y), isDrag: false };
    if (event.pointerType === "mouse" || this.isSelecting) papers.setPointerCapture(event.pointerId);
  }

  apart() {
    const [[a], [b]] = [...this.fingers.values()];
    return Math.max(Math.abs(a - b), 1);
  }

  move(event) {
    if (!this.from || !this.fingers.has(event.pointerId)) return;
    const [x, y] = this.place(event);
    this.fingers.set(event.pointerId, [x, y]);
    this.from.isDrag ||= Math.hypot(x - this.from.x, y - this.from.y) > DRAGGED;
    if (this.fingers.size === 2) {
      const [[a], [b]] = [...this.fingers.values()];
      this.lanes.setZoom((this.pinched.scale * this.apart()) / this.pinched.apart, (a + b) / 2);
    } else if (this.from.isDrag && (event.pointerType === "mouse" || this.isSelecting)) {
      this.drag(x, y);
    }
  }

  drag(x, y) {
    const { scroller } = this.lanes;
    if (x > scroller.clientWidth - 24) scroller.scrollLeft += 16;
    else if (x < this.lanes.time.headSeen + 8) scroller.scrollLeft -= 16;
    const to = this.lanes.at(x, y), isRuler = this.from.part < 0;
    this.select(this.from, isRuler ? { ...to, part: -1 } : { ...to, part: Math.max(to.part, 0) });
  }

  up(event) {
    const isTap = this.from && !this.from.isDrag && this.fingers.size === 1;
    this.leave(event);
    if (!isTap) return;
    const [x, y] = this.place(event);
    this.cursor = { ...this.lanes.at(x, y) };
    this.cursor.part = Math.max(this.cursor.part, 0);
    this.anchor = null;
    this.on.seek(this.lanes.time.quarterAt(x));
  }

  leave(event) {
    this.fingers.delete(event.pointerId);
    if (!this.fingers.size) this.from = null;
  }

  // The bars and parts from one place to another; the ruler is all parts.
  select(from, to) {
    const between = (name) => [Math.min(from[name], to[name]), Math.max(from[name], to[name])];
    const [first, last] = between("part");
    const parts = first < 0 ? null : new Set(Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((at) => !this.lanes.parts[at].isNew));
    this.on.select(between("bar"), parts);
  }

  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.lanes.setZoom(this.lanes.time.scale * Math.exp(-event.deltaY * (event.deltaMode ? 0.06 : 0.004)), this.place(event)[0]);
    } else if (event.altKey) {
      event.preventDefault();
      this.lanes.setHeight(this.lanes.height + (event.deltaY < 0 ? 1 : -1));
    }
  }

  zoom(times) {
    const { time, wide } = this.lanes;
    this.lanes.setZoom(time.scale * times, (wide + time.headSeen) / 2);
  }

  key(event) {
    if (event.target !== this.lanes.scroller || event.ctrlKey || event.metaKey || event.altKey || !this.lanes.piece) return;
    const bars = this.lanes.piece.barlines.length - 1, parts = this.lanes.parts.length, { bar, part } = this.cursor;
    const arrows = { ArrowLeft: [bar - 1, part], ArrowRight: [bar + 1, part], ArrowUp: [bar, part - 1], ArrowDown: [bar, part + 1], PageUp: [bar - 4, part], PageDown: [bar + 4, part], End: [bars - 1, part] };
    const others = { Enter: () => this.on.seek(this.lanes.piece.barlines[bar]), Escape: () => this.on.select(null, null), "+": () => this.zoom(ZOOM), "=": () => this.zoom(ZOOM), "-": () => this.zoom(1 / ZOOM) };
    if (arrows[event.key]) {
      const before = { bar, part }, clamp = (value, most) => Math.min(Math.max(value, 0), most);
      this.cursor = { bar: clamp(arrows[event.key][0], bars - 1), part: clamp(arrows[event.key][1], parts - 1) };
      this.anchor = event.shiftKey ? this.anchor ?? before : null;
      if (this.anchor) this.select(this.anchor, this.cursor);
      this.show();
    } else if (others[event.key]) {
      others[event.key]();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  show() {
    this.cursor.bar = Math.min(this.cursor.bar, this.lanes.piece.barlines.length - 2);
    this.lanes.reveal(this.cursor.bar, this.cursor.part);
    this.lanes.setMarks({ cursor: this.cursor });
    this.on.tell(this.cursor.bar, this.cursor.part);
  }
}
