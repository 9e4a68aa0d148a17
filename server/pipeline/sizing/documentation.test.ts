// docs/sizing.md has a worked example for each method and each stop; each comes to what the page says.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decimal, money, price, quantity, text } from '../../core/decimal.ts';
import type { Bar } from '../../core/indicators/bar.ts';
import { ofStrategy } from '../../core/model/account-view.ts';
import { defaultStrategySettings, type StrategySettings } from '../../core/model/settings.ts';
import { accountView, noMarketFacts, position, riskContext } from '../../testing/risk-context.ts';
import { dailyBars, holding, sizingBook, sizingContext } from '../../testing/sizing-context.ts';
import { dialect } from '../intake/dialects/native.ts';
import { readJson } from '../intake/json-text.ts';
import { act } from './act.ts';

interface Example {
  readonly strategy?: Partial<StrategySettings>;
  readonly alert: object;
  readonly given?: {
    readonly equity?: string;
    readonly buyingPower?: string;
    readonly fractionable?: boolean;
    /** Shares, and their price. */
    readonly positions?: Readonly<Record<string, readonly [string, string]>>;
    /** Closes of days, in turn, and the range of each day. */
    readonly bars?: Readonly<Record<string, { days: number; closes: readonly string[]; range: string }>>;
    readonly trades?: { readonly won: number; readonly each: string; readonly lost: number; readonly costEach: string };
  };
  readonly order: string;
  readonly stop?: string;
  readonly receipt: string;
}

const page = readFileSync(new URL('../../../docs/sizing.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/^### (.+?)\n[\s\S]*?```json\n([\s\S]*?)```/gm)].map(
  ([, title, json]) => [title!, JSON.parse(json!) as Example] as const,
);

const trade = (profit: string, at: number) => ({
  ...{ strategy: 'momentum', symbol: 'AAPL', side: 'buy' as const, profit: money(profit) },
  openedAt: new Date(Date.UTC(2026, 9, 1, at)),
  closedAt: new Date(Date.UTC(2026, 9, 1, at, 30)),
});

function run({ strategy, alert, given = {} }: Example) {
  const body = JSON.stringify({ strategy: 'momentum', ...alert });
  const read = dialect.read({ text: body, json: readJson(body) });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const signal = read.value;
  const positions = Object.entries(given.positions ?? {});
  const account = accountView({
    brokerBuyingPower: money(given.buyingPower ?? '100000'),
    positions: positions.map(([symbol, [shares, at]]) =>
      position(symbol, shares, text(decimal(shares).abs().times(at))),
    ),
  });
  const held = ofStrategy(account, 'momentum').positions.find(({ symbol }) => symbol === signal.ticker);
  const bars = (symbol: string): readonly Bar[] | null => {
    const told = given.bars?.[symbol];
    if (!told) return null;
    const closes = Array.from({ length: told.days }, (_, day) => decimal(told.closes[day % told.closes.length]!));
    return dailyBars(closes, decimal(told.range));
  };
  const { won = 0, each = '0', lost = 0, costEach = '0' } = given.trades ?? {};
  const trades = Array.from({ length: won + lost }, (_, i) => trade(i < won ? each : `-${costEach}`, i));
  return act(
    sizingContext({
      signal,
      strategy: { ...defaultStrategySettings, ...strategy },
      asset: { ...riskContext().asset!, fractionable: given.fractionable ?? false },
      holding: holding(held && { held: held.quantity, cost: held.cost }),
      account,
      equity: money(given.equity ?? '100000'),
      prices: new Map(positions.map(([symbol, [, at]]) => [symbol, price(at)])),
      activity: { ...riskContext().activity, trades },
      market: { ...noMarketFacts, dailyBars: bars },
    }),
  );
}

describe('the example of', () => {
  it.each(examples)('%s', (_, example) => {
    const { sized, first } = run(example);
    const order = (one: typeof sized) => `${one.side?.toUpperCase()} ${text(one.quantity)}`;
    const sent = sized.problem
      ? `none, ${sized.problem.code}`
      : [first, sized].flatMap((one) => (one ? [order(one)] : [])).join(', then ');
    expect({ order: sent, receipt: sized.problem?.sentence ?? sized.record.sentence }).toEqual({
      order: example.order,
      receipt: example.receipt,
    });
    if (example.stop) expect(text(quantity(sized.stopLoss!))).toBe(example.stop);
  });

  it('each method and each stop is there', () => {
    const shown = (kind: 'sizing' | 'stop') =>
      new Set(examples.map(([, { strategy }]) => strategy?.[kind]?.method ?? defaultStrategySettings[kind].method));
    expect([...shown('sizing')].sort()).toEqual(sizingBook.methods.map(({ key }) => key).sort());
    expect([...shown('stop')].sort()).toEqual(sizingBook.stops.map(({ key }) => key).sort());
  });
});
