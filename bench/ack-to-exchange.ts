import type { Order } from '../server/contract/index.ts';
import { newDataDir, removeDataDir, startSystem } from '../server/testing/system.ts';

const tickers = ['AAPL', 'NVDA', 'KO', 'PEP', 'XOM', 'WMT', 'DIS', 'INTC', 'BAC', 'UBER'];

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/**
 * The time from the acknowledgement's arrival at the sender to the order's arrival at the exchange, in milliseconds of this
 * machine's clock, on the whole system as `npm start` starts it: each alert after the last one's order is filled, and 20 a second.
 */
export async function runAckToExchangeBench(quick: boolean): Promise<void> {
  const dataDir = await newDataDir();
  const system = await startSystem(dataDir);
  try {
    await system.api('/settings', {
      method: 'PATCH',
      body: JSON.stringify({ risk: { maxOpenOrders: 50_000, maxPositionOfEquity: '9', maxExposureOfEquity: '9' } }),
    });
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
    const report = (name: string, times: number[]): void => {
      times.sort((a, b) => a - b);
      const p50 = at(times, 0.5);
      const p99 = at(times, 0.99);
      console.log(
        `  ${name.padEnd(22)} n ${String(times.length).padStart(4)}   p50 ${p50.toFixed(1)} ms (goal 10: ${(p50 / 10).toFixed(2)}x)` +
          `   p99 ${p99.toFixed(1)} ms (goal 50: ${(p99 / 50).toFixed(2)}x)`,
      );
    };
    console.log('\nFrom the acknowledgement to the order’s arrival at the exchange');
    for (let i = 0; i < 20; i++) await one();
    const alone: number[] = [];
    for (let i = 0; i < (quick ? 50 : 300); i++) alone.push(await one());
    report('one at a time', alone);
    const running: Promise<number>[] = [];
    await new Promise<void>((resolve) => {
      const total = quick ? 60 : 400;
      const timer = setInterval(() => {
        running.push(one());
        if (running.length >= total) {
          clearInterval(timer);
          resolve();
        }
      }, 50);
    });
    report('20 a second', await Promise.all(running));
    socket.close();
  } finally {
    await system.stop();
    await removeDataDir(dataDir);
  }
}
