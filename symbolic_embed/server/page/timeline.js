// Which stretch of a piece is in sight, and where on the canvas each place lies. Scrolling is the browser's own.

const MOST = 240; // pixels a quarter
const EDGE = 10; // pixels behind the last barline

export class Timeline {
  constructor(scroller, sheet, heads) {
    Object.assign(this, { scroller, sheet, heads });
    this.length = 1;
    this.zoom = 0; // pixels a quarter; 0: the whole in sight
  }

  // Pixels that the names of the parts take.
  get head() {
    return this.heads.offsetWidth;
  }

  get fit() {
    return Math.max(0.01, (this.scroller.clientWidth - this.head - EDGE) / this.length);
  }

  measure(length) {
    this.length = length;
    this.setZoom(this.zoom);
  }

  // Where `x` on the canvas keeps its place.
  setZoom(zoom, x = this.head) {
    const quarter = this.scale ? this.quarterAt(x) : 0;
    this.zoom = zoom <= this.fit ? 0 : Math.min(zoom, MOST);
    this.scale = this.zoom || this.fit;
    this.sheet.style.width = this.zoom ? `${Math.ceil(this.head + this.length * this.scale + EDGE)}px` : "100%";
    this.scroller.scrollLeft = this.zoom ? this.head + quarter * this.scale - x : 0;
    this.left = this.scroller.scrollLeft;
  }

  // What was scrolled is read once a frame: asking for it may lay the page out anew.
  look() {
    this.left = this.scroller.scrollLeft;
    this.top = this.scroller.scrollTop;
  }

  xOf(quarter) {
    return this.offset + quarter * this.scale;
  }

  get offset() {
    return this.headSeen - this.left;
  }

  quarterAt(x) {
    return Math.min(Math.max((x - this.head + this.scroller.scrollLeft) / this.scale, 0), this.length);
  }

  show([start, end]) {
    const wide = this.scroller.clientWidth - this.head - EDGE;
    this.setZoom(wide / (end - start));
    this.scroller.scrollLeft = this.zoom ? start * this.scale : 0;
  }

  // Turns the page where a place is out of sight.
  follow(quarter) {
    const x = this.xOf(quarter);
    if (this.zoom && (x < this.headSeen || x > this.scroller.clientWidth - 8)) this.scroller.scrollLeft = quarter * this.scale - 12;
  }
}
