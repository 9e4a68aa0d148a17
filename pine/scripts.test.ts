// Every template, version and kind, run bar by bar by an interpreter of our own (pine/testing), from the generated text itself; what the scripts
// send is given to the receiver's native dialect.
// - every alert is accepted, says what it is for, and has an id of its own;
// - nothing repaints: what a scanner says of a bar is the same whatever the bar after it does;
// - a scanner never sends more than its most in three minutes, loses none, and sends exits first.
import { describe, expect, it } from 'vitest';
import { text } from '../server/core/decimal.ts';
import type { TradeSignal } from '../server/core/model/signal.ts';
import { dialect } from '../server/pipeline/intake/dialects/native.ts';
import { readJson } from '../server/pipeline/intake/json-text.ts';
import { generate } from './generate.ts';
import { limits, longestAlert } from './limits.ts';
import { pineVersions } from './settings.ts';
import { type ScriptKind, scriptKinds } from './shared-parameters.ts';
import { templates } from './templates/index.ts';
import { Script, type Sent } from './testing/interpret.ts';
import { awkward, awkwardMarket, hourMs, live, marketOf, swinging } from './testing/market.ts';

const symbols = Object.keys(awkward);
const market = awkwardMarket(260);
const past = 100;

/** So that a few days of swings come to something. */
const shortened: Readonly<Record<string, Record<string, string>>> = {
  'multi-timeframe-trend': { trendLength: '2' },
  'macd-momentum': { zeroFilter: 'false' },
};

function scriptOf(
  template: string,
  kind: ScriptKind,
  parameters: Record<string, string> = {},
  list = symbols,
  version = '6',
): string {
  const own = { ...shortened[template], ...parameters };
  const made = generate({ watchlist: list.join('\n'), template, version, kind, timeframe: '60', parameters: own });
  if ('problems' in made) throw new Error(made.problems.join(' '));
  expect(made.manifest.leftOut).toEqual([]);
  return made.scripts[0]!.source;
}

const run = (source: string, kind: ScriptKind, chart = symbols[0]!): Sent[] =>
  kind === 'scanner'
    ? live(source, chart, market, past, [1000, hourMs / 2])
    : live(source, chart, market, past, [hourMs - 1]);

function accepted({ message }: Sent): TradeSignal {
  const read = dialect.read({ text: message, json: readJson(message) });
  if (!read.ok) throw new Error(`${message}: ${JSON.stringify(read.error)}`);
  return read.value;
}

const everything = templates.flatMap(({ key }) =>
  scriptKinds.flatMap((kind) => pineVersions.map((version) => [key, kind, version] as const)),
);

describe.each(everything)('%s as %s in version %s', (key, kind, version) => {
  const sides = { direction: 'both', strategyName: 'say "hi" \\ there' };
  const charts = kind === 'scanner' ? [symbols[0]!] : symbols;
  const sent = charts.flatMap((chart) => run(scriptOf(key, kind, sides, symbols, version), kind, chart));

  it('sends alerts that the receiver reads as they are meant', () => {
    const signals = sent.map(accepted);
    expect(new Set(signals.map((one) => one.ticker))).toEqual(new Set(['BRK.B', 'BTC/USD', 'NQ1!', 'M&M', 'SHIB/USD']));
    expect(signals.some((one) => one.action === 'buy') && signals.some((one) => one.action === 'sell')).toBe(true);
    for (const [at, signal] of signals.entries()) {
      expect(signal).toMatchObject({ strategy: 'say "hi" \\ there', timeframe: '60', requestedMode: 'paper' });
      // The bar has just closed: an hour's end, and the alert is not older than what the queue may hold back.
      expect(signal.firedAt!.getTime() % hourMs).toBe(0);
      expect(sent[at]!.at - signal.firedAt!.getTime()).toBeLessThanOrEqual(1000);
      if (signal.action === 'exit') continue;
      expect(signal).toMatchObject({ quantity: null, takeProfit: expect.anything(), stopLoss: expect.anything() });
      expect(signal.riskAmount!.eq('100')).toBe(true);
      const [entry, stop, target] = [signal.entryPrice!, signal.stopLoss!, signal.takeProfit!];
      const side = signal.side ?? signal.action;
      expect(side === 'buy' ? stop.lt(entry) && target.gt(entry) : stop.gt(entry) && target.lt(entry)).toBe(true);
      // The target is twice as far away as the stop, to what rounding takes.
      expect(Number(text(target.minus(entry).div(entry.minus(stop))))).toBeCloseTo(2, 1);
    }
  });

  it('names each by an id of its own, and stays far below the length that is allowed', () => {
    const ids = sent.map((one) => accepted(one).alertId);
    expect(ids).not.toContain(null);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { message } of sent) expect(message.length).toBeLessThanOrEqual(longestAlert('say "hi" \\ there'));
    expect(longestAlert('x'.repeat(40))).toBeLessThan(limits.alertCharacters);
  });

  it('says what was held before, as its own alerts left it, once it has sent one', () => {
    const byTicker = Map.groupBy(sent.map(accepted), (one) => one.ticker);
    for (const signals of byTicker.values()) {
      expect(signals[0]!.previousPosition).toBeNull();
      for (const signal of signals.slice(1)) {
        expect(signal.previousPosition).not.toBeNull();
        if (signal.action === 'buy' || signal.action === 'sell') expect(signal.previousPosition).toBe('flat');
        if (signal.action === 'reverse') expect(signal.previousPosition).toBe(signal.side === 'buy' ? 'short' : 'long');
        if (signal.action === 'exit') expect(signal.previousPosition).not.toBe('flat');
      }
    }
  });
});

it('sends once a bar close: a strategy by its frequency, a scanner by what it has told', () => {
  expect(new Set(run(scriptOf('rsi-reversal', 'strategy'), 'strategy').map((one) => one.frequency))).toEqual(
    new Set(['alert.freq_once_per_bar_close']),
  );
  const source = scriptOf('rsi-reversal', 'scanner');
  const [seldom, often] = [[1000], [1000, 2000, 3000, hourMs / 2, hourMs - 1]].map((ticks) =>
    live(source, symbols[0]!, market, past, ticks).map((one) => one.message),
  );
  expect(seldom!.length).toBeGreaterThan(0);
  expect(often).toEqual(seldom);
});

it.each(templates.map(({ key }) => key))('%s does not repaint', (key) => {
  const source = scriptOf(key, 'scanner', { direction: 'both' });
  const sent = run(source, 'scanner');
  const one = sent[Math.floor(sent.length / 2)]!;
  const bar = (one.at - 1000 - market.bars[symbols[0]!]![0]!.time) / hourMs;
  const wild = Object.fromEntries(
    Object.entries(market.bars).map(([symbol, bars]) => {
      const now = bars[bar]!;
      return [symbol, [...bars.slice(0, bar), { ...now, high: now.high * 3, low: now.low / 3, close: now.close * 2 }]];
    }),
  );
  const again = live(source, symbols[0]!, marketOf(wild), past, [1000]);
  const until = (all: Sent[]) => all.filter(({ at }) => at <= one.at).map(({ message }) => message);
  expect(until(again)).toEqual(until(sent));
  expect(until(again)).toContain(one.message);
});

describe('the size of an entry', () => {
  it('is a quantity, with the shares held before, or the strategy’s settings', () => {
    const counted = run(
      scriptOf('moving-average-cross', 'strategy', {
        sizing: 'quantity',
        quantity: '2.5',
        rewardMultiple: '0',
        stopMultiple: '20',
      }),
      'strategy',
    ).map(accepted);
    const entry = counted.find((one) => one.action === 'buy')!;
    expect(entry.quantity!.eq('2.5') && entry.riskAmount === null).toBe(true);
    const exit = counted.find((one) => one.action === 'exit' && one.previousPosition !== null)!;
    expect(exit).toMatchObject({ previousPosition: 'long', quantity: null });
    expect(exit.previousSize!.eq('2.5')).toBe(true);
    const left = run(scriptOf('moving-average-cross', 'scanner', { sizing: 'strategy' }), 'scanner').map(accepted);
    expect(left.find((one) => one.action === 'buy')).toMatchObject({ quantity: null, riskAmount: null });
  });
});

describe('forty tickers that turn at once', () => {
  const list = Array.from({ length: 40 }, (_, at) => `NYSE:T${at}`);
  const same = marketOf(Object.fromEntries(list.map((symbol) => [symbol, swinging(100, 160)])));
  const source = scriptOf('moving-average-cross', 'scanner', { rewardMultiple: '0', stopMultiple: '20' }, list);
  const minutes = Array.from({ length: 16 }, (_, at) => at * 60_000 + 1000);
  const sent = live(source, list[0]!, same, past, minutes);

  it('send all their alerts, and never more than the most in three minutes', () => {
    const bars = Map.groupBy(sent, (one) => accepted(one).firedAt!.getTime());
    expect(bars.size).toBeGreaterThan(1);
    for (const alerts of bars.values()) expect(alerts).toHaveLength(40);
    for (const { at } of sent) {
      expect(sent.filter((one) => one.at >= at && one.at < at + 180_000).length).toBeLessThanOrEqual(12);
    }
  });

  it('send exits first', () => {
    const half = { ...same.bars };
    // Half of them turn the other way at the same time.
    for (const symbol of list.slice(20)) half[symbol] = same.bars[symbol]!.map((bar) => mirrored(bar));
    const both = live(source, list[0]!, marketOf(half), past, minutes).map((one) => ({ at: one.at, ...accepted(one) }));
    const bars = [...Map.groupBy(both, (one) => one.firedAt!.getTime()).values()];
    const mixed = bars.filter((alerts) => new Set(alerts.map((one) => one.action)).size === 2);
    expect(mixed.length).toBeGreaterThan(0);
    for (const alerts of mixed) {
      const lastExit = alerts.findLastIndex((one) => one.action === 'exit');
      expect(lastExit).toBeLessThan(alerts.findIndex((one) => one.action === 'buy'));
    }
  });
});

const mirrored = (bar: { time: number; open: number; high: number; low: number; close: number }) => ({
  time: bar.time,
  open: 200 - bar.open,
  close: 200 - bar.close,
  high: 200 - bar.low,
  low: 200 - bar.high,
});

describe('the functions that write alerts', () => {
  const script = new Script(scriptOf('rsi-reversal', 'strategy'), symbols[0]!, market);
  const said = (ticker: string, entry: number | null): Record<string, unknown> => {
    const head = script.call('alertHead', ['BUY', ticker, '5', 1_767_600_000_000, 1_767_600_000_000]);
    const fields = script.call('entryFields', ['', entry, null, null]);
    return JSON.parse(`${head}${fields}${script.call('previousFields', ['', null])}}`);
  };

  it.each(['BRK.B', 'BTCUSD', 'NQ1!', 'M&M', 'A"B', 'C\\D', '\\"', '{{close}}', 'Ä€'])('escape %s', (ticker) => {
    expect(said(ticker, 1)).toMatchObject({ ticker, id: `rsi-reversal:${ticker}:5:1767600000000:BUY` });
  });
  it.each([
    [null, null],
    [0.5, 0.5],
    [150, 150],
    [0.000000012, 0.000000012],
    [1_234_567_890.125, 1_234_567_890.125],
    [0.1 + 0.2, 0.3],
  ])('write %s', (entry, expected) => {
    expect(said('AAPL', entry)).toMatchObject({
      entryPrice: expected,
      stopLoss: null,
      timestamp: '2026-01-05T08:00:00Z',
    });
  });
});
