import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy that breaks the network on purpose. `down` refuses new connections and cuts the ones there are; `silent` takes
 * everything and passes nothing on, in either direction; `deaf` passes requests on and swallows the answers.
 */
export interface FaultProxy {
  readonly port: number;
  up(): Promise<void>;
  down(): Promise<void>;
  silent(): void;
  deaf(): void;
  /** Cuts the connections there are, and takes new ones. */
  cut(): void;
  /** Resolves when, from now on, something was sent towards the target. */
  nextRequest(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a proxy in front of a loopback port. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let mode: 'up' | 'silent' | 'deaf' = 'up';
  let requested = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const onConnection = (client: Socket): void => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (mode !== 'silent') target.write(chunk);
      requested.resolve();
    });
    target.on('data', (chunk) => {
      if (mode === 'up') client.write(chunk);
    });
  };
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  let server = await listen(0, onConnection);
  const { port } = server.address() as AddressInfo;
  const down = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      cut();
    });
  return {
    port,
    async up() {
      mode = 'up';
      if (!server.listening) server = await listen(port, onConnection);
    },
    down,
    silent() {
      mode = 'silent';
    },
    deaf() {
      mode = 'deaf';
    },
    cut,
    nextRequest() {
      requested = Promise.withResolvers<void>();
      return requested.promise;
    },
    [Symbol.asyncDispose]: down,
  };
}

function listen(port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(onConnection);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
