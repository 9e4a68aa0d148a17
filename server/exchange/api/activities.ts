import { type Context, Hono } from 'hono';
import { newYork, zonedText } from '../calendar/civil-day.ts';
import type { VenueExecution } from '../venue/model.ts';
import { dollars } from '../venue/money.ts';
import { qtyText } from '../venue/quantity.ts';
import { refuse } from '../venue/refusal.ts';
import type { Desk } from '../venue/venue.ts';
import { ask, type Env, type TradingApiParts, uuidIn } from './context.ts';
import { Query } from './query.ts';

const tradeTypes = ['FILL'];
const otherTypes =
  'TRANS MISC ACATC ACATS CFEE CGD CSD CSW DIV DIVCGL DIVCGS DIVFEE DIVFT DIVNRA DIVROC DIVTW DIVTXEX FEE INT INTNRA INTTW JNL JNLC JNLS MA NC OPASN OPCA OPCSH OPEXC OPEXP OPTRD PTC PTR REO REORG SPIN SPLIT FOPT OCT'.split(
    ' ',
  );
const known = new Set([...tradeTypes, ...otherTypes]);
const dayMs = 86_400_000;

/** What happened to the account: of the activities that Alpaca knows, this venue has executions. */
export function activitiesApi({ venue }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  const list = (c: Context<Env>, typesOfPath: string[] | null) => {
    const query = new Query(c.req.query());
    const category = query.oneOf('category', ['trade_activity', 'non_trade_activity']);
    const types = typesOfPath ?? query.list('activity_types')?.map((type) => type.toUpperCase()) ?? null;
    if (category && types) throw refuse.malformed('category cannot be used with activity_types');
    const strange = types?.find((type) => !known.has(type));
    if (strange !== undefined) throw refuse.malformed(`invalid activity type: ${strange}`);
    const fills = category !== 'non_trade_activity' && (types === null || types.includes('FILL'));
    const page = pageOf(query);
    return ask(c, venue, (desk) => (fills ? pageOfFills(desk, c.get('accountId'), page) : []));
  };
  api.get('/v2/account/activities', (c) => list(c, null));
  api.get('/v2/account/activities/:type', (c) => list(c, [c.req.param('type').toUpperCase()]));
  return api;
}

interface ActivityPage {
  readonly after: number;
  readonly until: number;
  readonly date: number | null;
  readonly orderId: string | null;
  readonly ascending: boolean;
  readonly size: number;
  readonly token: string | null;
}

function pageOf(query: Query): ActivityPage {
  const given = query.text('page_size');
  const size = query.count('page_size', 1, Number.MAX_SAFE_INTEGER) ?? 100;
  if (given !== null && size > 100) throw refuse.malformed('page_size must be between 1 and 100');
  const orderId = query.text('order_id');
  if (orderId !== null && uuidIn(orderId) === null) throw refuse.malformed('invalid order_id');
  const date = query.moment('date')?.getTime() ?? null;
  if (date !== null && (query.text('after') !== null || query.text('until') !== null)) {
    throw refuse.malformed('date cannot be used with after or until');
  }
  return {
    after: query.moment('after')?.getTime() ?? Number.NEGATIVE_INFINITY,
    until: query.moment('until')?.getTime() ?? Number.POSITIVE_INFINITY,
    // A creation date is a day in UTC.
    date: date === null ? null : Math.floor(date / dayMs) * dayMs,
    orderId: orderId && uuidIn(orderId),
    ascending: query.oneOf('direction', ['asc', 'desc']) === 'asc',
    size,
    token: query.text('page_token'),
  };
}

function pageOfFills(desk: Desk, accountId: string, page: ActivityPage): Record<string, unknown>[] {
  const all = desk.state.executions.filter((execution) => {
    const at = new Date(execution.at).getTime();
    return (
      execution.accountId === accountId &&
      at > page.after &&
      at < page.until &&
      (page.date === null || (at >= page.date && at < page.date + dayMs)) &&
      (page.orderId === null || execution.orderId === page.orderId)
    );
  });
  if (!page.ascending) all.reverse();
  let from = 0;
  if (page.token !== null) {
    const execution = page.token.split('::')[1];
    from = all.findIndex((one) => one.id === execution) + 1;
    if (from === 0) throw refuse.malformed('invalid page_token');
  }
  return all.slice(from, from + page.size).map(activityJson);
}

/** New York's time to the millisecond, then the execution's id, as the stream told it. */
export function activityIdOf(execution: VenueExecution): string {
  const at = new Date(execution.at).getTime();
  const seconds = zonedText(at, newYork).slice(0, 19).replace(/\D/g, '');
  return `${seconds}${String(at % 1000).padStart(3, '0')}::${execution.id}`;
}

export function activityJson(execution: VenueExecution): Record<string, unknown> {
  return {
    id: activityIdOf(execution),
    account_id: execution.accountId,
    activity_type: 'FILL',
    transaction_time: execution.at,
    type: execution.leavesQty === 0 ? 'fill' : 'partial_fill',
    price: dollars(execution.price),
    qty: qtyText(execution.symbol, execution.qty),
    side: execution.side,
    symbol: execution.symbol,
    leaves_qty: qtyText(execution.symbol, execution.leavesQty),
    order_id: execution.orderId,
    cum_qty: qtyText(execution.symbol, execution.cumQty),
    order_status: execution.orderStatus,
  };
}
