import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditRecords, created, entry, type Fields, stop, target } from './logs.ts';

/**
 * An audit so dumb that it can be believed: no folding, no state; it asks the whole log anew for
 * every number, in hundredths. Quantities have at most two decimals here.
 */
type Fill = {
  readonly type: 'execution';
  readonly root: number;
  readonly revision: number;
  readonly orderId: number;
  readonly action: 'BUY' | 'SELL';
  readonly cents: number;
};

const PARENTS = [1, 11, 21];

function counted(fills: readonly Fill[]): readonly Fill[] {
  return fills.filter((fill, index) => {
    const same = fills.filter(({ root }) => root === fill.root);
    const highest = Math.max(...same.map(({ revision }) => revision));
    const firstOfHighest = fills.findIndex(
      ({ root, revision }) => root === fill.root && revision === highest,
    );
    return index === firstOfHighest;
  });
}

function sum(fills: readonly Fill[], of: (fill: Fill) => boolean): number {
  return fills.filter(of).reduce((total, { cents }) => total + cents, 0) / 100;
}

const fill = fc.record({
  type: fc.constant('execution' as const),
  root: fc.integer({ min: 1, max: 12 }),
  revision: fc.integer({ min: 1, max: 12 }),
  leg: fc.integer({ min: 0, max: 2 }),
  parent: fc.constantFrom(...PARENTS),
  cents: fc.integer({ min: 1, max: 20_000 }),
});

/** The root decides order and side: a correction keeps all but the quantity. */
function settled(fills: readonly (typeof fill extends fc.Arbitrary<infer One> ? One : never)[]) {
  return fills.map((one): Fill => {
    const first = fills.find(({ root }) => root === one.root) ?? one;
    const { root, revision, cents } = one;
    const action = first.leg === 0 ? 'BUY' : 'SELL';
    return { type: 'execution', root, revision, orderId: first.parent + first.leg, action, cents };
  });
}

function recordOf({ root, revision, orderId, action, cents }: Fill): Fields {
  const execId = `0000e0d5.${root}.0${revision}`;
  const quantity = cents / 100;
  return { type: 'execution', execId, orderId, symbol: 'RIME', action, quantity, price: 1 };
}

test('a reckoning without any cleverness agrees on bought, sold and oversold', async () => {
  const orders = PARENTS.flatMap((parentId) => [
    entry(parentId),
    stop(parentId + 1, { parentId }),
    target(parentId + 2, { parentId }),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(fill, { maxLength: 40 }), fc.nat(), async (drawn, split) => {
      const fills = settled(drawn);
      const executions = fills.map(recordOf);
      // Orders may come before, among or after their executions.
      const place = split % (executions.length + 1);
      const log = [...executions.slice(0, place), ...orders, ...executions.slice(place)];
      const { report } = await auditRecords([created(99), ...log]);
      const real = counted(fills);
      expect(report.symbols).toEqual([
        expect.objectContaining({
          boughtQty: sum(real, ({ action }) => action === 'BUY'),
          soldQty: sum(real, ({ action }) => action === 'SELL'),
        }),
      ]);
      for (const parentId of PARENTS) {
        const ours = real.filter(({ orderId }) => orderId >= parentId && orderId <= parentId + 2);
        const entered = sum(ours, ({ action }) => action === 'BUY');
        const exited = sum(ours, ({ action }) => action === 'SELL');
        const parent = report.parents.find(({ orderId }) => orderId === parentId);
        expect(parent).toMatchObject({ entryFilledQty: entered, exitFilledQty: exited });
        expect(parent?.oversoldQty).toBe(Math.max(0, Math.round((exited - entered) * 100) / 100));
        expect(parent?.verdict === 'oversold').toBe(exited > entered);
      }
    }),
    { numRuns: 150 },
  );
});

/** What a file of this shape must never do is make the command throw. */
test('whatever the lines are, the command answers', async () => {
  const anything = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({
      seq: fc.oneof(fc.integer(), fc.string()),
      type: fc.constantFrom('execution', 'order.created', 'order.status', 'broker.position', 'x'),
      orderId: fc.oneof(fc.integer({ min: -1, max: 3 }), fc.constant(null)),
      parentId: fc.integer({ min: -1, max: 3 }),
      symbol: fc.string(),
      action: fc.constantFrom('BUY', 'SELL', ''),
      quantity: fc.oneof(fc.double(), fc.integer()),
      position: fc.double(),
      price: fc.integer(),
      orderType: fc.string(),
      execId: fc.string(),
      status: fc.constantFrom('Filled', 'Cancelled', 'Sleeping'),
    }),
  );
  const { auditText } = await import('./logs.ts');
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 25 }), async (lines) => {
      const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
      const { code, stdout, stderr } = await auditText(text.join('\n'));
      expect([0, 1, 2]).toContain(code);
      expect(code === 1 ? stderr : stdout).not.toBe('');
      expect(code === 1 ? stdout : stderr).toBe('');
    }),
    { numRuns: 200 },
  );
});
