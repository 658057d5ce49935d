// The server: what it knows, jobs, questions in words, rooms. Whatever it refuses is a Refusal with its sentence.

const LOST = "The server does not answer. Is it still running? Start it again with `symbolic-embed serve`; nothing on this page is lost.";
const TOKEN = "This server asks for a token: open the page with the whole address that `symbolic-embed serve` printed.";
const GOING = new Set(["waiting", "running"]);
const AT_ONCE = 1, EVERY = 1500, MOST_MISSED = 4; // seconds that an answer is waited for; milliseconds between two looks

export class Refusal extends Error {
  // `isPassing`: another try may do.
  constructor(sentence, isPassing = false) {
    super(sentence);
    this.isPassing = isPassing;
  }
}

async function fetched(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(LOST, true);
  }
  if (answer.ok) return answer;
  const said = await answer.json().then((body) => body.error, () => null);
  const sentence = said ?? (answer.status === 401 ? TOKEN : `The server answered with ${answer.status}.`);
  throw new Refusal(sentence, answer.status === 429 || answer.status === 503);
}

const json = (address, options) => fetched(address, options).then((answer) => answer.json());
const sent = (body, method = "POST") => ({ method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

export const about = () => json("/api/about");
export const ask = (text, files, selected) => json("/api/ask", sent({ text, files, ...selected }));
export const bytesAt = (address) => fetched(address).then((answer) => answer.blob());
export const fileAddress = (library, path) => `/api/libraries/${encodeURIComponent(library)}/file?path=${encodeURIComponent(path)}`;

// A verb's job, ended. `asked`: request, options, and files (name and bytes); `on.progress`, `on.message` while it
// goes on; `signal` cancels it.
export async function run(verb, asked, { on = {}, signal = null, wait = AT_ONCE } = {}) {
  const form = new FormData();
  form.set("request", JSON.stringify(asked.request ?? {}));
  form.set("options", JSON.stringify(asked.options ?? {}));
  form.set("names", JSON.stringify((asked.files ?? []).map(({ name }) => name))); // a header cannot hold all names
  (asked.files ?? []).forEach(({ bytes }, number) => form.append("files", bytes, String(number)));
  const job = await json(`/api/verbs/${verb}?wait=${wait}`, { method: "POST", body: form });
  return whole(GOING.has(job.state) ? await ended(job, on, signal) : job);
}

// What a job printed is fetched by itself where it is too long to be told.
async function whole(job) {
  if (job.stdout !== null || job.state === "cancelled") return job;
  const stdout = await fetched(`/api/jobs/${job.id}/stdout`).then((answer) => answer.text(), () => "");
  return { ...job, stdout };
}

function ended(job, on, signal) {
  const address = `/api/jobs/${job.id}`;
  if (job.progress) on.progress?.(job.progress);
  return new Promise((resolve, reject) => {
    const events = new EventSource(`${address}/events`);
    const close = (act, value) => { clearInterval(timer); events.close(); act(value); };
    const cancel = () => json(address, { method: "DELETE" }).then(look, (error) => close(reject, error));
    let missed = 0;
    const look = () => json(address).then((now) => {
      missed = 0;
      if (!GOING.has(now.state)) close(resolve, now);
    }, (error) => { if (!error.isPassing || ++missed >= MOST_MISSED) close(reject, error); });
    const timer = setInterval(() => { if (events.readyState !== EventSource.OPEN) look(); }, EVERY);
    events.addEventListener("progress", (event) => on.progress?.(JSON.parse(event.data)));
    events.addEventListener("message", (event) => on.message?.(JSON.parse(event.data)));
    events.addEventListener("done", (event) => close(resolve, JSON.parse(event.data)));
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel);
  });
}

// What a room is told: a file to play, bytes with a name; or that it shall be still.
export function tellRoom(room, { bytes = null, name = "" }) {
  const address = `/api/rooms/${encodeURIComponent(room)}`;
  if (!bytes) return json(address, sent({ stop: true }));
  const form = new FormData();
  form.set("file", bytes, name);
  return json(address, { method: "POST", body: form });
}

export const roomEvents = (room) => new EventSource(`/api/rooms/${encodeURIComponent(room)}/events`);
