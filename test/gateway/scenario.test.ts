/** What is planned for while the gateway runs: read, and done at its time. */
import { describe, expect, test } from 'vitest';
import { type Planned, readScenario } from '../../src/gateway/scenario.ts';
import { limit, market, openDesk, stop } from './desk.ts';

function planned(...lines: readonly string[]): readonly Planned[] {
  const read = readScenario(lines.join('\n'));
  if (!read.ok) throw new Error(`${read.line}: ${read.reason}`);
  return read.planned;
}

describe('a line', () => {
  test('waits for a time or for executions, or is done at once; comments are left out', () => {
    expect(
      planned(
        '# the opening',
        '',
        '{"do":"price","symbol":"RIME","price":1.31}',
        '{"after":250,"do":"loseLink"}',
        '{"after":{"fills":2},"do":"restoreLink","dataLost":true}',
      ),
    ).toEqual([
      { line: 3, after: { ms: 0 }, deed: { do: 'price', symbol: 'RIME', price: 1.31 } },
      { line: 4, after: { ms: 250 }, deed: { do: 'loseLink' } },
      { line: 5, after: { fills: 2 }, deed: { do: 'restoreLink', dataLost: true } },
    ]);
  });

  test.each([
    ['{"do":"price"', 'it is not a JSON object'],
    ['[1]', 'it is not a JSON object'],
    ['{"after":-1,"do":"show"}', /^"after" is milliseconds from the start, or/],
    ['{"after":{"fills":1.5},"do":"show"}', /^"after" is/],
    ['{"after":"soon","do":"show"}', /^"after" is/],
    ['{"after":1}', /^"do" is one of price, fill, .*; it has no "do"$/],
    ['{"do":"fly"}', /; "fly" is none of them$/],
    ['{"do":"price","symbol":"RIME","price":"1"}', 'price: "price" is a number above 0, not "1"'],
    [
      '{"do":"price","symbol":"RIME","price":1,"prize":2}',
      'price: "prize" is no field of it; it has symbol, price, size',
    ],
    ['{"do":"price","symbol":"RIME"}', 'price: it needs "price": a number above 0'],
    [
      '{"do":"price","symbol":"RIME","prize":2}',
      'price: it needs "price": a number above 0; "prize" is no field of it; it has symbol, price, size',
    ],
    ['{"do":"newDay","at":2}', 'newDay: "at" is no field of it; it has none'],
    ['{"do":"advance","ms":-1}', 'advance: "ms" is a number from 0 to 86400000, not -1'],
    ['{"do":"refuseCancel","orderId":1,"code":3}', 'refuseCancel: "code" is 161 or 10147, not 3'],
    ['{"do":"oca"}', 'oca: it changes nothing: give blocks, reading or lateLeg'],
    ['{"do":"oca","reading":"never"}', /^oca: "reading" is one of byQuantity, .*, not "never"$/],
    ['{"do":"fill","shares":0}', 'fill: "shares" is a number above 0, not 0'],
  ])('%s is refused with its number and a reason', (line, reason) => {
    const read = readScenario(`# fine\n${line}\n{"do":"show"}`);
    expect(read).toMatchObject({ ok: false, line: 2, reason: expect.stringMatching(reason) });
  });
});

describe('what is planned', () => {
  test('for times is done in their order, each at its own', () => {
    const desk = openDesk({
      planned: planned(
        '{"after":300,"do":"price","symbol":"RIME","price":1.10}',
        '{"after":100,"do":"price","symbol":"RIME","price":1.28}',
      ),
    });
    const client = desk.client(1);
    client.place(1, limit('BUY', 100, 1.28));
    client.place(2, limit('BUY', 100, 1.2));
    desk.pass(99);
    expect(client.told().at(-1)).toBe('orderStatus 2 Submitted 0/100');
    desk.pass(12);
    expect(client.told()[0]).toBe('execDetails 1 BOT 100 @ 1.28 cum 100');
    desk.pass(180);
    expect(client.told()).toEqual([]);
    desk.pass(20);
    expect(client.told()[0]).toBe('execDetails 2 BOT 100 @ 1.2 cum 100');
  });

  test('for executions is done when so many have happened, before anything else does', () => {
    const desk = openDesk({
      planned: planned(
        '{"after":{"fills":1},"do":"loseLink"}',
        '{"after":{"fills":2},"do":"restoreLink"}',
      ),
    });
    const client = desk.client(1);
    client.place(1, market('BUY', 100));
    client.place(2, stop('SELL', 100, 1.25));
    desk.pass(10_000);
    // Acknowledged and executed at 30 ms, which would be heard at 40: the link is lost in between.
    expect(client.told()).toEqual([
      'orderStatus 1 PendingSubmit 0/100',
      'orderStatus 2 PendingSubmit 0/100',
      'info 1100 Connectivity between IB and Trader Workstation has been lost.',
    ]);
    desk.does({ do: 'price', symbol: 'RIME', price: 1.24 });
    desk.pass(0);
    expect(client.told()[0]).toMatch(/^info 1102 /);
  });

  test('and cannot be done is told to the operator with its line; the rest is done', () => {
    const desk = openDesk({
      planned: planned(
        '{"do":"restoreLink"}',
        '{"after":10,"do":"fill","orderRef":"none"}',
        '{"after":20,"do":"loseLink"}',
      ),
    });
    desk.pass();
    expect(desk.failures).toEqual(['1: the link is not down', '2: there is no such order']);
    expect(desk.does({ do: 'show' })).toMatchObject({ link: 'down' });
  });

  test('can move time itself, beyond what was asked for', () => {
    const desk = openDesk({ planned: planned('{"after":10,"do":"advance","ms":5000}') });
    desk.pass(100);
    expect(desk.does({ do: 'show' })).toMatchObject({ now: '2026-02-12T14:30:05.010Z' });
  });
});
