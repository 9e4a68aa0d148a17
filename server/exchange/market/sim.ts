import { type CivilDay, chicago, momentOf, newYork, type UsZone, wallTime } from '../calendar/civil-day.ts';
import type { Sessions } from '../calendar/sessions.ts';
import { type Bar, barOf, merge } from './bars.ts';
import { type Instrument, roundLotOf } from './instruments.ts';
import { type Market, type MarketHistory, type MarketTick, ticksPerDollar } from './market.ts';
import { MinuteDay, minuteMs } from './minute-day.ts';
import { firstDay, PricePaths } from './price-path.ts';
import { printsOf } from './prints.ts';
import { Recent } from './recent.ts';
import { Recording, scriptedTick } from './recording.ts';
import { seededRandom, seedOf } from './seeded-random.ts';
import { Shocks } from './shocks.ts';

export interface SimOptions {
  readonly instruments: readonly Instrument[];
  readonly sessions: Sessions;
  readonly seed: number;
  /** Trades of each symbol a second by day; 0: the market stands still but for what is scripted. */
  readonly pace: number;
}

/** After a pause longer than this (a machine asleep) the market goes on from the present. */
const longestCatchUpMs = 2 * minuteMs;
/**
 * The simulated market: its past and its present are one function of the seed and the time (see `PricePaths`), so that a bar asked for twice,
 * or after a restart, is the same, and what is shown live is what the bars are made of. Where a script has put a symbol outlasts a restart
 * too, and so does a market that stands still; only the prints that a script said itself are forgotten then.
 */
export class SimMarket implements Market {
  readonly kind = 'sim';
  readonly instruments: readonly Instrument[];
  readonly history: MarketHistory;
  readonly #bySymbol: ReadonlyMap<string, Instrument>;
  readonly #options: SimOptions;
  readonly #paths: PricePaths;
  readonly #days = new Recent<string, MinuteDay>(256);
  readonly #dayBars = new Recent<string, { bar: Bar | null }>(20_000);
  readonly #minutes = new Recent<string, readonly MarketTick[]>(512);
  readonly #recording = new Recording();
  /** Symbols whose past is what was recorded, from that minute on. */
  readonly #scripted = new Map<string, number>();
  readonly #shocks = new Shocks();
  #until: number | null = null;
  #opened: number | null = null;
  /** What was saved before a restart. */
  #saved: Readonly<Record<string, number>> = {};

  constructor(options: SimOptions) {
    this.#options = options;
    this.instruments = options.instruments;
    this.#bySymbol = new Map(options.instruments.map((instrument) => [instrument.symbol, instrument]));
    this.#paths = new PricePaths(options.seed);
    this.history = {
      zoneOf: (symbol) => this.#zoneOf(symbol),
      days: (symbol, now) => ({ first: firstDay, last: wallTime(now.getTime(), this.#zoneOf(symbol)).day }),
      minuteBars: (symbol, day, now) => this.#minuteBars(symbol, day, now),
      widthMinutes: () => 1,
      dayBar: (symbol, day, now) => this.#dayBar(symbol, day, now),
      ticks: (symbol, minute, now) => this.#ticks(symbol, minute, now),
    };
  }

  quote = (symbol: string) => this.#recording.quote(symbol);
  lastTrade = (symbol: string) => this.#recording.lastTrade(symbol);

  advance(at: Date): readonly MarketTick[] {
    const now = at.getTime();
    const last = this.#until;
    if (last !== null && (this.#options.pace === 0 || now <= last)) return [];
    this.#until = now;
    this.#opened ??= floor(now);
    if (last === null || now - last > longestCatchUpMs) return this.#present(at);
    const found: MarketTick[] = [];
    for (const { symbol } of this.instruments) {
      for (let minute = floor(last); minute <= now; minute += minuteMs) {
        for (const tick of this.#generated(symbol, minute)) {
          const moment = tick.quote.at.getTime();
          if (moment > last && moment <= now) found.push(this.#shocks.moved(tick));
        }
      }
    }
    return found.sort((a, b) => a.quote.at.getTime() - b.quote.at.getTime());
  }

  apply(tick: MarketTick): void {
    this.#recording.add(tick, this.#recordedFrom(tick.symbol) <= tick.quote.at.getTime());
  }

  script(symbol: string, bid: number, ask: number, at: Date, size = 1000): void {
    const middle = (bid + ask) / 2;
    const simulated = this.#lastBefore(symbol, at)?.trade?.price;
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument) throw new RangeError(`${symbol} is not listed here`);
    if (this.#recordedFrom(symbol) > at.getTime()) {
      const minute = floor(at.getTime());
      this.#scripted.set(symbol, minute);
      for (const tick of this.#generated(symbol, minute)) if (tick.quote.at < at) this.apply(this.#shocks.moved(tick));
    }
    if (simulated)
      this.#shocks.set(symbol, { at: at.getTime(), size: Math.log((middle * ticksPerDollar) / simulated) });
    this.apply(scriptedTick(instrument, bid, ask, at, size));
  }

  prices(): Record<string, number> {
    const found = this.#shocks.saved();
    for (const { symbol } of this.instruments) {
      const quote = this.quote(symbol);
      found[symbol] = (this.lastTrade(symbol)?.price ?? 0) / ticksPerDollar;
      if (quote && this.#options.pace === 0) {
        [found[`bid ${symbol}`], found[`ask ${symbol}`]] = [quote.bid / ticksPerDollar, quote.ask / ticksPerDollar];
      }
    }
    return found;
  }

  /** Where the market is follows from the time; what a script did to it, and where it stands still, has to be put back. */
  restore(saved: Readonly<Record<string, number>>): void {
    this.#saved = saved;
    for (const { symbol } of this.instruments) this.#shocks.restore(symbol, saved);
  }

  #zoneOf(symbol: string): UsZone {
    return this.#bySymbol.get(symbol)?.assetClass === 'crypto' ? chicago : newYork;
  }

  /** Each symbol as it stands at a moment. */
  #present(at: Date): MarketTick[] {
    return this.instruments.flatMap((instrument) => {
      const { symbol } = instrument;
      const [bid, ask] = [this.#saved[`bid ${symbol}`], this.#saved[`ask ${symbol}`]];
      if (this.#options.pace === 0 && bid && ask) {
        const stood = scriptedTick(instrument, bid, ask, at, 1000);
        return [{ ...stood, trade: { ...stood.trade!, price: Math.round(this.#saved[symbol]! * ticksPerDollar) } }];
      }
      const tick = this.#lastBefore(symbol, at);
      if (!tick) return [];
      const shocked = this.#shocks.moved(tick);
      return [{ ...shocked, quote: { ...shocked.quote, at } }];
    });
  }

  /** The last thing that happened to a symbol: in this minute, or in the last one in which it traded. */
  #lastBefore(symbol: string, at: Date): MarketTick | null {
    const now = at.getTime();
    let minute = floor(now);
    for (let tries = 0; tries < 3; tries++) {
      const found = this.#generated(symbol, minute).findLast((tick) => tick.quote.at.getTime() <= now);
      if (found) return found;
      minute -= minuteMs;
    }
    const { day } = wallTime(now, newYork);
    for (let before = day; before >= firstDay; before--) {
      const trading = this.#options.sessions.tradingDay(before);
      if (trading && trading.afterClose <= now) {
        return this.#generated(symbol, trading.afterClose - minuteMs).at(-1) ?? null;
      }
    }
    return null;
  }

  #day(instrument: Instrument, day: CivilDay): MinuteDay {
    const { seed, pace } = this.#options;
    const zone = this.#zoneOf(instrument.symbol);
    return this.#days.get(
      `${instrument.symbol} ${day}`,
      () => new MinuteDay(this.#paths, seed, instrument, day, zone, pace || 1),
    );
  }

  /** Indices of a day's minutes between which the symbol traded. */
  #open(instrument: Instrument, day: CivilDay, minutes: MinuteDay, extended: boolean): (readonly [number, number])[] {
    const { sessions } = this.#options;
    if (instrument.assetClass === 'crypto' || sessions.alwaysOpen) return [[0, minutes.count]];
    const index = (ms: number): number =>
      Math.min(minutes.count, Math.max(0, Math.round((ms - minutes.start) / minuteMs)));
    const today = sessions.tradingDay(day);
    if (!extended) return today ? [[index(today.open), index(today.close)]] : [];
    const night = sessions.tradingDay(day + 1);
    const evening: [number, number] = [index((night?.preOpen ?? 0) - 8 * 60 * minuteMs), minutes.count];
    return [...(today ? [[0, index(today.afterClose)] as const] : []), ...(night ? [evening] : [])];
  }

  #minuteBars(symbol: string, day: CivilDay, now: Date): Bar[] {
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument || day < firstDay) return [];
    const minutes = this.#day(instrument, day);
    const from = this.#recordedFrom(symbol);
    const last = Math.floor((Math.min(now.getTime(), from) - minutes.start) / minuteMs);
    const bars: Bar[] = [];
    for (const [first, end] of this.#open(instrument, day, minutes, true)) {
      for (let i = first; i < Math.min(end, last); i++) bars.push(this.#shockedBar(symbol, minutes.bar(i)));
    }
    if (from > now.getTime()) return bars;
    const ended = ({ at }: Bar): boolean => at.getTime() >= from && at.getTime() + minuteMs <= now.getTime();
    const recorded = this.#recording.minutes(symbol, day, this.#zoneOf(symbol));
    return [...bars, ...recorded.filter(ended)];
  }

  #dayBar(symbol: string, day: CivilDay, now: Date): Bar | null {
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument || day < firstDay) return null;
    const today = wallTime(now.getTime(), this.#zoneOf(symbol)).day;
    const recordedOn = wallTime(Math.min(this.#recordedFrom(symbol), now.getTime()), this.#zoneOf(symbol)).day;
    if (day > today) return null;
    const [midnight, next] = [day, day + 1].map((one) => momentOf(one, 0, this.#zoneOf(symbol))) as [number, number];
    if (day < recordedOn && !this.#shocks.within(symbol, midnight, next)) {
      return this.#dayBars.get(`${symbol} ${day}`, () => {
        const minutes = this.#day(instrument, day);
        const spans = this.#open(instrument, day, minutes, false).map(([from, to]) => minutes.span(from, to));
        return {
          bar: merge(
            spans.filter((span) => span !== null),
            new Date(minutes.start),
          ),
        };
      }).bar;
    }
    const minutes = this.#day(instrument, day);
    const open = this.#open(instrument, day, minutes, false);
    const inSession = (ms: number): boolean => {
      const index = Math.floor((ms - minutes.start) / minuteMs);
      return open.some(([from, to]) => index >= from && index < to);
    };
    const bars = this.#minuteBars(symbol, day, now).filter((bar) => inSession(bar.at.getTime()));
    // The minute that has not ended yet, as far as it has come.
    const begun = this.#ticks(symbol, floor(now.getTime()), now)
      .flatMap(({ trade }) => trade ?? [])
      .filter((trade) => inSession(trade.at.getTime()))
      .map(barOf);
    return merge([...bars, ...begun], new Date(minutes.start));
  }

  /** A minute's bar: where a script had put the symbol elsewhere, made of what was shown then. */
  #shockedBar(symbol: string, bar: Bar): Bar {
    const minute = bar.at.getTime();
    if (!this.#shocks.within(symbol, minute, minute + minuteMs)) return bar;
    const trades = this.#generated(symbol, minute).flatMap((tick) => this.#shocks.moved(tick).trade ?? []);
    return merge(trades.map(barOf), bar.at) ?? bar;
  }

  /** The moment from which on a symbol's past is what was recorded. */
  #recordedFrom(symbol: string): number {
    const opened = this.#options.pace === 0 ? this.#opened : null;
    return this.#scripted.get(symbol) ?? opened ?? Number.POSITIVE_INFINITY;
  }

  #ticks(symbol: string, minute: number, now: Date): readonly MarketTick[] {
    if (minute >= this.#recordedFrom(symbol)) return this.#recording.ticks(symbol, minute);
    const ticks = this.#generated(symbol, minute).map((tick) => this.#shocks.moved(tick));
    return minute + minuteMs <= now.getTime() ? ticks : ticks.filter((tick) => tick.quote.at <= now);
  }

  /** What the simulation has happen in a minute, whole. */
  #generated(symbol: string, minute: number): readonly MarketTick[] {
    const instrument = this.#bySymbol.get(symbol);
    if (!instrument) return [];
    return this.#minutes.get(`${symbol} ${minute}`, () => {
      const { day } = wallTime(minute, this.#zoneOf(symbol));
      if (day < firstDay || !this.#options.sessions.isOpen(new Date(minute), instrument.assetClass, true)) return [];
      const minutes = this.#day(instrument, day);
      const bar = minutes.bar(Math.round((minute - minutes.start) / minuteMs));
      return printsOf(bar, {
        symbol,
        count: bar.trades,
        roundLot: roundLotOf(instrument),
        from: minute,
        to: minute + minuteMs,
        random: seededRandom(seedOf(this.#options.seed, 'prints', symbol, minute)),
      });
    });
  }
}

const floor = (ms: number): number => Math.floor(ms / minuteMs) * minuteMs;
