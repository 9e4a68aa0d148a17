import type { Order } from '../server/contract/index.ts';
import { askerOf, newDataDir, removeDataDir, startSystem } from '../server/testing/system.ts';
import { setWideLimits } from '../server/testing/wide-limits.ts';

const tickers = ['AAPL', 'NVDA', 'KO', 'PEP', 'XOM', 'WMT', 'DIS', 'INTC', 'BAC', 'UBER'];

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** Milliseconds of this machine's clock, sorted. */
export interface ArrivalTimes {
  /** Each alert after the last one's order is filled. */
  readonly alone: number[];
  /** 20 alerts a second. */
  readonly loaded: number[];
}

/**
 * The time from the acknowledgement's arrival at the sender to the order's arrival at the exchange, on the whole system as
 * `npm start` starts it, with this environment.
 */
export async function measureArrivals(
  counts: { readonly alone: number; readonly loaded: number },
  env: Record<string, string> = {},
): Promise<ArrivalTimes> {
  const dataDir = await newDataDir();
  const system = await startSystem(dataDir, env);
  try {
    await setWideLimits(askerOf(system));
    const socket = await system.connect();
    const arrivals = new Map<string, PromiseWithResolvers<Order>>();
    const arrival = (signalId: string) => {
      const waiting = arrivals.get(signalId) ?? Promise.withResolvers<Order>();
      arrivals.set(signalId, waiting);
      return waiting;
    };
    socket.on('order', (order) => {
      if (order.signalId && order.parentId === null && order.status === 'filled')
        arrival(order.signalId).resolve(order);
    });
    socket.on('decision', (decision) => {
      if (decision.outcome === 'denied') arrival(decision.signalId).reject(new Error(decision.sentence ?? 'denied'));
    });
    let n = 0;
    const one = async (): Promise<number> => {
      n++;
      const answer = await system.post(
        JSON.stringify({
          id: `bench-${n}`,
          signal: 'BUY',
          ticker: tickers[n % tickers.length],
          mode: 'Paper',
          risk: 2,
          timestamp: new Date().toISOString(),
          timeframe: '1s',
          strategy: `bench-${n}`,
        }),
      );
      const acknowledgedAt = performance.timeOrigin + performance.now();
      if (answer.status !== 202) throw new Error(`alert ${n}: ${answer.status} ${JSON.stringify(answer.body)}`);
      const order = await arrival(answer.body.id as string).promise;
      const { url, keyId, secretKey } = system.ready.exchange;
      const response = await fetch(`${url}/v2/orders/${order.brokerOrderId}`, {
        headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey },
      });
      const { submitted_at } = (await response.json()) as { submitted_at: string };
      return new Date(submitted_at).getTime() - acknowledgedAt;
    };
    for (let i = 0; i < 20; i++) await one();
    const alone: number[] = [];
    for (let i = 0; i < counts.alone; i++) alone.push(await one());
    const running: Promise<number>[] = [];
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        running.push(one());
        if (running.length >= counts.loaded) {
          clearInterval(timer);
          resolve();
        }
      }, 50);
    });
    const loaded = await Promise.all(running);
    socket.close();
    return { alone: alone.sort((a, b) => a - b), loaded: loaded.sort((a, b) => a - b) };
  } finally {
    await system.stop();
    await removeDataDir(dataDir);
  }
}

/** Prints it with the goals. */
export async function runAckToExchangeBench(quick: boolean): Promise<void> {
  const times = await measureArrivals(quick ? { alone: 50, loaded: 60 } : { alone: 300, loaded: 400 });
  console.log('\nFrom the acknowledgement to the order’s arrival at the exchange');
  for (const [name, sorted] of [
    ['one at a time', times.alone],
    ['20 a second', times.loaded],
  ] as const) {
    const p50 = at(sorted, 0.5);
    const p99 = at(sorted, 0.99);
    console.log(
      `  ${name.padEnd(22)} n ${String(sorted.length).padStart(4)}   p50 ${p50.toFixed(1)} ms (goal 10: ${(p50 / 10).toFixed(2)}x)` +
        `   p99 ${p99.toFixed(1)} ms (goal 50: ${(p99 / 50).toFixed(2)}x)`,
    );
  }
}
