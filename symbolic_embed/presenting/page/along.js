// The page of matches: buttons that have bars of the query, or of what is like it, heard.

const music = JSON.parse(document.getElementById("music").textContent);
const element = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll("button[data-piece]")];
const alone = new Alone(() => refresh()), { player } = alone;

function choose(button) {
  const [from, to] = ["from", "to"].map((name) => Number(button.dataset[name]));
  const data = music.pieces[Number(button.dataset.piece)];
  alone.setPiece(data, (piece) => [piece.barlines[from - 1], piece.barlines[to]]);
  for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
  element("told").textContent = button.getAttribute("aria-label");
}

function refresh() {
  element("play-word").textContent = player.isPlaying ? "Stop" : "Play";
  element("play").classList.toggle("playing", player.isPlaying);
  if (player.piece) element("position").textContent = positionText(player.piece, player.place);
  if (player.isPlaying) requestAnimationFrame(refresh);
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    choose(button);
    player.start();
  });
}
element("play").addEventListener("click", () => player.toggle());
element("volume").addEventListener("input", () => alone.setVolume(element("volume").value / 100));
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, button")) return;
  event.preventDefault();
  player.toggle();
});
if (buttons.length) choose(buttons[0]);
else element("play").disabled = true;
