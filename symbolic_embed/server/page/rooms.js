// A second device: what this page sends to a room, and the page that plays what its room is sent.

import { musicOf, partsOf, readClip } from "./clip.js";
import { complain, element } from "./dom.js";
import { bytesAt, roomEvents, tellRoom } from "./http.js";
import { Messages } from "./messages.js";

const NAME = /^[A-Za-z0-9_-]{1,40}$/; // as the server has it
const NO_NAME = "A room's name is 1 to 40 letters (A to Z), digits, - or _.";

// The part of the transport that sends. `current`: the piece that is shown.
export function sending(current) {
  const name = () => element("room-name").value.trim();
  const say = (text) => { element("room-told").textContent = text; };
  const show = () => {
    const isName = NAME.test(name());
    element("room-where").hidden = !isName;
    element("room-address").textContent = isName ? `${location.origin}/?room=${name()}` : "";
    element("room-name").setAttribute("aria-invalid", String(!isName));
    say(isName ? "" : NO_NAME);
    return isName;
  };
  element("room-name").addEventListener("input", show);
  show();
  const tellIt = async (what, said) => {
    if (!show()) return;
    try {
      const { told } = await tellRoom(name(), what);
      say(told ? `${said} on ${told} device${told === 1 ? "" : "s"}` : "Nobody is in this room yet.");
    } catch (error) {
      complain(error.message);
    }
  };
  element("room-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const piece = current();
    if (piece) tellIt({ bytes: piece.bytes, name: piece.name.split("/").pop() }, "It sounds");
  });
  document.addEventListener("click", (event) => { if (!element("room").contains(event.target)) element("room").open = false; });
  element("room").addEventListener("keydown", (event) => { if (event.key === "Escape") element("room").open = false; });
  element("room-stop").addEventListener("click", () => tellIt({}, "Stopped"));
}

// The page of a room: it needs one click before it may sound.
export function listening(room, sound) {
  let events = null, last = null, messages = null;
  let told = ""; // what stands there while the server answers
  const show = (text) => { element("listen-what").textContent = text; };
  const say = (text) => { told = text; show(text); };
  element("listen").hidden = false;
  element("transport").hidden = true;
  element("listen-title").textContent = `Room ${room}`;
  document.title = `Room ${room}`;
  element("listen-go").hidden = !NAME.test(room);
  if (!NAME.test(room)) say(NO_NAME);
  const play = async ({ name, url }) => {
    try {
      const clip = await readClip(await bytesAt(url), name), parts = partsOf(clip);
      say(name);
      sound.stop();
      sound.hear(musicOf(clip, parts), parts, null);
      sound.seek(0);
      await sound.start();
      element("transport").hidden = false;
      element("play").disabled = false;
      last = name;
    } catch (error) {
      say(error.message);
    }
  };
  element("listen-go").addEventListener("click", () => {
    element("listen-go").hidden = true;
    say("Waiting for something to play …");
    sound.allow();
    events = roomEvents(room);
    events.addEventListener("play", (event) => play(JSON.parse(event.data)));
    events.addEventListener("midi", (event) => {
      messages ??= new Messages(sound.allow());
      messages.take(JSON.parse(event.data).messages);
      say("Somebody is playing");
      last = "what was played";
    });
    events.addEventListener("stop", () => { sound.stop(); messages?.silence(); say(last ? `${last}: stopped` : "Stopped"); });
    events.onerror = () => show("The server does not answer; trying again …");
    events.onopen = () => show(told);
  });
}
