/** One transition of any model. */
export interface Transition<State> {
  readonly label: string;
  readonly state: State;
  /** The promise that it breaks, or `null`. */
  readonly breaks: string | null;
}

/** A state that must be reachable from everywhere. */
export interface Goal<State> {
  readonly verdict: "stuck" | "never";
  readonly isReached: (state: State) => boolean;
}

export type Verdict =
  /** Every reachable state keeps the promises; `proven` of them are after a proof. */
  | { readonly verdict: "holds"; readonly states: number; readonly proven: number }
  /** A transition breaks a promise. `trace` is one of the shortest ways there. */
  | { readonly verdict: "bad"; readonly breaks: string; readonly trace: readonly string[] }
  /** A goal cannot be reached from the end of `trace`. */
  | { readonly verdict: "stuck" | "never"; readonly trace: readonly string[] };

/**
 * Visits every state that is reachable from `initial`, breadth first. A state is a record of parts; two states are equal if the JSON of
 * their parts is.
 */
export function explore<State extends object>(
  initial: State,
  next: (state: State) => readonly Transition<State>[],
  isProven: (state: State) => boolean,
  goals: readonly Goal<State>[] = [],
): Verdict {
  const encoder = new Encoder<State>();
  const found = new Map<string, number>([[encoder.encode(initial), 0]]);
  const states = [initial];
  const parents = [-1];
  const labels = [""];
  const predecessors: number[][] = [[]];
  let proven = 0;

  function traceTo(state: number): readonly string[] {
    const trace: string[] = [];
    for (let at = state; at > 0; at = parents[at] ?? 0) trace.unshift(labels[at] ?? "");
    return trace;
  }

  for (let from = 0; from < states.length; from += 1) {
    const state = states[from] ?? initial;
    if (isProven(state)) proven += 1;
    for (const { label, state: reached, breaks } of next(state)) {
      if (breaks !== null) return { verdict: "bad", breaks, trace: [...traceTo(from), label] };
      const key = encoder.encode(reached);
      let to = found.get(key);
      if (to === undefined) {
        to = states.length;
        found.set(key, to);
        states.push(encoder.keep(reached));
        parents.push(from);
        labels.push(label);
        if (goals.length > 0) predecessors.push([]);
      }
      if (goals.length > 0) predecessors[to]?.push(from);
    }
  }

  for (const { verdict, isReached } of goals) {
    const lost = firstThatCannotReach(states, predecessors, isReached);
    if (lost !== null) return { verdict, trace: traceTo(lost) };
  }
  return { verdict: "holds", states: states.length, proven };
}

function firstThatCannotReach<State>(
  states: readonly State[],
  predecessors: readonly (readonly number[])[],
  isReached: (state: State) => boolean,
): number | null {
  const reaches = states.map(isReached);
  const queue = states.flatMap((_, index) => (reaches[index] ? [index] : []));
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const from of predecessors[at] ?? []) {
      if (reaches[from]) continue;
      reaches[from] = true;
      queue.push(from);
    }
  }
  const lost = reaches.indexOf(false);
  return lost === -1 ? null : lost;
}

type Part<State> = State[Extract<keyof State, string>];

/**
 * Encodes a state as one character per part. Most transitions change one part: the others are the same objects as in a state that was kept.
 * Equal parts need their members in the same order.
 */
class Encoder<State extends object> {
  readonly #byPart = new Map<unknown, string>();
  readonly #byText = new Map<string, { readonly character: string; readonly part: Part<State> }>();

  encode(state: State): string {
    let key = "";
    for (const name in state) key += this.#byPart.get(state[name]) ?? this.#find(state[name]).character;
    return key;
  }

  /** Returns an equal state with one object for all equal parts. */
  keep(state: State): State {
    const kept = { ...state };
    for (const name in state) {
      if (!this.#byPart.has(state[name])) kept[name] = this.#find(state[name]).part;
    }
    return kept;
  }

  #find(part: Part<State>): { readonly character: string; readonly part: Part<State> } {
    const text = JSON.stringify(part);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.#byText.size > 0xffff) throw new Error("The parts of the state have more values than characters.");
    const character = String.fromCharCode(this.#byText.size);
    this.#byText.set(text, { character, part });
    this.#byPart.set(part, character);
    return { character, part };
  }
}
