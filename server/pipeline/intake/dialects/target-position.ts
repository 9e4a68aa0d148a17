import type { Big, Price, Quantity } from '../../../core/decimal.ts';
import { defaultStrategy, type FieldProblem, type TradeSignal } from '../../../core/model/signal.ts';
import type { Result } from '../../../core/result.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import type { FieldReader } from '../field-reader.ts';
import { fieldNames } from '../json-fields.ts';
import { quoted } from '../problem-code.ts';
import { readMode } from '../read-mode.ts';
import { readObject } from '../read-object.ts';
import { readTicker } from '../read-ticker.ts';
import { signalFrom } from '../signal-from.ts';
import { readToldPosition, signedSize } from '../strategy-position.ts';

/**
 * Alerts that say where to be: OpenAlgo's `{"symbol":"AAPL","action":"BUY","position_size":"10"}` with `{{strategy.position_size}}`, and those
 * with `{{strategy.market_position}}` and its size. The order is the difference to what is held; `action` and `quantity` do not count beside it.
 */
export const dialect: Dialect = {
  key: 'target-position',
  claims(alert) {
    const names = fieldNames(alert);
    if (names === null || others.some((name) => names.has(name))) return false;
    // With `ticker` and `action` it is TradersPost's, which takes any field beside its own.
    if (names.has('ticker') && names.has('action')) return false;
    return [...sizes, 'market_position'].some((name) => names.has(name));
  },
  read(alert: AlertText) {
    const fields = readObject(alert, '{"symbol": "AAPL", "position_size": "{{strategy.position_size}}"}');
    return fields.ok ? readFields(fields.value) : fields;
  },
  identity: {
    says: 'The time in it with all other fields but `apikey`. Without a time, all fields within the window: to be in the same place twice changes nothing.',
    without: ['apikey', 'api_key'],
  },
};

const others = ['signal', 'bot_uuid', 'tv_instrument'];
const sizes = ['position_size', 'target_position', 'targetPosition'];

function readFields(fields: FieldReader): Result<TradeSignal, readonly FieldProblem[]> {
  const ticker = readTicker(fields, ['symbol', 'ticker']);
  const requestedMode = readMode(fields);
  const targetPosition = readTarget(fields);
  const side = readSide(fields, targetPosition);
  const order = readPrices(fields);
  const before = readToldPosition(fields, 'prev_market_position', 'prev_market_position_size');
  return signalFrom(fields, {
    // Null only where there was a problem.
    ...{ action: targetPosition && side, side, ticker, requestedMode, targetPosition, ...order },
    strategy: fields.text(['strategy'], 64)?.text ?? defaultStrategy,
    firedAt: fields.moment(['timestamp', 'time']),
    alertId: fields.text(['id', 'alertId', 'alertTimestamp'], 128)?.text ?? null,
    timeframe: fields.text(['timeframe', 'interval'], 16)?.text ?? null,
    ...(before && { previousPosition: before.way, previousSize: before.size }),
  });
}

function readTarget(fields: FieldReader): Quantity | null {
  const named = fields.decimal(sizes, 'a number of shares, negative for a short position') as Quantity | null;
  if (sizes.some((name) => fields.has(name))) return named;
  const before = fields.problems.length;
  const told = readToldPosition(fields, 'market_position', 'market_position_size');
  if (told === null && fields.problems.length === before) {
    return fields.problem('position_size', 'required', 'expected where to be, found nothing');
  }
  const signed = told && signedSize(told);
  if (told && signed === null) {
    return fields.problem('market_position_size', 'required', `expected how many are to be held ${told.way}`);
  }
  return signed;
}

/** The way to the target is worked out from what is held; the alert's own action must be one, and does not count. */
function readSide(fields: FieldReader, target: Big | null): 'buy' | 'sell' | null {
  const found = fields.text(['action'], 64);
  const word = found?.text.toLowerCase();
  if (found && word !== 'buy' && word !== 'sell') {
    return fields.problem('action', 'unknown_value', `expected buy or sell, found ${quoted(found.text)}`);
  }
  if (target?.gt('0')) return 'buy';
  if (target?.lt('0')) return 'sell';
  return word === 'buy' ? 'buy' : 'sell';
}

/** OpenAlgo's price types, after the exchanges of India: SL is a stop-limit order there, and SL-M a stop order. */
const types = { MARKET: 'market', LIMIT: 'limit', SL: 'stop_limit', 'SL-M': 'stop' } as const;

function readPrices(fields: FieldReader): Pick<TradeSignal, 'orderType' | 'limitPrice' | 'stopPrice'> {
  const found = fields.text(['pricetype', 'price_type'], 64);
  const word = found?.text.toUpperCase() ?? '';
  const orderType = Object.hasOwn(types, word) ? types[word as keyof typeof types] : null;
  if (found && orderType === null) {
    const sentence = `expected one of ${Object.keys(types).join(', ')}, found ${quoted(found.text)}`;
    fields.problem(found.field, 'unknown_value', sentence);
  }
  const read = (name: string, wanted: boolean): Price | null => {
    if (!wanted) return null;
    const price = fields.requiredPositive([name], 'a price') as Price | null;
    return price;
  };
  return {
    orderType,
    limitPrice: read('price', orderType === 'limit' || orderType === 'stop_limit'),
    stopPrice: read('trigger_price', orderType === 'stop' || orderType === 'stop_limit'),
  };
}
