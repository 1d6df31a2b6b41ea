import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a service that can be cut, or stand still. */
export interface CutProxy {
  /** host:port */
  address: string;
  /** Ends all connections through it; new ones are taken. */
  cut(): void;
  /** What the service sends stays where it is until `resume`. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens a way to a service at host:port. */
export async function startCutProxy(target: string): Promise<CutProxy> {
  const [host, port] = target.split(':');
  const sockets = new Set<Socket>();
  /** Towards the service, and whom what it sends is for. */
  const pairs = new Map<Socket, Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), host);
    pairs.set(outgoing, incoming);
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ]) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        sockets.delete(from);
        pairs.delete(from);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    pause() {
      for (const [outgoing, incoming] of pairs) outgoing.unpipe(incoming);
    },
    resume() {
      for (const [outgoing, incoming] of pairs) outgoing.pipe(incoming);
    },
    close() {
      server.close();
      cut();
    },
  };
}
