/** `interlock gateway`: a simulated IB Gateway on loopback, until it is told to stop. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { printable } from '../terminal/layout.ts';
import { fileProblem, refuseDirectory } from '../terminal/unreadable.ts';
import { type Wanted, wantedFrom } from './arguments.ts';
import { deedText } from './deed-table.ts';
import { readDeed } from './deeds.ts';
import { lockFile, type Use, usedTwice, writingProblem } from './files.ts';
import { type Answered, type Gateway, openGateway } from './gateway.ts';
import { isReplaceable, type NewLedger, NO_LEDGER, openLedger } from './ledger.ts';
import { madeOf } from './made.ts';
import { type Pace, paced } from './pace.ts';
import { neverDone, type Planned, readScenario } from './scenario.ts';
import { type Listening, listenForClients, listenForControl } from './server.ts';
import { NO_STORE, type Opened, openStore } from './store.ts';
import { realClock, steppedClock } from './time.ts';

const USAGE = 'Usage: interlock gateway [--port N] [--control-port N] [OPTIONS]';

const HELP = `${USAGE}

A simulated IB Gateway on loopback: it speaks TWS's protocol (server versions 177 to 193) to any API
client, with a simulated venue behind it. For tests of what trades through Interactive Brokers.

  --port N             for clients (4002); 0 takes any free one
  --control-port N     for whoever is at the controls: a JSON object a line in and out, e.g.
                       {"do":"price","symbol":"RIME","price":1.31}; none by default
  --scenario FILE      what is done while it runs, a line each: {"after":250,"do":"price",…},
                       {"after":{"fills":2},"do":"loseLink"}
  --symbols LIST       stocks that are traded (RIME,AAPL,MSFT,SPY)
  --accounts LIST      accounts (DU1), each with --cash N dollars (1,000,000)
  --price LIST         first prices: RIME:1.31,AAPL:230
  --position LIST      held at the beginning, by the first account: RIME:100@1.31
  --ledger FILE        the broker's own truth, as a lifecycle log that interlock audit reads; what
                       is in the file is overwritten: the log begins anew, and with --state it is
                       written again from where the state began. One gateway at a time
  --state FILE         goes on where an earlier gateway with this file ended; one gateway at a time.
                       --roll-back-ids: the next valid id is the one that its clients began with
  --assume LIST        what nobody knows of IB: lateLeg=refused,endedCancel=161,…
  --faults LIST        in the words about orders: repeat=0.1,delay=0.05,omitStatus=0.1,lose=0.01,…;
                       cutLink=0.001,cutMs=5000: 1100, silence, 1101 or 1102; drawn from --seed N
  --latency MS         of each way, of acknowledgements and of cancels
  --fill-lot N         the largest execution, in shares: orders trade in parts; --lot-gap MS: the
                       pause between two executions of one order (0)
  --regular-hours H    09:30-16:00, in New York, Monday to Friday: outside them only orders with
                       outsideRth trade; every hour is regular by default
  --link-down HOW      what becomes of requests while the link is down: lost (default), delayed
  --rate-limit N       messages of a client a second (50); --no-rate-limit
  --server-version N   the newest that is spoken (193)
  --master-client N    hears of all clients' orders
  --time stepped       time stands still until {"do":"advance","ms":…}; it begins at --start TIME
  --json               what is printed when it listens, as a JSON object
  --deeds              all that can be done at the controls and in a scenario, with examples
  -h, --help           this text

It stops with SIGINT, SIGTERM, or {"do":"stop"}.

Exit code: 0  it was told to stop
           1  the arguments are wrong, a port is taken, or a file cannot be used; or it was told to
              stop, and a line of --scenario could not be done when its time came (see stderr)
`;

export type GatewayIo = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};

/** What keeps it from starting, in words. */
class Unusable extends Error {}

export async function gatewayCommand(args: readonly string[], io: GatewayIo): Promise<number> {
  const reading = wantedFrom(args);
  if (reading.type === 'help') {
    io.stdout(HELP);
    return 0;
  }
  if (reading.type === 'deeds') {
    io.stdout(deedText());
    return 0;
  }
  if (reading.type === 'refused') return refuse(io, `${reading.reason}. ${USAGE}`);
  try {
    return await serve(reading.wanted, io);
  } catch (problem) {
    if (problem instanceof Unusable) return refuse(io, problem.message);
    throw problem;
  }
}

function refuse(io: GatewayIo, reason: string): 1 {
  io.stderr(`interlock gateway: ${printable(reason)}\n`);
  return 1;
}

/** The exit code. */
async function serve(wanted: Wanted, io: GatewayIo): Promise<number> {
  const planned = await scenarioFrom(wanted);
  const twice = usedTwice(
    (['scenario', 'state', 'ledger'] as const).map((option) => ({ option, file: wanted[option] })),
  );
  if (twice !== undefined) {
    const [one, other] = twice;
    throw new Unusable(
      `--${one.option} ${one.file} and --${other.option} ${other.file} are one file. Name two`,
    );
  }
  const releases: (() => void)[] = [];
  try {
    for (const option of ['state', 'ledger'] as const)
      releases.push(await lockOf({ option, file: wanted[option] }));
    return await served(wanted, planned, io);
  } finally {
    for (const release of releases) release();
  }
}

async function served(wanted: Wanted, planned: readonly Planned[], io: GatewayIo): Promise<number> {
  const stored = storeOf(wanted);
  const least = stored.before.at(-1)?.at ?? 0;
  const clock = wanted.stepped ? steppedClock(Math.max(least, wanted.start)) : realClock(least);
  const ledger = ledgerOf(wanted.ledger);
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const gateway = openGateway(wanted.options, {
    clock,
    ledger,
    store: stored.store,
    before: stored.before,
    stop: () => stop(),
    log: (line) => io.stderr(`interlock gateway: ${printable(line)}\n`),
  });
  // Who has planned something that was not done has not tested what was meant to be tested.
  let failed = false;
  const pace = paced(gateway, clock, planned, (line, why) => {
    failed = true;
    io.stderr(`interlock gateway: ${wanted.scenario}:${line}: ${printable(why)}\n`);
  });
  const listening = await listen(wanted, pace);
  ledger.begin();
  // Whoever has read that it listens may stop it at once.
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  io.stdout(wanted.json ? jsonOf(listening) : told(wanted, listening));
  await stopped;
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  pace.end();
  for (const { close } of Object.values(listening)) await close();
  gateway.close();
  return failed ? 1 : 0;
}

type Ports = { readonly clients: Listening; readonly control?: Listening };

async function listen({ port, controlPort }: Wanted, pace: Pace): Promise<Ports> {
  const clients = await opened(port, 'port', (at) => listenForClients(pace.gateway, at));
  if (controlPort === null) return { clients };
  const line = (text: string): Answered => controlled(pace.gateway, text);
  try {
    return {
      clients,
      control: await opened(controlPort, 'control-port', (at) => listenForControl(at, line)),
    };
  } catch (problem) {
    await clients.close();
    throw problem;
  }
}

async function opened(
  port: number,
  name: string,
  listen: (port: number) => Promise<Listening>,
): Promise<Listening> {
  try {
    return await listen(port);
  } catch (problem) {
    const code = problem instanceof Error && 'code' in problem ? problem.code : '';
    const why =
      code === 'EADDRINUSE'
        ? 'is taken. Stop what listens there, or name another'
        : `cannot be opened (${String(code)})`;
    throw new Unusable(`--${name} ${port} ${why}`);
  }
}

/** One line of the control port. */
function controlled(gateway: Gateway, text: string): Answered {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, error: 'the line is not JSON' };
  }
  const read = readDeed(value);
  return read.ok ? gateway.control(read.deed) : { ok: false, error: read.reason };
}

async function scenarioFrom(wanted: Wanted): Promise<readonly Planned[]> {
  const { scenario: file, options, stepped } = wanted;
  if (file === '') return [];
  let text: string;
  try {
    const directory = await refuseDirectory(file);
    if (directory !== undefined) throw new Unusable(`${file}: ${directory}`);
    text = await readFile(file, 'utf8');
  } catch (problem) {
    if (problem instanceof Unusable) throw problem;
    throw new Unusable(`${file}: ${fileProblem(problem)}`);
  }
  const read = readScenario(text);
  if (!read.ok) throw new Unusable(`${file}:${read.line}: ${read.reason}`);
  for (const { line, deed } of read.planned) {
    const why = neverDone(deed, { ...options, stepped });
    if (why !== undefined) throw new Unusable(`${file}:${line}: ${why}`);
  }
  return read.planned;
}

/** Nobody else goes on from the state meanwhile, or begins the ledger anew. */
async function lockOf({ option, file }: Use): Promise<() => void> {
  if (file === '') return () => {};
  if (existsSync(file)) {
    const directory = await refuseDirectory(file);
    if (directory !== undefined) throw new Unusable(`${file}: ${directory}`);
  }
  const locked = usable(file, () => lockFile({ option, file }));
  if (!locked.ok) throw new Unusable(locked.reason);
  return locked.release;
}

function storeOf(wanted: Wanted): Extract<Opened, { readonly ok: true }> {
  if (wanted.state === '') return { ok: true, store: NO_STORE, before: [] };
  const state = usable(wanted.state, () => openStore(wanted.state, madeOf(wanted.options)));
  if (!state.ok) throw new Unusable(state.reason);
  return state;
}

function ledgerOf(file: string): NewLedger {
  if (file === '') return NO_LEDGER;
  if (!usable(file, () => isReplaceable(file)))
    throw new Unusable(`${file} is no ledger, and would be overwritten. Name another file`);
  return usable(file, () => openLedger(file));
}

function usable<T>(file: string, use: () => T): T {
  try {
    return use();
  } catch (problem) {
    throw new Unusable(`${file}: ${writingProblem(file, problem)}`);
  }
}

const jsonOf = ({ clients, control }: Ports): string =>
  `${JSON.stringify({
    host: '127.0.0.1',
    port: clients.port,
    ...(control === undefined ? {} : { controlPort: control.port }),
    pid: process.pid,
  })}\n`;

function told({ options, stepped }: Wanted, { clients, control }: Ports): string {
  const lines = [
    `A simulated IB Gateway listens on 127.0.0.1:${clients.port}: accounts ${options.accounts?.join(', ')}; symbols ${options.symbols?.join(', ')}.`,
    ...(control === undefined
      ? []
      : [`Controls on 127.0.0.1:${control.port}, a JSON object a line: {"do":"show"}`]),
    ...(stepped ? ['Time stands still until {"do":"advance","ms":…}.'] : []),
    'Ctrl-C stops it.',
  ];
  return `${lines.join('\n')}\n`;
}
