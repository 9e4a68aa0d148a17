import type { Money, Quantity } from '../../core/decimal.ts';
import type { Quote } from '../../core/model/market.ts';
import type { MarketFacts } from '../../core/model/market-facts.ts';

/** What an account holds and is worth, at the latest prices. */
export interface AccountReading {
  readonly name: string;
  /** Null: `unpriced` has no price. */
  readonly equity: Money | null;
  /** The highest equity on record; null: none is. */
  readonly peak: Money | null;
  /** At New York's midnight, or when its books were opened since; null: not known. */
  readonly equityAtDayStart: Money | null;
  /** Symbols that are held and have no price. */
  readonly unpriced: readonly string[];
  readonly positions: readonly {
    readonly symbol: string;
    /** Negative when short. */
    readonly quantity: Quantity;
    /** Signed like the quantity; null: no price. */
    readonly value: Money | null;
    readonly unrealizedPnl: Money | null;
  }[];
}

/** Something that happened and that a rule may count. */
export type Failure = 'order.rejected' | 'decision.denied' | 'signal.refused' | 'signal.failed';

/** All that rules look at. What cannot be read is thrown, and said on the rule. */
export interface AlertReadings {
  now(): Date;
  /** The latest quote, fresh within what the market promises; null: there is none. */
  quote(symbol: string): Promise<Quote | null>;
  /** Null: there is no such account any more. */
  account(accountId: string): Promise<AccountReading | null>;
  /** The account's equity in a span, thinned out, the oldest first. */
  equityCurve(
    accountId: string,
    from: Date,
    until: Date,
  ): Promise<readonly { readonly at: Date; readonly equity: Money }[]>;
  /** When it happened in a span, the oldest first; null for the account: of any. */
  failures(kinds: readonly Failure[], accountId: string | null, from: Date, until: Date): Promise<readonly Date[]>;
  /** Jobs that were given up and that nobody has dealt with. */
  givenUp(): Promise<number>;
  /** When a strategy was last heard of; null: never. */
  heard(strategy: string): Promise<Date | null>;
  /** Shares traded today so far, and a day on average over so many finished days; null: not known. */
  volume(symbol: string, days: number): Promise<{ readonly today: Quantity; readonly average: Quantity } | null>;
  /** Whether the broker's stream of an account is up. */
  connected(accountId: string): boolean;
  readonly market: Pick<MarketFacts, 'session'>;
}
