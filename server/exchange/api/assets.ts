import { Hono } from 'hono';
import { uuidOf } from '../../core/ids.ts';
import type { Instrument } from '../market/instruments.ts';
import { termsOf } from '../venue/asset-terms.ts';
import { lotsPerUnitOf, qtyText } from '../venue/quantity.ts';
import { refuse } from '../venue/refusal.ts';
import { type Env, type TradingApiParts, uuidIn } from './context.ts';
import { cusips } from './cusips.ts';
import { Query } from './query.ts';

/** The same symbol is the same asset on every venue of this kind. */
export const assetIdOf = (symbol: string): string => uuidOf(`asset ${symbol}`);

export type AssetClass = 'us_equity' | 'crypto';
export const assetClassOf = (symbol: string): AssetClass => (symbol.includes('/') ? 'crypto' : 'us_equity');

/** Positions and some older routes write a pair without its slash. */
export const withoutSlash = (symbol: string): string => symbol.replace('/', '');

/** What is listed here, and every name it goes by. */
export class Listing {
  readonly all: readonly Instrument[];
  readonly #byName = new Map<string, Instrument>();

  constructor(instruments: readonly Instrument[]) {
    // As Alpaca sorts them: by class, exchange and symbol.
    const key = (i: Instrument) => `${assetClassOf(i.symbol) === 'crypto' ? 1 : 0} ${i.exchange} ${i.symbol}`;
    this.all = [...instruments].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    for (const instrument of instruments) {
      const { symbol } = instrument;
      for (const name of [symbol, withoutSlash(symbol), assetIdOf(symbol), cusips.get(symbol)]) {
        if (name && !this.#byName.has(name)) this.#byName.set(name, instrument);
      }
    }
  }

  /**
   * By symbol, `SYMBOL:EXCHANGE`, `SYMBOL:EXCHANGE:class`, asset id with or without dashes, CUSIP; pairs with their slash or without.
   * Null when nothing goes by that name.
   */
  find(name: string): Instrument | null {
    const [symbol, exchange, assetClass, ...rest] = name.split(':');
    if (rest.length > 0) return null;
    const found = this.#byName.get(uuidIn(symbol!) ?? symbol!.toUpperCase());
    if (!found) return null;
    if (exchange !== undefined && exchange.toUpperCase() !== found.exchange) return null;
    if (assetClass !== undefined && assetClass.toLowerCase() !== assetClassOf(found.symbol)) return null;
    return found;
  }
}

const statuses = ['active', 'inactive'] as const;
const exchanges = ['amex', 'arca', 'bats', 'nyse', 'nasdaq', 'nysearca', 'otc', 'crypto'] as const;
const otherClasses = ['us_option', 'crypto_perp', 'treasury', 'corporate', 'global_equity', 'us_index', 'ipo'] as const;

export function assetsApi({ listing, venue }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  const show = (instrument: Instrument) =>
    venue.isTradable(instrument.symbol)
      ? assetJson(instrument)
      : { ...assetJson(instrument), status: 'inactive', tradable: false };
  api.get('/v2/assets', (c) => {
    const query = new Query(c.req.query());
    const status = query.oneOf('status', statuses);
    const assetClass = query.oneOf('asset_class', ['us_equity', 'crypto', ...otherClasses]) ?? 'us_equity';
    const exchange = query.oneOf('exchange', exchanges)?.toUpperCase();
    const attributes = query.list('attributes');
    const found = listing.all
      .map(show)
      .filter(
        (asset) =>
          (status === null || asset.status === status) &&
          asset.class === assetClass &&
          (exchange === undefined || asset.exchange === exchange) &&
          (attributes === null || attributes.some((one) => asset.attributes.includes(one))),
      );
    return c.json(found);
  });
  // A pair's slash may come encoded or not: the rest of the path is the name.
  api.get('/v2/assets/:symbol{.+}', (c) => {
    const name = c.req.param('symbol');
    const found = listing.find(name);
    if (!found) throw refuse.notFound(`asset not found for ${name}`);
    return c.json(show(found));
  });
  return api;
}

/** An asset as the API shows it. Fields of crypto and of equities are only on their own. */
export function assetJson(instrument: Instrument) {
  const { symbol, name, exchange } = instrument;
  const terms = termsOf(symbol);
  const common = {
    id: assetIdOf(symbol),
    class: assetClassOf(symbol),
    exchange: exchange as string,
    symbol,
    name,
    status: 'active',
    tradable: true,
    attributes: [] as string[],
  };
  if (common.class === 'crypto') {
    return {
      ...common,
      cusip: null,
      marginable: terms.marginable,
      shortable: terms.shortable,
      easy_to_borrow: terms.easyToBorrow,
      fractionable: terms.fractionable,
      maintenance_margin_requirement: 100,
      margin_requirement_long: '100',
      margin_requirement_short: '100',
      min_order_size: leastOrder(instrument),
      min_trade_increment: qtyText(symbol, 1),
      price_increment: '0.0001',
    };
  }
  return {
    ...common,
    cusip: cusips.get(symbol) ?? null,
    marginable: terms.marginable,
    shortable: terms.shortable,
    // Gone from the specification, but the official Python client still requires it.
    easy_to_borrow: terms.easyToBorrow,
    fractionable: terms.fractionable,
    borrow_status: terms.easyToBorrow ? 'easy_to_borrow' : 'hard_to_borrow',
    maintenance_margin_requirement: 30,
    margin_requirement_long: '30',
    margin_requirement_short: '30',
  };
}

/** About a cent's worth of coins, as Alpaca lists it, rounded up to a power of ten; what an order has to cost is another matter. */
function leastOrder({ symbol, anchor }: Instrument): string {
  const coins = 10 ** Math.ceil(Math.log10(0.01 / anchor));
  return qtyText(symbol, Math.max(1, Math.round(coins * lotsPerUnitOf(symbol))));
}
