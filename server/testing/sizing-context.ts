import { type Big, decimal, money, type Price, price, type Quantity, quantity, zeroQuantity } from '../core/decimal.ts';
import type { Bar } from '../core/indicators/bar.ts';
import type { PositionView } from '../core/model/account-view.ts';
import type { Quote } from '../core/model/market.ts';
import { type ChosenMethod, defaultStrategySettings, type StrategySettings } from '../core/model/settings.ts';
import type { TradeSignal } from '../core/model/signal.ts';
import { loadSizing } from '../pipeline/sizing/book.ts';
import type { SizingContext } from '../pipeline/sizing/context.ts';
import type { Holding } from '../pipeline/sizing/holding.ts';
import { accountView, noMarketFacts, riskContext, tradeSignal } from './risk-context.ts';

/** The methods and stops that there are. */
export const sizingBook = await loadSizing();

export const holding = (change: Partial<Holding> = {}): Holding => ({
  held: zeroQuantity,
  cost: money('0'),
  entering: zeroQuantity,
  open: [],
  ...change,
});

/** An alert to buy AAPL at 150 with a stop at 148 and 100 at risk, in an account of 100,000 that holds nothing. */
export const sizingContext = (change: Partial<SizingContext> = {}): SizingContext => ({
  signal: tradeSignal(),
  strategy: defaultStrategySettings,
  weight: decimal('1'),
  quote: riskContext().quote,
  asset: riskContext().asset,
  holding: holding(),
  account: accountView(),
  equity: money('100000'),
  prices: new Map<string, Price>(),
  activity: riskContext().activity,
  market: noMarketFacts,
  book: sizingBook,
  ...change,
});

/** A strategy's settings with this method. */
export const sizedBy = (method: string, parameters: ChosenMethod['parameters'] = {}): StrategySettings => ({
  ...defaultStrategySettings,
  sizing: { method, parameters },
});

/** For an alert against a position alone. */
export const alertContext = (
  signal: TradeSignal,
  strategy: StrategySettings,
  quote: Quote | null,
  position: Pick<PositionView, 'quantity'> | null = null,
  entering: Quantity = zeroQuantity,
): SizingContext =>
  sizingContext({ signal, strategy, quote, holding: holding({ held: position?.quantity ?? zeroQuantity, entering }) });

/** Finished daily bars, the oldest first: each closes where it is told, and spans `range` around it. */
export const dailyBars = (closes: readonly Big[], range: Big): readonly Bar[] =>
  closes.map((close, day) => ({
    at: new Date(Date.UTC(2026, 0, 1 + day)),
    open: price(close),
    high: price(close.plus(range.div('2'))),
    low: price(close.minus(range.div('2'))),
    close: price(close),
    volume: quantity('1000000'),
  }));
