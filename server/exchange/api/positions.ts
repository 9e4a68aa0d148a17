import { Hono } from 'hono';
import { Big } from '../../core/decimal.ts';
import type { Instrument } from '../market/instruments.ts';
import { movePosition } from '../venue/average-cost.ts';
import type { Ticks, VenueExecution, VenuePosition } from '../venue/model.ts';
import { costOf, type Money } from '../venue/money.ts';
import { isCrypto, isWhole, type Lots, lotsOf, lotsPerUnitOf } from '../venue/quantity.ts';
import { refuse, VenueRefusal } from '../venue/refusal.ts';
import type { Desk } from '../venue/venue.ts';
import { plainDecimal } from './amounts.ts';
import { assetClassOf, withoutSlash } from './assets.ts';
import { ask, type Env, type TradingApiParts } from './context.ts';
import { cancelAll, placedJson } from './orders.ts';
import { Query } from './query.ts';
import { checkPermissions } from './request.ts';
import { positionJson } from './wire.ts';

/** Positions: list, one, close one or all. */
export function positionsApi({ venue, listing, history, random }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  const instrumentOf = (name: string): Instrument => {
    const found = listing.find(name);
    if (!found) throw refuse.notFound(`symbol not found: ${name}`);
    return found;
  };
  const show = (desk: Desk, position: VenuePosition): Record<string, unknown> => {
    const { accountId, symbol } = position;
    const account = desk.state.accounts.get(accountId)!;
    const current = desk.mark(symbol);
    const lastClose = history.lastClose(symbol) ?? current;
    return positionJson({
      position,
      instrument: listing.find(symbol)!,
      current,
      lastClose,
      costToday: costToday(desk, position, lastClose, history.dayBegan()),
      held: desk.held(account, symbol, position.qty > 0 ? 'sell' : 'buy'),
    });
  };
  const close = (desk: Desk, position: VenuePosition, qty: Lots): Record<string, unknown> => {
    const account = desk.state.accounts.get(position.accountId)!;
    const request = {
      clientOrderId: random.id(),
      symbol: position.symbol,
      side: position.qty > 0 ? ('sell' as const) : ('buy' as const),
      type: 'market' as const,
      timeInForce: assetClassOf(position.symbol) === 'crypto' ? ('gtc' as const) : ('day' as const),
      orderClass: '' as const,
      extendedHours: false,
      qty,
      notional: null,
      limitPrice: null,
      stopPrice: null,
      takeProfit: null,
      stopLoss: null,
    };
    checkPermissions(account);
    return placedJson(desk, desk.place(account, request));
  };

  api.get('/v2/positions', (c) =>
    ask(c, venue, (desk) => desk.state.positions(c.get('accountId')).map((position) => show(desk, position))),
  );
  api.delete('/v2/positions', (c) => {
    const cancel = new Query(c.req.query()).flag('cancel_orders');
    return ask(
      c,
      venue,
      (desk) => {
        if (cancel) cancelAll(desk, c.get('accountId'));
        return desk.state.positions(c.get('accountId')).map((position) => {
          try {
            return {
              symbol: withoutSlash(position.symbol),
              status: 200,
              body: close(desk, position, Math.abs(position.qty)),
            };
          } catch (error) {
            if (!(error instanceof VenueRefusal)) throw error;
            const { status, code, message, extra } = error;
            return { symbol: withoutSlash(position.symbol), status, body: { code, message, ...extra } };
          }
        });
      },
      207,
    );
  });
  api.get('/v2/positions/:symbol{.+}', (c) =>
    ask(c, venue, (desk) => {
      const { symbol } = instrumentOf(c.req.param('symbol'));
      const position = desk.state.position(c.get('accountId'), symbol);
      if (position.qty === 0) throw refuse.notFound('position does not exist');
      return show(desk, position);
    }),
  );
  api.delete('/v2/positions/:symbol{.+}', (c) => {
    const part = readPart(new Query(c.req.query()));
    return ask(c, venue, (desk) => {
      const { symbol } = instrumentOf(c.req.param('symbol'));
      const position = desk.state.position(c.get('accountId'), symbol);
      if (position.qty === 0) throw refuse.notFound(`position not found: ${symbol}`);
      return close(desk, position, part(symbol, Math.abs(position.qty)));
    });
  });
  return api;
}

/** How much of a position, in lots, a close asks for. */
function readPart(query: Query): (symbol: string, whole: Lots) => Lots {
  const [qty, percentage] = [query.text('qty'), query.text('percentage')];
  if (qty !== null && percentage !== null) throw refuse.malformed('only one of qty or percentage is accepted');
  if (qty !== null) {
    const shares = plainDecimal(qty);
    if (!shares?.gt('0')) throw refuse.malformed('qty must be > 0');
    return (symbol) => {
      const lots = lotsOf(symbol, shares);
      if (lots === null) throw refuse.malformed('invalid qty');
      return lots;
    };
  }
  if (percentage === null) return (_symbol, whole) => whole;
  const share = plainDecimal(percentage);
  if (!share?.gt('0') || share.gt('100')) throw refuse.malformed('percentage must be between 0 and 100');
  return (symbol, whole) => {
    const lots = Number(new Big(String(whole)).times(share).div('100').round(0, 0).toFixed());
    // Only a position that has a fraction is sold in fractions: of whole shares, whole ones.
    const wanted = isWhole(symbol, whole) && !isCrypto(symbol) ? lots - (lots % lotsPerUnitOf(symbol)) : lots;
    if (wanted <= 0) throw refuse.malformed('qty must be > 0');
    return wanted;
  };
}

/** What today's gain is counted from: what was held at the last close, at that close's price, then today's fills upon it. */
function costToday(desk: Desk, position: VenuePosition, lastClose: Ticks, dayBegan: Date): Money {
  const { executions } = desk.state;
  const { symbol } = position;
  const today = [];
  for (let index = executions.length - 1; index >= 0; index--) {
    const execution = executions[index]!;
    if (new Date(execution.at) < dayBegan) break;
    if (execution.accountId === position.accountId && execution.symbol === symbol) today.unshift(execution);
  }
  const moved = (one: VenueExecution): Lots => (one.side === 'buy' ? one.qty - (one.fee?.lots ?? 0) : -one.qty);
  const overnight = position.qty - today.reduce((sum, one) => sum + moved(one), 0);
  const held = { symbol, qty: overnight, cost: costOf(symbol, overnight, lastClose) };
  for (const one of today) movePosition(held, moved(one), one.price);
  return held.cost;
}
