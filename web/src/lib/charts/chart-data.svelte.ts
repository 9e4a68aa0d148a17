import { api, query } from '../api/client.ts';
import type { BarsJson, ComputedIndicatorJson, QuoteJson } from '../api/contract.ts';
import { add, multiply } from '../format/decimal.ts';
import type { Timeframe } from './chart-settings.svelte.ts';
import { axisTime, barTimeOf } from './chart-time.ts';

/** A bar as it is drawn: doubles, for the picture alone. */
export interface ShownBar {
  /** On the axis, in seconds. */
  readonly time: number;
  readonly at: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface ChartWish {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly accountId: string | null;
  readonly indicators: readonly string[];
}

const pageBars = 400;
/** Of the newest that are read anew: enough that none is missed between two looks. */
const tailBars = 8;
const lookEveryMs = 5000;

/** The bars of a chart: read page by page, looked at anew every few seconds, and moved by quotes in between. */
export class ChartData {
  bars = $state.raw<readonly ShownBar[]>([]);
  /** The bar that is not over, as quotes have moved it; null: none came since the bars were read. */
  forming = $state.raw<ShownBar | null>(null);
  indicators = $state.raw<readonly ComputedIndicatorJson[]>([]);
  about = $state.raw<Omit<BarsJson, 'items' | 'indicators'> | null>(null);
  problem = $state.raw<unknown>(null);
  loading = $state(false);
  /** What the bars are of. */
  shown = $state.raw<ChartWish | null>(null);
  #wish: ChartWish | null = null;
  #running: AbortController | null = null;
  #older = false;

  /** Shows other bars, or others over them. Until they are read, those that are there stay. */
  async show(wish: ChartWish): Promise<void> {
    this.#wish = wish;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.loading = true;
    try {
      const page = await this.#ask(wish, { limit: Math.max(pageBars, this.#enough(wish)) }, running.signal);
      if (running.signal.aborted) return;
      this.bars = page.items.map((bar) => drawn(bar, wish.timeframe));
      this.indicators = page.indicators;
      this.forming = null;
      this.shown = wish;
      this.#told(page, true);
    } catch (error) {
      if (running.signal.aborted) return;
      this.problem = error;
      if (this.shown?.symbol !== wish.symbol || this.shown.timeframe !== wish.timeframe) this.#empty();
    } finally {
      if (this.#running === running) this.loading = false;
    }
  }

  /** Reads the page before the first bar. */
  async older(): Promise<void> {
    const { shown: wish, about } = this;
    if (this.#older || !wish || !about?.older || wish !== this.#wish || this.bars.length > 6000) return;
    this.#older = true;
    try {
      const page = await this.#ask(wish, { limit: pageBars, to: about.older });
      if (wish !== this.#wish) return;
      this.bars = [...page.items.map((bar) => drawn(bar, wish.timeframe)), ...this.bars];
      this.indicators = this.indicators.map((one) => ({
        ...one,
        values: one.values.map((line, at) => [
          ...(page.indicators.find(({ name }) => name === one.name)?.values[at] ?? []),
          ...line,
        ]),
      }));
      this.about = { ...about, older: page.older };
    } catch (error) {
      this.problem = error;
    } finally {
      this.#older = false;
    }
  }

  /** Reads the newest bars anew every few seconds while the page is looked at; what it answers ends that. */
  follow(): () => void {
    const timer = setInterval(() => document.visibilityState === 'visible' && void this.#look(), lookEveryMs);
    return () => {
      clearInterval(timer);
      this.#running?.abort();
    };
  }

  /** Moves the bar that is not over to the middle of bid and ask. */
  quote(quote: QuoteJson): void {
    const { shown, bars } = this;
    const last = bars.at(-1);
    if (!shown || !last || quote.symbol !== shown.symbol) return;
    const price = Number(multiply(add(quote.bid, quote.ask), '0.5'));
    const time = barTimeOf(quote.at, shown.timeframe);
    if (time < last.time) return;
    const before = this.forming?.time === time ? this.forming : last.time === time ? last : null;
    this.forming = before
      ? { ...before, close: price, high: Math.max(before.high, price), low: Math.min(before.low, price) }
      : {
          time,
          at: new Date(time * 1000).toISOString(),
          open: price,
          high: price,
          low: price,
          close: price,
          volume: 0,
        };
  }

  async #look(): Promise<void> {
    const { shown: wish } = this;
    if (!this.#wish || this.loading) return;
    // What could not be read is tried again, as a whole.
    if (!wish || wish !== this.#wish) return this.show(this.#wish);
    try {
      const page = await this.#ask(wish, { limit: tailBars });
      if (wish !== this.#wish) return;
      const tail = page.items.map((bar) => drawn(bar, wish.timeframe));
      const from = tail[0] ? this.bars.findIndex(({ time }) => time === tail[0]!.time) : -1;
      if (from < 0) return void (tail.length > 0 && this.show(wish));
      this.bars = [...this.bars.slice(0, from), ...tail];
      this.indicators = this.indicators.map((one) => ({
        ...one,
        values: one.values.map((line, at) => [
          ...line.slice(0, from),
          ...(page.indicators.find(({ name }) => name === one.name)?.values[at] ?? line.slice(from)),
        ]),
      }));
      if (this.forming && this.forming.time < (tail.at(-1)?.time ?? 0)) this.forming = null;
      this.#told(page, false);
    } catch (error) {
      if (wish === this.#wish) this.problem = error;
    }
  }

  #told({ items: _bars, indicators: _computed, ...about }: BarsJson, whole: boolean): void {
    this.problem = null;
    this.about = whole ? about : { ...about, older: this.about?.older ?? null };
    if (about.quote) this.quote(about.quote);
  }

  #empty(): void {
    this.bars = [];
    this.indicators = [];
    this.forming = null;
    this.about = null;
    this.shown = null;
  }

  /** Other indicators over the same bars leave as many of them as there are. */
  #enough(wish: ChartWish): number {
    const same = this.shown?.symbol === wish.symbol && this.shown.timeframe === wish.timeframe;
    return same ? Math.min(1500, this.bars.length) : 0;
  }

  #ask(wish: ChartWish, page: { limit: number; to?: string }, signal?: AbortSignal): Promise<BarsJson> {
    const { symbol, timeframe, accountId, indicators } = wish;
    return api.get<BarsJson>(
      `/bars${query({ symbol, timeframe, accountId, indicators: indicators.join(','), ...page })}`,
      signal,
    );
  }
}

const drawn = ({ at, open, high, low, close, volume }: BarsJson['items'][number], timeframe: Timeframe): ShownBar => ({
  time: axisTime(at, timeframe),
  at,
  open: Number(open),
  high: Number(high),
  low: Number(low),
  close: Number(close),
  volume: Number(volume),
});
