/**
 * A client of the simulated gateway: the socket, encoder and decoder of `@stoqey/ib` as they are
 * installed, with bytes handed over in place of a connection.
 */
import type { Controller } from '@stoqey/ib/dist/core/io/controller.js';
import { Decoder } from '@stoqey/ib/dist/core/io/decoder.js';
import { Encoder } from '@stoqey/ib/dist/core/io/encoder.js';
import { Socket } from '@stoqey/ib/dist/core/io/socket.js';
import {
  createFrameReader,
  frameOf,
  SERVER_VERSIONS,
  type Value,
} from '../../src/simulator/wire.ts';

export const VERSIONS: readonly number[] = Array.from(
  { length: SERVER_VERSIONS.max - SERVER_VERSIONS.min + 1 },
  (_, i) => SERVER_VERSIONS.min + i,
);

/** What a client's program is told. */
export type Heard = { readonly event: string; readonly args: readonly unknown[] };

/** Everything that a client at this server version makes of these messages. */
export function heard(version: number, ...messages: readonly (readonly Value[])[]): Heard[] {
  const events: Heard[] = [];
  const tell = (event: string, ...args: readonly unknown[]): void => {
    if (event !== 'received') events.push({ event, args });
  };
  const decoder = new Decoder({
    serverVersion: version,
    emitEvent: tell,
    emitError: (message, code, id, reject) => tell('error', message, code, id, reject),
    emitInfo: (message, code) => tell('info', message, code),
  });
  const socket = socketOf(version, {
    emitEvent: tell,
    onMessage: (tokens: string[]) => decoder.enqueueMessage(tokens),
    processIngressQueue: () => decoder.process(),
  });
  Reflect.set(socket, 'neverReceived', false);
  const onData = Reflect.get(socket, 'onData').bind(socket);
  for (const message of messages) onData(frameOf(message));
  return events;
}

/** The fields of the one message that the client's encoder sends. */
export function asked(version: number, ask: (encoder: Encoder) => void): readonly string[] {
  const [fields, ...others] = allAsked(version, ask);
  if (fields === undefined || others.length > 0) throw new Error('not one message');
  return fields;
}

export function allAsked(version: number, ask: (encoder: Encoder) => void): readonly string[][] {
  const sent: string[][] = [];
  const reader = createFrameReader();
  const socket = socketOf(version, { emitEvent: () => {} });
  const write = (bytes: Uint8Array): void => {
    for (const framed of reader.push(bytes)) {
      if (framed.kind !== 'frame') throw new Error(framed.kind);
      sent.push([...framed.fields]);
    }
  };
  Reflect.set(socket, 'client', { write });
  const encoder = new Encoder({
    serverVersion: version,
    sendMsg: (...tokens) => socket.send(tokens),
    emitError: (message) => {
      throw new Error(message);
    },
  });
  ask(encoder);
  return sent;
}

function socketOf(version: number, controller: object): Socket {
  const socket = new Socket(controller as Controller, {});
  Reflect.set(socket, '_serverVersion', version);
  return socket;
}
