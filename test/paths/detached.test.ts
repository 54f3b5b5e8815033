import { TestModel } from '@xstate/test';
import { expect, test } from 'vitest';
import type { ActorLogic, ActorSystem, Snapshot } from 'xstate';
import type { BrokerRequest, BrokerWord } from '../../src/ports/broker.ts';
import {
  act,
  type Book,
  type BookAction,
  choices,
  emptyBook,
  receive,
  truth,
} from '../../src/simulator/book.ts';
import { ordersIn } from '../../src/simulator/contents.ts';
import {
  type DetachedPlan,
  type DetachedRouter,
  hearDetached,
  openDetached,
  RIME_693,
} from '../../src/simulator/detached.ts';

/** The incident's router in the engine's place: stop and targets side by side, in no group. */
type World = Snapshot<unknown> & {
  readonly book: Book;
  readonly router: DetachedRouter;
  readonly sent: readonly BrokerRequest[];
  /** Which exits have traded, in order. */
  readonly exits: readonly string[];
};

type Event = { readonly type: string; readonly action: BookAction | 'arrive' };

const active = { status: 'active', output: undefined, error: undefined } as const;

const plan: DetachedPlan = {
  ...RIME_693,
  quantity: 2,
  targets: [
    { quantity: 1, price: 1.35 },
    { quantity: 1, price: 1.38 },
  ],
};

const roleOf = (orderId: number): string =>
  orderId === plan.orderId + 1 ? 'stop' : `target${orderId - plan.orderId - 1}`;

function opened(): World {
  const { router, requests } = openDetached(plan);
  const sent = requests.map(({ request }) => request);
  return { ...active, book: emptyBook(), router, sent, exits: [] };
}

function heard(world: World, book: Book, words: readonly BrokerWord[]): World {
  let { router, sent, exits } = world;
  for (const word of words) {
    const step = hearDetached(router, word);
    router = step.router;
    sent = [...sent, ...step.requests.map(({ request }) => request)];
    if (word.word === 'execDetails' && word.side === 'SLD') {
      exits = [...exits, roleOf(word.orderId)];
    }
  }
  return { ...active, book, router, sent, exits };
}

function happen(world: World, { action }: Event): World {
  if (action !== 'arrive') {
    const { book, words } = act(world.book, action);
    return heard(world, book, words);
  }
  const [first, ...sent] = world.sent;
  if (first === undefined) return world;
  const { book, words } = receive(world.book, first);
  return heard({ ...world, sent }, book, words);
}

const soldOf = ({ book }: World): number => truth(book).accounts[0]?.sold ?? 0;

/** Once more is sold than was bought, the story is over. */
function possible(world: World): Event[] {
  if (soldOf(world) > plan.quantity) return [];
  const events: Event[] = choices(world.book, { lots: [plan.quantity] }).map((action) => ({
    type: `${action.type} ${'orderId' in action ? action.orderId : ''}`,
    action,
  }));
  return world.sent.length === 0 ? events : [{ type: 'arrive', action: 'arrive' }, ...events];
}

test('detached exits oversell in both orders, and generation finds both', () => {
  const logic = {
    transition: happen,
    getInitialSnapshot: opened,
    getPersistedSnapshot: (world: World): Snapshot<unknown> => world,
  } satisfies ActorLogic<World, Event, undefined, ActorSystem<never>>;
  const model = new TestModel(logic, {
    events: possible,
    serializeState: ({ book, sent, exits }: World) =>
      JSON.stringify([ordersIn(book), sent.length, sent.at(-1)?.request, exits]),
    serializeEvent: ({ type }: Event) => type,
  });
  const paths = model.getShortestPaths({ toState: (world) => soldOf(world) > plan.quantity });
  const orders = new Map<string, number>();
  for (const { state, steps } of paths) {
    const order = state.exits.join(' ');
    const events = steps.length - 1;
    orders.set(order, Math.min(orders.get(order) ?? events, events));
  }
  expect(paths.length).toBeGreaterThanOrEqual(40);
  const first = [...orders].map(([order, events]) => `${order} (${events} events)`);
  console.log(`detached: ${paths.length} shortest paths to more sold than bought: ${first}`);
  const found = [...orders.keys()];
  expect(found.some((order) => /^stop target/.test(order))).toBe(true);
  expect(found.some((order) => /^target\d target\d stop/.test(order))).toBe(true);
});
