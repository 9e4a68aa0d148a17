import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
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
}

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

/** `/admin/awkward`, behind a key of its own: those who trade here must not be able to change how the venue behaves. */
export function adminApi({ awkward, adminKey, facts }: AdminParts): Hono {
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
  api.notFound((c) => c.json({ message: 'There is nothing at this address.' }, 404));
  api.onError((error, c) => {
    if (error instanceof FaultRefusal) return c.json({ message: `${error.message}. Nothing was changed.` }, 422);
    throw error;
  });
  return api;
}
