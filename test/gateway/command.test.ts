/** `interlock gateway` as it is run: ports, signals, files, and what is said when it cannot. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gatewayCommand } from '../../src/gateway/command.ts';
import { interlock, processes } from './command.ts';
import { limit, market, RIME, stop } from './desk.ts';

const { file, running, client, closings } = processes();

/** What `interlock audit` makes of a file. */
async function audited(
  path: string,
): Promise<{ code: number | null; audit: Record<string, never> }> {
  const { code, stdout, stderr } = await interlock('audit', path, '--json');
  expect(stderr).toBe('');
  return { code, audit: JSON.parse(stdout) };
}

describe('when it runs', () => {
  test('it says where it listens and how it is stopped, and a client trades', async () => {
    const gateway = await running();
    expect(gateway.printed).toBe(
      `A simulated IB Gateway listens on 127.0.0.1:${gateway.port}: accounts DU1; symbols RIME, AAPL, MSFT, SPY.\n` +
        `Controls on 127.0.0.1:${gateway.controlPort}, a JSON object a line: {"do":"show"}\n` +
        'Ctrl-C stops it.\n',
    );
    const one = await client(gateway);
    const told = await one.until('orderStatus 1 Filled', (api) =>
      api.placeOrder(1, RIME, market('BUY', 100)),
    );
    expect(told).toContain('execDetails 1 BOT 100 @ 1.3 cum 100');
    expect(await gateway.control({ do: 'show' })).toMatchObject({
      ok: true,
      fills: 1,
      clients: [1],
    });
    expect(gateway.stderr()).toBe('');
  });

  test('with --json the same is an object', async () => {
    const gateway = await running('--json');
    expect(JSON.parse(gateway.printed)).toEqual({
      ...{ host: '127.0.0.1', port: gateway.port, controlPort: gateway.controlPort },
      pid: gateway.child.pid,
    });
  });

  test('the control port answers what it cannot read, line by line, and goes on', async () => {
    const gateway = await running('--json');
    expect(await gateway.control('nonsense')).toEqual({ ok: false, error: 'the line is not JSON' });
    expect(await gateway.control({ do: 'fly' })).toMatchObject({ ok: false });
    expect(await gateway.control({ do: 'advance', ms: 1 })).toEqual({
      ok: false,
      error: 'time is real here: --time stepped lets it be moved',
    });
    expect(await gateway.control({ do: 'show' })).toMatchObject({ ok: true });
  });

  test('stepped time stands still until it is moved', async () => {
    const gateway = await running('--json', '--time', 'stepped', '--start', '2026-02-12T20:00:00Z');
    const one = await client(gateway);
    const told = await one.until('currentTime', (api) => api.reqCurrentTime());
    expect(told).toEqual([`currentTime ${Date.parse('2026-02-12T20:00:00Z') / 1000}`]);
    expect(await gateway.control({ do: 'advance', ms: 60_000 })).toMatchObject({ ok: true });
    const later = await one.until('currentTime', (api) => api.reqCurrentTime());
    expect(later).toEqual([`currentTime ${Date.parse('2026-02-12T20:01:00Z') / 1000}`]);
  });

  test('what its scenario has for a time is done then', async () => {
    const rise = '{"after":50,"do":"price","symbol":"RIME","price":1.5}\n';
    const gateway = await running('--json', '--scenario', file('rise.jsonl', rise));
    const one = await client(gateway);
    const told = await one.until('tickPrice 30 4 1.5', (api) =>
      api.reqMktData(30, RIME, '', false, false),
    );
    expect(told.at(-1)).toBe('tickPrice 30 4 1.5 false');
  });

  test('a line of its scenario that cannot be done is told with file and line', async () => {
    const scenario = file('night.jsonl', '# nothing is down\n{"do":"restoreLink"}\n');
    const gateway = await running('--json', '--scenario', scenario);
    await gateway.control({ do: 'stop' });
    // A test that goes by the exit code must not believe that all was done.
    expect(await gateway.end('SIGCONT')).toEqual({ code: 1, signal: null });
    expect(gateway.stderr()).toBe(`interlock gateway: ${scenario}:2: the link is not down\n`);
  });
});

describe('it ends', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'with %s, exit code 0, its clients and its ledger in order',
    async (signal) => {
      const ledger = file('broker.jsonl');
      const gateway = await running('--json', '--ledger', ledger);
      const one = await client(gateway);
      await one.until('orderStatus 1 Filled', (api) => api.placeOrder(1, RIME, market('BUY', 100)));
      const gone = one.until('disconnected');
      expect(await gateway.end(signal)).toEqual({ code: 0, signal: null });
      await gone;
      expect(gateway.stderr()).toBe('');
      const { code, audit } = await audited(ledger);
      expect(code).toBe(0);
      expect(audit.findings).toEqual([]);
    },
  );

  test('with {"do":"stop"}', async () => {
    const gateway = await running('--json');
    expect(await gateway.control({ do: 'stop' })).toEqual({ ok: true });
    expect(await gateway.end('SIGCONT')).toEqual({ code: 0, signal: null });
  });
});

describe('its ledger', () => {
  test('of a sound bracket is a sound audit', async () => {
    const ledger = file('broker.jsonl');
    const gateway = await running('--json', '--ledger', ledger);
    const one = await client(gateway);
    await one.until('orderStatus 3 PreSubmitted', (api) => {
      api.placeOrder(1, RIME, limit('BUY', 100, 1.31, { transmit: false }));
      api.placeOrder(2, RIME, limit('SELL', 100, 1.35, { parentId: 1, transmit: false }));
      api.placeOrder(3, RIME, stop('SELL', 100, 1.25, { parentId: 1 }));
    });
    await gateway.control({ do: 'price', symbol: 'RIME', price: 1.36 });
    await one.until('error 3 202');
    await gateway.end('SIGTERM');
    const { code, audit } = await audited(ledger);
    expect(code).toBe(0);
    expect(audit).toMatchObject({
      symbols: [
        { symbol: 'RIME', boughtQty: 100, soldQty: 100, brokerPosition: 0, verdict: 'sound' },
      ],
      parents: [{ orderId: 1, exitFilledQty: 100, oversoldQty: 0, verdict: 'sound' }],
      findings: [],
    });
  });

  test('of a stop and a target that both fill is an oversold parent', async () => {
    const ledger = file('broker.jsonl');
    const gateway = await running('--json', '--ledger', ledger, '--time', 'stepped');
    const pass = () => gateway.control({ do: 'advance', ms: 500 });
    const one = await client(gateway);
    await one.until('currentTime', (api) => {
      api.placeOrder(693, RIME, market('BUY', 100, { transmit: false }));
      api.placeOrder(694, RIME, stop('SELL', 100, 1.25, { parentId: 693, transmit: false }));
      api.placeOrder(695, RIME, limit('SELL', 100, 1.35, { parentId: 693 }));
      api.reqCurrentTime();
    });
    await pass();
    // What the one does to the other has not reached the exchange.
    await gateway.control({ do: 'fill', orderId: 695 });
    await gateway.control({ do: 'price', symbol: 'RIME', price: 1.2 });
    await pass();
    await one.until('orderStatus 694 Filled');
    await gateway.end('SIGTERM');
    const { code, audit } = await audited(ledger);
    expect(code).toBe(2);
    expect(audit).toMatchObject({
      symbols: [{ netLogged: -100, brokerPosition: -100, unexplained: 0, verdict: 'oversold' }],
      parents: [{ orderId: 693, oversoldQty: 100, pattern: 'target-then-stop' }],
    });
  });

  test('of refused orders, with two clients of the same numbers, is read without a bad line', async () => {
    const ledger = file('broker.jsonl');
    const gateway = await running('--json', '--ledger', ledger);
    const [one, two] = [await client(gateway, 1), await client(gateway, 2)];
    await one.until('error 1 434', (api) => api.placeOrder(1, RIME, limit('BUY', 0, 1)));
    await one.until('orderStatus 1 Submitted', (api) =>
      api.placeOrder(1, RIME, limit('BUY', 5, 1)),
    );
    await two.until('orderStatus 1 Filled', (api) => api.placeOrder(1, RIME, market('BUY', 7)));
    await gateway.end('SIGTERM');
    const lines = readFileSync(ledger, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ type }) => type === 'order.created')).toMatchObject([
      { orderId: 1, clientId: 1, quantity: 5 },
      { orderId: 1_000_000_003, clientId: 2, quantity: 7 },
    ]);
    const { audit } = await audited(ledger);
    expect(audit.symbols).toMatchObject([{ boughtQty: 7, brokerPosition: 7, verdict: 'sound' }]);
    const kinds = Object.values<{ kind: string }>(audit.findings ?? []).map(({ kind }) => kind);
    expect(kinds).not.toContain('bad-line');
  });

  test('is whole after kill -9', async () => {
    const ledger = file('broker.jsonl');
    const gateway = await running('--json', '--ledger', ledger);
    const one = await client(gateway);
    await one.until('orderStatus 1 Filled', (api) => api.placeOrder(1, RIME, market('BUY', 100)));
    expect(await gateway.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    const { code, audit } = await audited(ledger);
    expect(code).toBe(0);
    expect(audit.symbols).toMatchObject([{ boughtQty: 100, brokerPosition: 100 }]);
  });
});

describe('after kill -9', () => {
  test('another one goes on from its state; ids go on, or roll back', async () => {
    const [state, ledger] = [file('state.jsonl'), file('broker.jsonl')];
    const args = ['--json', '--state', state, '--ledger', ledger];
    const first = await running(...args);
    const one = await client(first);
    await one.until('orderStatus 8 Submitted', (api) => {
      api.placeOrder(7, RIME, market('BUY', 100));
      api.placeOrder(8, RIME, limit('SELL', 100, 1.4));
    });
    await first.end('SIGKILL');

    const second = await running(...args);
    const again = await client(second);
    expect(again.nextId).toBe(9);
    const open = await again.until('openOrderEnd', (api) => api.reqOpenOrders());
    expect(open).toContain('orderStatus 8 Submitted 0/100');
    const sold = again.until('orderStatus 8 Filled');
    await second.control({ do: 'price', symbol: 'RIME', price: 1.41 });
    expect(await sold).toContain('execDetails 8 SLD 100 @ 1.4 cum 100');
    await second.end('SIGKILL');
    // The broker's ledger is of both lives.
    const { code, audit } = await audited(ledger);
    expect(code).toBe(0);
    expect(audit.symbols).toMatchObject([{ boughtQty: 100, soldQty: 100, brokerPosition: 0 }]);

    const third = await running(...args, '--roll-back-ids');
    expect((await client(third)).nextId).toBe(9);
  });
});

/** Somebody else's port. */
async function listening(port = 0): Promise<string> {
  const server = createServer().listen(port, '127.0.0.1');
  closings.push(() => new Promise((resolve) => server.close(resolve)));
  await once(server, 'listening');
  const address = server.address();
  return String(typeof address === 'object' ? address?.port : '');
}

describe('it does not start', () => {
  const refused = async (...args: readonly string[]): Promise<string> => {
    let [out, err] = ['', ''];
    const code = await gatewayCommand(args, {
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
    });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^interlock gateway: [^\n]+\n$/);
    return err.slice('interlock gateway: '.length, -1);
  };

  test('where its port is taken, or that of the controls', async () => {
    const taken = 'is taken. Stop what listens there, or name another';
    const port = await listening();
    expect(await refused('--port', port)).toBe(`--port ${port} ${taken}`);
    const controls = await listening();
    const free = await listening();
    await closings.pop()?.();
    const told = await refused('--port', free, '--control-port', controls);
    expect(told).toBe(`--control-port ${controls} ${taken}`);
    // The other port, which it had by then, is free again.
    expect(await listening(Number(free))).toBe(free);
    const { code, stderr } = await interlock('gateway', '--port', port);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `interlock gateway: --port ${port} ${taken}\n`,
    });
  });

  test.each([
    [['--prot', '1'], /^unknown option "--prot"\. Usage: /],
    [['extra'], /^unexpected argument "extra"/],
    [['--port'], /^--port needs a value/],
    [['--port', '65536'], /^--port is a whole number from 0 to 65535, not "65536"/],
    [['--server-version', '176'], /^--server-version is a whole number from 177 to 193/],
    [['--symbols', 'A,,B'], /^--symbols is a list of different names/],
    [['--accounts', 'DU1,DU1'], /^--accounts is a list of different names/],
    [['--price', 'NONE:1'], /^--price is a list as in RIME:1\.31/],
    [['--price', 'RIME:-1'], /^--price /],
    [['--position', 'RIME'], /^--position is a list as in RIME:100@1\.31/],
    [
      ['--assume', 'lateLeg=never'],
      /^--assume: lateLeg is one of left, refused, full, not "never"/,
    ],
    [['--assume', 'nothing=1'], /^--assume: "nothing" is no assumption; there are ocaReading, /],
    [['--faults', 'loses=0.1'], /^--faults is a list as in repeat=0\.1 of delay, /],
    [['--faults', 'repeat=2'], /^--faults: repeat is a number from 0 to 1, not "2"/],
    [['--faults', 'delayMs=x'], /^--faults: delayMs is a number from 0 to 60000, not "x"/],
    [['--faults', 'repeat'], /^--faults: repeat is a number from 0 to 1, not ""/],
    [['--seed', 'x'], /^--seed is a whole number/],
    [['--fill-lot', '0'], /^--fill-lot is a whole number from 1 to /],
    [['--fill-lot', '1', '--lot-gap', '1s'], /^--lot-gap is a whole number from 0 to /],
    [['--regular-hours', '16:00-09:30'], /, the end after the beginning, as in 09:30-/],
    [['--time', 'fast'], /^--time is one of real, stepped, not "fast"/],
    [['--time', 'stepped', '--start', 'noon'], /^--start is a time as in/],
    [['--lot-gap', '5'], /^--lot-gap changes nothing .*: it needs --fill-lot N/],
    [['--start', '2026-02-12T20:00:00Z'], /^--start changes nothing .*: it needs --time stepped/],
    [
      ['--port', '4003', '--control-port', '4003'],
      /^--port and --control-port are both 4003\. Name/,
    ],
    [
      ['--port', '4002', '--control-port', '4002'],
      /^--port and --control-port are both 4002\. Name/,
    ],
    [['--link-down', 'maybe'], /^--link-down is one of lost, delayed/],
    [['--rate-limit', '0'], /^--rate-limit is a whole number from 1/],
    [['--rate-limit', '5', '--no-rate-limit'], /^--rate-limit and --no-rate-limit exclude/],
    [['--roll-back-ids'], /^--roll-back-ids is about a restart: it needs --state FILE/],
    [['--scenario', join(tmpdir(), 'no', 'such')], /no such file\. Check the path$/],
    [['--scenario', tmpdir()], /is a directory\. Name the file in it$/],
    [
      ['--ledger', join(tmpdir(), 'no', 'such', 'file')],
      /: there is no folder .*such\. Make it, or name a file /,
    ],
    [['--ledger', tmpdir()], /: is a directory\. Name the file in it$/],
    [['--state', tmpdir()], /: is a directory\. Name the file in it$/],
    [
      ['--state', join(tmpdir(), 'no', 'such', 'file')],
      /: there is no folder .*such\. Make it, or/,
    ],
  ])('with %j', async (args, reason) => {
    const port = args.includes('--port') ? [] : ['--port', '0'];
    expect(await refused(...port, ...args)).toMatch(reason);
  });

  test('with a file that says what it should not', async () => {
    const scenario = file('scenario.jsonl', '{"do":"show"}\n{"do":"fly"}\n');
    expect(await refused('--scenario', scenario)).toMatch(/scenario\.jsonl:2: "do" is one of /);
    const other = file('other.jsonl', '{"seq":1}\n');
    expect(await refused('--state', other)).toMatch(
      /other\.jsonl is not a state of the gateway\. Name another file, or a new one$/,
    );
    // What was there is still there.
    expect(readFileSync(other, 'utf8')).toBe('{"seq":1}\n');
  });

  test.each([
    [
      '{"do":"price","symbol":"ZZZ","price":1}',
      'price: no symbol ZZZ is known here; --symbols has RIME, AAPL, MSFT, SPY',
    ],
    ['{"do":"reject","symbol":"ZZZ"}', 'reject: no symbol ZZZ is known here; --symbols has RIME'],
    [
      '{"do":"foreignTrade","symbol":"RIME","action":"BUY","shares":1,"price":1,"account":"X"}',
      'foreignTrade: no account X is known here; --accounts has DU1',
    ],
    ['{"do":"advance","ms":1}', 'advance: time is real here: --time stepped lets it be moved'],
  ])('with a scenario of which it is known that it cannot be done: %s', async (line, reason) => {
    const scenario = file('scenario.jsonl', `{"do":"show"}\n${line}\n`);
    expect(await refused('--scenario', scenario)).toContain(`${scenario}:2: ${reason}`);
  });

  test('with a state of other options: only those are named, and what to do', async () => {
    const state = file('state.jsonl');
    const first = ['--seed', '7', '--price', 'RIME:1.3', '--faults', 'lose=0.5,delayMs=9'];
    const hours = ['--regular-hours', '09:30-16:00', '--position', 'RIME:100@1.31'];
    const gateway = await running('--json', '--state', state, ...first.slice(0, 2), ...hours);
    await gateway.end('SIGTERM');
    const same = ['--latency', '0', '--price', 'RIME:1.3', '--position', 'RIME:100@1.31'];
    expect(await refused('--state', state, ...same, '--assume', 'lateLeg=full')).toBe(
      `${state} belongs to a gateway with no --assume, --seed 7, --regular-hours 09:30-16:00, ` +
        'not with --assume lateLeg=full, --seed 1, no --regular-hours. ' +
        'Start it with what it had, or name another --state',
    );
    expect(await refused('--state', state, ...first, ...hours)).toBe(
      `${state} belongs to a gateway with no --faults, --latency 0, ` +
        'not with --faults lose=0.5,delayMs=9, no --latency. ' +
        'Start it with what it had, or name another --state',
    );
  });

  test('and leaves the ledger of an earlier one alone', async () => {
    const ledger = file('broker.jsonl', '{"seq":1}\n');
    const other = file('other.jsonl', '{"seq":1}\n');
    await refused('--ledger', ledger, '--state', other);
    await refused('--ledger', ledger, '--port', await listening());
    expect(readFileSync(ledger, 'utf8')).toBe('{"seq":1}\n');
  });

  test('with --help it says all this, and ends', async () => {
    const { code, stdout, stderr } = await interlock('gateway', '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: interlock gateway /);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
