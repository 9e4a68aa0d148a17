import { type Context, Hono } from 'hono';
import { dayText, newYork, wallTime, zonedText } from '../calendar/civil-day.ts';
import type { VenueExecution, VenueFee } from '../venue/model.ts';
import { dollars, exactText } from '../venue/money.ts';
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

/** What happened to the account: of the activities that Alpaca knows, this venue has executions and the fees of coins. */
export function activitiesApi({ venue }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  const list = (c: Context<Env>, typesOfPath: string[] | null) => {
    const query = new Query(c.req.query());
    const category = query.oneOf('category', ['trade_activity', 'non_trade_activity']);
    const types = typesOfPath ?? query.list('activity_types')?.map((type) => type.toUpperCase()) ?? null;
    if (category && types) throw refuse.malformed('category cannot be used with activity_types');
    const strange = types?.find((type) => !known.has(type));
    if (strange !== undefined) throw refuse.malformed(`invalid activity type: ${strange}`);
    const wanted = (type: 'FILL' | 'CFEE'): boolean =>
      types?.includes(type) ?? (category === null || (category === 'trade_activity') === (type === 'FILL'));
    const kinds = { fills: wanted('FILL'), fees: wanted('CFEE') };
    const page = pageOf(query);
    return ask(c, venue, (desk) => pageOfActivities(desk, c.get('accountId'), page, kinds));
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

/** Of an execution, itself or its fee. */
interface Activity {
  readonly execution: VenueExecution;
  readonly fee: VenueFee | null;
}

function pageOfActivities(
  desk: Desk,
  accountId: string,
  page: ActivityPage,
  kinds: { readonly fills: boolean; readonly fees: boolean },
): Record<string, unknown>[] {
  const all: Activity[] = [];
  for (const execution of desk.state.executions) {
    const at = new Date(execution.at).getTime();
    const found =
      execution.accountId === accountId &&
      at > page.after &&
      at < page.until &&
      (page.date === null || (at >= page.date && at < page.date + dayMs)) &&
      (page.orderId === null || execution.orderId === page.orderId);
    if (!found) continue;
    if (kinds.fills) all.push({ execution, fee: null });
    if (kinds.fees && execution.fee) all.push({ execution, fee: execution.fee });
  }
  if (!page.ascending) all.reverse();
  let from = 0;
  if (page.token !== null) {
    const id = page.token.split('::')[1];
    from = all.findIndex(({ execution, fee }) => (fee ?? execution).id === id) + 1;
    if (from === 0) throw refuse.malformed('invalid page_token');
  }
  return all
    .slice(from, from + page.size)
    .map(({ execution, fee }) => (fee ? feeJson(execution, fee) : activityJson(execution)));
}

/** New York's time to the millisecond, then the execution's id, as the stream told it, or its fee's. */
export function activityIdOf(execution: VenueExecution, id = execution.id): string {
  const at = new Date(execution.at).getTime();
  const seconds = zonedText(at, newYork).slice(0, 19).replace(/\D/g, '');
  return `${seconds}${String(at % 1000).padStart(3, '0')}::${id}`;
}

export function activityJson(execution: VenueExecution): Record<string, unknown> {
  return {
    id: activityIdOf(execution),
    account_id: execution.accountId,
    activity_type: 'FILL',
    transaction_time: execution.at,
    type: execution.corrects ? `trade_${execution.corrects.kind}` : execution.leavesQty === 0 ? 'fill' : 'partial_fill',
    ...(execution.corrects ? { previous_id: execution.corrects.executionId } : {}),
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

/** Of a buy the coins that it brought less, of a sell the money. */
function feeJson(execution: VenueExecution, fee: VenueFee): Record<string, unknown> {
  const { symbol, accountId, at, price } = execution;
  const inCoins = fee.lots > 0;
  return {
    id: activityIdOf(execution, fee.id),
    account_id: accountId,
    activity_type: 'CFEE',
    date: dayText(wallTime(new Date(at).getTime(), newYork).day),
    created_at: at,
    net_amount: exactText(-fee.money),
    description: `Coin Pair Transaction Fee (${inCoins ? 'Non USD' : 'USD'})`,
    symbol,
    ...(inCoins ? { qty: qtyText(symbol, -fee.lots), price: dollars(price) } : {}),
    currency: 'USD',
    status: 'executed',
  };
}
