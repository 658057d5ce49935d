// The piano roll: pitch upwards, time to the right, a strip for drums below; only what is in sight is drawn.

const BLACK_KEYS = new Set([1, 3, 6, 8, 10]);

class Roll extends View {
  draw() {
    if (!this.piece) return;
    const style = getComputedStyle(document.documentElement);
    this.ink = (name) => style.getPropertyValue(`--${name}`).trim();
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, this.width, this.height);
    this.drawKeys(pen);
    this.drawBars(pen);
    pen.save();
    pen.beginPath();
    pen.rect(this.gutter, 0, this.width - this.gutter, this.height);
    pen.clip();
    for (const old of [true, false]) for (const part of this.piece.parts) this.drawPart(pen, part, old);
    this.drawSeedEnd(pen);
    pen.restore();
    this.drawNames(pen);
    this.drawn?.();
  }

  drawKeys(pen) {
    const wide = this.width - this.gutter;
    pen.fillStyle = this.ink("paper");
    pen.fillRect(this.gutter, RULER, wide, this.rollHeight);
    for (let pitch = this.low; pitch <= this.high; pitch++) {
      const y = this.yOf({ pitch }, false);
      pen.fillStyle = this.ink("black-key");
      if (BLACK_KEYS.has(pitch % 12)) pen.fillRect(this.gutter, y, wide, this.row);
      pen.fillStyle = this.ink("octave");
      if (pitch % 12 === 0) pen.fillRect(this.gutter, y + this.row - 1, wide, 1);
    }
    this.drums.forEach((pitch, lane) => {
      pen.fillStyle = this.ink(lane % 2 ? "black-key" : "paper");
      pen.fillRect(this.gutter, this.yOf({ pitch }, true), wide, LANE);
    });
  }

  // Barlines, beats where there is room, and numbers where there is room, with the metre where it begins or changes.
  drawBars(pen) {
    const { barlines, metres } = this.piece, first = Math.max(0, barAt(this.piece, this.quarterOf(0)) - 1);
    let free = this.gutter;
    for (let bar = first; bar < barlines.length; bar++) {
      const x = this.xOf(barlines[bar]);
      if (x > this.width + 2) break;
      const wide = bar + 1 < barlines.length ? (barlines[bar + 1] - barlines[bar]) * this.scale : 99;
      if (this.scale > 14 && bar + 1 < barlines.length) {
        pen.fillStyle = this.ink("beat");
        for (let beat = barlines[bar] + 1; beat < barlines[bar + 1] - 1e-6; beat++) this.line(pen, this.xOf(beat), 1);
      }
      pen.fillStyle = this.ink("barline");
      if (wide > 5 || bar % 4 === 0) this.line(pen, x, 1);
      const metre = metres.get(bar), text = metre ? `${bar + 1}  ${metre}` : `${bar + 1}`;
      if (bar + 1 < barlines.length && x >= free) {
        pen.font = `${metre ? "600 " : ""}11px system-ui, sans-serif`;
        pen.fillStyle = this.ink("muted");
        pen.fillText(text, x + 4, 16);
        free = x + pen.measureText(text).width + 10;
      }
    }
  }

  line(pen, x, wide) {
    if (x >= this.gutter - 0.5) pen.fillRect(Math.round(x), RULER, wide, this.height - RULER - 4);
  }

  // The notes of a part: the seed's pale, new ones full; what the seed had and the take has not as an outline.
  drawPart(pen, part, old) {
    const colour = this.colourOf(part.part), isDrum = this.music.parts[part.part].drum;
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = 1;
    const pale = this.ink("scheme") === "dark" ? 0.34 : 0.2;
    for (const note of old ? part.gone : []) {
      const [x, y, w, h] = this.box(note, isDrum);
      pen.globalAlpha = 0.75;
      pen.setLineDash([2, 2]);
      if (x < this.width && x + w > this.gutter) pen.strokeRect(x + 0.5, y + 0.5, Math.max(w - 1, 1), Math.max(h - 1, 1));
      pen.setLineDash([]);
    }
    for (const note of part.notes) {
      if (note.isNew === old) continue;
      const [x, y, w, h] = this.box(note, isDrum), loud = note.velocity / 127;
      if (x > this.width) break;
      if (x + w < this.gutter) continue;
      const shade = old ? pale + 0.26 * loud : 0.66 + 0.34 * loud;
      pen.globalAlpha = this.isHeard(part.part) ? shade : shade * 0.25;
      pen.fillRect(x, y, w, h);
    }
    pen.globalAlpha = 1;
  }

  drawSeedEnd(pen) {
    if (this.piece.seedEnd === null) return;
    const x = Math.round(this.xOf(this.piece.seedEnd));
    pen.fillStyle = this.ink("accent");
    pen.fillRect(x - 1, 0, 2, this.height - 4);
    pen.font = "600 11px system-ui, sans-serif";
    const text = this.width < 600 ? "seed" : "seed ends", wide = pen.measureText(text).width + 10;
    pen.fillRect(x - 1 - wide, 3, wide, 17);
    pen.fillStyle = this.ink("on-accent");
    pen.fillText(text, x + 4 - wide, 15.5);
  }

  // Names of the octaves and the drums, in the gutter.
  drawNames(pen) {
    pen.clearRect(0, 0, this.gutter, this.height);
    pen.fillStyle = this.ink("muted");
    pen.textAlign = "right";
    pen.font = "10px system-ui, sans-serif";
    for (let pitch = this.low; pitch <= this.high; pitch++) {
      if (pitch % 12 === 0) pen.fillText(`C${pitch / 12 - 1}`, this.gutter - 6, this.yOf({ pitch }, false) + this.row / 2 + 3.5);
    }
    pen.font = "9px system-ui, sans-serif";
    for (const pitch of this.drums) {
      pen.fillText(this.music.drums[pitch], this.gutter - 6, this.yOf({ pitch }, true) + LANE / 2 + 3, this.gutter - 8);
    }
    pen.textAlign = "left";
  }

  // What moves: the stretch that is looped or selected, the notes that sound, the playhead.
  drawOverlay(quarter, stretch, isPlaying) {
    const pen = this.overlay.getContext("2d");
    pen.clearRect(0, 0, this.width, this.height);
    if (!this.ink) return;
    pen.save();
    pen.beginPath();
    pen.rect(this.gutter - 1, 0, this.width, this.height);
    pen.clip();
    if (stretch) {
      const [x, end] = stretch.map((place) => this.xOf(place));
      pen.fillStyle = this.ink("accent");
      pen.globalAlpha = 0.08;
      pen.fillRect(x, RULER, end - x, this.height - RULER - 4);
      pen.globalAlpha = 1;
      pen.fillRect(x, RULER - 4, end - x, 3);
    }
    if (isPlaying) this.drawSounding(pen, quarter);
    pen.fillStyle = this.ink("playhead");
    const x = Math.round(this.xOf(quarter));
    pen.fillRect(x - 1, RULER - 6, 2, this.height - RULER + 2);
    pen.beginPath();
    pen.moveTo(x - 5, RULER - 10);
    pen.lineTo(x + 5, RULER - 10);
    pen.lineTo(x, RULER - 3);
    pen.fill();
    pen.restore();
  }

  drawSounding(pen, quarter) {
    for (const part of this.piece.parts) {
      if (!this.isHeard(part.part)) continue;
      const isDrum = this.music.parts[part.part].drum;
      pen.fillStyle = this.colourOf(part.part);
      pen.strokeStyle = this.ink("text");
      for (const note of part.notes) {
        if (note.start > quarter) break;
        if ((isDrum ? note.start + 0.2 : note.end) <= quarter) continue;
        const box = this.box(note, isDrum);
        pen.fillRect(...box);
        pen.strokeRect(...box);
      }
    }
  }

  // A part's colour, lighter on a dark page.
  colourOf(part) {
    const colour = this.music.colours[part % this.music.colours.length];
    return this.ink("scheme") === "dark" ? `color-mix(in srgb, ${colour} 66%, white)` : colour;
  }
}
