import { type Context, Hono } from 'hono';
import type { Random } from '../../core/ports/random.ts';
import type { Instrument } from '../market/instruments.ts';
import { dollars, multiplier } from '../venue/checks.ts';
import { isFinal, type VenueAccount, type VenueOrder } from '../venue/model.ts';
import { refuse, VenueRefusal } from '../venue/refusal.ts';
import type { Desk, Venue } from '../venue/venue.ts';
import { calendarDays, newYorkTime, sessionTimes } from './new-york.ts';
import { readOrder, readReplacement } from './request.ts';
import { activityJson, assetIdOf, assetJson, orderJson, positionJson } from './wire.ts';

export interface TradingApiParts {
  readonly venue: Venue;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly random: Random;
  readonly now: () => Date;
}

type Env = { Variables: { accountId: string } };
const uuid = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** Alpaca's Trading API v2, as far as this venue has it. Whoever calls has been authenticated: `accountId` is set. */
export function tradingApi({ venue, instruments, random, now }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  const accountOf = (desk: Desk, c: Context<Env>): VenueAccount => desk.state.accounts.get(c.get('accountId'))!;
  const body = async (c: Context<Env>): Promise<unknown> => {
    try {
      return await c.req.json();
    } catch {
      throw new VenueRefusal(400, 40_010_000, 'failed to decode request body');
    }
  };
  const instrumentOf = (name: string): Instrument => {
    const symbol = name.split(':')[0]!.toUpperCase();
    const found = instruments.get(symbol) ?? [...instruments.values()].find((i) => sameId(assetIdOf(i.symbol), name));
    if (!found) throw refuse.notFound(`asset not found for ${name}`);
    return found;
  };
  const orderOf = (desk: Desk, c: Context<Env>): VenueOrder => {
    const id = c.req.param('id')!;
    if (!uuid.test(id)) throw refuse.malformed('order_id is missing');
    const order = desk.state.orders.get(id.toLowerCase());
    if (!order || order.accountId !== c.get('accountId')) throw refuse.notFound(`order not found for ${id}`);
    return order;
  };
  const nested = (desk: Desk, order: VenueOrder): Record<string, unknown> => orderJson(order, desk.state.legs(order));

  api.get('/v2/account', (c) => ask(c, (desk) => accountJson(desk, accountOf(desk, c))));
  api.get('/v2/account/configurations', (c) => c.json(configuration));

  api.post('/v2/orders', async (c) => {
    const request = readOrder(
      await body(c),
      (symbol) => instruments.has(symbol),
      () => random.id(),
    );
    return ask(c, (desk) => {
      const order = desk.place(accountOf(desk, c), request);
      // The answer is as the order was taken; what became of it at once is told by the stream.
      const taken = (o: VenueOrder): VenueOrder => ({
        ...o,
        filledQty: 0,
        filledCost: 0,
        filledAt: null,
        canceledAt: null,
      });
      const legs = desk.state.legs(order).map((leg) => ({ ...taken(leg), status: 'held' as const }));
      return orderJson(taken(order), legs, 'pending_new');
    });
  });
  api.get('/v2/orders', (c) => ask(c, (desk) => listOrders(desk, c.get('accountId'), c.req.query())));
  api.get('/v2/orders:by_client_order_id', (c) =>
    ask(c, (desk) => {
      const clientOrderId = c.req.query('client_order_id') ?? '';
      const order = desk.state.findByClientId(c.get('accountId'), clientOrderId);
      if (!order) throw refuse.notFound(`order not found for ${clientOrderId}`);
      return nested(desk, order);
    }),
  );
  api.get('/v2/orders/:id', (c) => ask(c, (desk) => nested(desk, orderOf(desk, c))));
  api.patch('/v2/orders/:id', async (c) => {
    const json = await body(c);
    return ask(c, (desk) => {
      const order = orderOf(desk, c);
      return nested(desk, desk.replace(order, readReplacement(json, order.symbol)));
    });
  });
  api.delete('/v2/orders/:id', async (c) => {
    await venue.command((desk) => {
      const order = orderOf(desk, c);
      if (isFinal(order.status)) throw refuse.unprocessable(`order is already in "${order.status}" state`);
      desk.cancel(order);
    });
    return c.body(null, 204);
  });
  api.delete('/v2/orders', (c) =>
    ask(
      c,
      (desk) =>
        desk.state.open(c.get('accountId')).map((order) => {
          desk.cancel(order);
          return { id: order.id, status: 200, body: null };
        }),
      207,
    ),
  );

  const positionOf = (desk: Desk, accountId: string, symbol: string): Record<string, unknown> => {
    const position = desk.state.position(accountId, symbol);
    const account = desk.state.accounts.get(accountId)!;
    const held = desk.held(account, symbol, position.qty > 0 ? 'sell' : 'buy');
    return positionJson(position, instruments.get(symbol)!, desk.mark(symbol), held);
  };
  api.get('/v2/positions', (c) =>
    ask(c, (desk) => desk.state.positions(c.get('accountId')).map((p) => positionOf(desk, p.accountId, p.symbol))),
  );
  api.get('/v2/positions/:symbol', (c) =>
    ask(c, (desk) => {
      const { symbol } = instrumentOf(c.req.param('symbol'));
      if (desk.state.position(c.get('accountId'), symbol).qty === 0) throw refuse.notFound('position does not exist');
      return positionOf(desk, c.get('accountId'), symbol);
    }),
  );
  const close = (desk: Desk, accountId: string, symbol: string, qty: number): Record<string, unknown> => {
    const position = desk.state.position(accountId, symbol);
    const order = desk.place(desk.state.accounts.get(accountId)!, {
      clientOrderId: random.id(),
      symbol,
      side: position.qty > 0 ? 'sell' : 'buy',
      type: 'market',
      timeInForce: 'day',
      orderClass: '',
      extendedHours: false,
      qty,
      limitPrice: null,
      stopPrice: null,
      takeProfit: null,
      stopLoss: null,
    });
    return orderJson(order, null);
  };
  api.delete('/v2/positions/:symbol', (c) =>
    ask(c, (desk) => {
      const { symbol } = instrumentOf(c.req.param('symbol'));
      const position = desk.state.position(c.get('accountId'), symbol);
      if (position.qty === 0) throw refuse.notFound(`position not found: ${symbol}`);
      const { qty, percentage } = c.req.query();
      const whole = Math.abs(position.qty);
      const wanted = qty ? Number(qty) : percentage ? Math.floor((whole * Number(percentage)) / 100) : whole;
      if (!Number.isInteger(wanted) || wanted <= 0) throw refuse.malformed('qty must be > 0');
      return close(desk, c.get('accountId'), symbol, wanted);
    }),
  );
  api.delete('/v2/positions', (c) =>
    ask(
      c,
      (desk) => {
        if (c.req.query('cancel_orders') === 'true')
          for (const order of desk.state.open(c.get('accountId'))) desk.cancel(order);
        return desk.state.positions(c.get('accountId')).map(({ symbol, qty }) => {
          try {
            return { symbol, status: 200, body: close(desk, c.get('accountId'), symbol, Math.abs(qty)) };
          } catch (error) {
            if (!(error instanceof VenueRefusal)) throw error;
            return { symbol, status: error.status, body: { code: error.code, message: error.message, ...error.extra } };
          }
        });
      },
      207,
    ),
  );

  api.get('/v2/account/activities', (c) => ask(c, (desk) => listFills(desk, c.get('accountId'), c.req.query())));
  api.get('/v2/account/activities/:type', (c) =>
    ask(c, (desk) => (c.req.param('type') === 'FILL' ? listFills(desk, c.get('accountId'), c.req.query()) : [])),
  );
  const asset = (instrument: Instrument) =>
    venue.isTradable(instrument.symbol)
      ? assetJson(instrument)
      : { ...assetJson(instrument), status: 'inactive', tradable: false };
  api.get('/v2/assets', (c) => c.json([...instruments.values()].map(asset)));
  api.get('/v2/assets/:symbol', (c) => c.json(asset(instrumentOf(c.req.param('symbol')))));
  api.get('/v2/clock', (c) => {
    const times = sessionTimes(now());
    return c.json({
      timestamp: newYorkTime(now()),
      is_open: true,
      next_open: times.nextOpen,
      next_close: times.nextClose,
    });
  });
  api.get('/v2/calendar', (c) => c.json(calendarDays(c.req.query('start'), c.req.query('end'), now())));

  async function ask(c: Context<Env>, run: (desk: Desk) => unknown, status: 200 | 207 = 200): Promise<Response> {
    return c.json((await venue.command(run)) as object, status);
  }
  return api;
}

const sameId = (a: string, b: string): boolean => a.replaceAll('-', '') === b.toLowerCase().replaceAll('-', '');

function listOrders(desk: Desk, accountId: string, query: Record<string, string>): unknown[] {
  const status = query.status ?? 'open';
  const limit = Math.min(500, Math.max(1, Number(query.limit ?? 50) || 50));
  const after = query.after ? new Date(query.after).getTime() : Number.NEGATIVE_INFINITY;
  const until = query.until ? new Date(query.until).getTime() : Number.POSITIVE_INFINITY;
  const symbols = query.symbols ? new Set(query.symbols.toUpperCase().split(',')) : null;
  const nested = query.nested === 'true';
  const found = [...desk.state.orders.values()].filter((order) => {
    const at = new Date(order.submittedAt).getTime();
    return (
      order.accountId === accountId &&
      at > after &&
      at < until &&
      (symbols === null || symbols.has(order.symbol)) &&
      (query.side === undefined || query.side === order.side) &&
      (!nested || order.parentId === null)
    );
  });
  const isOpen = (order: VenueOrder): boolean => !isFinal(order.status);
  const wanted = found.filter((order) => {
    if (status === 'all') return true;
    // Nested, a group is open while any of it is.
    const open = isOpen(order) || (nested && desk.state.legs(order).some(isOpen));
    return status === 'closed' ? !open : open;
  });
  wanted.sort((a, b) => (query.direction === 'asc' ? a.sequence - b.sequence : b.sequence - a.sequence));
  return wanted.slice(0, limit).map((order) => orderJson(order, nested ? desk.state.legs(order) : null));
}

function listFills(desk: Desk, accountId: string, query: Record<string, string>): unknown[] {
  const types = query.activity_types?.split(',');
  if (types && !types.includes('FILL')) return [];
  const size = Math.min(100, Math.max(1, Number(query.page_size ?? 100) || 100));
  const after = query.after ? new Date(query.after).getTime() : Number.NEGATIVE_INFINITY;
  const until = query.until ? new Date(query.until).getTime() : Number.POSITIVE_INFINITY;
  const all = desk.state.executions.filter((execution) => {
    const at = new Date(execution.at).getTime();
    return (
      execution.accountId === accountId &&
      at > after &&
      at < until &&
      (!query.date || execution.at.startsWith(query.date))
    );
  });
  if (query.direction !== 'asc') all.reverse();
  const list = all.map(activityJson);
  const from = query.page_token ? list.findIndex((activity) => activity.id === query.page_token) + 1 : 0;
  return list.slice(from, from + size);
}

function accountJson(desk: Desk, account: VenueAccount): Record<string, unknown> {
  const equity = desk.equity(account);
  const power = dollars(desk.buyingPower(account));
  const positions = desk.state.positions(account.id);
  const value = (sign: number): number =>
    positions.filter((p) => Math.sign(p.qty) === sign).reduce((sum, p) => sum + p.qty * desk.mark(p.symbol), 0);
  const [long, short] = [value(1), value(-1)];
  const margin = (share: number): string => dollars(Math.round((long - short) * share));
  return {
    id: account.id,
    account_number: account.number,
    status: 'ACTIVE',
    crypto_status: 'INACTIVE',
    currency: 'USD',
    cash: dollars(account.cash),
    equity: dollars(equity),
    last_equity: dollars(equity),
    portfolio_value: dollars(equity),
    buying_power: power,
    regt_buying_power: power,
    effective_buying_power: power,
    non_marginable_buying_power: dollars(Math.max(0, account.cash)),
    options_buying_power: dollars(Math.max(0, account.cash)),
    multiplier: String(multiplier),
    initial_margin: margin(0.5),
    maintenance_margin: margin(0.3),
    last_maintenance_margin: margin(0.3),
    sma: '0',
    long_market_value: dollars(long),
    short_market_value: dollars(short),
    position_market_value: dollars(long - short),
    accrued_fees: '0',
    pending_transfer_in: '0',
    pending_reg_taf_fees: '0',
    balance_asof: account.createdAt.slice(0, 10),
    created_at: account.createdAt,
    shorting_enabled: true,
    trading_blocked: false,
    transfers_blocked: false,
    account_blocked: false,
    trade_suspended_by_user: false,
    options_approved_level: 0,
    options_trading_level: 0,
    crypto_tier: 0,
    intraday_adjustments: '0',
    user_configurations: null,
    admin_configurations: {},
  };
}

const configuration = {
  dtbp_check: 'entry',
  disable_overnight_trading: false,
  fractional_trading: false,
  max_margin_multiplier: '4',
  max_options_trading_level: 0,
  no_shorting: false,
  pdt_check: 'entry',
  ptp_no_exception_entry: false,
  suspend_trade: false,
  trade_confirm_email: 'none',
};
