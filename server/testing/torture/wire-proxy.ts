import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on loopback whose target may move, and whose connections can be lost in every way there is. */
export interface WireProxy {
  readonly port: number;
  /** Where new connections go from now on. */
  target(port: number): void;
  /** How many connections are open and pass bytes on. */
  live(): number;
  /** Resets the connections there are; new ones are taken. */
  cut(): void;
  /** The connections there are become half-open: they take bytes and pass nothing on, neither data nor their end. New ones work. */
  freeze(): number;
  /** While on, new connections are taken and lead nowhere. */
  swallowNew(on: boolean): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly target: Socket | null;
  frozen: boolean;
}

/** Starts a proxy in front of a loopback port. */
export async function startWireProxy(targetPort: number): Promise<WireProxy> {
  let to = targetPort;
  let swallowing = false;
  const pairs = new Set<Pair>();
  const server = createServer((client) => {
    const target = swallowing ? null : connect(to, '127.0.0.1');
    const pair: Pair = { client, target, frozen: swallowing };
    pairs.add(pair);
    client.setNoDelay(true).on('error', () => {});
    client.on('data', (chunk) => {
      if (!pair.frozen) target?.write(chunk);
    });
    client.on('close', () => {
      // The other end of a half-open connection never hears of it.
      if (pair.frozen) return;
      pairs.delete(pair);
      target?.destroy();
    });
    target?.setNoDelay(true).on('error', () => {});
    target?.on('data', (chunk) => {
      if (!pair.frozen) client.write(chunk);
    });
    target?.on('close', () => {
      if (pair.frozen) return;
      pairs.delete(pair);
      client.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    for (const { client, target } of pairs) {
      client.resetAndDestroy();
      target?.destroy();
    }
    pairs.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    target(port) {
      to = port;
    },
    live: () => [...pairs].filter((pair) => !pair.frozen).length,
    cut,
    freeze() {
      let frozen = 0;
      for (const pair of pairs) {
        if (pair.frozen) continue;
        pair.frozen = true;
        frozen++;
      }
      return frozen;
    },
    swallowNew(on) {
      swallowing = on;
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      return closed;
    },
  };
}
