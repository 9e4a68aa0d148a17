import { type Context, Hono } from 'hono';
import { refuse } from '../venue/refusal.ts';
import type { Watchlist } from '../watchlists/watchlist.ts';
import { assetJson } from './assets.ts';
import { bodyOf, type Env, type TradingApiParts, undecodable, uuidIn } from './context.ts';
import { Fields } from './fields.ts';

const mostLetters = 64;

/** Watchlists, by id and by name. */
export function watchlistsApi({ listing, records, random, now }: TradingApiParts): Hono<Env> {
  const api = new Hono<Env>();
  const head = ({ id, accountId, name, createdAt, updatedAt }: Watchlist) => ({
    id,
    account_id: accountId,
    name,
    created_at: createdAt,
    updated_at: updatedAt,
  });
  const whole = (list: Watchlist) => ({
    ...head(list),
    assets: list.symbols.flatMap((symbol) => {
      const instrument = listing.find(symbol);
      return instrument ? [assetJson(instrument)] : [];
    }),
  });
  const symbolOf = (name: unknown): string => {
    if (typeof name !== 'string') throw undecodable();
    if (name === '') throw refuse.malformed('symbol is required');
    const found = listing.find(name);
    if (!found) throw refuse.unprocessable(`asset "${name}" not found`);
    return found.symbol;
  };
  const symbolsOf = (value: unknown): string[] => {
    if (!Array.isArray(value)) throw undecodable();
    const symbols = value.map(symbolOf);
    if (new Set(symbols).size < symbols.length) throw refuse.malformed('duplicate symbols in watchlist');
    return symbols;
  };
  const nameOf = (name: unknown): string => {
    const value = new Fields({ name }).text('name');
    if (value === null || value.trim() === '') throw refuse.malformed('watchlist name is required');
    if ([...value].length > mostLetters) {
      throw refuse.malformed(`watchlist name must be no more than ${mostLetters} characters`);
    }
    return value;
  };
  const save = async (list: Watchlist): Promise<Watchlist> => {
    if ((await records.saveWatchlist(list)) === 'name taken') throw refuse.malformed('watchlist name must be unique');
    return list;
  };
  /** The list that the path or the query names. */
  const named = async (c: Context<Env>): Promise<Watchlist> => {
    const lists = await records.watchlists(c.get('accountId'));
    const id = c.req.param('id');
    if (id === undefined) {
      const name = c.req.query('name');
      if (!name) throw refuse.malformed('watchlist name is required');
      const found = lists.find((list) => list.name === name);
      if (!found) throw refuse.notFound(`watchlist not found for ${name}`);
      return found;
    }
    const wanted = uuidIn(id);
    if (wanted === null) throw refuse.malformed('invalid watchlist id');
    const found = lists.find((list) => list.id === wanted);
    if (!found) throw refuse.notFound(`watchlist not found for ${id}`);
    return found;
  };
  const changed = (list: Watchlist, change: Partial<Watchlist>): Promise<Watchlist> =>
    save({ ...list, ...change, updatedAt: now().toISOString() });

  api.get('/v2/watchlists', async (c) => c.json((await records.watchlists(c.get('accountId'))).map(head)));
  api.post('/v2/watchlists', async (c) => {
    const body = await bodyOf(c);
    const at = now().toISOString();
    const list = {
      id: random.id(),
      accountId: c.get('accountId'),
      name: nameOf(body.name),
      symbols: symbolsOf(body.symbols ?? []),
      createdAt: at,
      updatedAt: at,
    };
    return c.json(whole(await save(list)));
  });
  for (const path of ['/v2/watchlists:by_name', '/v2/watchlists/:id'] as const) {
    api.get(path, async (c) => c.json(whole(await named(c))));
    api.put(path, async (c) => {
      const body = await bodyOf(c);
      const list = await named(c);
      if (body.name == null && body.symbols == null) throw refuse.malformed('name or symbols is required');
      const change = {
        ...(body.name == null ? {} : { name: nameOf(body.name) }),
        ...(body.symbols == null ? {} : { symbols: symbolsOf(body.symbols) }),
      };
      return c.json(whole(await changed(list, change)));
    });
    api.post(path, async (c) => {
      const body = await bodyOf(c);
      const list = await named(c);
      if (body.symbol === undefined || body.symbol === null) throw refuse.malformed('symbol is required');
      const symbol = symbolOf(body.symbol);
      if (list.symbols.includes(symbol)) throw refuse.malformed(`${symbol} is already in the watchlist`);
      return c.json(whole(await changed(list, { symbols: [...list.symbols, symbol] })));
    });
    api.delete(path, async (c) => {
      const list = await named(c);
      await records.removeWatchlist(list.accountId, list.id);
      return c.body(null, 204);
    });
    api.delete(`${path}/:symbol{.+}`, async (c) => {
      const list = await named(c);
      const name = c.req.param('symbol')!;
      const symbol = listing.find(name)?.symbol;
      if (symbol === undefined || !list.symbols.includes(symbol)) throw refuse.notFound(`asset not found for ${name}`);
      return c.json(whole(await changed(list, { symbols: list.symbols.filter((one) => one !== symbol) })));
    });
  }
  return api;
}
