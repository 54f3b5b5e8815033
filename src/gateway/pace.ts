/**
 * Lets time pass for a gateway: wakes it when something is due, and does what its scenario plans.
 */
import type { Answered, Gateway } from './gateway.ts';
import type { Planned } from './scenario.ts';
import type { Clock } from './time.ts';

export type Pace = {
  /** The same gateway; whatever is done to it, what is due next is looked for anew. */
  readonly gateway: Gateway;
  readonly end: () => void;
};

/** Longer than this a timer of the system's cannot wait. */
const WAIT_MOST = 2 ** 31 - 1;

/** `failed` is told of a line of the scenario that could not be done. */
export function paced(
  gateway: Gateway,
  clock: Clock,
  planned: readonly Planned[],
  failed: (line: number, why: string) => void,
): Pace {
  const start = clock.now();
  const timed = planned.filter(({ after }) => 'ms' in after).sort((a, b) => msOf(a) - msOf(b));
  const counted = planned.filter(({ after }) => 'fills' in after);
  let timer: NodeJS.Timeout | null = null;
  let ended = false;

  const perform = ({ line, deed }: Planned): void => {
    const { ok, error } = gateway.control(deed);
    if (!ok) failed(line, error ?? '');
  };
  /** What one of them brings about may make the next one due. */
  const doDue = (): void => {
    for (;;) {
      const [first] = timed;
      const [next] = counted;
      if (first !== undefined && start + msOf(first) <= clock.now())
        perform(timed.shift() ?? first);
      else if (next !== undefined && fillsOf(next) <= gateway.fills())
        perform(counted.shift() ?? next);
      else return;
    }
  };
  const wake = (): void => {
    if (ended) return;
    gateway.pump();
    doDue();
    // Stepped time wakes nobody: whoever moves it, sees to that.
    if (clock.advance !== null) return;
    const due = nextAt();
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (due === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(wake, Math.min(WAIT_MOST, Math.max(0, Math.ceil(due - clock.now()))));
  };
  /** When something will be due of itself next. */
  const nextAt = (): number => {
    const [first] = timed;
    return Math.min(
      gateway.nextAt() ?? Number.POSITIVE_INFINITY,
      first === undefined ? Number.POSITIVE_INFINITY : start + msOf(first),
    );
  };
  /** From one event to the next, as real time goes: what is planned for one is done at its time. */
  const advance = (ms: number): Answered => {
    const target = clock.now() + ms;
    for (let at = nextAt(); at < target; at = nextAt()) {
      gateway.control({ do: 'advance', ms: Math.max(0, at - clock.now()) });
      doDue();
    }
    // A line of the scenario may have moved time beyond.
    return gateway.control({ do: 'advance', ms: Math.max(0, target - clock.now()) });
  };
  wake();
  return {
    gateway: {
      ...gateway,
      connect: (port) => {
        const connection = gateway.connect(port);
        return {
          ...connection,
          receive: (bytes) => {
            connection.receive(bytes);
            wake();
          },
        };
      },
      control: (deed) => {
        const stepped = deed.do === 'advance' && clock.advance !== null;
        const answered = stepped ? advance(deed.ms) : gateway.control(deed);
        wake();
        return answered;
      },
    },
    end: () => {
      ended = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

const msOf = ({ after }: Planned): number => ('ms' in after ? after.ms : 0);
const fillsOf = ({ after }: Planned): number => ('fills' in after ? after.fills : 0);
