// The points of a map: where each lies on the canvas, which one is meant, how they are drawn.

const NEAR = 14, DRAGGED = 5; // pixels: from which a point is meant; from which a click is none
const MARGIN = 34, MOST_LARGER = 400;

export class Cloud {
  // `points`: x, y, colour and whether each is odd; `on`: what is called where the pointer is over a point (hover), and
  // where one is chosen (choose, with whether it is the other end of a blend).
  constructor(canvas, points, gaps, on) {
    Object.assign(this, { canvas, points, gaps, on });
    this.hidden = new Set();
    this.found = null; // the points that are searched for, null: none are
    this.chosen = this.other = this.hovered = -1;
    this.way = []; // the points of a blend, from end to end
    this.listen();
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  // The whole map in sight.
  fit() {
    const [xs, ys] = ["x", "y"].map((axis) => this.points.map((point) => point[axis]));
    const bounds = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const [left, right] = bounds(xs), [low, high] = bounds(ys);
    this.middle = [(left + right) / 2, (low + high) / 2];
    const wide = (this.width - 2 * MARGIN) / (right - left || 1), tall = (this.height - 2 * MARGIN) / (high - low || 1);
    this.whole = this.scale = Math.max(Math.min(wide, tall), 1e-9);
    this.draw();
  }

  resize() {
    const ratio = window.devicePixelRatio || 1, { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return;
    const isFirst = !this.scale || this.scale === this.whole;
    [this.width, this.height] = [clientWidth, clientHeight];
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    if (isFirst) this.fit(); else this.draw();
  }

  at(point) {
    return [(point.x - this.middle[0]) * this.scale + this.width / 2, this.height / 2 - (point.y - this.middle[1]) * this.scale];
  }

  // Larger or smaller about a place on the canvas, which stays where it is.
  zoom(times, x = this.width / 2, y = this.height / 2) {
    const before = this.scale;
    this.scale = Math.min(Math.max(before * times, this.whole / 2), this.whole * MOST_LARGER);
    const moved = 1 / before - 1 / this.scale;
    this.middle[0] += (x - this.width / 2) * moved;
    this.middle[1] -= (y - this.height / 2) * moved;
    this.draw();
  }

  // Brings a point into sight.
  show(number) {
    const [x, y] = this.at(this.points[number]);
    if (x < MARGIN || y < MARGIN || x > this.width - MARGIN || y > this.height - MARGIN) {
      this.middle = [this.points[number].x, this.points[number].y];
    }
    this.draw();
  }

  isSeen(point) {
    return !this.hidden.has(point.group);
  }

  // The point that a place on the canvas means, -1 where none is near.
  meant(x, y) {
    let best = NEAR, found = -1;
    this.points.forEach((point, number) => {
      if (!this.isSeen(point)) return;
      const [px, py] = this.at(point), away = Math.hypot(px - x, py - y);
      if (away < best) [best, found] = [away, number];
    });
    return found;
  }

  // The next point from the chosen one in a direction (-1, 0 or 1 each way); the one nearest to the middle where none is.
  next(right, up) {
    const from = this.points[this.chosen] ?? { x: this.middle[0], y: this.middle[1] };
    let best = Infinity, found = -1;
    this.points.forEach((point, number) => {
      if (!this.isSeen(point) || number === this.chosen) return;
      const x = point.x - from.x, y = point.y - from.y, along = x * right + y * up, aside = Math.abs(x * up) + Math.abs(y * right);
      if (this.chosen >= 0 && (along <= 0 || along < aside * 0.6)) return;
      const away = Math.hypot(x, y) + aside;
      if (away < best) [best, found] = [away, number];
    });
    return found;
  }

  listen() {
    const { canvas } = this;
    let from = null;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", (event) => {
      from = { at: place(event), middle: [...this.middle], isDrag: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = place(event);
      if (from === null) {
        this.hover(this.meant(x, y), x, y);
        return;
      }
      const [right, down] = [x - from.at[0], y - from.at[1]];
      from.isDrag ||= Math.hypot(right, down) > DRAGGED;
      if (!from.isDrag) return;
      this.middle = [from.middle[0] - right / this.scale, from.middle[1] + down / this.scale];
      this.draw();
    });
    canvas.addEventListener("pointerup", (event) => {
      const number = from && !from.isDrag ? this.meant(...place(event)) : -1;
      from = null;
      if (number >= 0) this.on.choose(number, event.shiftKey);
    });
    canvas.addEventListener("pointercancel", () => { from = null; });
    canvas.addEventListener("pointerleave", () => this.hover(-1, 0, 0));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...place(event));
    }, { passive: false });
  }

  hover(number, x, y) {
    this.on.hover(number, x, y);
    if (number === this.hovered) return;
    this.hovered = number;
    this.draw();
  }

  draw() {
    if (!this.scale) return;
    const pen = this.canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
    this.ink = (name) => style.getPropertyValue(`--${name}`).trim();
    pen.clearRect(0, 0, this.width, this.height);
    this.drawGaps(pen);
    this.drawWay(pen);
    const radius = Math.min(Math.max(2.2, 90 / Math.sqrt(this.points.length)) * Math.pow(this.scale / this.whole, 0.25), 9);
    this.points.forEach((point, number) => this.drawPoint(pen, point, number, radius));
    for (const [number, colour] of [[this.hovered, "muted"], [this.other, "accent"], [this.chosen, "playhead"]]) {
      if (number >= 0) this.ring(pen, this.points[number], radius + 4, this.ink(colour), 2.5);
    }
  }

  drawPoint(pen, point, number, radius) {
    if (!this.isSeen(point)) return;
    const [x, y] = this.at(point);
    if (x < -9 || y < -9 || x > this.width + 9 || y > this.height + 9) return;
    pen.globalAlpha = this.found && !this.found.has(number) ? 0.12 : 0.85;
    pen.fillStyle = this.colourOf(point);
    pen.beginPath();
    if (point.isBlend) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fill();
    if (point.isOdd) this.ring(pen, point, radius + 2, this.ink("text"), 1);
    pen.globalAlpha = 1;
  }

  ring(pen, point, radius, colour, wide) {
    const [x, y] = this.at(point);
    pen.strokeStyle = colour;
    pen.lineWidth = wide;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }

  drawGaps(pen) {
    pen.setLineDash([5, 4]);
    pen.font = "11px system-ui, sans-serif";
    pen.textAlign = "center";
    this.gaps.forEach((gap, number) => {
      this.ring(pen, gap, gap.radius * this.scale, this.ink("muted"), 1);
      pen.fillStyle = this.ink("muted");
      const [x, y] = this.at(gap);
      pen.fillText(`gap ${number + 1}`, x, y + 4);
    });
    pen.setLineDash([]);
    pen.textAlign = "left";
  }

  // The way of a blend; from the other end to the chosen piece where both are there.
  drawWay(pen) {
    const ends = this.other >= 0 && this.chosen >= 0 ? [this.points[this.other], this.points[this.chosen]] : [];
    for (const [way, dashes] of [[this.way, []], [ends, [2, 4]]]) {
      pen.setLineDash(dashes);
      pen.strokeStyle = this.ink("accent");
      pen.lineWidth = 1.5;
      pen.beginPath();
      way.forEach((point) => pen.lineTo(...this.at(point)));
      pen.stroke();
    }
    pen.setLineDash([]);
  }

  colourOf(point) {
    if (point.isBlend) return this.ink("accent");
    return this.ink("scheme") === "dark" ? `color-mix(in srgb, ${point.colour} 66%, white)` : point.colour;
  }
}
