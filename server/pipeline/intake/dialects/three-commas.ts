import { type Big, decimal, type Price, type Quantity, text } from '../../../core/decimal.ts';
import { defaultStrategy, type FieldProblem, type Side, type TradeSignal } from '../../../core/model/signal.ts';
import type { Result } from '../../../core/result.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import type { FieldReader } from '../field-reader.ts';
import { fieldNames } from '../json-fields.ts';
import { quoted } from '../problem-code.ts';
import { readMode } from '../read-mode.ts';
import { readObject } from '../read-object.ts';
import { readTicker } from '../read-ticker.ts';
import { signalFrom } from '../signal-from.ts';
import { orderBetween, readToldPosition, signedSize } from '../strategy-position.ts';

/**
 * 3Commas' signal bot, in both its kinds: the strategy's, whose `action` is that of the script's order and whose `strategy_info` says where that
 * left the script, and the custom one with `enter_long`, `exit_long`, `enter_short` and `exit_short`. The bot is the strategy. Beyond
 * `timestamp` + `max_lag` it does not count. `secret` is not read: the address proves the sender.
 */
export const dialect: Dialect = {
  key: 'three-commas',
  claims(alert) {
    const names = fieldNames(alert);
    if (names === null || names.has('signal') || names.has('ticker')) return false;
    return names.has('bot_uuid') || names.has('tv_instrument');
  },
  read(alert: AlertText) {
    const fields = readObject(alert, '{"action": "enter_long", "tv_instrument": "AAPL", "bot_uuid": …}');
    return fields.ok ? readFields(fields.value) : fields;
  },
  identity: {
    says: '`timestamp` with all other fields but `secret`: the action, the trigger price and the position tell an entry from an exit on one bar.',
    without: ['secret'],
  },
};

/** A day: beyond it nobody means a lag. */
const maxLagSeconds = decimal('86400');

function readFields(fields: FieldReader): Result<TradeSignal, readonly FieldProblem[]> {
  const ticker = readTicker(fields, ['tv_instrument']);
  const requestedMode = readMode(fields);
  const strategy = fields.text(['bot_uuid'], 64)?.text ?? defaultStrategy;
  const firedAt = fields.moment(['timestamp']);
  const expiresAt = readExpiry(fields, firedAt);
  const triggered = fields.positive(['trigger_price'], 'a price') as Price | null;
  for (const name of ['stop_loss', 'take_profit']) {
    if (fields.has(name)) fields.problem(name, 'not_supported', `expected no ${name}: the strategy's settings have it`);
  }
  const size = readOrder(fields);
  const asked = readAction(fields, size);
  const entry = asked?.action === 'buy' || asked?.action === 'sell';
  const sized = asked && (entry ? sizeOfEntry(asked, size) : sizeOfExit(fields, asked, size));
  return signalFrom(fields, {
    ...{ action: null, ...asked, ...sized },
    ...{ ticker, requestedMode, strategy, firedAt, expiresAt },
    entryPrice: entry ? triggered : null,
    orderType: size.limitPrice ? 'limit' : size.orderType,
    limitPrice: size.limitPrice,
  });
}

function readExpiry(fields: FieldReader, firedAt: Date | null): Date | null {
  const lag = fields.decimal(['max_lag'], 'a number of seconds');
  if (lag === null) return null;
  if (lag.lt('0') || lag.gt(maxLagSeconds)) {
    const found = `expected seconds from 0 to ${text(maxLagSeconds)}, found ${text(lag)}`;
    return fields.problem('max_lag', 'out_of_range', found);
  }
  if (firedAt !== null) return new Date(firedAt.getTime() + Math.round(Number(text(lag.times('1000')))));
  if (fields.has('timestamp')) return null;
  return fields.problem('timestamp', 'required', 'expected the time that max_lag counts from, found nothing');
}

interface Size {
  readonly amount: Big | null;
  readonly unit: 'base' | 'quote' | 'position_percent';
  readonly orderType: 'market' | null;
  readonly limitPrice: Price | null;
}

function readOrder(fields: FieldReader): Size {
  const order = fields.object('order', 'an object like {"amount": "1", "currency_type": "base"}');
  if (order === null) return { amount: null, unit: 'base', orderType: null, limitPrice: null };
  const amount = order.positive(['amount'], 'an amount');
  const found = order.text(['currency_type'], 64);
  const word = found?.text.toLowerCase() ?? 'base';
  const unit = (['base', 'quote', 'position_percent'] as const).find((one) => one === word);
  if (unit === undefined) {
    const sentence = `expected base, quote or position_percent, found ${quoted(word)}: there is no margin or bot balance here that it is a part of`;
    order.problem('currency_type', word === 'margin_percent' ? 'not_supported' : 'unknown_value', sentence);
  }
  const type = order.text(['order_type'], 64)?.text.toLowerCase() ?? null;
  if (type !== null && type !== 'market' && type !== 'limit') {
    order.problem('order_type', 'unknown_value', `expected market or limit, found ${quoted(type)}`);
  }
  const price = order.positive(['price'], 'a price') as Price | null;
  if (type === 'limit' && price === null && !order.has('price')) {
    order.problem('price', 'required', 'expected the limit of a limit order, found nothing');
  }
  return {
    ...{ amount, unit: unit ?? 'base' },
    orderType: type === 'market' ? 'market' : null,
    limitPrice: type === 'limit' ? price : null,
  };
}

type Order = Partial<Pick<TradeSignal, 'previousPosition' | 'previousSize' | 'opposite' | 'quantity'>> &
  Pick<TradeSignal, 'action' | 'side'>;

const custom: Readonly<Record<string, Order>> = {
  enter_long: { action: 'buy', side: 'buy', opposite: 'reverse' },
  exit_long: { action: 'exit', side: 'sell' },
  enter_short: { action: 'sell', side: 'sell', opposite: 'reverse' },
  exit_short: { action: 'exit', side: 'buy' },
};
const known = 'buy, sell, enter_long, exit_long, enter_short, exit_short';

function readAction(fields: FieldReader, size: Size): Order | null {
  const found = fields.requiredText(['action'], 64, `one of ${known}`);
  const info = fields.object('strategy_info', 'an object with market_position and prev_market_position');
  const word = found?.text.toLowerCase() ?? '';
  if (found && Object.hasOwn(custom, word)) return custom[word]!;
  const after = info && readToldPosition(info, 'market_position', 'market_position_size');
  const before = info && readToldPosition(info, 'prev_market_position', 'prev_market_position_size');
  if (found === null) return null;
  if (word !== 'buy' && word !== 'sell') {
    return fields.problem('action', 'unknown_value', `expected one of ${known}, found ${quoted(found.text)}`);
  }
  const previous = before && { previousPosition: before.way, previousSize: before.size };
  if (after === null) return { ...previous, action: word, side: word };
  const [from, to] = [before && signedSize(before), signedSize(after)];
  if (from && to && !from.eq(to)) {
    if (to.gt(from) !== (word === 'buy')) {
      const sentence = `expected a ${to.gt(from) ? 'buy' : 'sell'}, which leads from ${text(from)} to ${text(to)}`;
      return fields.problem('action', 'contradictory', sentence);
    }
    return orderBetween(word, from, to);
  }
  return { ...previous, ...byWay(word, after.way, before?.way ?? null, size) };
}

/** Where the sizes are not told, the sides alone: an order against the position that there is after it took a part of that. */
function byWay(side: Side, after: string, before: string | null, { amount }: Size): Order {
  const onSide = side === 'buy' ? 'long' : 'short';
  if (after === 'flat') return { action: 'exit', side, quantity: null };
  if (after !== onSide) return { action: 'exit', side, quantity: amount as Quantity | null };
  return { action: side, side, opposite: before !== null && before !== 'flat' && before !== after ? 'reverse' : null };
}

/** The amount of `order` counts for the strategy's orders in another currency, and for the custom ones. */
function sizeOfEntry(asked: Order, { amount, unit }: Size): Partial<TradeSignal> {
  if (amount === null || unit === 'position_percent') {
    return unit === 'position_percent' && amount
      ? { quantity: null, sizeBy: { kind: 'percent_of_position', value: amount } }
      : { quantity: asked.quantity ?? null };
  }
  if (unit === 'quote') return { quantity: null, sizeBy: { kind: 'notional', value: amount } };
  return { quantity: asked.quantity ?? (amount as Quantity) };
}

function sizeOfExit(fields: FieldReader, asked: Order, { amount, unit }: Size): Partial<TradeSignal> {
  if (asked.quantity !== undefined || amount === null) return { quantity: asked.quantity ?? null };
  if (unit === 'base') return { quantity: amount as Quantity };
  if (unit === 'position_percent' && amount.lte('100')) return { portion: amount.div('100') };
  const found = `expected base or at most 100 position_percent for an exit, found ${text(amount)} ${unit}`;
  fields.problem('order.amount', unit === 'quote' ? 'not_supported' : 'out_of_range', found);
  return {};
}
