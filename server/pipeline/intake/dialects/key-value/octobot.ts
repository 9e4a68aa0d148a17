import { type Big, decimal, type Price, type Quantity, text } from '../../../../core/decimal.ts';
import type { FieldProblem, Side, Target, TradeSignal } from '../../../../core/model/signal.ts';
import type { Result } from '../../../../core/result.ts';
import { checkSides, checkTarget } from '../../check-sides.ts';
import type { FieldReader } from '../../field-reader.ts';
import { quoted } from '../../problem-code.ts';
import { readMode } from '../../read-mode.ts';
import { readTicker } from '../../read-ticker.ts';
import { signalFrom } from '../../signal-from.ts';
import { textFields } from '../../text-fields.ts';
import { readAmount } from './amount.ts';
import { type Pair, pairsOf, partsOf } from './pairs.ts';

/** More targets than this are a slip of whoever made the alert. */
const maxTargets = 10;

const known = [
  ...[
    'exchange',
    'symbol',
    'signal',
    'order_type',
    'volume',
    'price',
    'stop_price',
    'take_profit_price',
    'reduce_only',
  ],
  ...['take_profit_volume_ratio', 'tag', 'token', 'leverage', 'trading_type', 'mode', 'tradingmode'],
];
const numbered = /^take_profit_(?:price|volume_ratio)_\d{1,2}$/;

/** Reads OctoBot's parameters, in capitals there and in any case here. `TOKEN` is not read: the address proves the sender. */
export function readOctobot(body: string): Result<TradeSignal, readonly FieldProblem[]> {
  const pairs: Pair[] = pairsOf(partsOf(body));
  const fields = textFields(pairs);
  for (const [name] of pairs) {
    if (known.includes(name) || numbered.test(name)) continue;
    fields.problem(
      name.toWellFormed(),
      'not_supported',
      `expected a parameter that is done here, found ${quoted(name.toUpperCase())}`,
    );
  }
  refuseMargin(fields);
  const ticker = readTicker(fields, ['symbol']);
  const requestedMode = readMode(fields);
  const signal = readSignal(fields);
  if (signal === null || signal === 'cancel') {
    return signalFrom(fields, { action: signal, ticker, requestedMode });
  }
  const order = readOrder(fields);
  const reduces = fields.flag(['reduce_only']) ?? false;
  if (reduces) {
    for (const name of ['stop_price', 'take_profit_price']) {
      if (fields.has(name))
        fields.problem(name, 'not_supported', `expected no ${name.toUpperCase()} with REDUCE_ONLY: an exit has none`);
    }
    const { quantity = null } = readVolume(fields, true);
    const { orderType, limitPrice } = order;
    return signalFrom(fields, { action: 'exit', side: signal, ticker, requestedMode, quantity, orderType, limitPrice });
  }
  const stopLoss = order.orderType === 'stop' ? null : (fields.positive(['stop_price'], 'a price') as Price | null);
  const targets = readTargets(fields);
  check(fields, signal, { ...order, stopLoss }, targets);
  return signalFrom(fields, {
    ...{ action: signal, side: signal, ticker, requestedMode, ...order, ...readVolume(fields, false), stopLoss },
    takeProfit: targets.length === 1 ? targets[0]!.price : null,
    takeProfits: targets.length > 1 ? targets : [],
  });
}

function readSignal(fields: FieldReader): Side | 'cancel' | null {
  const found = fields.requiredText(['signal'], 64, 'BUY, SELL or CANCEL');
  const word = found?.text.toLowerCase();
  if (word === undefined || word === 'buy' || word === 'sell' || word === 'cancel') return word ?? null;
  return fields.problem('signal', 'unknown_value', `expected BUY, SELL or CANCEL, found ${quoted(found!.text)}`);
}

/** Borrowing and futures are the account's here, and no matter of an alert. */
function refuseMargin(fields: FieldReader): void {
  const leverage = fields.positive(['leverage'], 'a leverage');
  if (leverage && !leverage.eq('1')) {
    fields.problem('leverage', 'not_supported', `expected none, or 1, found ${text(leverage)}`);
  }
  const type = fields.text(['trading_type'], 64);
  if (type && type.text.toLowerCase() !== 'spot') {
    fields.problem('trading_type', 'not_supported', `expected spot, found ${quoted(type.text)}`);
  }
}

type Order = Pick<TradeSignal, 'orderType' | 'limitPrice' | 'stopPrice' | 'entryPrice'>;

function readOrder(fields: FieldReader): Order {
  const found = fields.text(['order_type'], 64);
  const word = found?.text.toLowerCase() ?? null;
  const price = readPrice(fields, 'price');
  const none = { orderType: null, limitPrice: null, stopPrice: null, entryPrice: null };
  switch (word) {
    case null:
      return { ...none, entryPrice: price };
    case 'market':
      return { ...none, orderType: 'market', entryPrice: price };
    case 'limit':
      if (!fields.has('price'))
        fields.problem('price', 'required', 'expected the limit of a LIMIT order, found nothing');
      return { ...none, orderType: 'limit', limitPrice: price };
    case 'stop': {
      const stopPrice = fields.requiredPositive(['stop_price'], 'what triggers a STOP order') as Price | null;
      return { ...none, orderType: 'stop', stopPrice };
    }
    default:
      fields.problem('order_type', 'unknown_value', `expected MARKET, LIMIT or STOP, found ${quoted(found!.text)}`);
      return none;
  }
}

/** A price. Distances from the market, such as `-5%`, are one there too. */
function readPrice(fields: FieldReader, name: string): Price | null {
  const said = fields.text([name], 64)?.text ?? '';
  if (/^[+-]|[%d]$/.test(said)) {
    return fields.problem(name, 'unknown_unit', `expected a price, found ${quoted(said)}, a distance from the market`);
  }
  return fields.positive([name], 'a price') as Price | null;
}

/** A number of shares or coins, or `2%` of the portfolio. Parts of what is available are none of anything here. */
function readVolume(fields: FieldReader, reduces: boolean): Partial<TradeSignal> {
  const amount = readAmount(fields, 'volume', 'a number of shares');
  if (amount === null) return {};
  if (amount.unit === '') return { quantity: amount.value as Quantity };
  if (amount.unit === '%' && !reduces && amount.value.lte('100')) {
    return { sizeBy: { kind: 'percent_of_equity', value: amount.value } };
  }
  const expected = reduces ? 'a number of shares' : 'a number of shares, or a percentage of the portfolio like 2%';
  fields.problem(
    'volume',
    'unknown_unit',
    `expected ${expected}, found ${quoted(`${text(amount.value)}${amount.unit}`)}`,
  );
  return {};
}

/** `TAKE_PROFIT_PRICE`, or several with numbers, each for its part by `TAKE_PROFIT_VOLUME_RATIO_n`, or for an equal one. */
function readTargets(fields: FieldReader): Target[] {
  const found: { price: Price; ratio: Big }[] = [];
  const suffixes = ['', ...Array.from({ length: maxTargets }, (_, at) => `_${at + 1}`)];
  for (const suffix of suffixes) {
    const target = fields.positive([`take_profit_price${suffix}`], 'a price') as Price | null;
    const ratio = fields.positive([`take_profit_volume_ratio${suffix}`], 'a ratio');
    if (target) found.push({ price: target, ratio: ratio ?? decimal('1') });
    else if (ratio)
      fields.problem(`take_profit_volume_ratio${suffix}`, 'contradictory', 'expected a price with it, found none');
  }
  const sum = found.reduce((total, { ratio }) => total.plus(ratio), decimal('0'));
  // Toward zero, so that they never add up to more than the entry.
  return found.map(({ price, ratio }) => ({ price, portion: ratio.div(sum).round(9, 0) }));
}

function check(
  fields: FieldReader,
  side: Side,
  order: Order & { stopLoss: Price | null },
  targets: readonly Target[],
): void {
  const { stopLoss } = order;
  const entryPrice = order.limitPrice ?? order.stopPrice ?? order.entryPrice;
  const [first, ...others] = targets;
  const levels = { entryPrice, stopLoss, field: 'take_profit_price', stopField: 'stop_price' };
  checkSides(fields, side, { ...levels, takeProfit: first?.price ?? null });
  for (const { price } of others) checkTarget(fields, side, { ...levels, takeProfit: price });
  const prices = new Set(targets.map(({ price }) => text(price)));
  if (prices.size < targets.length)
    fields.problem('take_profit_price', 'contradictory', 'expected each target at a price of its own');
}
