/** `interlock` as a process of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

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
