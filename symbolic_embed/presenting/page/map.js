// The page of a map: what is chosen, searched for, hidden; what keys and buttons do.

const data = JSON.parse(document.getElementById("music").textContent);
const element = (id) => document.getElementById(id);
const MOST_RESULTS = 100;
const points = data.points.map(([x, y, group, isOdd, nearest], number) => ({
  x, y, group, nearest, isOdd: Boolean(isOdd), isBlend: number >= data.points.length - data.blends,
  colour: data.colours[group] ?? data.others, name: data.names[number],
}));
const groupOf = (point) => (point.isBlend ? "blend" : data.groups[point.group][0]);
const alone = new Alone(() => refresh()), { player } = alone;
let roll = null;

const cloud = new Cloud(element("cloud"), points, data.gaps, {
  hover: (number, x, y) => showTip(number, x, y),
  choose: (number, isOther) => (isOther ? takeOther(number) : choose(number)),
});
cloud.way = data.way.map(([x, y]) => ({ x, y }));

function showTip(number, x, y) {
  const tip = element("tip");
  tip.hidden = number < 0;
  if (number < 0) return;
  tip.textContent = `${points[number].name} (${groupOf(points[number])})`;
  const right = x > cloud.width / 2;
  tip.style.left = right ? "auto" : `${x + 14}px`;
  tip.style.right = right ? `${cloud.width - x + 14}px` : "auto";
  tip.style.top = `${Math.max(4, y - 12)}px`;
}

function choose(number) {
  if (number < 0) return;
  const point = points[number], piece = data.pieces[number];
  cloud.chosen = number;
  cloud.show(number);
  element("name").textContent = point.name;
  element("about").textContent = about(point, piece);
  element("told").textContent = `${point.name}. ${about(point, piece)}`;
  element("blending").hidden = point.isBlend;
  showPiece(piece);
  showCommand();
  markCurrent();
}

function about(point, piece) {
  const said = [point.isBlend ? "between the ends of the blend" : `${data.colour}: ${groupOf(point)}`];
  if (point.isOdd) said.push("like no other");
  if (point.nearest >= 0) said.push(`nearest: ${points[point.nearest].name}`);
  said.push(piece ? `${piece.bars.length - 1} bars can be heard` : "its notes were left out of this page");
  return said.join(" · ");
}

function showPiece(piece) {
  element("scroller").hidden = element("play").disabled = !piece;
  if (!piece) {
    if (player.isPlaying) player.stop();
    element("position").textContent = "no notes here";
    return;
  }
  const music = { colours: data.colours, parts: piece.parts, drums: data.drums }, shown = alone.setPiece(piece, null);
  if (roll) {
    roll.music = music;
    roll.measure([shown]);
  } else {
    roll = new Roll(music, [shown], { isHeard: () => true, seek: (quarter) => player.seek(quarter), select: () => {} });
    roll.drawn = () => refresh();
  }
  roll.setPiece(shown);
  roll.setZoom(0);
}

function takeOther(number) {
  if (number < 0 || points[number].isBlend) return;
  cloud.other = number;
  cloud.draw();
  showCommand();
}

// The command that makes the blend: pages cannot, and there are too many pairs to have them all.
function showCommand() {
  const { other, chosen } = cloud, isPair = other >= 0 && chosen >= 0 && other !== chosen && !points[chosen].isBlend;
  element("typed").hidden = !isPair;
  element("way").textContent = other < 0 ? "" : isPair ? `From ${points[other].name} to this:` : `From ${points[other].name}; now choose another.`;
  if (isPair) element("command").textContent = `symbolic-embed blend ${[other, chosen].map(word).join(" ")} -o blend --steps 5`;
}

const word = (number) => data.words[number] ?? data.folder + data.names[number];

function search(text) {
  const wanted = text.trim().toLowerCase();
  const found = points.flatMap((point, number) => (`${point.name} ${groupOf(point)}`.toLowerCase().includes(wanted) ? [number] : []));
  cloud.found = wanted ? new Set(found) : null;
  element("matches").textContent = wanted ? `${found.length} found${found.length > MOST_RESULTS ? `, the first ${MOST_RESULTS} are listed` : ""}` : "";
  fill("results", wanted ? found.slice(0, MOST_RESULTS).map(rowOf) : [], "");
  cloud.draw();
  return found;
}

// A row of a list: a button with a colour and a name.
function row(name, colour, act) {
  const item = document.createElement("li"), button = document.createElement("button"), swatch = document.createElement("span");
  button.type = "button";
  swatch.className = "swatch";
  swatch.style.background = colour;
  button.append(swatch, name);
  button.addEventListener("click", act);
  item.append(button);
  return item;
}

function rowOf(number) {
  const item = row(points[number].name, cloud.ink ? cloud.colourOf(points[number]) : points[number].colour, () => choose(number));
  item.firstChild.dataset.number = number;
  return item;
}

function fill(id, rows, nothing) {
  const none = document.createElement("li");
  none.className = "none";
  none.textContent = nothing;
  element(id).replaceChildren(...(rows.length ? rows : nothing ? [none] : []));
}

function markCurrent() {
  for (const button of document.querySelectorAll("button[data-number]")) {
    button.setAttribute("aria-current", String(Number(button.dataset.number) === cloud.chosen));
  }
}

function legendRow([name, count], group) {
  const item = row(name, data.colours[group] ?? data.others, (event) => {
    if (!cloud.hidden.delete(group)) cloud.hidden.add(group);
    event.currentTarget.setAttribute("aria-pressed", String(!cloud.hidden.has(group)));
    cloud.draw();
  });
  const number = document.createElement("span");
  number.className = "number";
  number.textContent = String(count);
  item.firstChild.append(number);
  item.firstChild.setAttribute("aria-pressed", "true");
  return item;
}

function gapRows(gap, number) {
  const title = document.createElement("li");
  title.className = "none";
  title.textContent = `gap ${number + 1}`;
  return [title, ...gap.around.map(rowOf)];
}

function refresh() {
  const text = player.isPlaying ? "Stop" : "Play";
  if (element("play-word").textContent !== text) {
    element("play-word").textContent = text;
    element("play").classList.toggle("playing", player.isPlaying);
    if (player.isPlaying) requestAnimationFrame(animate);
  }
  if (!player.piece || !roll) return;
  element("position").textContent = positionText(player.piece, player.place);
  roll.drawOverlay(player.place, null, player.isPlaying);
}

function animate() {
  if (!player.isPlaying) return;
  roll.follow(player.place);
  refresh();
  requestAnimationFrame(animate);
}

const toggle = () => { if (!element("play").disabled) player.toggle(); };
const KEYS = { " ": toggle, b: () => takeOther(cloud.chosen), "+": () => cloud.zoom(1.3), "=": () => cloud.zoom(1.3), "-": () => cloud.zoom(1 / 1.3), "0": () => cloud.fit() };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select")) return;
  if (event.key === " " && event.target.closest("button, a")) return;
  const isMap = event.target === element("cloud"), arrow = isMap && ARROWS[event.key];
  const act = arrow ? () => choose(cloud.next(...arrow)) : isMap && event.key === "Enter" ? toggle : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
element("search").addEventListener("input", () => search(element("search").value));
element("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter") choose(search(element("search").value)[0] ?? -1);
});
element("play").addEventListener("click", toggle);
element("other").addEventListener("click", () => takeOther(cloud.chosen));
element("volume").addEventListener("input", () => alone.setVolume(element("volume").value / 100));
element("zoom-in").addEventListener("click", () => cloud.zoom(1.5));
element("zoom-out").addEventListener("click", () => cloud.zoom(1 / 1.5));
element("zoom-fit").addEventListener("click", () => cloud.fit());
element("copy").addEventListener("click", async () => {
  getSelection().selectAllChildren(element("command"));
  const copied = await navigator.clipboard?.writeText(element("command").textContent).then(() => true, () => false);
  element("told").textContent = copied ? "copied" : "the command is selected";
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  cloud.draw();
  if (roll?.piece) roll.draw();
});

document.documentElement.classList.add("scripted");
fill("groups", data.groups.map(legendRow), "");
fill("odd", points.flatMap((point, number) => (point.isOdd ? [rowOf(number)] : [])), "none");
fill("gaps", data.gaps.flatMap(gapRows), "none");
element("blends").hidden = !data.blends;
fill("steps", points.flatMap((point, number) => (point.isBlend ? [rowOf(number)] : [])), "");
