import type { FieldProblem } from '../../../core/model/signal.ts';

/**
 * What TradersPost answers, by what is wrong: first by field and code, then by field. Whoever reads its replies finds the same words here.
 * What it has no word for is `invalid-payload`.
 */
const byFieldAndCode = table({
  '(body):empty': 'empty-json',
  '(body):not_an_object': 'invalid-payload',
  'ticker:required': 'empty-ticker-name',
  'ticker:not_supported': 'invalid-asset-class',
  'sentiment:contradictory': 'invalid-sentiment-action',
  'quantityType:not_for_exits': 'invalid-risk-dollar-amount-action',
  'quantityType:not_for_entries': 'invalid-percent-of-position-action',
  'quantityType:contradictory': 'invalid-quantity-type-action',
  'quantity:required': 'quantity-type-requires-quantity',
  'optionType:not_supported': 'invalid-asset-class',
  'intrinsicValue:not_supported': 'invalid-asset-class',
  'expiration:not_supported': 'invalid-asset-class',
  'strikeCount:not_supported': 'invalid-asset-class',
  'strikesAway:not_supported': 'invalid-asset-class',
  'strikePrice:not_supported': 'invalid-asset-class',
  'takeProfit.amount:contradictory': 'invalid-take-profit-amount-and-percent',
  'takeProfit.limitPrice:contradictory': 'invalid-take-profit-relative-and-absolute',
  'stopLoss.amount:contradictory': 'invalid-stop-loss-amount-and-percent',
  'stopLoss.stopPrice:contradictory': 'invalid-stop-loss-relative-and-absolute',
  'stopLoss.stopPrice:required': 'invalid-stop-loss-stop-price-required',
});

const byField = table({
  '(body)': 'malformed-json',
  ticker: 'unsupported-ticker',
  action: 'invalid-action',
  sentiment: 'invalid-sentiment',
  orderType: 'invalid-order-type',
  limitPrice: 'invalid-order-type',
  stopPrice: 'invalid-order-type',
  trailAmount: 'invalid-trailing-stop',
  trailPercent: 'invalid-trailing-stop',
  quantity: 'invalid-quantity',
  quantityType: 'invalid-quantity-type',
  timeInForce: 'invalid-time-in-force',
  extendedHours: 'invalid-extended-hours',
  optionType: 'invalid-option-type',
  intrinsicValue: 'invalid-intrinsic-value',
  expiration: 'invalid-expiration',
  strikeCount: 'invalid-strike-count',
  strikesAway: 'invalid-strikes-away',
  strikePrice: 'invalid-strike-price',
  takeProfit: 'invalid-take-profit-value-required',
  'takeProfit.percent': 'invalid-take-profit-percent',
  'takeProfit.amount': 'invalid-take-profit-amount',
  'takeProfit.limitPrice': 'invalid-take-profit-limit-price',
  stopLoss: 'invalid-stop-loss-value-required',
  'stopLoss.type': 'invalid-stop-loss-type',
  'stopLoss.percent': 'invalid-stop-loss-percent',
  'stopLoss.amount': 'invalid-stop-loss-amount',
  'stopLoss.stopPrice': 'invalid-stop-loss-stop-price',
  'stopLoss.limitPrice': 'invalid-stop-loss-limit-price',
  'stopLoss.trailPrice': 'invalid-stop-loss-trail-price',
  'stopLoss.trailAmount': 'invalid-stop-loss-trail-amount',
  'stopLoss.trailPercent': 'invalid-stop-loss-trail-percent',
  expiresAt: 'invalid-expires-at',
  message: 'invalid-message-length',
});

/** TradersPost's word for what is wrong: for the first mistake, and only without one for what is not done here. */
export function messageCodeOf(problems: readonly Pick<FieldProblem, 'field' | 'code'>[]): string {
  const told = problems.find(({ code }) => code !== 'not_supported') ?? problems[0];
  if (!told) return unknown;
  return byFieldAndCode.get(`${told.field}:${told.code}`) ?? byField.get(told.field) ?? unknown;
}

const unknown = 'invalid-payload';

/** Fields are named by whoever sends the alert: `__proto__` is found in every object of JavaScript, and in no map. */
function table(words: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(words));
}
