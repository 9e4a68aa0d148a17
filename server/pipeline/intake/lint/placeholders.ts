import { nearestName } from './nearest-name.ts';

/** A placeholder in an alert's text. */
export interface Placeholder {
  /** As it stands there, with its braces. */
  readonly source: string;
  readonly from: number;
  readonly until: number;
  /** What TradingView could write in its place; null: it knows no such placeholder, and leaves it as it is. */
  readonly example: string | null;
  /** The name that was probably meant, with its braces. */
  readonly meant: string | null;
  /** It is what a plot shows, which is nothing on some bars. */
  readonly plot: boolean;
  /** It is filled in alerts of strategies only. */
  readonly strategy: boolean;
}

/** TradingView's, with what they could come to; its support article 43000531021, November 2026. Times are `{{timenow}}`'s. */
const examples: Readonly<Record<string, string>> = {
  ticker: 'AAPL',
  exchange: 'NASDAQ',
  interval: '5',
  open: '187.1',
  high: '187.4',
  low: '186.9',
  close: '187.25',
  volume: '120500',
  'syminfo.currency': 'USD',
  'syminfo.basecurrency': 'USD',
  'strategy.position_size': '10',
  'strategy.order.action': 'buy',
  'strategy.order.contracts': '10',
  'strategy.order.price': '187.25',
  'strategy.order.id': 'Long',
  'strategy.order.comment': 'Long',
  'strategy.order.alert_message': 'Long',
  'strategy.market_position': 'long',
  'strategy.market_position_size': '10',
  'strategy.prev_market_position': 'flat',
  'strategy.prev_market_position_size': '0',
};
const names = [...Object.keys(examples), 'time', 'timenow', 'plot_0'];

/** `{{plot("RSI")}}` holds quotes, and in JSON they may be escaped. */
const pattern = /\{\{([^{}]*)\}\}/g;
const numberedPlot = /^plot_(\d{1,2})$/;
const namedPlot = /^plot\(\s*\\?"[^"]*\\?"\s*\)$/;

/** How many plots of a script have a number; the others have a name. */
const numberedPlots = 20;

/** Whether TradingView's times look like this: to the second, in UTC. */
const wholeSeconds = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z');

/** Every placeholder of a text, in its order. `now` is what a time is filled with. */
export function placeholdersIn(text: string, now: Date): readonly Placeholder[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [source, inner = ''] = match;
    const from = match.index;
    // Spaces and capitals make it another name, which TradingView leaves as it is.
    const example = exampleOf(inner, now);
    const meant = example === null ? nearestName(inner.trim(), names) : null;
    const same = example === null && names.includes(inner.trim()) ? inner.trim() : null;
    const found = same ?? meant;
    return {
      ...{ source, from, until: from + source.length, example },
      meant: found === null ? null : `{{${found}}}`,
      plot: inner.startsWith('plot'),
      strategy: inner.startsWith('strategy.'),
    };
  });
}

function exampleOf(inner: string, now: Date): string | null {
  if (inner === 'time' || inner === 'timenow') return wholeSeconds(now);
  const plot = numberedPlot.exec(inner);
  if (plot) return Number(plot[1]) < numberedPlots ? '187.25' : null;
  if (namedPlot.test(inner)) return '187.25';
  return Object.hasOwn(examples, inner) ? examples[inner]! : null;
}
