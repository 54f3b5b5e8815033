/** `interlock` as a process of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IBApi } from '@stoqey/ib';
import { afterEach, beforeEach } from 'vitest';
import { type Client, started } from './connected.ts';

const INTERLOCK = fileURLToPath(new URL('../../src/cli/interlock.js', import.meta.url));

export type Ended = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Until it ends by itself. */
export function interlock(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [INTERLOCK, ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr });
    });
  });
}

export type Running = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly controlPort: number;
  /** What it has printed. */
  readonly printed: string;
  readonly stderr: () => string;
  /** A line of the control port, and its answer. */
  readonly control: (deed: object | string) => Promise<Record<string, unknown>>;
  readonly end: (signal: NodeJS.Signals) => Promise<{ code: number | null; signal: string | null }>;
};

/** On free ports, listening. */
export async function gatewayProcess(...args: readonly string[]): Promise<Running> {
  const command = [INTERLOCK, 'gateway', '--port', '0', '--control-port', '0', ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const complete = args.includes('--json') ? /\n$/ : /Ctrl-C stops it\.\n$/;
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (complete.test(stdout)) resolve();
    });
    child.once('exit', () => reject(new Error(`it has ended: ${stderr}`)));
  });
  const [port = 0, controlPort = 0] = args.includes('--json')
    ? portsOf(JSON.parse(stdout))
    : [...stdout.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, digits]) => Number(digits));
  return {
    child,
    port,
    controlPort,
    printed: stdout,
    stderr: () => stderr,
    control: (deed) => controlled(controlPort, deed),
    end: async (signal) => {
      child.kill(signal);
      const [code, by] = await ended;
      return { code, signal: by };
    },
  };
}

const portsOf = (told: { port: number; controlPort: number }): readonly number[] => [
  told.port,
  told.controlPort,
];

async function controlled(port: number, deed: object | string): Promise<Record<string, unknown>> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8').write(`${typeof deed === 'string' ? deed : JSON.stringify(deed)}\n`);
  let text = '';
  for await (const part of socket) {
    text += part;
    if (text.endsWith('\n')) break;
  }
  return JSON.parse(text);
}

export type Processes = {
  /** A file of the test's own, with this text if there is one. */
  readonly file: (name: string, text?: string) => string;
  readonly folder: () => string;
  /** A gateway with a price, and without delays where its time is real. */
  readonly running: (...args: readonly string[]) => Promise<Running>;
  readonly client: (gateway: Running, clientId?: number) => Promise<Client>;
  /** What is to be done when the test is over, the last one first. */
  readonly closings: (() => unknown)[];
};

/** For the tests of one file; whatever they leave behind is gone after each. */
export function processes(): Processes {
  let folder = '';
  const closings: (() => unknown)[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  });
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
    rmSync(folder, { recursive: true });
  });
  return {
    closings,
    folder: () => folder,
    file: (name, text) => {
      const path = join(folder, name);
      if (text !== undefined) writeFileSync(path, text);
      return path;
    },
    running: async (...args) => {
      const latency = args.includes('stepped') ? [] : ['--latency', '0'];
      const gateway = await gatewayProcess('--price', 'RIME:1.3', ...latency, ...args);
      closings.push(() => gateway.child.kill('SIGKILL'));
      return gateway;
    },
    client: async ({ port }, clientId = 1) => {
      const api = new IBApi({ host: '127.0.0.1', port, clientId });
      closings.push(() => api.isConnected && api.disconnect());
      return started(api);
    },
  };
}
