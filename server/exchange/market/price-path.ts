import { type CivilDay, civilDay, momentOf, newYork, type UsZone, wallTime, weekdayOf } from '../calendar/civil-day.ts';
import type { Instrument } from './instruments.ts';
import { Recent } from './recent.ts';
import { type SeededRandom, seededRandom, seedOf } from './seeded-random.ts';

/** The first day of every simulated history. */
export const firstDay: CivilDay = civilDay(2000, 1, 1);

/** Standard deviation of a day's logarithmic return; of the right size for the sector, measured on no particular day. */
const dailyVolatility: Readonly<Record<string, number>> = {
  Technology: 0.018,
  'Consumer Discretionary': 0.017,
  'Communication Services': 0.016,
  Financials: 0.014,
  'Health Care': 0.012,
  Energy: 0.016,
  'Consumer Staples': 0.009,
  Industrials: 0.015,
  Index: 0.01,
  Crypto: 0.03,
};
export const volatilityOf = (instrument: Instrument): number => dailyVolatility[instrument.sector] ?? 0.015;

/** How a return is shared out: variance common to all, common to the sector, and of its own. They add up to one. */
const [marketShare, sectorShare, ownShare] = [Math.sqrt(0.3), Math.sqrt(0.25), Math.sqrt(0.45)];
/** A day, a weekend’s too, draws the price back to its anchor by this part: a half-life of three weeks. */
const dailyPull = 0.033;
/** Weekends move less. */
const weekendCalm = 0.4;

/**
 * Where prices are: for each symbol a mean-reverting walk (Ornstein and Uhlenbeck's, on the logarithm) from day to day, and between two
 * midnights a Brownian bridge whose variance follows the trading day: high at the open, less towards noon, high again at the close,
 * little at night. Market and sector take part in each step, so that sectors move together. Everything is a function of the seed, the
 * symbol and the time alone: whatever is asked for, in whatever order and after whatever restart, the answer is the same.
 */
export class PricePaths {
  readonly #seed: number;
  readonly #levels = new Map<string, number[]>();
  readonly #shocks = new Map<string, { readonly random: SeededRandom; readonly shocks: number[] }>();
  readonly #minuteShocks = new Recent<string, Float64Array>(64);

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Logarithm of price over anchor at each minute of the day, and at its end. 1441 of them on most days. */
  minutes(instrument: Instrument, day: CivilDay, zone: UsZone): Float64Array {
    const start = momentOf(day, 0, zone);
    const count = Math.round((momentOf(day + 1, 0, zone) - start) / 60_000);
    const [from, to] = [this.#level(instrument, day), this.#level(instrument, day + 1)];
    const sigma = volatilityOf(instrument) * calmOf(instrument, day);
    const market = this.#shocksOf('market', day, count);
    const sector = this.#shocksOf(instrument.sector, day, count);
    const own = seededRandom(seedOf(this.#seed, 'minutes', instrument.symbol, day));
    const offset = wallTime(start, newYork).minute;
    const path = new Float64Array(count + 1);
    const passed = new Float64Array(count + 1);
    for (let i = 0; i < count; i++) {
      const weight = activityOf(instrument, (offset + i) % 1440);
      const shock = marketShare * market[i]! + sectorShare * sector[i]! + ownShare * own.bell();
      path[i + 1] = path[i]! + Math.sqrt(weight) * shock;
      passed[i + 1] = passed[i]! + weight;
    }
    const [end, whole] = [path[count]!, passed[count]!];
    const scale = sigma / Math.sqrt(whole);
    for (let i = 0; i <= count; i++) {
      const part = passed[i]! / whole;
      path[i] = from + (path[i]! - part * end) * scale + part * (to - from);
    }
    return path;
  }

  /** Where the walk is at a day's first midnight. */
  #level(instrument: Instrument, day: CivilDay): number {
    const levels = this.#levels.get(instrument.symbol) ?? [0];
    this.#levels.set(instrument.symbol, levels);
    const index = Math.max(0, day - firstDay);
    const sigma = volatilityOf(instrument);
    while (levels.length <= index) {
      const at = firstDay + levels.length - 1;
      const shock =
        marketShare * this.#shock('market', at) +
        sectorShare * this.#shock(instrument.sector, at) +
        ownShare * this.#shock(instrument.symbol, at);
      levels.push(levels.at(-1)! * (1 - dailyPull) + sigma * calmOf(instrument, at) * shock);
    }
    return levels[index]!;
  }

  #shock(name: string, day: CivilDay): number {
    let known = this.#shocks.get(name);
    if (!known) {
      known = { random: seededRandom(seedOf(this.#seed, 'days of', name)), shocks: [] };
      this.#shocks.set(name, known);
    }
    // Drawn day after day from the first on, so that a day's draw does not depend on what was asked for before.
    while (known.shocks.length <= day - firstDay) known.shocks.push(known.random.normal());
    return known.shocks[day - firstDay]!;
  }

  #shocksOf(name: string, day: CivilDay, count: number): Float64Array {
    return this.#minuteShocks.get(`${name} ${day} ${count}`, () => {
      const random = seededRandom(seedOf(this.#seed, 'minutes of', name, day));
      return Float64Array.from({ length: count }, () => random.bell());
    });
  }
}

const calmOf = (instrument: Instrument, day: CivilDay): number =>
  instrument.assetClass === 'us_equity' && weekdayOf(day) % 6 === 0 ? weekendCalm : 1;

/** How busy a minute of New York's day is; 1 in the middle of the regular session. */
export function activityOf(instrument: Instrument, minute: number): number {
  const regular = minute >= 570 && minute < 960;
  if (instrument.assetClass === 'crypto') return regular ? 1 : 0.6;
  if (regular) {
    // The day's known U: about three times as much at the open and the close as at lunch.
    const x = (2 * (minute - 570)) / 390 - 1;
    return 1 + 2 * x ** 4;
  }
  return minute >= 240 && minute < 1200 ? 0.3 : 0.15;
}
