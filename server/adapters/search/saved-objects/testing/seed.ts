export type Document = Readonly<Record<string, unknown>>;

/** The week that is looked at. */
export const week = { from: '2026-11-10T00:00:00.000Z', to: '2026-11-17T00:00:00.000Z' };

const minute = 60_000;
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

const instruments = [
  ['AAPL', 'Apple', 'Information Technology', 'Technology Hardware'],
  ['MSFT', 'Microsoft', 'Information Technology', 'Systems Software'],
  ['XOM', 'Exxon Mobil', 'Energy', 'Integrated Oil & Gas'],
  ['JPM', 'JPMorgan Chase', 'Financials', 'Diversified Banks'],
  ['PFE', 'Pfizer', 'Health Care', 'Pharmaceuticals'],
] as const;
const strategies = ['opening range', 'mean reversion', undefined, 'breakout'];
const accounts = [
  { accountId: 'a1', account: 'Paper one', mode: 'paper' },
  { accountId: 'a2', account: 'Real money', mode: 'production' },
] as const;
const rules = ['max-position', 'daily-loss', 'alert-age'];

/** From a day before the week to a day after it, so that what lies outside must be left out. */
const moments = (count: number, nth: number): string =>
  new Date(Date.parse('2026-11-09T00:00:00Z') + Math.floor((nth / count) * 9 * 24 * 60) * minute + nth).toISOString();

const instrument = (n: number) => {
  const [ticker, name, sector, industry] = pick(instruments, n);
  return { ticker, name, sector, industry };
};

const trade = (n: number) => ({
  signalId: `s${n}`,
  receiptUrl: `https://signalbox.example/signals/s${n}`,
  ...pick(accounts, Math.floor(n / 3)),
  ...instrument(n),
  strategy: pick(strategies, n),
  side: pick(['buy', 'sell', 'buy'], n),
});

/** Several hundred documents a kind, made by arithmetic only; positions and snapshots fewer. */
export function seedDocuments(): ReadonlyMap<string, readonly Document[]> {
  const made = <T extends Document>(count: number, make: (n: number, at: string) => T): Document[] =>
    Array.from({ length: count }, (_, n) => JSON.parse(JSON.stringify(make(n, moments(count, n)))) as Document);
  const snapshots = Array.from({ length: 216 }, (_, n) => n);
  const heldBy = (n: number, account: number) =>
    instruments.map((_, i) => i).filter((i) => (n + i + account) % 4 !== 0);
  const worth = (n: number, i: number) => 1000 + 100 * i + (n % 17) * 3.5;
  return new Map<string, readonly Document[]>([
    [
      'trading-signals',
      made(600, (n, at) => ({
        '@timestamp': at,
        ...trade(n),
        source: 'tradingview',
        status: pick(['approved', 'approved', 'denied', 'refused'], n),
        riskAmount: 100 + (n % 7),
        sentence: n % 4 === 2 ? `Not sent: number ${n}.` : undefined,
      })),
    ],
    [
      'trading-decisions',
      made(500, (n, at) => {
        const denied = n % 5 === 1;
        return {
          '@timestamp': at,
          decisionId: `d${n}`,
          ...trade(n),
          intent: n % 3 === 2 ? 'exit' : 'entry',
          outcome: denied ? 'denied' : 'approved',
          code: denied ? `RISK_${pick(rules, n).toUpperCase().replace('-', '_')}` : undefined,
          deniedBy: denied ? [pick(rules, n), ...(n % 2 ? ['kill-switch'] : [])] : undefined,
          passed: ['mode', ...(denied ? [] : rules)],
          modeReasons: ['signal: paper', n % 2 ? 'account: paper' : 'account: production'],
          riskAmount: 100 + (n % 7),
          notional: 900 + (n % 31) * 1.25,
          quantity: 1 + (n % 9),
          decideMs: 2 + (n % 23) / 4,
        };
      }),
    ],
    [
      'trade-executions',
      made(400, (n, at) => ({
        '@timestamp': at,
        executionId: `x${n}`,
        orderId: `o${n}`,
        ...trade(n),
        role: 'entry',
        orderType: pick(['market', 'limit', 'stop'], n),
        quantity: 1 + (n % 9),
        price: 50 + (n % 13),
        notional: (1 + (n % 9)) * (50 + (n % 13)),
        fee: 0.25 * (n % 4),
        slippageBps: (n % 19) - 6,
        slippageAmount: ((n % 19) - 6) * 0.125,
        heardBy: pick(['stream', 'stream', 'poll'], n),
        heardAfterMs: 3 + (n % 41),
      })),
    ],
    [
      'trading-orders',
      made(400, (n, at) => ({
        '@timestamp': at,
        orderId: `o${n}`,
        ...trade(n),
        role: 'entry',
        type: pick(['market', 'limit', 'stop'], n),
        status: pick(['filled', 'filled', 'canceled', 'rejected', 'accepted'], n),
        intakeToDecisionMs: 5 + (n % 11),
        decisionToSubmitMs: 1 + (n % 5),
        submitToAcknowledgedMs: 20 + (n % 61),
        submitToFilledMs: 30 + (n % 97),
        alertToFilledMs: 40 + (n % 101),
      })),
    ],
    [
      'trading-pnl',
      made(400, (n, at) => {
        const realizedPnl = n % 2 ? ((n % 21) - 10) * 2.5 : 0;
        const fee = 0.25;
        return {
          '@timestamp': at,
          executionId: `x${n}`,
          ...trade(n),
          side: undefined,
          role: n % 2 ? 'exit' : 'entry',
          realizedPnl,
          fee,
          netPnl: realizedPnl - fee,
          outcome: n % 2 === 0 ? 'fee' : realizedPnl > 0 ? 'win' : realizedPnl < 0 ? 'loss' : 'even',
        };
      }),
    ],
    [
      'trading-positions',
      made(10, (n) => ({
        // Untouched for months, and held all the same.
        '@timestamp': '2026-08-03T14:30:00.000Z',
        openedAt: '2026-08-03T14:30:00.000Z',
        ...pick(accounts, Math.floor(n / 5)),
        ...instrument(n),
        side: pick(['long', 'long', 'flat', 'short'], n),
        quantity: pick([10, 20, 0, -5], n),
        cost: pick([1000, 2500, 0, -400], n),
        realizedPnl: 12.5 * n,
      })),
    ],
    [
      'trading-equity',
      snapshots.flatMap((n) =>
        accounts.map((account, nth) => ({
          '@timestamp': moments(snapshots.length, n),
          ...account,
          cash: 50_000,
          positionValue: heldBy(n, nth).reduce((sum, i) => sum + worth(n, i), 0),
          equity: 60_000 + n * 10 + nth * 1000,
          realizedPnl: n,
          unrealizedPnl: (n % 13) - 6,
          exposureOfEquity: 0.05 + (n % 29) / 100 + nth / 10,
        })),
      ),
    ],
    [
      'trading-exposure',
      snapshots.flatMap((n) =>
        accounts.flatMap((account, nth) =>
          heldBy(n, nth).map((i) => ({
            '@timestamp': moments(snapshots.length, n),
            ...account,
            ...instrument(i),
            side: 'long',
            quantity: 10,
            marketValue: worth(n, i),
            exposure: worth(n, i),
            exposureOfEquity: worth(n, i) / 60_000,
            unrealizedPnl: n % 5,
          })),
        ),
      ),
    ],
    [
      'trading-health',
      made(300, (n, at) => ({
        '@timestamp': at,
        state: n % 10 === 3 ? 'degraded' : n % 50 === 7 ? 'down' : 'ok',
        stateCode: n % 10 === 3 ? 1 : n % 50 === 7 ? 2 : 0,
        degraded: n % 10 === 3 ? ['search', ...(n % 20 === 3 ? ['broker'] : [])] : [],
        down: n % 50 === 7 ? ['broker'] : [],
        sentence: n % 10 === 3 ? 'search: behind.' : 'All is well.',
        queueWaiting: n % 37,
        queueFailed: n % 3,
        searchLagEvents: (n % 53) * 10,
        searchLagSeconds: (n % 53) / 4,
        searchRejected: n % 2,
        alertsTaken: n % 9,
        alertsRefused: n % 4,
        errorsLogged: n % 5,
        warningsLogged: n % 6,
        errorRate: (n % 8) / 16,
        eventLoopDelayMs: 10 + (n % 7),
        memoryBytes: 1e8 + n,
        databaseMs: 1 + (n % 3),
      })),
    ],
    [
      'trading-events',
      made(500, (n, at) => ({
        '@timestamp': at,
        eventId: `e${n}`,
        seq: n,
        kind: pick(['signal.accepted', 'decision.approved', 'order.rejected', 'broker.disconnected'], n),
        ...(n % 4 === 3
          ? { mode: 'paper' }
          : { ...trade(n), name: undefined, sector: undefined, industry: undefined, side: undefined }),
        sentence: `What happened was number ${n}.`,
        text: `number ${n}`,
        data: { n },
      })),
    ],
  ]);
}

/** The index a document lives in: one a month, but for positions. */
export const indexOf = (alias: string, document: Document): string =>
  `${alias}-g1-${alias === 'trading-positions' ? 'all' : String(document['@timestamp']).slice(0, 7).replace('-', '.')}`;
