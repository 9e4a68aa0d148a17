import type { FieldProblem, TradeSignal } from '../../../core/model/signal.ts';
import type { Result } from '../../../core/result.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import { readAutoview } from './key-value/autoview.ts';
import { readOctobot } from './key-value/octobot.ts';
import { linesOf, namesOf } from './key-value/pairs.ts';

/**
 * Lines of `name=value`: Autoview's `e=alpaca s=AAPL b=long q=10 t=market sl=2%`, whose commands are lines or split by `|`, and OctoBot's
 * `EXCHANGE=…;SYMBOL=…;SIGNAL=BUY`, one a line or split by `;`.
 */
export const dialect: Dialect = {
  key: 'key-value',
  claims({ text, json }) {
    if (json.ok) return false;
    const names = namesOf(text);
    if (names === null) return false;
    return isOctobot(names) || autoviewNames.filter((name) => names.has(name)).length >= 2;
  },
  read({ text }: AlertText): Result<TradeSignal, readonly FieldProblem[]> {
    const names = namesOf(text);
    return names !== null && isOctobot(names) ? readOctobot(text) : readAutoview(linesOf(text));
  },
  identity: {
    says: 'Its text within the window: that of an entry and that of an exit differ by `b=`, `c=` or `SIGNAL=`. A `TAG=` that holds `{{timenow}}` tells apart what would else be one alert.',
  },
};

const isOctobot = (names: ReadonlySet<string>): boolean =>
  names.has('signal') && (names.has('symbol') || names.has('exchange'));

/** Two of them make an alert Autoview's, right or wrong. */
const autoviewNames = ['e', 's', 'b', 'c', 'q', 't', 'symbol', 'exchange', 'book', 'side'];
