import { type Big, decimal, type Money, type Price, type Quantity, text } from '../../../core/decimal.ts';
import {
  defaultStrategy,
  type FieldProblem,
  type Side,
  type SignalAction,
  signalActions,
  type Target,
  type TradeSignal,
} from '../../../core/model/signal.ts';
import type { SignalTerms } from '../../../core/model/signal-terms.ts';
import { err, ok, type Result } from '../../../core/result.ts';
import { type Asked, nothingAsked } from '../blank-signal.ts';
import { checkSides, checkTarget } from '../check-sides.ts';
import type { AlertText, Dialect } from '../dialect.ts';
import type { FieldReader } from '../field-reader.ts';
import { readPrevious } from '../previous-position.ts';
import { quoted } from '../problem-code.ts';
import { readMode } from '../read-mode.ts';
import { readObject } from '../read-object.ts';
import { readTerms, sizeFieldNames } from '../read-terms.ts';
import { readTicker } from '../read-ticker.ts';

/**
 * Signalbox's own payload, in its long form
 * `{"signal":"BUY","ticker":"AAPL","tradingMode":"Paper","riskAmount":100.00,"entryPrice":150.25,"stopLoss":148.50,…}`
 * and its short one `{"signal":"BUY","ticker":"AAPL","mode":"Paper","risk":100}`; the other actions need no more than
 * `{"signal":"EXIT","ticker":"AAPL"}`. Fields it does not know are ignored.
 */
export const dialect: Dialect = {
  key: 'native',
  // It is what a body is held to that no other dialect claims, so that its author learns what was expected.
  claims: () => true,
  read(alert: AlertText): Result<TradeSignal, readonly FieldProblem[]> {
    const fields = readObject(alert, '{"signal": "BUY", "ticker": …}');
    return fields.ok ? readFields(fields.value) : fields;
  },
};

/** More targets than this are a slip of whoever made the alert. */
const maxTargets = 10;

function readFields(fields: FieldReader): Result<TradeSignal, readonly FieldProblem[]> {
  const action = readAction(fields);
  const ticker = readTicker(fields, ['ticker']);
  const requestedMode = readMode(fields);
  // An action that is none still has its other fields looked at: their problems are told at once.
  const asked = readAsked(fields, action ?? 'add');
  const firedAt = fields.moment(['timestamp']);
  const strategy = fields.text(['strategy'], 64)?.text ?? defaultStrategy;
  const timeframe = fields.text(['timeframe'], 16)?.text ?? null;
  const alertId = fields.text(['id', 'alertId'], 128)?.text ?? null;
  const account = fields.text(['account'], 64)?.text ?? null;
  const previous = readPrevious(fields);
  if (fields.problems.length > 0 || action === null || ticker === null || requestedMode === null) {
    return err(fields.problems);
  }
  return ok({ ...asked, ...previous, action, ticker, requestedMode, firedAt, alertId, strategy, timeframe, account });
}

/** Fields that mean nothing for the action are ignored, as one template often serves a whole script; those that contradict it are not. */
function readAsked(fields: FieldReader, action: SignalAction): Asked {
  const terms = readTerms(fields, action);
  switch (action) {
    case 'exit':
      return { ...nothingAsked, ...terms, ...readPart(fields) };
    case 'flatten':
    case 'cancel':
      refusePart(fields, action);
      return { ...nothingAsked, ...terms };
    case 'breakeven':
      refusePart(fields, action);
      return {
        ...nothingAsked,
        ...terms,
        breakEvenOffset: fields.positive(['offset'], 'an amount a share') as Price | null,
      };
    default:
      return readEntry(fields, action, terms);
  }
}

function readPart(fields: FieldReader): Pick<Asked, 'portion' | 'quantity'> {
  const portion = readPortion(fields, 'a part of the position, above 0 and at most 1');
  const quantity = fields.positive(['quantity'], 'a number of shares') as Quantity | null;
  const percent = fields.positive(['percentOfPosition'], 'a percentage of the position');
  if (percent) {
    if (percent.gt('100')) {
      fields.problem('percentOfPosition', 'out_of_range', `expected at most 100 to exit, found ${text(percent)}`);
    }
    for (const other of ['portion', 'quantity']) {
      if (fields.has(other))
        fields.problem(other, 'contradictory', `expected percentOfPosition or ${other}, found both`);
    }
    return { portion: percent.div('100'), quantity: null };
  }
  if (portion && quantity) fields.problem('quantity', 'contradictory', 'expected portion or quantity, found both');
  return { portion, quantity };
}

function refusePart(fields: FieldReader, action: SignalAction): void {
  for (const field of ['portion', 'quantity']) {
    if (!fields.has(field)) continue;
    const all = action === 'flatten' ? 'FLATTEN closes the whole position; EXIT can close a part' : 'it has none';
    fields.problem(field, 'contradictory', `expected no ${field} with ${action.toUpperCase()}: ${all}`);
  }
}

function readPortion(fields: FieldReader, expected: string): Big | null {
  const portion = fields.positive(['portion'], expected);
  if (portion?.gt('1'))
    return fields.problem('portion', 'out_of_range', `expected ${expected}, found ${text(portion)}`);
  return portion;
}

function readEntry(fields: FieldReader, action: 'buy' | 'sell' | 'reverse' | 'add', terms: SignalTerms): Asked {
  const side = action === 'buy' || action === 'sell' ? action : readNamedSide(fields);
  const quantity = fields.positive(['quantity'], 'a number of shares') as Quantity | null;
  const { confidence, targetPosition, sized } = readSizing(fields, action);
  const riskAmount = (
    quantity === null && !fields.has('quantity') && !sized
      ? fields.requiredPositive(['riskAmount', 'risk'], 'an amount of money')
      : fields.positive(['riskAmount', 'risk'], 'an amount of money')
  ) as Money | null;
  if (quantity && riskAmount) {
    fields.problem('quantity', 'contradictory', 'expected a risk amount or a quantity, found both');
  }
  if (fields.has('portion')) {
    const sentence = 'expected no portion with an entry; a target has a portion, and EXIT takes one';
    fields.problem('portion', 'contradictory', sentence);
  }
  const entryPrice = fields.positive(['entryPrice'], 'a price') as Price | null;
  const stopLoss = fields.positive(['stopLoss'], 'a price') as Price | null;
  const takeProfit = fields.positive(['takeProfit'], 'a price') as Price | null;
  const takeProfits = readTargets(fields);
  const trailAmount = fields.positive(['trailAmount'], 'an amount a share') as Price | null;
  const trailPercent = fields.positive(['trailPercent'], 'a percentage below 100');
  if (trailPercent?.gte('100')) {
    fields.problem('trailPercent', 'out_of_range', `expected a percentage below 100, found ${text(trailPercent)}`);
  }
  if (trailAmount && trailPercent) {
    fields.problem('trailAmount', 'contradictory', 'expected trailPercent or trailAmount, found both');
  }
  if (takeProfit && fields.has('takeProfits')) {
    fields.problem('takeProfit', 'contradictory', 'expected takeProfit or takeProfits, found both');
  }
  const targeted = takeProfits.reduce(
    (sum, target) => sum.plus(target.portion),
    takeProfit || terms.takeProfitPercent || terms.takeProfitAmount || terms.takeProfitRisk
      ? decimal('1')
      : zeroPortion,
  );
  if ((trailAmount || trailPercent) && targeted.gte('1')) {
    const what = takeProfit ? 'takeProfit' : 'takeProfits';
    const sentence = 'expected targets for less than all: shares that a target holds have no stop that trails';
    fields.problem(what, 'contradictory', sentence);
  }
  // Without a side, the stop tells it: a stop below its entry is a buy's. A position to come to is on the side of its sign.
  const toward = targetPosition && (targetPosition.gt('0') ? 'buy' : targetPosition.lt('0') ? 'sell' : null);
  const fillsAt = terms.limitPrice ?? terms.stopPrice ?? entryPrice;
  const checked = targetPosition
    ? toward
    : (side ?? (fillsAt && stopLoss ? (stopLoss.lt(fillsAt) ? 'buy' : 'sell') : null));
  if (checked !== null) {
    checkSides(fields, checked, { entryPrice: fillsAt, stopLoss, takeProfit, field: 'takeProfit' });
    for (const [at, target] of takeProfits.entries()) {
      const field = `takeProfits[${at}].price`;
      checkTarget(fields, checked, { entryPrice: fillsAt, stopLoss, takeProfit: target.price, field });
    }
  }
  return {
    ...nothingAsked,
    ...terms,
    ...{
      side,
      riskAmount,
      quantity,
      confidence,
      targetPosition,
      entryPrice,
      stopLoss,
      takeProfit,
      takeProfits,
      trailAmount,
      trailPercent,
    },
  };
}

const zeroPortion = decimal('0');

/**
 * What sizes an entry beside a risk amount and a quantity: the position to come to, or the strategy's settings alone, which `sizing: strategy`
 * leaves it to.
 */
function readSizing(
  fields: FieldReader,
  action: SignalAction,
): Pick<Asked, 'confidence' | 'targetPosition'> & { readonly sized: boolean } {
  const confidence = fields.decimal(['confidence'], 'a number from 0 to 1');
  if (confidence && (confidence.lt('0') || confidence.gt('1'))) {
    fields.problem('confidence', 'out_of_range', `expected a number from 0 to 1, found ${text(confidence)}`);
  }
  const targetPosition = fields.decimal(
    ['targetPosition'],
    'a number of shares, negative for a short position',
  ) as Quantity | null;
  const by = fields.text(['sizing'], 64);
  if (by && by.text.toLowerCase() !== 'strategy') {
    fields.problem('sizing', 'unknown_value', `expected strategy, found ${quoted(by.text)}`);
  }
  if (targetPosition && action !== 'buy' && action !== 'sell') {
    const sentence = `expected no targetPosition with ${action.toUpperCase()}; BUY and SELL take one`;
    fields.problem('targetPosition', 'contradictory', sentence);
  }
  for (const field of ['quantity', 'riskAmount', 'risk']) {
    if (!fields.has(field)) continue;
    if (fields.has('targetPosition')) {
      fields.problem(field, 'contradictory', `expected targetPosition or ${field}, found both`);
    } else if (by) fields.problem(field, 'contradictory', `expected no ${field}: the strategy is to size it`);
  }
  const named = sizeFieldNames.filter((name) => fields.has(name));
  for (const name of by ? named : []) {
    fields.problem(name, 'contradictory', `expected no ${name}: the strategy is to size it`);
  }
  return { confidence, targetPosition, sized: fields.has('targetPosition') || by !== null || named.length > 0 };
}

function readTargets(fields: FieldReader): Target[] {
  const expected = `a list of 1 to ${maxTargets} targets like {"price": 155, "portion": 0.5}`;
  const items = fields.list('takeProfits', maxTargets, expected) ?? [];
  const targets = items.flatMap((item): Target[] => {
    const at = item.requiredPositive(['price'], 'a price') as Price | null;
    const before = fields.problems.length;
    const portion = readPortion(item, 'a part of the entry, above 0 and at most 1');
    if (portion === null && fields.problems.length === before) {
      item.problem('portion', 'required', 'expected a part of the entry, above 0 and at most 1, found nothing');
    }
    return at && portion ? [{ price: at, portion }] : [];
  });
  const sum = targets.reduce((total, target) => total.plus(target.portion), zeroPortion);
  if (sum.gt('1')) {
    fields.problem('takeProfits', 'out_of_range', `expected portions that add up to at most 1, found ${text(sum)}`);
  }
  const seen = new Set<string>();
  for (const target of targets) {
    const key = text(target.price);
    if (seen.has(key)) fields.problem('takeProfits', 'contradictory', `expected one target at ${key}, found several`);
    seen.add(key);
  }
  return targets;
}

/** ADD and REVERSE may name the side they come to; what is held decides it otherwise. */
function readNamedSide(fields: FieldReader): Side | null {
  const found = fields.text(['side'], 64);
  if (found === null) return null;
  const side = found.text.toLowerCase();
  if (side === 'buy' || side === 'long') return 'buy';
  if (side === 'sell' || side === 'short') return 'sell';
  return fields.problem(found.field, 'unknown_value', `expected buy or sell, found ${quoted(found.text)}`);
}

function readAction(fields: FieldReader): SignalAction | null {
  const known = signalActions.map((action) => action.toUpperCase()).join(', ');
  const found = fields.requiredText(['signal'], 64, `one of ${known}`);
  if (found === null) return null;
  const word = found.text.toLowerCase();
  const action = signalActions.find((one) => one === word);
  if (action) return action;
  return fields.problem(found.field, 'unknown_value', `expected one of ${known}, found ${quoted(found.text)}`);
}
