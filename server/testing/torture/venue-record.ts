/** An order as the exchange shows it, as far as it is compared. */
export interface VenueOrder {
  readonly id: string;
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly qty: string;
  readonly type: string;
  readonly order_class: string;
  readonly stop_price: string | null;
  readonly filled_qty: string;
  readonly status: string;
  readonly submitted_at: string;
  readonly filled_at: string | null;
  readonly canceled_at: string | null;
  readonly expired_at: string | null;
  readonly replaced_at: string | null;
  readonly failed_at: string | null;
  readonly replaces: string | null;
  readonly legs: readonly VenueOrder[] | null;
}

export interface VenueFill {
  readonly id: string;
  readonly order_id: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell' | 'sell_short';
  readonly qty: string;
  readonly price: string;
  readonly transaction_time: string;
}

/** Everything that the exchange has of the account. */
export interface VenueRecord {
  readonly cash: string;
  readonly positions: ReadonlyMap<string, string>;
  /** With legs inside their parents. */
  readonly orders: readonly VenueOrder[];
  readonly fills: readonly VenueFill[];
}

export interface VenueAccess {
  readonly url: string;
  readonly keyId: string;
  readonly secretKey: string;
}

const orderPage = 500;
const fillPage = 100;

/** Asks the exchange itself, past every proxy. */
export async function askVenue<T>({ url, keyId, secretKey }: VenueAccess, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secretKey },
  });
  if (!response.ok) throw new Error(`the exchange answered ${response.status} to ${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

export async function readVenueRecord(venue: VenueAccess): Promise<VenueRecord> {
  const [account, positions, orders, fills] = await Promise.all([
    askVenue<{ cash: string }>(venue, '/v2/account'),
    askVenue<{ symbol: string; qty: string }[]>(venue, '/v2/positions'),
    allOrders(venue),
    allFills(venue),
  ]);
  return { cash: account.cash, positions: new Map(positions.map(({ symbol, qty }) => [symbol, qty])), orders, fills };
}

async function allOrders(venue: VenueAccess): Promise<VenueOrder[]> {
  const found = new Map<string, VenueOrder>();
  let after = '2000-01-01T00:00:00Z';
  for (;;) {
    const path = `/v2/orders?status=all&nested=true&direction=asc&limit=${orderPage}&after=${encodeURIComponent(after)}`;
    const page = await askVenue<VenueOrder[]>(venue, path);
    const before = found.size;
    for (const order of page) found.set(order.id, order);
    if (page.length < orderPage || found.size === before) return [...found.values()];
    // Exclusive, and times of the exchange may be shared by several: from a millisecond earlier.
    after = new Date(new Date(page.at(-1)!.submitted_at).getTime() - 1).toISOString();
  }
}

async function allFills(venue: VenueAccess): Promise<VenueFill[]> {
  const fills: VenueFill[] = [];
  let token = '';
  for (;;) {
    const path = `/v2/account/activities/FILL?direction=asc&page_size=${fillPage}${token}`;
    const page = await askVenue<VenueFill[]>(venue, path);
    fills.push(...page);
    if (page.length < fillPage) return fills;
    token = `&page_token=${encodeURIComponent(page.at(-1)!.id)}`;
  }
}
