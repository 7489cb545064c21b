/** A queue for expensive checks: a few at once, by rank, and no more waiting than can be served soon. */
export interface CheckQueue {
  /** Returns the result of `check`; `"busy"` if too many of the same or a better rank are waiting. */
  run(place: Place, check: () => Promise<boolean>): Promise<boolean | "busy">;
}

export interface Place {
  /** Lower ranks come first; equal ones in their order of arrival. */
  readonly rank: number;
  /** Keys of the client and of its network. */
  readonly client: string;
  readonly network: string;
}

/** Each check takes tens of megabytes, and one of the four threads that also serve files and DNS. */
const MAX_AT_ONCE = 2;
/** At five to ten checks per second, the last one is served within ten seconds. */
const MAX_WAITING = 50;
/** Checks of one client that are waiting or running. */
const MAX_PER_CLIENT = 2;
const MAX_PER_NETWORK = 6;

interface Entry {
  readonly place: Place;
  readonly start: () => void;
  readonly refuse: () => void;
}

export function createCheckQueue(): CheckQueue {
  const waiting: Entry[] = [];
  const running = new Set<Entry>();

  function hasRoom({ client, network }: Place): boolean {
    const places = [...running, ...waiting].map(({ place }) => place);
    // Clients that cannot be distinguished have no key.
    return (
      client === "" ||
      (places.filter((place) => place.client === client).length < MAX_PER_CLIENT &&
        places.filter((place) => place.network === network).length < MAX_PER_NETWORK)
    );
  }

  /** A check of a worse rank is removed if the queue is full. */
  function enter(entry: Entry): boolean {
    if (!hasRoom(entry.place)) return false;
    if (waiting.length >= MAX_WAITING) {
      const last = waiting.at(-1);
      if (last === undefined || last.place.rank <= entry.place.rank) return false;
      waiting.pop();
      last.refuse();
    }
    const after = waiting.findIndex(({ place }) => place.rank > entry.place.rank);
    waiting.splice(after === -1 ? waiting.length : after, 0, entry);
    return true;
  }

  function next(): void {
    while (running.size < MAX_AT_ONCE) {
      const entry = waiting.shift();
      if (entry === undefined) return;
      running.add(entry);
      entry.start();
    }
  }

  return {
    async run(place, check) {
      const entry = await new Promise<Entry | null>((resolve) => {
        const own: Entry = { place, start: () => resolve(own), refuse: () => resolve(null) };
        if (enter(own)) next();
        else resolve(null);
      });
      if (entry === null) return "busy";
      try {
        return await check();
      } finally {
        running.delete(entry);
        next();
      }
    },
  };
}
