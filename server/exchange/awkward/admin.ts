import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { BookView } from '../venue/book-view.ts';
import type { OpenedAccount } from '../venue/further-accounts.ts';
import { VenueRefusal } from '../venue/refusal.ts';
import type { Awkwardness, Fault } from './awkwardness.ts';
import { FaultRefusal } from './fault.ts';
import { kinds } from './kinds.ts';

/** What the exchange is, for whoever looks after it. */
export interface VenueFacts {
  readonly url: string;
  readonly streamUrl: string;
  readonly dataStreamUrl: string;
  readonly symbols: number;
  /** Quotes of each symbol per second. */
  readonly pace: number;
  readonly seed: number;
  /** Whether equities trade round the clock, whatever the calendar says. */
  readonly alwaysOpen: boolean;
  /** Requests a minute that an account may make; null: as many as it likes. */
  readonly requestsPerMinute: number | null;
}

export interface AdminParts {
  readonly awkward: Awkwardness;
  readonly adminKey: string;
  readonly facts: () => VenueFacts;
  openAccount(cash?: number): Promise<OpenedAccount>;
  /** The newest trades of every account, newest first. */
  latestTrades(): Promise<readonly object[]>;
  /** The best levels of a symbol's book; null: it is not listed. */
  book(symbol: string, levels: number): Promise<BookView | null>;
  /** Takes a trade back, or puts a quantity or a price as decimal text in place of its own. Throws a `VenueRefusal`. */
  correctTrade(executionId: string, terms: { readonly qty?: string; readonly price?: string } | null): Promise<object>;
}

/** The most play money an account is opened with, in dollars. */
const mostCash = 1_000_000_000;
/** Levels of a book, on each side. */
const levelsShown = 20;

/** How a fault is shown. */
export const faultJson = ({ parameters, since, endsAt, ...fault }: Fault): Record<string, unknown> => ({
  id: fault.id,
  kind: fault.kind,
  match: fault.match,
  ...parameters,
  probability: fault.probability,
  count: fault.count,
  seed: fault.seed,
  since: since.toISOString(),
  until: endsAt?.toISOString() ?? null,
  seen: fault.seen,
  hits: fault.hits,
  ended: fault.ended,
});

/**
 * `/admin/awkward` and `/admin/accounts`, behind a key of their own: those who trade here must not be able to change how the venue
 * behaves, nor give themselves money.
 */
export function adminApi({
  awkward,
  adminKey,
  facts,
  openAccount,
  latestTrades,
  book,
  correctTrade,
}: AdminParts): Hono {
  const api = new Hono();
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(adminKey);
  api.use(async (c, next) => {
    const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    if (!timingSafeEqual(digest(given), expected)) {
      return c.json({ message: 'This takes the exchange’s admin key as a bearer token. Nothing was changed.' }, 401);
    }
    return next();
  });
  api.get('/admin/awkward', (c) =>
    c.json({
      venue: facts(),
      faults: awkward.list().map(faultJson),
      ended: awkward.past().map(faultJson),
      kinds: Object.entries(kinds).map(([name, kind]) => ({ name, symbol: null, ...kind })),
    }),
  );
  api.post('/admin/awkward', async (c) => {
    const asked: unknown = await c.req.json().catch(() => {
      throw new FaultRefusal('the body is no JSON');
    });
    return c.json(faultJson(await awkward.add(asked)), 201);
  });
  api.get('/admin/awkward/:id', (c) => {
    const fault = [...awkward.list(), ...awkward.past()].find(({ id }) => id === c.req.param('id'));
    return fault ? c.json(faultJson(fault)) : c.json({ message: 'There is no such fault.' }, 404);
  });
  api.delete('/admin/awkward/:id', async (c) =>
    (await awkward.remove(c.req.param('id')))
      ? c.body(null, 204)
      : c.json({ message: 'This fault is not on. Nothing was changed.' }, 404),
  );
  api.delete('/admin/awkward', async (c) => {
    await awkward.clear();
    return c.body(null, 204);
  });
  api.post('/admin/accounts', async (c) => {
    const { cash } = (await c.req.json().catch(() => ({}))) as { cash?: unknown };
    if (cash !== undefined && !(Number.isInteger(cash) && Number(cash) >= 1 && Number(cash) <= mostCash)) {
      return c.json({ message: `cash is whole dollars, from 1 to ${mostCash}. Nothing was changed.` }, 422);
    }
    return c.json(await openAccount(cash as number | undefined), 201);
  });
  api.get('/admin/executions', async (c) => c.json({ executions: await latestTrades() }));
  api.get('/admin/book', async (c) => {
    const seen = await book(c.req.query('symbol')?.toUpperCase() ?? '', levelsShown);
    return seen ? c.json(seen) : c.json({ message: 'This symbol is not listed here.' }, 404);
  });
  api.post('/admin/executions/:id/bust', async (c) => c.json(await correctTrade(c.req.param('id'), null)));
  api.post('/admin/executions/:id/correct', async (c) => {
    const asked: unknown = await c.req.json().catch(() => null);
    const { qty, price } = (asked ?? {}) as Record<string, unknown>;
    const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';
    if (!isText(qty) || !isText(price) || (qty === undefined && price === undefined)) {
      throw new FaultRefusal('a correction says qty, price or both, as decimal text');
    }
    const terms = { ...(qty === undefined ? {} : { qty }), ...(price === undefined ? {} : { price }) };
    return c.json(await correctTrade(c.req.param('id'), terms));
  });
  api.notFound((c) => c.json({ message: 'There is nothing at this address.' }, 404));
  api.onError((error, c) => {
    if (error instanceof VenueRefusal) return c.json({ message: `${error.message}. Nothing was changed.` }, 422);
    if (error instanceof FaultRefusal) return c.json({ message: `${error.message}. Nothing was changed.` }, 422);
    throw error;
  });
  return api;
}
