// A piece that is heard by itself: the synthesiser has the parts of one piece at a time.

class Alone {
  // `changed`: whenever it starts or stops.
  constructor(changed) {
    this.volume = 1;
    this.parts = [];
    this.player = new Player(() => {
      const synth = new Synth(new AudioContext({ latencyHint: "interactive" }), this.parts);
      synth.setVolume(this.volume);
      return synth;
    }, changed);
  }

  // Another piece from its data, and the stretch that is repeated, [start, end] in quarters, or null.
  setPiece(data, loop) {
    const { player } = this;
    if (player.isPlaying) player.stop();
    this.parts = data.parts;
    if (player.synth) {
      for (const channel of player.synth.channels) channel.input.disconnect();
      player.synth.channels = this.parts.map((part) => player.synth.channelOf(part));
    }
    const piece = pieceOf(data, null);
    player.setPiece(piece, null);
    player.setLoop(loop ? loop(piece) : null);
    player.rest = player.loop ? player.loop[0] : 0;
    return piece;
  }

  setVolume(share) {
    this.volume = Math.pow(share / 0.8, 2);
    if (this.player.synth) this.player.synth.setVolume(this.volume);
  }
}
