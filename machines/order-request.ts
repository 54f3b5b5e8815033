/**
 * The request axis of an order: what we asked of it since it was sent.
 *
 *     none ⇄ cancelAsked → pendingCancel
 *          ⇄ replaceAsked → pendingReplace
 *
 * Ask and answer are different states: `…Asked` is ours, `pending…` is the broker's word that it
 * has the request. None of them ends the order. A cancel prevails over a replace; a cancel may be
 * asked twice, nothing else may. A refused cancel says that our picture of the order is wrong.
 */
import { alarm, ask, type Intent, ignore, type State, type Transition } from './chart.ts';
import type { OrderKind, OwnFact } from './order.ts';

export function requestAxis(kind: OrderKind, own: OwnFact): State {
  const cancels: Record<string, Transition> = { ...kind.withdraw };
  const replaces = kind.replace ?? {};
  const refused: Transition = {
    target: `#${kind.name}.unresolved`,
    description: 'A refused cancel ends nothing and says our picture is wrong: look.',
    actions: [ask('a cancel was refused')],
  };
  const stays = ignore('a cancel is asked; that prevails');
  const nothingAsked = ignore('an answer to an older request; nothing is outstanding');
  const restated = ignore('restated by the broker; the ledger takes the new quantity');
  const none: Record<string, Transition | readonly Transition[]> = {
    [own('pendingCancel')]: {
      target: 'pendingCancel',
      description: 'Somebody else asked for its cancel.',
    },
    [own('cancelRejected')]: nothingAsked,
    [own('pendingReplace')]:
      kind.replace === null
        ? restated
        : { target: 'pendingReplace', description: 'Somebody else is changing it.' },
    [own('replaced')]: restated,
    [own('replaceRejected')]: nothingAsked,
    [own('requestOverdue')]: ignore('no request is outstanding'),
  };
  for (const [fact, transition] of [...Object.entries(cancels), ...Object.entries(replaces)]) {
    const before = none[fact];
    none[fact] = before === undefined ? transition : [before, transition].flat();
  }
  const axis: Record<string, State> = {
    none: { description: 'Nothing is asked of it.', on: none },
    cancelAsked: {
      description: 'We asked for its cancel; the broker has not said that it has the request.',
      meta: { deadline: 'withdrawal' },
      on: {
        [own('pendingCancel')]: { target: 'pendingCancel' },
        [own('cancelRejected')]: refused,
        [own('pendingReplace')]: stays,
        [own('replaced')]: stays,
        [own('replaceRejected')]: stays,
        [own('requestOverdue')]: {
          description: 'A cancel may be asked twice; nothing else may.',
          actions: [...cancelActions(kind), ...withdrawalOverdue],
        },
      },
    },
    pendingCancel: {
      description: 'The broker has the cancel and has not decided. Fills may still come.',
      meta: { deadline: 'withdrawal' },
      on: {
        [own('pendingCancel')]: ignore('pending already'),
        [own('cancelRejected')]: refused,
        [own('pendingReplace')]: stays,
        [own('replaced')]: stays,
        [own('replaceRejected')]: stays,
        [own('requestOverdue')]: {
          description: 'It said so and has not done it: ask again, if it was we who asked.',
          actions: [...cancelActions(kind), ...withdrawalOverdue],
        },
      },
    },
  };
  if (kind.replace !== null) Object.assign(axis, replaceStates(own, cancels));
  return { description: 'What we asked of it since.', initial: 'none', states: axis };
}

const withdrawalOverdue: readonly Intent[] = [
  alarm('L7', 'a cancel has not been confirmed in time'),
  ask('a withdrawal is overdue'),
];

/** The cancel that this kind of order asks for. */
export function cancelActions(kind: OrderKind): readonly Intent[] {
  const first = Object.values(kind.withdraw)[0];
  return (first?.actions ?? []).filter((action) => action.type === 'cancel');
}

function replaceStates(
  own: OwnFact,
  cancels: Readonly<Record<string, Transition>>,
): Record<string, State> {
  const answered = {
    ...cancels,
    [own('pendingCancel')]: { target: 'pendingCancel' },
    [own('cancelRejected')]: ignore('no cancel is outstanding'),
    [own('replaced')]: { target: 'none', description: 'The broker shows it as we asked.' },
    [own('replaceRejected')]: {
      target: 'none',
      description: 'The order lives on as it was.',
      actions: [
        alarm('L6', 'a replace was refused; the order stays as it was'),
        ask('a replace was refused'),
      ],
    },
    [own('requestOverdue')]: {
      actions: [
        alarm('L7', 'a replace has not been confirmed in time'),
        ask('a replacement is overdue'),
      ],
    },
  };
  return {
    replaceAsked: {
      description: 'We asked for a change; the broker has not said that it has the request.',
      meta: { deadline: 'replacement' },
      on: { ...answered, [own('pendingReplace')]: { target: 'pendingReplace' } },
    },
    pendingReplace: {
      description: 'The broker has the change and has not decided.',
      meta: { deadline: 'replacement' },
      on: { ...answered, [own('pendingReplace')]: ignore('pending already') },
    },
  };
}
