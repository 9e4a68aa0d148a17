import type { LimitScope } from '../../core/model/risk-limit.ts';
import { bookOf } from './exposure.ts';
import type { RiskContext } from './rule.ts';

/** Tickers in which there is a position, or an entry that may still open one: each once. */
export interface OpenTickers {
  readonly tickers: ReadonlySet<string>;
  /** Whether the order's own ticker is among them: an order that adds to a position opens none. */
  readonly own: boolean;
}

/** Of what a scope covers: of a strategy its own shares and entries, of a sector the tickers in it. */
export function openTickers(context: RiskContext, { kind, name }: LimitScope): OpenTickers {
  const tickers = bookOf(context).keep(`tickers ${kind} ${name}`, () =>
    kind === 'strategy' ? ofStrategy(context, name) : ofAccount(context, kind === 'sector' ? name : null),
  );
  return { tickers, own: tickers.has(context.signal.ticker) };
}

function ofAccount(context: RiskContext, sector: string | null): ReadonlySet<string> {
  const { positions, entries } = bookOf(context);
  const tickers = new Set<string>();
  for (const { symbol } of positions) if (sector === null || context.sectorOf(symbol) === sector) tickers.add(symbol);
  for (const { symbol } of entries) if (sector === null || context.sectorOf(symbol) === sector) tickers.add(symbol);
  return tickers;
}

function ofStrategy({ account }: RiskContext, strategy: string): ReadonlySet<string> {
  const tickers = new Set<string>();
  for (const { symbol, lots } of account?.positions ?? [])
    for (const lot of lots) if (lot.strategy === strategy && !lot.quantity.eq('0')) tickers.add(symbol);
  for (const order of account?.openOrders ?? [])
    if (order.role === 'entry' && order.strategy === strategy) tickers.add(order.symbol);
  return tickers;
}
