import { type CivilDay, momentOf, newYork, type UsZone, wallTime } from '../calendar/civil-day.ts';
import type { Bar } from './bars.ts';
import { type Instrument, lotsPerUnit } from './instruments.ts';
import { gridOf, ticksPerDollar } from './market.ts';
import { activityOf, type PricePaths, volatilityOf } from './price-path.ts';
import { seededRandom, seedOf } from './seeded-random.ts';

export const minuteMs = 60_000;

/** What a share of the instrument's size trades in a minute in the middle of the day: about 40 million dollars a minute for all. */
const dollarsPerMinute = 5_000_000;

/** A day's simulated minutes from midnight to midnight, as columns; whether the venue was open then is not looked at. */
export class MinuteDay {
  readonly start: number;
  readonly count: number;
  readonly #instrument: Instrument;
  readonly #prices: Float64Array;
  readonly #highs: Float64Array;
  readonly #lows: Float64Array;
  readonly #volumes: Float64Array;
  readonly #minuteOfStart: number;
  readonly #pace: number;

  constructor(paths: PricePaths, seed: number, instrument: Instrument, day: CivilDay, zone: UsZone, pace: number) {
    this.#instrument = instrument;
    this.#pace = pace;
    this.start = momentOf(day, 0, zone);
    this.#minuteOfStart = wallTime(this.start, newYork).minute;
    const path = paths.minutes(instrument, day, zone);
    this.count = path.length - 1;
    this.#prices = Float64Array.from(path, (level) => onGrid(instrument.anchor * Math.exp(level) * ticksPerDollar));
    this.#highs = new Float64Array(this.count);
    this.#lows = new Float64Array(this.count);
    this.#volumes = new Float64Array(this.count);
    const random = seededRandom(seedOf(seed, 'bars', instrument.symbol, day));
    const lotsPerMinute = (dollarsPerMinute / instrument.anchor) * lotsPerUnit(instrument);
    const sigma = volatilityOf(instrument) / Math.sqrt(390);
    for (let i = 0; i < this.count; i++) {
      const activity = this.#activity(i);
      const reach = 0.4 * sigma * Math.sqrt(activity);
      const [open, close] = [this.#prices[i]!, this.#prices[i + 1]!];
      this.#highs[i] = onGrid(Math.max(open, close) * (1 + reach * Math.abs(random.bell())));
      this.#lows[i] = onGrid(Math.min(open, close) * (1 - reach * Math.abs(random.bell())));
      this.#volumes[i] = Math.max(100, Math.round(lotsPerMinute * activity * Math.exp(0.5 * random.bell() - 0.125)));
    }
  }

  /** Trades in a minute: the pace by day, half of it outside the regular session. */
  #tradesIn(i: number): number {
    return Math.max(4, Math.round(60 * this.#pace * Math.min(1, Math.max(0.5, this.#activity(i)))));
  }

  #activity(i: number): number {
    return activityOf(this.#instrument, (this.#minuteOfStart + i) % 1440);
  }

  /** The bar of the `i`th minute. */
  bar(i: number): Bar {
    const [high, low] = [this.#highs[i]!, this.#lows[i]!];
    const [open, close] = [this.#prices[i]!, this.#prices[i + 1]!];
    const volume = this.#volumes[i]!;
    return {
      at: new Date(this.start + i * minuteMs),
      open,
      high,
      low,
      close,
      volume,
      trades: this.#tradesIn(i),
      turnover: ((open + high + low + close) / 4) * volume,
    };
  }

  /** Several minutes as one bar, without making theirs; null of none. */
  span(from: number, to: number): Bar | null {
    if (from >= to) return null;
    let [high, low, lots, trades, turnover] = [0, Number.POSITIVE_INFINITY, 0, 0, 0];
    for (let i = from; i < to; i++) {
      const [above, below] = [this.#highs[i]!, this.#lows[i]!];
      if (above > high) high = above;
      if (below < low) low = below;
      lots += this.#volumes[i]!;
      trades += this.#tradesIn(i);
      turnover += ((this.#prices[i]! + above + below + this.#prices[i + 1]!) / 4) * this.#volumes[i]!;
    }
    return {
      at: new Date(this.start),
      open: this.#prices[from]!,
      high,
      low,
      close: this.#prices[to]!,
      volume: lots,
      trades,
      turnover,
    };
  }
}

function onGrid(price: number): number {
  const grid = gridOf(price);
  return Math.max(grid, Math.round(price / grid) * grid);
}
