import type { Price, Quantity } from '../../../core/decimal.ts';
import type { FieldProblem, Side, SignalAction, TradeSignal } from '../../../core/model/signal.ts';
import type { OppositeWay } from '../../../core/model/signal-terms.ts';
import type { Result } from '../../../core/result.ts';
import { checkSides } from '../check-sides.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import type { FieldReader } from '../field-reader.ts';
import { fieldNames } from '../json-fields.ts';
import { quoted } from '../problem-code.ts';
import { readMode } from '../read-mode.ts';
import { readObject } from '../read-object.ts';
import { readTicker } from '../read-ticker.ts';
import { signalFrom } from '../signal-from.ts';

/**
 * SignalStack: `{"symbol":"AAPL","action":"buy","quantity":10}`, with `limit_price`, `stop_price`, `stop_loss_price`, `take_profit_price` and
 * `class`. Its four actions are a broker's: `buy_to_cover` closes a short position only, and `sell_short` never closes a long one.
 */
export const dialect: Dialect = {
  key: 'signal-stack',
  claims(alert) {
    const names = fieldNames(alert);
    if (names === null || !names.has('symbol') || names.has('ticker')) return false;
    return names.has('action') && !notIts.some((name) => names.has(name));
  },
  read(alert: AlertText) {
    const fields = readObject(alert, '{"symbol": "AAPL", "action": "buy", "quantity": 10}');
    return fields.ok ? readFields(fields.value) : fields;
  },
};

/** What only other dialects have. */
const notIts = ['signal', 'position_size', 'target_position', 'market_position', 'bot_uuid', 'tv_instrument'];

interface Asked {
  readonly action: SignalAction;
  readonly side: Side | null;
  readonly opposite: OppositeWay | null;
}

const actions: Readonly<Record<string, Asked>> = {
  buy: { action: 'buy', side: 'buy', opposite: null },
  sell: { action: 'sell', side: 'sell', opposite: null },
  sell_short: { action: 'sell', side: 'sell', opposite: 'reject' },
  buy_to_cover: { action: 'exit', side: 'buy', opposite: null },
  // Names what is held, whichever side that is on.
  close: { action: 'exit', side: null, opposite: null },
  cancel: { action: 'cancel', side: null, opposite: null },
};

const shares = ['stock', 'stocks', 'equity', 'etf', 'crypto'];

function readFields(fields: FieldReader): Result<TradeSignal, readonly FieldProblem[]> {
  const asked = readAction(fields);
  const ticker = readTicker(fields, ['symbol']);
  const requestedMode = readMode(fields);
  refuseClass(fields);
  const quantity = fields.positive(['quantity'], 'a number of shares') as Quantity | null;
  const entry = asked === null || asked.action === 'buy' || asked.action === 'sell';
  if (entry && quantity === null && !fields.has('quantity')) {
    fields.problem('quantity', 'required', 'expected a number of shares, found nothing');
  }
  const limitPrice = fields.positive(['limit_price'], 'a price') as Price | null;
  const stopPrice = fields.positive(['stop_price'], 'a price') as Price | null;
  const stopLoss = entry ? (fields.positive(['stop_loss_price'], 'a price') as Price | null) : null;
  const takeProfit = entry ? (fields.positive(['take_profit_price'], 'a price') as Price | null) : null;
  if (!entry && fields.has('stop_price')) {
    const sentence = `expected no stop_price with ${quoted(asked?.action ?? '')}: an exit is sent at the market or with a limit`;
    fields.problem('stop_price', 'not_supported', sentence);
  }
  if (entry && asked?.side) {
    const levels = { entryPrice: limitPrice ?? stopPrice, stopLoss, takeProfit, field: 'take_profit_price' };
    checkSides(fields, asked.side, { ...levels, stopField: 'stop_loss_price' });
  }
  const cancel = asked?.action === 'cancel';
  return signalFrom(fields, {
    ...{ action: asked?.action ?? null, side: asked?.side ?? null, opposite: asked?.opposite ?? null },
    ...{ ticker, requestedMode, stopLoss, takeProfit },
    quantity: cancel ? null : quantity,
    orderType: cancel ? null : typeOf(limitPrice, stopPrice),
    limitPrice: cancel ? null : limitPrice,
    stopPrice: entry ? stopPrice : null,
  });
}

/** An order without prices is at the market there, whatever the strategy's settings say. */
function typeOf(limitPrice: Price | null, stopPrice: Price | null): TradeSignal['orderType'] {
  if (stopPrice) return limitPrice ? 'stop_limit' : 'stop';
  return limitPrice ? 'limit' : 'market';
}

function readAction(fields: FieldReader): Asked | null {
  const known = Object.keys(actions).join(', ');
  const found = fields.requiredText(['action'], 64, `one of ${known}`);
  if (found === null) return null;
  const word = found.text.toLowerCase();
  const asked = Object.hasOwn(actions, word) ? actions[word] : undefined;
  if (asked) return asked;
  return fields.problem(found.field, 'unknown_value', `expected one of ${known}, found ${quoted(found.text)}`);
}

function refuseClass(fields: FieldReader): void {
  const found = fields.text(['class'], 64);
  if (found === null || shares.includes(found.text.toLowerCase())) return;
  fields.problem('class', 'not_supported', `expected one of ${shares.join(', ')}, found ${quoted(found.text)}`);
}
