import { decimal, rounding, text } from '../../../core/decimal.ts';
import { defaultStrategy } from '../../../core/model/signal.ts';

/** What an alert is filled with. */
export interface AlertFill {
  readonly side: 'buy' | 'sell';
  readonly ticker: string;
  readonly exchange: string;
  /** Shares, decimal text. */
  readonly quantity: string;
  /** The money at risk, decimal text. */
  readonly risk: string;
  /** Of one share, decimal text. */
  readonly price: string;
  /** Null: half a percent below what is bought, and above what is sold. */
  readonly stop: string | null;
  /** Null: one percent on the other side. */
  readonly target: string | null;
  readonly strategy: string | null;
  readonly mode: 'Paper' | 'Production';
  readonly interval: string;
  /** A secret that the body is to hold; null: none. */
  readonly secret: string | null;
  readonly at: Date;
  /** From 1, over all alerts of a run. */
  readonly number: number;
  /** From 1, over those of this ticker: each adds the quantity to the position. */
  readonly nth: number;
  /** Of this alert alone. */
  readonly id: string;
}

/**
 * Fills TradingView's placeholders as TradingView would for an order of a strategy that began flat and has been adding, and a few of our own
 * (id, n, risk, stop, target, mode, strategy, secret). One that is not known stays, as it does there, and is refused.
 */
export function fillAlert(template: string, fill: AlertFill): string {
  const values = valuesOf(fill);
  return template.replace(/\{\{\s*([a-z_.]+)\s*\}\}/gi, (whole, name: string) => {
    const key = name.toLowerCase();
    return Object.hasOwn(values, key) ? values[key]! : whole;
  });
}

/** Whether a template has a placeholder of this name. */
export const hasPlaceholder = (template: string, name: string): boolean =>
  new RegExp(`\\{\\{\\s*${name.replaceAll('.', '\\.')}\\s*\\}\\}`, 'i').test(template);

function valuesOf(fill: AlertFill): Readonly<Record<string, string>> {
  const { side, at, ticker } = fill;
  const way = side === 'buy' ? 'long' : 'short';
  const size = decimal(fill.quantity).times(String(fill.nth));
  const before = decimal(fill.quantity).times(String(fill.nth - 1));
  const signed = side === 'buy' ? size : size.neg();
  const time = at.toISOString();
  const away = (fraction: string): string => {
    const factor = side === 'buy' ? decimal('1').plus(fraction) : decimal('1').minus(fraction);
    return text(decimal(fill.price).times(factor).round(2, rounding.halfAwayFromZero));
  };
  return {
    ticker,
    exchange: fill.exchange,
    interval: fill.interval,
    open: fill.price,
    high: fill.price,
    low: fill.price,
    close: fill.price,
    volume: '1000',
    time,
    timenow: time,
    'syminfo.ticker': ticker,
    'syminfo.currency': 'USD',
    'strategy.order.action': side,
    'strategy.order.contracts': fill.quantity,
    'strategy.order.price': fill.price,
    'strategy.order.id': way,
    'strategy.order.comment': way,
    'strategy.position_size': text(signed),
    'strategy.market_position': way,
    'strategy.market_position_size': text(size),
    'strategy.prev_market_position': fill.nth === 1 ? 'flat' : way,
    'strategy.prev_market_position_size': text(before),
    id: fill.id,
    n: String(fill.number),
    risk: fill.risk,
    stop: fill.stop ?? away('-0.005'),
    target: fill.target ?? away('0.01'),
    mode: fill.mode,
    strategy: fill.strategy ?? defaultStrategy,
    secret: fill.secret ?? 'none',
  };
}
