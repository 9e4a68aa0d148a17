import { type Big, type Price, text } from '../../core/decimal.ts';
import { orderTypes, timesInForce } from '../../core/model/order.ts';
import type { SignalAction } from '../../core/model/signal.ts';
import {
  maxDelaySeconds,
  noTerms,
  oppositeWays,
  type SignalTerms,
  type SizeBy,
  type SizeKind,
  whenHeldWays,
} from '../../core/model/signal-terms.ts';
import type { FieldReader } from './field-reader.ts';
import { quoted } from './problem-code.ts';

/** What an alert says of how it is carried out, as the native payload names it. Fields that mean nothing for the action are ignored. */
export function readTerms(fields: FieldReader, action: SignalAction): SignalTerms {
  const always = {
    test: fields.flag(['test']) ?? false,
    delaySeconds: readDelay(fields),
    expiresAt: fields.moment(['expiresAt']),
  };
  switch (action) {
    case 'flatten':
    case 'cancel':
    case 'breakeven':
      return { ...noTerms, ...always };
    case 'exit': {
      const orderType = readWord(fields, 'orderType', ['market', 'limit']);
      return { ...noTerms, ...always, orderType, ...readOrderPrices(fields, orderType), ...readTimes(fields) };
    }
    default: {
      const orderType = readWord(fields, 'orderType', orderTypes);
      return {
        ...noTerms,
        ...always,
        orderType,
        ...readOrderPrices(fields, orderType),
        ...readTimes(fields),
        ...readDistances(fields),
        sizeBy: readSizeBy(fields, action),
        opposite: readWord(fields, 'opposite', oppositeWays),
        whenHeld: readWord(fields, 'whenHeld', whenHeldWays),
        cancelFirst: fields.flag(['cancelFirst']) ?? false,
        ignoreTradingWindows: fields.flag(['ignoreTradingWindows']) ?? false,
      };
    }
  }
}

/** Whole seconds that the alert asks to be kept back; 0 when it does not. */
export function readDelay(fields: FieldReader): number {
  const delay = fields.decimal(['delaySeconds', 'delay'], 'a number of seconds');
  if (delay === null) return 0;
  const expected = `expected whole seconds from 0 to ${maxDelaySeconds}, found ${text(delay)}`;
  if (delay.lt('0') || delay.gt(String(maxDelaySeconds)) || !delay.eq(delay.round(0, 0))) {
    fields.problem(fields.has('delaySeconds') ? 'delaySeconds' : 'delay', 'out_of_range', expected);
    return 0;
  }
  return Number(text(delay));
}

const readTimes = (fields: FieldReader): Pick<SignalTerms, 'timeInForce' | 'extendedHours'> => ({
  timeInForce: readWord(fields, 'timeInForce', timesInForce),
  extendedHours: fields.flag(['extendedHours']) ?? false,
});

/** One of a few words, in any case; null when it is not there or (with a problem) is another. */
export function readWord<T extends string>(fields: FieldReader, name: string, known: readonly T[]): T | null {
  const found = fields.text([name], 64);
  if (found === null) return null;
  const word = found.text.toLowerCase();
  const match = known.find((one) => one === word);
  if (match) return match;
  return fields.problem(name, 'unknown_value', `expected one of ${known.join(', ')}, found ${quoted(found.text)}`);
}

type OrderPrices = Pick<SignalTerms, 'limitPrice' | 'stopPrice' | 'entryTrailAmount' | 'entryTrailPercent'>;

/** The prices that the order type needs; those of another type contradict it. */
function readOrderPrices(fields: FieldReader, type: SignalTerms['orderType']): OrderPrices {
  const limitPrice = fields.positive(['limitPrice'], 'a price') as Price | null;
  const stopPrice = fields.positive(['stopPrice'], 'a price') as Price | null;
  const entryTrailAmount = fields.positive(['entryTrailAmount'], 'an amount a share') as Price | null;
  const entryTrailPercent = readPercent(fields, 'entryTrailPercent', '100');
  const takers = {
    limitPrice: ['limit', 'stop_limit'],
    stopPrice: ['stop', 'stop_limit'],
    entryTrailAmount: ['trailing_stop'],
    entryTrailPercent: ['trailing_stop'],
  } as const;
  for (const [name, types] of Object.entries(takers)) {
    if (!fields.has(name) || (type !== null && (types as readonly string[]).includes(type))) continue;
    const found = type === null ? 'no orderType' : type;
    fields.problem(name, 'contradictory', `expected orderType ${types.join(' or ')} with ${name}, found ${found}`);
  }
  const needs = (name: keyof typeof takers, what: string): void => {
    if (!fields.has(name)) fields.problem(name, 'required', `expected ${what} with orderType ${type}, found nothing`);
  };
  if (type === 'stop' || type === 'stop_limit') needs('stopPrice', 'the price that triggers it');
  if (type === 'stop_limit') needs('limitPrice', 'a limit');
  if (type === 'limit' && !fields.has('entryPrice')) needs('limitPrice', 'a limit');
  if (type === 'trailing_stop') {
    if (entryTrailAmount && entryTrailPercent) onlyOne(fields, ['entryTrailAmount', 'entryTrailPercent']);
    else if (!fields.has('entryTrailAmount')) needs('entryTrailPercent', 'entryTrailPercent or entryTrailAmount');
  }
  return { limitPrice, stopPrice, entryTrailAmount, entryTrailPercent };
}

/** A percentage above 0 and, where it is said, below another; null when it is not there or (with a problem) is none. */
export function readPercent(fields: FieldReader, name: string, below?: string): Big | null {
  const expected = below ? `a percentage below ${below}` : 'a percentage';
  const percent = fields.positive([name], expected);
  if (below === undefined || percent === null || percent.lt(below)) return percent;
  return fields.problem(name, 'out_of_range', `expected ${expected}, found ${text(percent)}`);
}

type Distances = Pick<
  SignalTerms,
  'stopLossPercent' | 'stopLossAmount' | 'stopLossLimit' | 'takeProfitPercent' | 'takeProfitAmount' | 'takeProfitRisk'
>;

function readDistances(fields: FieldReader): Distances {
  const amount = (name: string) => fields.positive([name], 'an amount a share') as Price | null;
  onlyOne(fields, ['stopLoss', 'stopLossPercent', 'stopLossAmount']);
  onlyOne(fields, ['takeProfit', 'takeProfits', 'takeProfitPercent', 'takeProfitAmount', 'takeProfitRisk']);
  if (fields.has('stopLossLimit') && (fields.has('trailAmount') || fields.has('trailPercent'))) {
    const sentence = 'expected no stopLossLimit with a stop that trails: venues know none with a limit';
    fields.problem('stopLossLimit', 'contradictory', sentence);
  }
  return {
    stopLossPercent: readPercent(fields, 'stopLossPercent', '100'),
    stopLossAmount: amount('stopLossAmount'),
    stopLossLimit: fields.positive(['stopLossLimit'], 'a price') as Price | null,
    takeProfitPercent: readPercent(fields, 'takeProfitPercent'),
    takeProfitAmount: amount('takeProfitAmount'),
    takeProfitRisk: fields.positive(['takeProfitRisk'], 'a multiple of the risk'),
  };
}

function onlyOne(fields: FieldReader, names: readonly string[]): void {
  const [first, ...others] = names.filter((name) => fields.has(name));
  // takeProfit beside takeProfits is told where those are read.
  for (const other of others) {
    if (first === 'takeProfit' && other === 'takeProfits') continue;
    fields.problem(other, 'contradictory', `expected ${first} or ${other}, found both`);
  }
}

const sizeFields: readonly (readonly [field: string, kind: SizeKind, most: string, expected: string])[] = [
  ['notional', 'notional', '1000000000000', 'an amount of money'],
  ['percentOfEquity', 'percent_of_equity', '1000', 'a percentage of equity'],
  ['percentRisk', 'percent_risk', '100', 'a percentage of equity'],
  ['percentOfPosition', 'percent_of_position', '1000', 'a percentage of the position'],
];

/** Names of the fields that size an entry by a kind of their own. */
export const sizeFieldNames: readonly string[] = sizeFields.map(([field]) => field);

function readSizeBy(fields: FieldReader, action: SignalAction): SizeBy | null {
  let sizeBy: SizeBy | null = null;
  for (const [field, kind, most, expected] of sizeFields) {
    const value = fields.positive([field], expected);
    if (value === null) continue;
    if (value.gt(most))
      fields.problem(field, 'out_of_range', `expected ${expected} of at most ${most}, found ${text(value)}`);
    sizeBy = { kind, value };
  }
  if (sizeFieldNames.some((name) => fields.has(name))) {
    onlyOne(fields, [...sizeFieldNames, 'quantity', 'riskAmount', 'risk', 'targetPosition']);
  }
  if (fields.has('percentOfPosition') && action === 'reverse') {
    const sentence = 'expected no percentOfPosition with REVERSE: nothing is held on the side that it comes to';
    fields.problem('percentOfPosition', 'contradictory', sentence);
  }
  return sizeBy;
}
