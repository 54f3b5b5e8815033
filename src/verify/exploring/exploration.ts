/** What `explore` is asked, and what it answers. */

/** `relied` is false of a way that no goal may count on, though it can be gone: a fault, a wish. */
export type Emit<State> = (label: string, successor: State, relied?: boolean) => void;

export type Model<State> = {
  /** At least one. The same state twice is one state. */
  readonly initial: readonly State[];
  /**
   * Emits each successor of `state`, as often as there are ways to it. It must be deterministic:
   * for one encoding always the same successors. It may not change `state`, nor afterwards what it
   * has emitted.
   */
  readonly next: (state: State, emit: Emit<State>) => void;
  /**
   * Writes the state into `words` and answers how many it has written. Two states are one exactly
   * when their encodings are equal, length included; what was in `words` before has no meaning.
   */
  readonly encode: (state: State, words: Int32Array) => number;
  /**
   * The state that the first `length` of `words` encode. With it no object of a state is kept while
   * it waits to be expanded: it is made again from its encoding, which is cheaper than to keep it.
   */
  readonly decode?: (words: Int32Array, length: number) => State;
};

export type Invariant<State> = {
  readonly id: string;
  readonly holds: (state: State) => boolean;
};

/** What every state must be able to come to: "whatever happens, it can still be closed". */
export type Goal<State> = {
  readonly id: string;
  readonly reached: (state: State) => boolean;
};

/** Something that the exploration should come across, so that "holds" is not said of nothing. */
export type Witness<State> = {
  readonly id: string;
  readonly seen: (state: State) => boolean;
  /** Whether the answer is to have a shortest trace to such a state. */
  readonly traced?: boolean;
};

/** Reaching one stops the exploration with the verdict 'limit'. */
export type Limits = {
  /** Most states. The verdict is 'limit' only if there is one more, which is not added. */
  readonly states?: number;
  /** Looked at every few expansions, so it can be passed by as long as those take. */
  readonly seconds?: number;
  /** Most of what `Explored.bytes` counts. A growth that would pass it is not made. */
  readonly bytes?: number;
};

export type Progress = {
  readonly states: number;
  readonly transitions: number;
  /** Steps to the deepest state that was seen. */
  readonly depth: number;
  /** States that were seen and are not yet expanded. */
  readonly frontier: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  readonly bytes: number;
  /** A guess at all the states there are: what it would be if levels went on shrinking alike. */
  readonly estimate?: number;
};

export type Exploration<State> = Model<State> & {
  readonly invariants: readonly Invariant<State>[];
  readonly goals?: readonly Goal<State>[];
  readonly witnesses?: readonly Witness<State>[];
  readonly limits?: Limits;
  /** Called about every half second, from within the exploration. */
  readonly progress?: (progress: Progress) => void;
  /** States that are expected, more or less: saves the table its growing, and nothing else. */
  readonly expected?: number;
  /** Length of the array that `encode` is given; 1024. */
  readonly words?: number;
};

export type Trace = readonly string[];

export type Violation = {
  /** Id of the invariant, or of the goal. */
  readonly invariant: string;
  /** Labels of a shortest way from an initial state; none for an initial state. */
  readonly trace: Trace;
};

export type WitnessAnswer = {
  readonly id: string;
  readonly seen: boolean;
  /** Where it was asked for, and the witness was seen. */
  readonly trace?: Trace;
};

export type GoalAnswer = {
  readonly id: string;
  /** States from which no state of the goal can be reached. */
  readonly stranded: number;
  /** A shortest way to a stranded state, if there is one. */
  readonly trace?: Trace;
};

export type Explored = {
  /**
   * 'violated': an invariant is broken in a state, or a state cannot reach a goal. 'limit': not
   * everything was explored, and no invariant is broken in what was. 'holds': neither.
   */
  readonly verdict: 'holds' | 'violated' | 'limit';
  /** Different states that were added: initial ones and the violating one included. */
  readonly states: number;
  /** Successors that were emitted, up to and with the one that ended the exploration, if one did. */
  readonly transitions: number;
  /** Steps to the deepest state: the longest of the shortest ways. */
  readonly depth: number;
  readonly seconds: number;
  /** Of the arrays that keep the states and, with goals, the edges: as grown, not as used. */
  readonly bytes: number;
  readonly violation?: Violation;
  readonly witnesses: readonly WitnessAnswer[];
  /** Empty unless everything was explored. */
  readonly goals: readonly GoalAnswer[];
};
