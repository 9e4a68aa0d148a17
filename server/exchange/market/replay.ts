import { type CivilDay, chicago, momentOf, newYork, type UsZone, wallTime } from '../calendar/civil-day.ts';
import { type Bar, merge } from './bars.ts';
import type { BarFile, FileBar } from './csv-bars.ts';
import { type Instrument, instruments, roundLotOf } from './instruments.ts';
import { type Market, type MarketHistory, type MarketTick, ticksPerDollar } from './market.ts';
import { printsOf } from './prints.ts';
import { Recording, scriptedTick } from './recording.ts';
import { seededRandom, seedOf } from './seeded-random.ts';

export interface ReplayOptions {
  readonly file: BarFile;
  /** Market time over real time: at 60 a minute of the file passes in a second. Nights and weekends are passed over. */
  readonly speed: number;
  /** Trades of each symbol a second, as far as the file's bars can bear. */
  readonly pace: number;
  readonly seed: number;
}

/** Bars of one time, and where that time begins on the way through the file, in market milliseconds without the gaps. */
interface Slot {
  readonly begin: number;
  readonly width: number;
  readonly bars: FileBar[];
}

const minuteMs = 60_000;
const dayMinutes = 1440;
const longestCatchUpMs = 2 * minuteMs;
const mostTrades = 2000;

/**
 * A file of bars, played as quotes and trades of which each bar could have been made. What is played happens now: its times are the clock's.
 * The bars of the file that have been played can be asked for at their own times, and none that is still to come.
 * At the file's end the market stands still. A restart goes on where the replay was.
 */
export class ReplayMarket implements Market {
  readonly kind = 'replay';
  readonly instruments: readonly Instrument[];
  readonly history: MarketHistory;
  readonly #options: ReplayOptions;
  readonly #slots: Slot[] = [];
  readonly #bySymbol = new Map<string, FileBar[]>();
  readonly #byDay = new Map<string, FileBar[]>();
  readonly #played = new Map<FileBar, readonly MarketTick[]>();
  readonly #recording = new Recording();
  /** Under which the place is stored: of this file and no other. */
  readonly #placeName: string;
  /** Market milliseconds on the way through the file. */
  #place = 0;
  #slot = 0;
  #until: number | null = null;
  #opened = Number.POSITIVE_INFINITY;

  constructor(options: ReplayOptions) {
    this.#options = options;
    for (const bar of options.file.bars) {
      const last = this.#slots.at(-1);
      if (last && last.bars[0]!.from === bar.from) last.bars.push(bar);
      else this.#slots.push({ begin: last ? last.begin + last.width : 0, width: bar.to - bar.from, bars: [bar] });
      const own = this.#bySymbol.get(bar.symbol) ?? [];
      own.push(bar);
      this.#bySymbol.set(bar.symbol, own);
      const key = dayKey(bar.symbol, wallTime(bar.bar.at.getTime(), zoneOf(bar.symbol)).day);
      const sameDay = this.#byDay.get(key) ?? [];
      sameDay.push(bar);
      this.#byDay.set(key, sameDay);
    }
    const first = options.file.bars[0];
    const last = options.file.bars.at(-1);
    if (!first || !last) throw new Error('The file of bars is empty.');
    this.#placeName = `replay ${seedOf(0, first.from, last.to, options.file.bars.length).toString(16)}`;
    this.instruments = [...this.#bySymbol.keys()].sort().map((symbol) => this.#instrument(symbol));
    this.history = {
      zoneOf,
      days: (symbol, now) => ({
        first: wallTime(this.#bySymbol.get(symbol)?.[0]?.bar.at.getTime() ?? now.getTime(), zoneOf(symbol)).day,
        last: wallTime(now.getTime(), zoneOf(symbol)).day,
      }),
      widthMinutes: (symbol, day) =>
        day >= wallTime(this.#opened, zoneOf(symbol)).day ? 1 : options.file.widthMinutes,
      minuteBars: (symbol, day, now) => this.#minuteBars(symbol, day, now),
      dayBar: (symbol, day) => this.#dayBar(symbol, day),
      ticks: (symbol, minute) => this.#recording.ticks(symbol, minute),
    };
  }

  quote = (symbol: string) => this.#recording.quote(symbol);
  lastTrade = (symbol: string) => this.#recording.lastTrade(symbol);

  /** Whether all of the file has been played. */
  get ended(): boolean {
    const last = this.#slots.at(-1)!;
    return this.#place >= last.begin + last.width;
  }

  advance(at: Date): readonly MarketTick[] {
    const now = at.getTime();
    const last = this.#until;
    this.#until = now;
    if (last === null) {
      this.#opened = now;
      return this.#present(at);
    }
    if (this.#options.pace === 0 || this.ended || now <= last || now - last > longestCatchUpMs) return [];
    const from = this.#place;
    this.#place += (now - last) * this.#options.speed;
    const found: MarketTick[] = [];
    for (let slot = this.#slots[this.#slot]; slot; slot = this.#slots[this.#slot]) {
      for (const bar of slot.bars) {
        for (const tick of this.#ticksOf(bar)) {
          const place = slot.begin + tick.quote.at.getTime() - bar.from;
          if (place < from || place >= this.#place) continue;
          found.push(stamped(tick, new Date(Math.round(last + (place - from) / this.#options.speed))));
        }
      }
      if (slot.begin + slot.width > this.#place) break;
      this.#played.clear();
      this.#slot += 1;
    }
    return found.sort((a, b) => a.quote.at.getTime() - b.quote.at.getTime());
  }

  apply(tick: MarketTick): void {
    this.#recording.add(tick, true);
  }

  script(symbol: string, bid: number, ask: number, at: Date, size = 1000): void {
    const instrument = this.instruments.find((listed) => listed.symbol === symbol);
    if (!instrument) throw new RangeError(`${symbol} is not listed here`);
    this.apply(scriptedTick(instrument, bid, ask, at, size));
  }

  prices(): Record<string, number> {
    const priced = this.instruments.map(({ symbol }) => [symbol, this.lastTrade(symbol)?.price ?? 0] as const);
    return {
      ...Object.fromEntries(priced.map(([symbol, price]) => [symbol, price / ticksPerDollar])),
      [this.#placeName]: this.#place,
    };
  }

  restore(saved: Readonly<Record<string, number>>): void {
    this.#place = saved[this.#placeName] ?? 0;
    this.#slot = this.#slots.findIndex((slot) => slot.begin + slot.width > this.#place);
    if (this.#slot < 0) this.#slot = this.#slots.length;
  }

  /** Each symbol as the file has it at the replay's place: the last thing played, or its first open. */
  #present(at: Date): MarketTick[] {
    const slot = this.#slots[Math.min(this.#slot, this.#slots.length - 1)]!;
    return this.instruments.flatMap(({ symbol }) => {
      const bars = this.#bySymbol.get(symbol)!;
      const index = bars.findLastIndex((bar) => bar.from <= slot.bars[0]!.from);
      // Not listed yet: it has no quote until its first bar.
      if (index < 0) return [];
      const bar = bars[index]!;
      const played = this.#ticksOf(bar).filter(
        (tick) => bar.from < slot.bars[0]!.from || slot.begin + tick.quote.at.getTime() - bar.from < this.#place,
      );
      const tick = played.at(-1) ?? this.#ticksOf(bar)[0]!;
      return [stamped(tick, at)];
    });
  }

  /** A bar's trades, at the file's times. */
  #ticksOf(file: FileBar): readonly MarketTick[] {
    let ticks = this.#played.get(file);
    if (!ticks) {
      const { speed, pace, seed } = this.#options;
      const seconds = (file.to - file.from) / 1000 / speed;
      ticks = printsOf(file.bar, {
        symbol: file.symbol,
        count: Math.min(mostTrades, Math.max(4, Math.round(seconds * (pace || 1)))),
        roundLot: roundLotOf(this.#instrument(file.symbol)),
        from: file.from,
        to: file.to,
        random: seededRandom(seedOf(seed, 'replay', file.symbol, file.from)),
      });
      this.#played.set(file, ticks);
    }
    return ticks;
  }

  #instrument(symbol: string): Instrument {
    const known = instruments.find((instrument) => instrument.symbol === symbol);
    const anchor = this.#bySymbol.get(symbol)![0]!.bar.open / ticksPerDollar;
    if (known) return { ...known, anchor };
    const crypto = symbol.includes('/');
    return {
      symbol,
      name: symbol,
      assetClass: crypto ? 'crypto' : 'us_equity',
      exchange: crypto ? 'CRYPTO' : 'NASDAQ',
      sector: 'Replay',
      anchor,
    };
  }

  /** Bars of the file on a day that have been played to their end. */
  #playedOn(symbol: string, day: CivilDay): Bar[] {
    const slot = this.#slots[this.#slot];
    const reached = slot ? slot.bars[0]!.from : Number.POSITIVE_INFINITY;
    return (this.#byDay.get(dayKey(symbol, day)) ?? []).filter(({ to }) => to <= reached).map(({ bar }) => bar);
  }

  #minuteBars(symbol: string, day: CivilDay, now: Date): Bar[] {
    if (day >= wallTime(this.#opened, zoneOf(symbol)).day) {
      const ended = (bar: Bar): boolean => bar.at.getTime() + minuteMs <= now.getTime();
      return this.#recording.minutes(symbol, day, zoneOf(symbol)).filter(ended);
    }
    return this.#options.file.widthMinutes < dayMinutes ? this.#playedOn(symbol, day) : [];
  }

  #dayBar(symbol: string, day: CivilDay): Bar | null {
    if (day >= wallTime(this.#opened, zoneOf(symbol)).day) return this.#recording.dayBar(symbol, day, zoneOf(symbol));
    return merge(this.#playedOn(symbol, day), new Date(momentOf(day, 0, zoneOf(symbol))));
  }
}

const zoneOf = (symbol: string): UsZone => (symbol.includes('/') ? chicago : newYork);

const dayKey = (symbol: string, day: CivilDay): string => `${symbol} ${day}`;

const stamped = (tick: MarketTick, at: Date): MarketTick => ({
  ...tick,
  quote: { ...tick.quote, at },
  trade: tick.trade && { ...tick.trade, at },
});
