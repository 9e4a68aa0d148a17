// The golden figures are golden/series.py's, written from the books' formulas; nothing of this code had a part in it.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSeries } from './load-series.ts';
import type { SeriesBar, SeriesIndicator } from './series-indicator.ts';

interface Golden {
  readonly days: readonly string[];
  readonly cases: readonly { indicator: string; lines: readonly (number | null)[][] }[];
}
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8')) as T;
const golden = read<Golden>('series.golden.json');
const source = read<{ bars: Record<'open' | 'high' | 'low' | 'close' | 'volume', string>[] }>('indicators.golden.json');
const bars: SeriesBar[] = source.bars.map((bar, at) => ({
  day: golden.days[at]!,
  open: Number(bar.open),
  high: Number(bar.high),
  low: Number(bar.low),
  close: Number(bar.close),
  volume: Number(bar.volume),
}));
let all: ReadonlyMap<string, SeriesIndicator>;
beforeAll(async () => {
  all = await loadSeries();
});

const valuesOf = (written: string): number[] => written.split(':').slice(1).map(Number);
const of = (written: string, given: readonly SeriesBar[] = bars) => {
  const indicator = all.get(written.split(':')[0]!)!;
  return indicator.compute(given, valuesOf(written));
};

describe.each(golden.cases)('$indicator', ({ indicator, lines }) => {
  it('is what the books’ formulas say, bar by bar', () => {
    const found = of(indicator);
    expect(found).toHaveLength(lines.length);
    for (const [at, line] of lines.entries()) {
      expect(found[at]).toHaveLength(line.length);
      for (const [bar, expected] of line.entries()) {
        const value = found[at]![bar]!;
        if (expected === null) expect(value, `bar ${bar} of line ${at}`).toBeNull();
        else
          expect(Math.abs(value - expected), `bar ${bar} of line ${at}`).toBeLessThanOrEqual(
            1e-8 * Math.max(1, Math.abs(expected)),
          );
      }
    }
  });

  it('needs no more of the past than it says: a value with just its warm-up is the one with all of it, near enough to draw', () => {
    const { lines: named, warmUp } = all.get(indicator.split(':')[0]!)!;
    expect(found(bars)).toHaveLength(named.length);
    const needed = warmUp(valuesOf(indicator));
    if (needed + 5 >= bars.length) return;
    const [whole, late] = [found(bars), found(bars.slice(-needed - 5))];
    for (const [at, line] of whole.entries()) {
      const [a, b] = [line.at(-1)!, late[at]!.at(-1)!];
      if (a === null) expect(b).toBeNull();
      else expect(Math.abs(a - b)).toBeLessThanOrEqual(0.01 * Math.max(1, Math.abs(a)));
    }
    function found(given: readonly SeriesBar[]) {
      return of(indicator, given);
    }
  });
});

it('has golden figures for every indicator there is, and each names its lines', () => {
  const tried = new Set(golden.cases.map(({ indicator }) => indicator.split(':')[0]));
  expect([...all.keys()].filter((key) => !tried.has(key))).toEqual([]);
  expect(all.size).toBe(15);
});

describe('few bars, and bars that stand still', () => {
  const still = bars.map((bar) => ({ ...bar, open: 5, high: 5, low: 5, close: 5, volume: 0 }));
  it('never come to something that is no number', () => {
    for (const { key, parameters, compute, lines } of all.values()) {
      const values = parameters.map((one) => one.default);
      for (const some of [[], bars.slice(0, 1), bars.slice(0, 3), still]) {
        const computed = compute(some, values);
        expect(computed, key).toHaveLength(lines.length);
        for (const line of computed) {
          expect(line, key).toHaveLength(some.length);
          expect(
            line.every((value) => value === null || Number.isFinite(value)),
            `${key} of ${some.length}`,
          ).toBe(true);
        }
      }
    }
  });
  it('put what measures movement in its middle', () => {
    for (const key of ['rsi:14', 'mfi:14']) expect(of(key, still)[0]!.at(-1)).toBe(50);
    expect(of('stochastic:14:3:3', still)[0]!.at(-1)).toBe(50);
    expect(of('vwap', still)[0]!.at(-1)).toBeNull();
  });
});

it('refuses a file whose indicator has another name', async () => {
  await expect(loadSeries(new URL('./golden/', import.meta.url))).resolves.toEqual(new Map());
  await expect(loadSeries(new URL('../risk-figures/', import.meta.url))).rejects.toThrow(
    'whose key is its file’s name'.replace('’', "'"),
  );
});
