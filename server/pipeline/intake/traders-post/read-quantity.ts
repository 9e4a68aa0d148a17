import { type Big, type Money, type Quantity, quantity, text } from '../../../core/decimal.ts';
import type { SizeBy } from '../../../core/model/signal-terms.ts';
import type { FieldReader } from '../field-reader.ts';
import { readWord } from '../read-terms.ts';

const kinds = [
  'fixed_quantity',
  'dollar_amount',
  'risk_dollar_amount',
  'percent_of_equity',
  'percent_of_position',
  'risk_percent',
] as const;
type Kind = (typeof kinds)[number];

/** The most that a percentage may be; what is above it is a slip. */
const most: Partial<Record<Kind, string>> = {
  percent_of_equity: '1000',
  percent_of_position: '1000',
  risk_percent: '100',
};

interface Sized {
  readonly kind: Kind;
  /** Null: the alert names none, or (with a problem) none that can be used. */
  readonly value: Big | null;
}

function readSized(fields: FieldReader): Sized {
  const kind = readWord(fields, 'quantityType', kinds) ?? 'fixed_quantity';
  const value = fields.positive(['quantity'], 'a quantity');
  if (kind !== 'fixed_quantity' && !fields.has('quantity')) {
    fields.problem('quantity', 'required', `expected a quantity with quantityType ${kind}, found nothing`);
  }
  const limit = most[kind];
  if (value && limit && value.gt(limit)) {
    fields.problem(
      'quantity',
      'out_of_range',
      `expected at most ${limit} with quantityType ${kind}, found ${text(value)}`,
    );
  }
  return { kind, value };
}

/** The size of an entry; one share when nothing is named. The kinds that risk an amount need to know where the stop is. */
export function readEntrySize(
  fields: FieldReader,
  action: 'buy' | 'sell' | 'add' | 'reverse',
  hasStop: boolean,
): { quantity: Quantity | null; riskAmount: Money | null; sizeBy: SizeBy | null } {
  const { kind, value } = readSized(fields);
  const none = { quantity: null, riskAmount: null, sizeBy: null };
  if (kind === 'percent_of_position' && action !== 'add') {
    const sentence = `expected no percent_of_position with ${action}; exit and add take one`;
    fields.problem('quantityType', 'not_for_entries', sentence);
  }
  if ((kind === 'risk_dollar_amount' || kind === 'risk_percent') && !hasStop) {
    fields.problem('stopLoss', 'required', `expected a stopLoss with quantityType ${kind}: it says what a share risks`);
  }
  if (kind === 'fixed_quantity') {
    return { ...none, quantity: fields.has('quantity') ? (value as Quantity | null) : quantity('1') };
  }
  if (value === null) return none;
  switch (kind) {
    case 'risk_dollar_amount':
      return { ...none, riskAmount: value as Money };
    case 'dollar_amount':
      return { ...none, sizeBy: { kind: 'notional', value } };
    case 'risk_percent':
      return { ...none, sizeBy: { kind: 'percent_risk', value } };
    default:
      return { ...none, sizeBy: { kind, value } };
  }
}

/** How much of the position to exit; nothing named is all of it. */
export function readExitSize(fields: FieldReader): { quantity: Quantity | null; portion: Big | null } {
  const { kind, value } = readSized(fields);
  if (kind === 'fixed_quantity') return { quantity: value as Quantity | null, portion: null };
  if (kind === 'percent_of_position') {
    // More than is held is all of it, as with a quantity.
    return { quantity: null, portion: value && (value.gt('100') ? value.div(value) : value.div('100')) };
  }
  const risks = kind === 'risk_dollar_amount' || kind === 'risk_percent';
  const sentence = `expected fixed_quantity or percent_of_position to exit, found ${kind}`;
  fields.problem('quantityType', risks ? 'not_for_exits' : 'contradictory', sentence);
  return { quantity: null, portion: null };
}
