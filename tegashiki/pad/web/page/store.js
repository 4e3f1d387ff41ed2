// What is kept in this browser, and nowhere else: the work on the pad as it is made (IndexedDB), and
// the corrections and choices that the person asked to keep. A browser that refuses or is full says
// so, and everything else goes on.

const PAIRS = "tegashiki.pairs", MEMORY = "tegashiki.memory", CHOICES = "tegashiki.choices";
const DATABASE = "tegashiki", WORK = "work", TAB = "tegashiki.work";

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** "" if it was kept, else "storageFull" or "storageRefused". */
function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return "";
  } catch (error) {
    return refusal(error);
  }
}

const refusal = (error) => (error?.name === "QuotaExceededError" ? "storageFull" : "storageRefused");

/** Corrections that were kept: ink JSON with its truth, as tegashiki.ink reads it. */
export const pairs = () => read(PAIRS, []);
export const samples = () => read(MEMORY, []);

/** Keep one correction and what was learned from it. */
export function keep(pair, memory) {
  return write(PAIRS, [...pairs(), pair]) || write(MEMORY, memory);
}

/** Language, theme and the like, once they were chosen by hand. */
export const choices = () => read(CHOICES, {});
export function choose(changes) {
  return write(CHOICES, { ...choices(), ...changes });
}

/** Forget corrections and work; language and theme stay, they say nothing about the person's ink. */
export async function forget() {
  try {
    for (const key of [PAIRS, MEMORY]) localStorage.removeItem(key);
  } catch { /* nothing was kept */ }
  await request((store) => store.clear()).catch(() => {});
}

// -- the work -------------------------------------------------------------------------------------

let database = null;

function open() {
  database ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(WORK, { keyPath: "id" });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  database.catch(() => { database = null; });
  return database;
}

async function request(ask, mode = "readwrite") {
  const transaction = (await open()).transaction(WORK, mode), asked = ask(transaction.objectStore(WORK));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * The work of this tab: what it had before a reload, or the newest that no other tab is open with.
 * Two tabs never write the same work. `work` has { strokes, pins, text, taken } or is null.
 */
export class Work {
  #id; #waiting = null; #writing = null; #refused = "";

  /** `refused(key)` is called once, with the name of a message, if nothing can be kept. */
  constructor(refused) {
    this.refused = refused;
  }

  async begin() {
    let all = [];
    try {
      all = await request((store) => store.getAll(), "readonly");
    } catch (error) {
      this.#complain(error);
    }
    all.sort((a, b) => b.changed - a.changed);
    const own = tab(), first = all.filter(({ id }) => id === own);
    for (const work of [...first, ...all.filter(({ id }) => id !== own)]) {
      if (await claim(work.id)) return this.#use(work.id, work);
    }
    const id = globalThis.crypto?.randomUUID?.() ?? String(Math.random());
    await claim(id);
    return this.#use(id, null);
  }

  #use(id, work) {
    this.#id = id;
    tab(id);
    return work;
  }

  /** Keep this at once, because a page may go away at any moment; while one is written, the newest waits. */
  keep(work) {
    this.#waiting = work;
    this.#writing ??= this.#drain();
  }

  async #drain() {
    while (this.#waiting) await this.flush();
    this.#writing = null;
  }

  /** Write at once what waits. */
  async flush() {
    const work = this.#waiting;
    this.#waiting = null;
    if (!work || !this.#id) return;
    try {
      await request((store) => store.put({ id: this.#id, changed: Date.now(), ...work }));
    } catch (error) {
      this.#complain(error);
    }
  }

  #complain(error) {
    if (this.#refused) return;
    this.#refused = refusal(error);
    this.refused(this.#refused === "storageFull" ? "workFull" : "workRefused");
  }
}

/** Hold a work for as long as this tab lives; whether nobody else holds it. */
function claim(id) {
  const own = id === tab();
  if (!navigator.locks) return Promise.resolve(own);
  // A page that is being reloaded may hold its own for a moment longer.
  const options = own ? { signal: AbortSignal.timeout(400) } : { ifAvailable: true };
  return new Promise((resolve) => {
    navigator.locks.request(`tegashiki.${id}`, options, (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    }).catch(() => resolve(false));
  });
}

/** The work that this tab was last open with. */
function tab(id = null) {
  try {
    if (id) sessionStorage.setItem(TAB, id);
    return sessionStorage.getItem(TAB);
  } catch {
    return id;
  }
}
