import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import { dayText, newYork, wallTime } from '../calendar/civil-day.ts';
import type { Sessions, TradingDay } from '../calendar/sessions.ts';
import { maintenanceMarginOf } from '../venue/margin.ts';
import type { Money } from '../venue/money.ts';
import type { Venue } from '../venue/venue.ts';
import type { EquitySample, HistoryStore } from './store.ts';

interface Parts {
  readonly venue: Venue;
  readonly symbols: readonly string[];
  readonly store: HistoryStore;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly log: Log;
}

/** What an account was worth when the last trading day closed. */
export interface LastClose {
  readonly equity: Money;
  readonly maintenanceMargin: Money;
  /** `2026-11-20`. */
  readonly day: string;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** As fine as Alpaca still answers: minutes for a week, quarters of an hour for a month, then the last of each hour. */
const kept = [
  { afterMs: 8 * dayMs, minutes: 15 },
  { afterMs: 32 * dayMs, minutes: 60 },
] as const;

/**
 * Writes down every minute what each account is worth, when that has changed, and at each trading day's end at what every symbol closed:
 * what portfolio history, yesterday's equity and today's gains are made of.
 */
export class EquityHistory {
  readonly #parts: Parts;
  readonly #last = new Map<string, EquitySample>();
  #atClose = new Map<string, LastClose>();
  #closes = new Map<string, number>();
  /** The trading day whose close `#atClose` and `#closes` are of. */
  #closedDay: TradingDay | null = null;
  #closedSaved: number | null = null;
  #timer: Timer | null = null;
  #thinnedDay: number | null = null;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static async open(parts: Parts): Promise<EquityHistory> {
    const history = new EquityHistory(parts);
    await history.record();
    history.#timer = parts.clock.every(minuteMs, () => {
      history.record().catch((error: unknown) => parts.log.warn({ error }, 'what accounts are worth was not recorded'));
    });
    return history;
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** Null of an account that has seen no trading day's end yet. */
  atLastClose(accountId: string): LastClose | null {
    return this.#atClose.get(accountId) ?? null;
  }

  /** The price of a symbol when the last trading day closed; null when it is not known. */
  lastClose(symbol: string): number | null {
    return this.#closes.get(symbol) ?? null;
  }

  /** When the running day of trading began: with the last close before New York's today. */
  dayBegan(): Date {
    return new Date(this.#closedDay?.close ?? 0);
  }

  /** Samples of an account, the newest one as of now included. */
  async samples(accountId: string, from: Date, to: Date): Promise<EquitySample[]> {
    await this.record();
    return this.#parts.store.equity(accountId, from, to);
  }

  /** Writes down what there is to write down now. */
  async record(): Promise<void> {
    const { venue, store, clock, sessions } = this.#parts;
    const now = clock.now();
    const view = await venue.command((desk) => ({
      samples: [...desk.state.accounts.values()].map((account) => ({
        accountId: account.id,
        at: now,
        equity: desk.equity(account),
        maintenanceMargin: maintenanceMarginOf(desk.state, account, desk.mark),
      })),
      symbols: this.#parts.symbols.map((symbol) => ({ symbol, price: desk.mark(symbol) })),
    }));
    const changed = view.samples.filter((sample) => {
      const before = this.#last.get(sample.accountId);
      return before?.equity !== sample.equity || before.maintenanceMargin !== sample.maintenanceMargin;
    });
    await store.saveEquity(changed);
    for (const sample of changed) this.#last.set(sample.accountId, sample);

    const today = wallTime(now.getTime(), newYork).day;
    const ended = sessions.tradingDay(today);
    if (ended && now.getTime() >= ended.close && this.#closedSaved !== today) {
      const day = dayText(today);
      await store.saveClosingPrices(view.symbols.filter(({ price }) => price > 0).map((one) => ({ ...one, day })));
      this.#closedSaved = today;
    }
    await this.#turn(
      today,
      view.samples.map(({ accountId }) => accountId),
    );
    if (this.#thinnedDay !== today) {
      this.#thinnedDay = today;
      for (const { afterMs, minutes } of kept) await store.thinEquity(new Date(now.getTime() - afterMs), minutes);
    }
  }

  /** With a new day in New York, the trading day before it becomes the one that today is compared with. */
  async #turn(today: number, accountIds: readonly string[]): Promise<void> {
    const { store } = this.#parts;
    const last = this.#tradingDayBefore(today);
    if (this.#closedDay?.day === last.day) return;
    const atClose = new Map<string, LastClose>();
    for (const accountId of accountIds) {
      const close = new Date(last.close);
      const sample = (await store.equity(accountId, close, close)).find(({ at }) => at <= close);
      if (sample) {
        const { equity, maintenanceMargin } = sample;
        atClose.set(accountId, { equity, maintenanceMargin, day: dayText(last.day) });
      }
    }
    const closes = await store.closingPrices(dayText(today));
    this.#atClose = atClose;
    this.#closes = new Map(closes.map(({ symbol, price }) => [symbol, price]));
    this.#closedDay = last;
  }

  #tradingDayBefore(today: number): TradingDay {
    for (let day = today - 1; ; day--) {
      const found = this.#parts.sessions.tradingDay(day);
      if (found) return found;
    }
  }
}
