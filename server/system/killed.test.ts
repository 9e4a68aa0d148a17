// Invariant: whatever moment the process is killed at, every acknowledged alert is decided once, and every approved one is
// ordered exactly once at the exchange.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order, Signal } from '../contract/index.ts';
import { ownClientOrderId } from '../core/ports/own-orders.ts';
import { askerOf, newDataDir, removeDataDir, type System, startSystem } from '../testing/system.ts';
import { setWideLimits } from '../testing/wide-limits.ts';

interface Page<T> {
  items: T[];
  next: string | null;
}

const tickers = ['AAPL', 'NVDA', 'KO', 'PEP', 'XOM', 'WMT', 'DIS', 'INTC'];
const alerts = 120;
const kills = 3;

let dataDir: string;
beforeAll(async () => {
  dataDir = await newDataDir();
});
afterAll(() => removeDataDir(dataDir));

async function everything<T>(system: System, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await system.api(`${path}&limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return items;
}

describe('killed with SIGKILL while alerts come in', () => {
  it('decides each acknowledged alert once and orders each approved one once', async () => {
    let system = await startSystem(dataDir);
    await setWideLimits(askerOf(system));
    const acknowledged = new Set<string>();
    let sent = 0;
    // A sender like TradingView: it sends an alert again, with the same bytes, until it is told that it was taken.
    const send = async (n: number): Promise<void> => {
      const body = JSON.stringify({
        id: `alert-${n}`,
        signal: 'BUY',
        ticker: tickers[n % tickers.length],
        mode: 'Paper',
        risk: 2,
        timestamp: new Date().toISOString(),
        timeframe: '1s',
        strategy: `s${n}`,
      });
      for (let attempt = 0; attempt < 400; attempt++) {
        const target = system;
        try {
          const answer = await target.post(body);
          if (answer.status === 202 || answer.status === 200) {
            acknowledged.add(answer.body.id as string);
            return;
          }
        } catch {
          // Killed while answering.
        }
        await up;
      }
      throw new Error(`alert ${n} was never acknowledged`);
    };
    let up: Promise<void> = Promise.resolve();
    const killAndStart = async (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      up = promise;
      await system.kill();
      system = await startSystem(dataDir);
      resolve();
    };
    const killAt = new Set(Array.from({ length: kills }, (_, i) => Math.floor(((i + Math.random()) * alerts) / kills)));
    let restarting: Promise<void> = Promise.resolve();
    const sender = async (): Promise<void> => {
      while (sent < alerts) {
        const n = sent++;
        if (killAt.has(n)) restarting = restarting.then(killAndStart);
        await send(n);
      }
    };
    await Promise.all(Array.from({ length: 8 }, sender));
    await restarting;
    expect(acknowledged.size).toBe(alerts);

    const signals = await settled(system, acknowledged);
    const lost = [...acknowledged].filter((id) => !signals.has(id));
    expect(lost).toEqual([]);
    const approved = [...signals.values()].filter((signal) => signal.status === 'approved');
    expect([...signals.values()].filter((signal) => !['approved', 'denied'].includes(signal.status))).toEqual([]);
    expect(approved.length).toBeGreaterThan(alerts / 2);

    // A start may find shares whose stop nobody has told of yet, and place one: that is no order of an alert.
    const ours = (await everything<Order>(system, '/orders?status=all')).filter((order) => order.origin === 'decision');
    expect(ours).toHaveLength(approved.length);
    const { url, keyId, secretKey } = system.ready.exchange;
    const response = await fetch(`${url}/v2/orders?status=all&limit=500&nested=true`, {
      headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey },
    });
    const theirs = (await response.json()) as { client_order_id: string }[];
    const ofAlerts = theirs.map((order) => order.client_order_id).filter((id) => !id.startsWith(ownClientOrderId('')));
    expect(ofAlerts.sort()).toEqual(ours.map((order) => order.clientOrderId).sort());
    expect(await system.stop()).toBe(0);
  }, 480_000);
});

/** The acknowledged signals, once each has been decided and each approved order has reached the exchange. */
async function settled(system: System, ids: ReadonlySet<string>): Promise<Map<string, Signal>> {
  const socket = await system.connect();
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        socket.once('event', () => resolve());
      });
      const all = await everything<Signal>(system, '/signals?');
      const mine = new Map(all.filter((signal) => ids.has(signal.id)).map((signal) => [signal.id, signal]));
      const pending = [...mine.values()].filter(
        (signal) =>
          signal.status === 'accepted' ||
          (signal.status === 'approved' &&
            ['approved', 'submitting', 'submit_unknown'].includes(signal.orderStatus ?? '')),
      );
      if (pending.length === 0 && mine.size === ids.size) return mine;
      await changed;
    }
  } finally {
    socket.close();
  }
}
