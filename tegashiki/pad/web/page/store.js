// What is kept in this browser, and nowhere else: the work on the pad as it is made (IndexedDB), and
// the corrections and choices that the person asked to keep. A browser that refuses or is full says
// so, and everything else goes on.

const PAIRS = "tegashiki.pairs", CHOICES = "tegashiki.choices";
const DATABASE = "tegashiki", WORK = "work", LEARNED = "learned", TAB = "tegashiki.work";

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

/** Keep one correction. */
export const keep = (pair) => write(PAIRS, [...pairs(), pair]);

/** Language, theme and the like, once they were chosen by hand. */
export const choices = () => read(CHOICES, {});
export function choose(changes) {
  return write(CHOICES, { ...choices(), ...changes });
}

/** Forget corrections, lessons and work; language and theme stay, they say nothing about the person's ink. */
export async function forget() {
  try {
    for (const key of [PAIRS, "tegashiki.memory"]) localStorage.removeItem(key);   // the second: of an older page
  } catch { /* nothing was kept */ }
  for (const name of [WORK, LEARNED]) await request(name, (store) => store.clear()).catch(() => {});
}

// -- what was learned -----------------------------------------------------------------------------

/** All that was learned, the oldest first: { id, model, samples }; nothing where nothing is kept. */
export const learned = () => request(LEARNED, (store) => store.getAll(), "readonly").catch(() => []);

/** Keep what one formula taught; its number, null where it could not be kept. */
export const learn = (lesson) => request(LEARNED, (store) => store.add(lesson)).catch(() => null);

/** Forget lessons by their numbers. */
export async function unlearn(ids) {
  for (const id of ids) await request(LEARNED, (store) => store.delete(id)).catch(() => {});
}

// -- the work -------------------------------------------------------------------------------------

let database = null;

function open() {
  database ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 2);
    opening.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) opening.result.createObjectStore(WORK, { keyPath: "id" });
      opening.result.createObjectStore(LEARNED, { keyPath: "id", autoIncrement: true });
    };
    opening.onsuccess = () => {
      // A newer page in another tab may want to change the database: this one must not be in its way.
      opening.result.onversionchange = () => { opening.result.close(); database = null; };
      resolve(opening.result);
    };
    opening.onerror = () => reject(opening.error);
  });
  database.catch(() => { database = null; });
  return database;
}

async function request(name, ask, mode = "readwrite") {
  const transaction = (await open()).transaction(name, mode), asked = ask(transaction.objectStore(name));
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
      all = await request(WORK, (store) => store.getAll(), "readonly");
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
      await request(WORK, (store) => store.put({ id: this.#id, changed: Date.now(), ...work }));
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
