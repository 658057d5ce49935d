// What somebody works on outlives a page that is closed: it is kept in the browser, and offered at the next visit.

const NAME = "symbolic-embed", STORE = "sessions", LAST = "last", LATER = 400; // milliseconds

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// Asks the store for something; null where the browser keeps nothing (a private window, a full disk).
async function asked(mode, ask) {
  try {
    const database = await opened();
    return await new Promise((resolve, reject) => {
      const request = ask(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result ?? null);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return null;
  }
}

export const remembered = () => asked("readonly", (store) => store.get(LAST));

// Keeps a session whenever it has changed, a little later.
export function remember(session) {
  let timer = null;
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(() => asked("readwrite", (store) => store.put(session.saved(), LAST)), LATER);
  };
  for (const what of ["seed", "takes", "shown"]) session.addEventListener(what, keep);
}
