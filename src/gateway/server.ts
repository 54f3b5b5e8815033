/**
 * The gateway on loopback: a port that speaks TWS's protocol, and a port for whoever is at the
 * controls (a JSON object a line in, a JSON object a line out). Nothing is decided here.
 */
import { Buffer } from 'node:buffer';
import { createServer, type Server, type Socket } from 'node:net';
import type { Answered, Gateway } from './gateway.ts';

export type Listening = { readonly port: number; readonly close: () => Promise<void> };

/** Loopback only: it has no password, and a client is believed whatever it says. */
const HOST = '127.0.0.1';

/** A client that does not read is cut off rather than remembered without end. */
const UNREAD_MOST = 64 * 1024 * 1024;

/** A line of the control port. */
const LINE_MOST = 1024 * 1024;

/** Opens the port for TWS clients. Rejects with what the system says: EADDRINUSE, EACCES. */
export function listenForClients(gateway: Gateway, port: number): Promise<Listening> {
  return listen(port, (socket) => {
    socket.setNoDelay(true);
    const connection = gateway.connect({
      write: (bytes) => {
        if (socket.destroyed) return;
        socket.write(bytes);
        if (socket.writableLength <= UNREAD_MOST) return;
        socket.destroy();
        connection.gone(`it does not read: ${socket.writableLength} bytes wait for it`);
      },
      close: () => socket.end(),
      cut: () => socket.destroy(),
    });
    socket.on('data', (bytes) => connection.receive(bytes));
    socket.on('end', () => connection.gone());
    socket.on('close', () => connection.gone());
    socket.on('error', () => {});
  });
}

/** Opens the port for the controls; `done` carries out one line. */
export function listenForControl(
  port: number,
  done: (line: string) => Answered,
): Promise<Listening> {
  return listen(port, (socket) => {
    let held = '';
    socket.setEncoding('utf8');
    socket.on('end', () => socket.end());
    socket.on('data', (text: string) => {
      if (socket.writableEnded) return;
      const lines = `${held}${text}`.split('\n');
      const long = lines.findIndex((line) => line.length > LINE_MOST);
      const whole = long < 0 ? lines.slice(0, -1) : lines.slice(0, long);
      held = long < 0 ? (lines.at(-1) ?? '') : '';
      const answers = whole.filter((line) => line.trim() !== '').map((line) => done(line));
      if (answers.length > 0)
        socket.write(answers.map((one) => `${JSON.stringify(one)}\n`).join(''));
      if (long < 0) return;
      socket.end(`${JSON.stringify({ ok: false, error: 'a line is 1 MiB at most' })}\n`);
    });
    socket.on('error', () => {});
  });
}

async function listen(port: number, attend: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>();
  // Who has hung up can still be told what was wrong with the last thing it said.
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    attend(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: HOST }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** What is written in one go leaves in one piece. */
export const joined = (parts: readonly Buffer[]): Buffer =>
  parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
