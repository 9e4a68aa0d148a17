import { type Quantity, quantity } from '../../../core/decimal.ts';
import { defaultStrategy, type FieldProblem, type Side, type TradeSignal } from '../../../core/model/signal.ts';
import { err, type Result } from '../../../core/result.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import { problemWith, quoted, wholeBody } from '../problem-code.ts';
import { readTicker } from '../read-ticker.ts';
import { signalFrom } from '../signal-from.ts';
import { orderBetween } from '../strategy-position.ts';
import { textFields } from '../text-fields.ts';

/**
 * What TradingView writes into a strategy's alert by itself:
 * `order {{strategy.order.action}} @ {{strategy.order.contracts}} filled on {{ticker}}. New strategy position is {{strategy.position_size}}`,
 * with the script's name and a colon before it, if any. The position before the order is what it was after, less the order.
 */
export const dialect: Dialect = {
  key: 'tradingview-text',
  claims: ({ text, json }) => !json.ok && findShape(text) !== null,
  read({ text }: AlertText): Result<TradeSignal, readonly FieldProblem[]> {
    const shape = findShape(text);
    if (shape === null) return err([problemWith(wholeBody, 'malformed_text', `expected ${form}`)]);
    const fields = textFields([
      ['strategy', shape.strategy],
      ['action', shape.action],
      ['contracts', shape.contracts],
      ['ticker', shape.ticker],
      ['position', shape.position],
    ]);
    const ticker = readTicker(fields, ['ticker']);
    const contracts = fields.requiredPositive(['contracts'], 'a number of shares') as Quantity | null;
    const after = fields.decimal(['position'], 'a number of shares, negative for a short position') as Quantity | null;
    if (after === null && fields.problems.every(({ field }) => field !== 'position')) {
      fields.problem('position', 'required', 'expected the position after the order, found nothing');
    }
    const strategy = fields.text(['strategy'], 64)?.text ?? defaultStrategy;
    const word = fields.requiredText(['action'], 64, 'buy or sell');
    const side = word && sideOf(word.text);
    if (word && side === null) {
      fields.problem('action', 'unknown_value', `expected buy or sell, found ${quoted(word.text)}`);
    }
    const order =
      side && contracts && after
        ? orderBetween(side, quantity(side === 'buy' ? after.minus(contracts) : after.plus(contracts)), after)
        : { action: null };
    return signalFrom(fields, { ...order, ticker, strategy, requestedMode: 'paper' });
  },
  identity: {
    says: 'Its text within the window: the order and the position after it tell an entry from an exit on one bar.',
  },
};

const form = 'order buy @ 10 filled on AAPL. New strategy position is 10';

const sideOf = (word: string): Side | null => {
  const side = word.toLowerCase();
  return side === 'buy' || side === 'sell' ? side : null;
};

interface Shape {
  readonly strategy: string;
  readonly action: string;
  readonly contracts: string;
  readonly ticker: string;
  readonly position: string;
}

/** Looked for word by word, so that no text can make it slow. Null: it is not this text. */
function findShape(text: string): Shape | null {
  const line = text.trim();
  const lower = line.toLowerCase();
  const at = (word: string, from: number): number => lower.indexOf(word, from);
  const filled = at(' filled on ', 0);
  if (filled < 0) return null;
  const order = lower.lastIndexOf('order ', filled);
  const position = at('. new strategy position is', filled);
  const price = order < 0 ? -1 : at('@', order);
  if (order < 0 || position < 0 || price < 0 || price > filled) return null;
  const before = line.slice(0, order).trimEnd();
  if (before !== '' && !before.endsWith(':')) return null;
  return {
    strategy: before.slice(0, -1),
    action: line.slice(order + 'order '.length, price).trim(),
    contracts: line.slice(price + 1, filled).trim(),
    ticker: line.slice(filled + ' filled on '.length, position).trim(),
    position: line
      .slice(position + '. new strategy position is'.length)
      .trim()
      .replace(/\.$/, ''),
  };
}
