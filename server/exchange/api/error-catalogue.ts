/** A refusal that a client may meet. `{}` in a message stands for what the request said or the books hold. */
export interface CatalogueEntry {
  readonly status: number;
  /** Null where Alpaca sends none. */
  readonly code: number | null;
  readonly message: string;
  /** Fields beside code and message. */
  readonly extra?: readonly string[];
}

const entry = (status: number, code: number | null, message: string, ...extra: string[]): CatalogueEntry => ({
  status,
  code,
  message,
  extra,
});
const malformed = (message: string) => entry(422, 40_010_001, message);
const unprocessable = (message: string, ...extra: string[]) => entry(422, 42_210_000, message, ...extra);
const forbidden = (message: string, ...extra: string[]) => entry(403, 40_310_000, message, ...extra);
const missing = (message: string) => entry(404, 40_410_000, message);

/** Every refusal of the Trading API. Codes and statuses are Alpaca's; texts are as near to its own as is known. */
export const errorCatalogue: readonly CatalogueEntry[] = [
  entry(400, 40_010_000, 'failed to decode request body'),
  entry(400, 40_010_001, 'invalid {}'),
  entry(400, 40_010_001, 'date_type must be TRADING or SETTLEMENT'),
  entry(400, 40_010_001, 'timezone must be UTC'),
  entry(400, 40_010_001, 'market "{}" is not served here: {}'),
  entry(401, null, 'unauthorized.'),
  entry(405, 40_510_000, 'method not allowed'),
  entry(429, 42_910_000, 'rate limit exceeded'),
  entry(429, null, 'too many requests.'),
  entry(500, 50_010_000, 'internal server error occurred'),

  missing('endpoint not found.'),
  missing('order not found for {}'),
  missing('asset not found for {}'),
  missing('symbol not found: {}'),
  missing('position does not exist'),
  missing('position not found: {}'),
  missing('watchlist not found for {}'),
  missing('option contract {} not found'),
  missing('announcement not found for {}'),

  // The request itself.
  malformed('invalid {}'),
  malformed('{} must be > 0'),
  malformed('{} is too large'),
  malformed('{} is required'),
  malformed('{} is missing'),
  malformed('{} must have at most 9 decimal places'),
  malformed('qty must be <= {}'),
  malformed('qty or notional is required'),
  malformed('only one of {} or {} is accepted'),
  malformed('notional must be >= 1.00'),
  malformed('qty increment must be {}'),
  malformed('invalid crypto order type'),
  malformed('invalid crypto time_in_force'),
  malformed('market orders require no stop or limit price'),
  malformed('limit orders require a limit price'),
  malformed('limit orders require no stop price'),
  malformed('stop orders require a stop price'),
  malformed('stop orders require no limit price'),
  malformed('stop limit orders require both stop and limit price'),
  malformed('trailing stop orders must specify one of trail_price or trail_percent'),
  malformed('{} orders must not have trail_price'),
  malformed('trailing stop orders require no stop or limit price'),
  malformed('take_profit and stop_loss require order_class bracket, oco or oto'),
  malformed('bracket orders require take_profit.limit_price and stop_loss.stop_price'),
  malformed('oco orders require take_profit.limit_price and stop_loss.stop_price'),
  malformed('oto orders require either take_profit or stop_loss'),
  malformed('client_order_id must be no more than 128 characters'),
  malformed('client_order_id must be unique'),
  malformed('before_order_id and after_order_id cannot be combined with after or until'),
  malformed('percentage must be between 0 and 100'),
  malformed('category cannot be used with activity_types'),
  malformed('date cannot be used with after or until'),
  malformed('page_size must be between 1 and 100'),
  malformed('only two of start, end and period are accepted'),
  malformed('start must be before end'),
  malformed('since must be before until'),
  malformed('{} is required with {}'),
  malformed('timeframe must be 1D for periods longer than 30 days'),
  malformed('timeframe 1Min is for periods of at most 7 days'),
  malformed('watchlist name must be unique'),
  malformed('watchlist name must be no more than 64 characters'),
  malformed('duplicate symbols in watchlist'),
  malformed('{} is already in the watchlist'),

  // What is asked for does not go together, or not with the market.
  unprocessable('asset "{}" not found'),
  unprocessable('asset "{}" is not tradable'),
  unprocessable('asset "{}" has no quote'),
  unprocessable('client_order_id must be unique'),
  unprocessable('invalid {}. sub-penny increment does not fulfill minimum pricing criteria'),
  unprocessable('extended hours order must be DAY or GTC limit orders'),
  unprocessable('extended hours orders must be simple orders'),
  unprocessable('trailing stop orders must be simple orders'),
  unprocessable('{} orders are not accepted between {} and 19:00 ET'),
  unprocessable('stop price must be less than current price', 'market_price', 'stop_price'),
  unprocessable('stop price must be greater than current price', 'market_price', 'stop_price'),
  unprocessable('position intent mismatch, inferred: {}, specified: {}'),
  unprocessable('bracket orders must be entry orders'),
  unprocessable('oco orders must be exit orders'),
  unprocessable('take_profit.limit_price must be > stop_loss.stop_price'),
  unprocessable('take_profit.limit_price must be < stop_loss.stop_price'),
  unprocessable('take_profit.limit_price must be >= base_price + 0.01', 'base_price'),
  unprocessable('take_profit.limit_price must be <= base_price - 0.01', 'base_price'),
  unprocessable('stop_loss.stop_price must be >= base_price + 0.01', 'base_price'),
  unprocessable('stop_loss.stop_price must be <= base_price - 0.01', 'base_price'),
  unprocessable('order is already in "{}" state'),
  unprocessable('cannot replace order in {} status'),
  unprocessable('order already replaced'),
  unprocessable('order parameters are not changed'),
  unprocessable('qty must be > filled_qty'),
  unprocessable('qty cannot be changed for advanced orders'),
  unprocessable('notional orders cannot be replaced'),
  unprocessable('qty cannot be changed for fractional orders'),
  unprocessable('fractional orders must be DAY orders'),
  unprocessable('fractional orders must be simple orders'),
  unprocessable('fractional orders must be market, limit, stop, or stop_limit orders'),
  unprocessable('fractional orders cannot be sold short'),
  unprocessable('crypto orders must be simple orders'),
  unprocessable('crypto orders must not have extended_hours'),
  unprocessable('asset "{}" cannot be sold short'),

  // What the account may not, or cannot pay.
  forbidden('insufficient buying power', 'buying_power', 'cost_basis'),
  forbidden(
    'insufficient qty available for order (requested: {}, available: {})',
    'available',
    'existing_qty',
    'held_for_orders',
    'symbol',
    'related_orders',
  ),
  forbidden('potential wash trade detected. use complex orders', 'existing_order_id', 'reject_reason'),
  forbidden('cannot open a long buy while a short sell order is open'),
  forbidden('cannot open a short sell while a long buy order is open'),
  forbidden('insufficient balance for {} (requested: {}, available: {})', 'available', 'balance', 'symbol'),
  forbidden('cost basis must be >= minimal amount of order {}'),
  forbidden('cost basis must be <= maximal amount of order {}'),
  forbidden('asset "{}" is not fractionable'),
  forbidden('fractional trading is disabled for this account'),
  forbidden('account is not allowed to short'),
  forbidden('account is restricted to liquidation only'),
  forbidden('new orders are rejected by user request'),
];

/** The entry that an answer is one of, with its very fields; undefined: nobody was told of such an answer. */
export function catalogued(status: number, body: Readonly<Record<string, unknown>>): CatalogueEntry | undefined {
  const { code = null, message, ...extra } = body;
  const fields = Object.keys(extra).sort().join();
  // Of several that fit, the one that says most.
  return errorCatalogue
    .filter(
      (one) =>
        one.status === status &&
        one.code === code &&
        fields === [...(one.extra ?? [])].sort().join() &&
        pattern(one.message).test(String(message)),
    )
    .sort((a, b) => b.message.length - a.message.length)[0];
}

const pattern = (message: string): RegExp =>
  new RegExp(`^${message.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll('{}', '[^]+')}$`);
