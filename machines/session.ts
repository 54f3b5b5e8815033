/**
 * The session with the broker: is there a link, do we know what the broker has, may brackets open?
 *
 *     link      down ⇄ handshaking → reconciling ⇄ live,  severed from either
 *     service   open → draining → drained
 *
 * Theory of operation. The link is lost in two ways: the connection to TWS ends (`down`), or TWS
 * stays and loses IB behind it (`severed`, 1100). In both nothing is sent. Whoever comes back is not
 * believed to know nothing has happened: the broker is asked for everything first (`reconciling`),
 * and only a whole answer makes the session live. Every wait has its end: a connection that does
 * not come is tried again, an answer that does not come is asked for again, and what is live is
 * looked at now and then. Draining is beside all that: nothing new is opened, what is open is
 * served to its end, over as many reconnections as it takes.
 */
import { type ChartMachine, chartSetup, ignore, type State } from './chart.ts';

export const SESSION_FACTS = [
  /** The broker's API is ready: it has told its accounts and its next order id. */
  'connection.ready',
  'connection.lost',
  /** TWS has lost IB (1100, 2110), and has it back (1101, 1102). */
  'link.lost',
  'link.restored',
  /** A whole snapshot came, and the engine believes the link again. */
  'broker.known',
  /** The wait of the link's state is over. */
  'link.overdue',
  'drain.wished',
  /** No bracket is open any more. */
  'brackets.closed',
] as const;

export type SessionFact = (typeof SESSION_FACTS)[number];

const lost = {
  target: 'down',
  description: 'The connection has ended. What was in flight is unknown.',
} as const;

const severed = {
  target: 'severed',
  description: 'TWS is there, and IB behind it is not. Nothing is sent.',
} as const;

const link: State = {
  description: 'Whether the broker hears us, and what we know of it.',
  initial: 'down',
  states: {
    down: {
      description: 'No connection. The next try waits, longer each time.',
      meta: { wait: 'retry' },
      on: {
        'link.overdue': {
          target: 'handshaking',
          actions: [{ type: 'connect' }],
          description: 'Try again.',
        },
        'connection.ready': ignore('it was given up'),
        'connection.lost': ignore('there is no connection'),
        'link.lost': ignore('there is no connection'),
        'link.restored': ignore('there is no connection'),
        'broker.known': ignore('there is no connection'),
      },
    },
    handshaking: {
      description: 'Connecting: the broker has not told its accounts and next order id yet.',
      meta: { wait: 'handshake' },
      on: {
        'connection.ready': {
          target: 'reconciling',
          description: 'It answers: first of all it is asked what it has.',
        },
        'connection.lost': lost,
        'link.overdue': {
          target: 'down',
          actions: [{ type: 'disconnect' }],
          description: 'No answer in time.',
        },
        'link.lost': ignore('nothing is believed yet'),
        'link.restored': ignore('nothing is believed yet'),
        'broker.known': ignore('it was asked before'),
      },
    },
    severed: {
      description: 'TWS has lost IB. It says when that is over; until then nothing is sent.',
      meta: { wait: 'severance' },
      on: {
        'link.restored': { target: 'reconciling', description: 'IB is back behind TWS.' },
        'connection.lost': lost,
        'connection.ready': ignore('connected already'),
        'link.lost': ignore('lost already'),
        'broker.known': ignore('TWS answered for itself: IB is not behind it'),
        'link.overdue': {
          target: 'down',
          actions: [{ type: 'disconnect' }],
          description: 'It takes too long: perhaps only the word that it is over was lost.',
        },
      },
    },
    reconciling: {
      description: 'The broker is asked what it has: orders, executions, positions.',
      meta: { wait: 'reconciliation' },
      on: {
        'broker.known': { target: 'live', description: 'A whole answer came.' },
        'connection.lost': lost,
        'link.lost': severed,
        'link.restored': ignore('it is asked already'),
        'connection.ready': ignore('connected already'),
        'link.overdue': {
          actions: [{ type: 'ask', params: { because: 'the answer is overdue' } }],
          description: 'Asked again.',
        },
      },
    },
    live: {
      description: 'Orders go out.',
      meta: { wait: 'look' },
      on: {
        'connection.lost': lost,
        'link.lost': severed,
        'link.restored': {
          target: 'reconciling',
          description: 'A cut that was over before we heard of it.',
        },
        'connection.ready': ignore('connected already'),
        'broker.known': ignore('known already'),
        'link.overdue': {
          actions: [{ type: 'ask', params: { because: 'a routine look' } }],
          description: 'What nobody told us shows itself.',
        },
      },
    },
  },
};

const service: State = {
  description: 'Whether brackets may open.',
  initial: 'open',
  states: {
    open: {
      description: 'Brackets may open.',
      on: {
        'drain.wished': { target: 'draining', description: 'Nothing new from now on.' },
        'brackets.closed': ignore('others may open'),
      },
    },
    draining: {
      description: 'What is open is served to its end.',
      on: {
        'brackets.closed': { target: 'drained', description: 'The last one is over.' },
        'drain.wished': ignore('draining already'),
      },
    },
    drained: {
      description: 'Nothing is open, and nothing will open.',
      on: {
        'drain.wished': ignore('drained already'),
        'brackets.closed': ignore('drained already'),
      },
    },
  },
};

/** Stepped one by one, as the regions of a bracket are: they share nothing but the fact. */
export const sessionRegions: Readonly<Record<'link' | 'service', State>> = { link, service };

export const sessionMachine: ChartMachine = chartSetup.createMachine({
  id: 'session',
  type: 'parallel',
  states: sessionRegions,
});
