import type { LimitScope } from '../../core/model/risk-limit.ts';
import { bookOf } from './exposure.ts';
import type { RiskContext } from './rule.ts';

/** Tickers in which there is a position, or an entry that may still open one: each once. */
export interface OpenTickers {
  readonly tickers: Pick<ReadonlySet<string>, 'size' | 'has'>;
  /** Whether the order's own ticker is among them: an order that adds to a position opens none. */
  readonly own: boolean;
}

/** Of what a scope covers: of a strategy its own shares and entries, of a sector the tickers in it. */
export function openTickers(context: RiskContext, { kind, name }: LimitScope): OpenTickers {
  const tickers = bookOf(context).keep(
    kind === 'strategy' ? 'tickers of a strategy' : 'tickers',
    kind === 'strategy' || kind === 'sector' ? name : '',
    () => (kind === 'strategy' ? ofStrategy(context, name) : ofAccount(context, kind === 'sector' ? name : null)),
  );
  return { tickers, own: tickers.has(context.signal.ticker) };
}

function ofAccount(context: RiskContext, sector: string | null): OpenTickers['tickers'] {
  const { symbols } = bookOf(context);
  if (sector === null) return symbols;
  return new Set([...symbols.keys()].filter((symbol) => context.sectorOf(symbol) === sector));
}

function ofStrategy(context: RiskContext, strategy: string): OpenTickers['tickers'] {
  const tickers = new Set<string>();
  for (const { symbol } of bookOf(context).lotsOf(strategy)) tickers.add(symbol);
  for (const order of context.account?.openOrders ?? [])
    if (order.role === 'entry' && order.strategy === strategy) tickers.add(order.symbol);
  return tickers;
}
