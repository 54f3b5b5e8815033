import type { Io } from './terminal.ts';

/** Does what its name says and answers with an exit code. */
export type Run = (args: readonly string[], io: Io) => Promise<number>;

export type Command = {
  readonly name: string;
  readonly takes: string;
  readonly does: string;
  /** Loaded only when it is called for: no command pays for another's modules. */
  readonly load: () => Promise<Run>;
};

export const COMMANDS: readonly Command[] = [
  {
    name: 'rime',
    takes: '',
    does: 'plays the incident of 2026-02-12 again, without and with the interlock',
    load: async () => (await import('../rime/command.ts')).rime,
  },
  {
    name: 'audit',
    takes: 'FILE',
    does: 'reads a lifecycle log and reports what was oversold, left open or unexplained',
    load: async () => (await import('../audit/command.ts')).audit,
  },
  {
    name: 'conform',
    takes: 'FILE',
    does: 'replays order-state matrices against the order chart',
    load: async () => (await import('../conform/command.ts')).conform,
  },
  {
    name: 'verify',
    takes: '',
    does: 'explores all that can happen to a bracket, and whether it can ever oversell',
    load: async () => (await import('../verify/command.ts')).verifyCommand,
  },
  {
    name: 'journal',
    takes: 'VERB FILE',
    does: 'verifies a journal of the engine, exports it, or imports one',
    load: async () => (await import('../journal/command.ts')).journalCommand,
  },
  {
    name: 'gateway',
    takes: '',
    does: 'is an IB Gateway on loopback, simulated, for any TWS API client',
    load: async () => (await import('../gateway/command.ts')).gatewayCommand,
  },
  {
    name: 'bench',
    takes: '',
    does: 'measures how many facts a second are stepped, beside XState alone',
    load: async () => (await import('../bench/command.ts')).bench,
  },
];
