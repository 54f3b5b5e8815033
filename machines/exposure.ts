/**
 * What a bracket is exposed to.
 *
 *     flat → exposed ⇄ protected → closing → flat → settling → closed
 *                 any of them → breached
 *
 * Theory of operation. This region asks for no order. It watches the ledger's conclusions,
 * whatever the fact was (`*`), says in one word where the bracket stands, and runs the deadline
 * that the word calls for: naked shares, a way out that takes too long, a bracket that is over and
 * waits for the broker's last look. The alternatives of a state are in the order of their weight:
 * a breach before all else, then "nothing is open", then the way out, then protection.
 */
import { alarm, ask, ignore, type State, type Transition } from './chart.ts';

export function exposureRegion(): State {
  const to = moves();
  return {
    id: 'exposure',
    description: 'What the bracket is exposed to.',
    initial: 'flat',
    states: {
      flat: {
        description: 'No shares are open.',
        on: {
          'exposure.overdue': to.noWait,
          '*': [to.breached, to.settling, to.stillFlat, to.closing, to.protected, to.exposed],
        },
      },
      exposed: {
        description: 'Shares are open and at least one has no live stop behind it.',
        meta: { deadline: 'cover' },
        on: {
          'exposure.overdue': [
            { ...to.closing, actions: [alarm('L5', 'naked for too long: leaving')] },
            { actions: [alarm('L5', 'naked for too long'), ask('shares are naked')] },
          ],
          '*': [to.breached, to.flat, to.closing, to.protected],
        },
      },
      protected: {
        description: 'A live stop stands behind every open share: naked is 0.',
        on: {
          'exposure.overdue': to.noWait,
          '*': [to.breached, to.flat, to.closing, to.stillCovered, to.exposed],
        },
      },
      closing: {
        description: 'On the way out: exits are withdrawn, then one order closes what is left.',
        meta: { deadline: 'leave' },
        on: {
          'exposure.overdue': {
            actions: [alarm('L5', 'still not out'), ask('leaving takes too long')],
          },
          '*': [to.breached, to.flat],
        },
      },
      settling: {
        description: 'Flat, and every order has ended: does the broker show none of them?',
        meta: { deadline: 'settlement' },
        on: {
          'exposure.overdue': { actions: [ask('a bracket waits to be closed')] },
          '*': [
            to.breached,
            to.closed,
            to.stillQuiet,
            to.flat,
            to.closing,
            to.protected,
            to.exposed,
          ],
        },
      },
      closed: {
        description: 'Its close record is written. Any later fact that changes it reopens it.',
        on: {
          'exposure.overdue': to.noWait,
          '*': [
            to.breached,
            to.stillSettled,
            reopened(to.settling),
            reopened(to.flat),
            reopened(to.exposed),
          ],
        },
      },
      breached: {
        description: 'More was exited than entered. Exits go; only the remedy may be sent.',
        meta: { deadline: 'leave', law: 'L12' },
        on: {
          'exposure.overdue': {
            actions: [alarm('L12', 'the breach is still open'), ask('a breach is open')],
          },
          '*': [to.stillOversold, to.flat, to.closing, to.protected, to.exposed],
        },
      },
    },
  };
}

function reopened(transition: Transition): Transition {
  const actions = [...(transition.actions ?? []), alarm('L10', 'a closed bracket is reopened')];
  return { ...transition, actions };
}

function moves(): Record<
  | 'breached'
  | 'flat'
  | 'closing'
  | 'protected'
  | 'exposed'
  | 'settling'
  | 'closed'
  | 'stillFlat'
  | 'stillCovered'
  | 'stillQuiet'
  | 'stillSettled'
  | 'stillOversold'
  | 'noWait',
  Transition
> {
  return {
    breached: {
      guard: { type: 'oversold' },
      target: 'breached',
      description: 'The broker broke its word: withdraw everything, measure, tell.',
      meta: { law: 'L12' },
    },
    flat: { guard: { type: 'flat' }, target: 'flat', description: 'No shares are open.' },
    closing: {
      guard: { type: 'leaving' },
      target: 'closing',
      description: 'A wish, or an escalation: out, one order at a time.',
    },
    protected: {
      guard: { type: 'covered' },
      target: 'protected',
      description: 'A live stop stands behind every share.',
      meta: { law: 'L5' },
    },
    exposed: {
      target: 'exposed',
      description: 'Some share is naked: the cover deadline runs.',
      meta: { law: 'L5' },
    },
    settling: {
      guard: { type: 'quiet' },
      target: 'settling',
      actions: [ask('the bracket has ended')],
      description: 'Nothing is open and nothing can come: ask the broker once more.',
      meta: { law: 'L10' },
    },
    closed: {
      guard: { type: 'settled' },
      target: 'closed',
      actions: [{ type: 'close' }],
      description: 'The broker shows none of its orders: the close record.',
      meta: { law: 'L10' },
    },
    stillFlat: { guard: { type: 'flat' }, description: 'Still flat.' },
    stillCovered: { guard: { type: 'covered' }, description: 'Still covered.' },
    stillQuiet: { guard: { type: 'quiet' }, description: 'Still waiting for the last look.' },
    stillSettled: { guard: { type: 'settled' }, description: 'Still over.' },
    stillOversold: { guard: { type: 'oversold' }, description: 'Still oversold.' },
    noWait: ignore('no wait runs in this state'),
  };
}
