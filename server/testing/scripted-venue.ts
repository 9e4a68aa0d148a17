import type { Liquidity } from '../exchange/book/terms.ts';
import { createSessions, type Sessions } from '../exchange/calendar/sessions.ts';
import type { Instrument } from '../exchange/market/instruments.ts';
import { ticksPerDollar } from '../exchange/market/market.ts';
import { ScriptedMarket } from '../exchange/market/scripted.ts';
import type { OrderRequest, VenueAccount, VenueOrder, VenueUpdate } from '../exchange/venue/model.ts';
import { wholeDollars } from '../exchange/venue/money.ts';
import { lotsPerUnitOf } from '../exchange/venue/quantity.ts';
import type { ExchangeStore } from '../exchange/venue/store.ts';
import { Venue } from '../exchange/venue/venue.ts';
import { ManualClock } from './manual-clock.ts';
import { createMemoryExchangeStore } from './memory-exchange-store.ts';
import { quietLog } from './quiet-log.ts';

const instruments: readonly Instrument[] = [
  { symbol: 'AAPL', name: 'Apple', assetClass: 'us_equity', exchange: 'NASDAQ', sector: 'Technology', anchor: 150 },
  { symbol: 'F', name: 'Ford', assetClass: 'us_equity', exchange: 'NYSE', sector: 'Autos', anchor: 12 },
  { symbol: 'BTC/USD', name: 'Bitcoin', assetClass: 'crypto', exchange: 'CRYPTO', sector: 'Crypto', anchor: 60_000 },
];

/** What a test says of an order, in dollars and whole shares; a market order for one AAPL unless told. */
export interface OrderWords {
  readonly symbol?: string;
  readonly side?: 'buy' | 'sell';
  readonly qty?: number;
  readonly type?: OrderRequest['type'];
  readonly tif?: OrderRequest['timeInForce'];
  readonly limit?: number;
  readonly stop?: number;
  readonly trail?: OrderRequest['trail'];
  readonly extended?: boolean;
  readonly orderClass?: OrderRequest['orderClass'];
  readonly profit?: number;
  readonly loss?: number;
  readonly lossLimit?: number;
}

const ticks = (dollars: number | undefined): number | null =>
  dollars === undefined ? null : Math.round(dollars * ticksPerDollar);

/** A venue without HTTP, on a market that does what the test says and a clock that stands still until the test moves it. */
export class ScriptedVenue {
  readonly clock: ManualClock;
  readonly market = new ScriptedMarket(instruments);
  readonly sessions: Sessions;
  readonly store: ExchangeStore = createMemoryExchangeStore();
  /** Everything that was told, over restarts. */
  readonly told: VenueUpdate[] = [];
  venue!: Venue;
  readonly #liquidity: Liquidity | undefined;
  #ids = 0;
  #accountId = '';

  private constructor(start: string, alwaysOpen: boolean, liquidity: Liquidity | undefined) {
    this.clock = new ManualClock(start);
    this.sessions = createSessions({ alwaysOpen });
    this.#liquidity = liquidity;
  }

  static async open({
    start = '2026-11-20T15:00:00Z',
    alwaysOpen = false,
    liquidity,
  }: {
    start?: string;
    alwaysOpen?: boolean;
    liquidity?: Liquidity;
  } = {}): Promise<ScriptedVenue> {
    const scripted = new ScriptedVenue(start, alwaysOpen, liquidity);
    await scripted.#start();
    await scripted.venue.command(({ state, now }) => {
      scripted.#accountId = scripted.#newId();
      state.addAccount({
        id: scripted.#accountId,
        number: 'PA1',
        keyId: 'PK1',
        cash: wholeDollars(1_000_000),
        createdAt: now,
      });
    });
    return scripted;
  }

  async #start(): Promise<void> {
    const { store, market, sessions, clock } = this;
    const random = { id: () => this.#newId(), token: () => this.#newId(), fraction: () => 0.5 };
    this.venue = await Venue.open({
      store,
      market,
      sessions,
      clock,
      random,
      log: quietLog,
      liquidity: this.#liquidity,
    });
    this.venue.onUpdate((update) => this.told.push(update));
  }

  /** The venue ends and begins again from what was stored; `sleepMs` passes in between. */
  async restart(sleepMs = 0): Promise<void> {
    await this.venue.close();
    await this.clock.advance(sleepMs);
    await this.#start();
    await this.venue.show(instruments.map(({ symbol }) => symbol));
  }

  /** Puts a symbol's market there, with a trade in the middle. */
  async quote(bid: number, ask: number, { symbol = 'AAPL', size = 1000 } = {}): Promise<void> {
    this.market.script(symbol, bid, ask, this.clock.now(), size);
    await this.venue.show([symbol]);
  }

  /** Moves the clock to a moment, by way of every timer before it. */
  async until(moment: string): Promise<void> {
    await this.clock.advance(new Date(moment).getTime() - this.clock.now().getTime());
    await this.venue.idle();
  }

  account<T>(look: (account: VenueAccount) => T): Promise<T> {
    return this.venue.command(({ state }) => look(state.accounts.get(this.#accountId)!));
  }

  /** Places an order, and answers it as it stands after the command; throws the refusal. */
  place(words: OrderWords): Promise<VenueOrder> {
    const { symbol = 'AAPL', side = 'buy', qty = 1, tif = 'day', trail = null } = words;
    const request: OrderRequest = {
      clientOrderId: this.#newId(),
      symbol,
      side,
      type: words.type ?? 'market',
      timeInForce: tif,
      orderClass: words.orderClass ?? '',
      extendedHours: words.extended ?? false,
      qty: qty * lotsPerUnitOf(symbol),
      notional: null,
      limitPrice: ticks(words.limit),
      stopPrice: ticks(words.stop),
      trail,
      takeProfit: words.profit === undefined ? null : { limitPrice: ticks(words.profit)! },
      stopLoss: words.loss === undefined ? null : { stopPrice: ticks(words.loss)!, limitPrice: ticks(words.lossLimit) },
    };
    return this.venue.command(({ state, place }) => ({ ...place(state.accounts.get(this.#accountId)!, request) }));
  }

  order(id: string): Promise<VenueOrder> {
    return this.venue.command(({ state }) => ({ ...state.orders.get(id)! }));
  }

  /** The order's legs. */
  legs(id: string): Promise<VenueOrder[]> {
    return this.venue.command(({ state }) => state.legs(state.orders.get(id)!).map((leg) => ({ ...leg })));
  }

  cancel(id: string): Promise<void> {
    return this.venue.command(({ state, cancel }) => cancel(state.orders.get(id)!));
  }

  replace(id: string, change: { qty?: number; limit?: number; stop?: number; trail?: number }): Promise<VenueOrder> {
    return this.venue.command(({ state, replace }) => {
      const order = state.orders.get(id)!;
      const qty = change.qty === undefined ? null : change.qty * lotsPerUnitOf(order.symbol);
      const [limitPrice, stopPrice] = [ticks(change.limit), ticks(change.stop)];
      const trail = change.trail ?? null;
      return { ...replace(order, { clientOrderId: null, qty, limitPrice, stopPrice, trail, timeInForce: null }) };
    });
  }

  /** What was told of an order, and of those in its place. */
  eventsOf(id: string): string[] {
    return this.told.filter(({ order }) => order.id === id).map(({ event }) => event);
  }

  #newId(): string {
    this.#ids += 1;
    return `00000000-0000-7000-8000-${String(this.#ids).padStart(12, '0')}`;
  }
}
