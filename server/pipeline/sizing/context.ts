import type { Big, Money, Price } from '../../core/decimal.ts';
import type { AccountActivity } from '../../core/model/account-activity.ts';
import type { AccountView } from '../../core/model/account-view.ts';
import type { Asset, Quote } from '../../core/model/market.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';
import type { StrategySettings } from '../../core/model/settings.ts';
import type { TradeSignal } from '../../core/model/signal.ts';
import type { SizingBook } from './book.ts';
import type { Holding } from './holding.ts';

/** Everything a size may be worked out from. Read while the account's row is locked; sizing is a pure function of it. */
export interface SizingContext {
  /** Weighted for the account already: what the alert itself names. */
  readonly signal: TradeSignal;
  readonly strategy: StrategySettings;
  /** What amounts of the strategy's settings are multiplied by for the account. */
  readonly weight: Big;
  readonly quote: Quote | null;
  readonly asset: Asset | null;
  readonly holding: Holding;
  /** Null: no account trades in this mode. */
  readonly account: AccountView | null;
  /** Cash plus positions at the latest prices. */
  readonly equity: Money;
  /** The latest prices of what the account holds; a symbol that is not in it counts at cost. */
  readonly prices: ReadonlyMap<string, Price>;
  readonly activity: AccountActivity;
  readonly market: MarketFacts;
  readonly book: SizingBook;
}
