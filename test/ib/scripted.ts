/** A TWS that says what a test has it say, over TCP, and keeps what it was asked. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  answers,
  createServerReader,
  type Fields,
  frameOf,
  helloAnswer,
  type Request,
  readRequest,
} from '../../src/simulator/wire.ts';

export type Scripted = {
  readonly port: number;
  /** What the clients have asked, after they had started, in its order. */
  readonly asked: readonly Request[];
  /** How many clients have started. */
  readonly starts: () => number;
  /** How many are connected. */
  readonly connections: () => number;
  readonly say: (...messages: readonly Fields[]) => void;
  /** Resets the connection, as when the machine is gone. */
  readonly cut: () => void;
  readonly close: () => void;
};

export type Script = {
  readonly version?: number;
  /** What is said to a client that starts. */
  readonly hello?: readonly Fields[];
  readonly answer?: (request: Request) => readonly Fields[];
};

export const HELLO: readonly Fields[] = [
  answers.managedAccounts(['DU1']),
  answers.nextValidId(100),
];

export async function scripted(script: Script = {}): Promise<Scripted> {
  const { version = 193, hello = HELLO, answer = () => [] } = script;
  const asked: Request[] = [];
  const sockets = new Set<Socket>();
  let starts = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    const reader = createServerReader();
    const say = (messages: readonly Fields[]): void => {
      for (const fields of messages) socket.write(frameOf(fields));
    };
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      for (const received of reader.push(bytes)) {
        if (received.kind === 'greeting') say([helloAnswer(version, '20260212 09:30:00 EST')]);
        else if (received.kind === 'frame') {
          const request = readRequest(received.fields, version);
          if (request.kind === 'startApi') {
            starts += 1;
            say(hello);
          } else {
            asked.push(request);
            say(answer(request));
          }
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    asked,
    starts: () => starts,
    connections: () => sockets.size,
    say: (...messages) => {
      for (const socket of sockets) for (const fields of messages) socket.write(frameOf(fields));
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
