import type postgres from 'postgres';
import type { Draw } from './draw.ts';

/** What a person does meanwhile, over the API: cancels resting entries, and turns the kill switch on and off. */
export interface Desk {
  /** Signs in by the link that was printed; the session outlives the process that began it. */
  enter(): Promise<void>;
  /** Asks to cancel an entry that rests; false: none does, or the server does not answer. */
  cancelOne(): Promise<boolean>;
  /** Stops entries for a moment. */
  killSwitch(flatten: boolean): Promise<boolean>;
  /** Lets entries go on, in any case, however often it takes. */
  release(): Promise<void>;
  readonly done: Record<string, number>;
}

export function createDesk(parts: {
  readonly api: () => { url: string; token: string; signInUrl: string | null } | null;
  readonly sql: () => postgres.Sql;
  readonly draw: Draw;
}): Desk {
  const done: Record<string, number> = {};
  /** The cookie of a person: a kill switch is lifted by nobody else. */
  let session: string | null = null;
  const count = (what: string) => {
    done[what] = (done[what] ?? 0) + 1;
  };

  async function ask<T>(method: string, path: string, body?: unknown): Promise<T | null> {
    const api = parts.api();
    if (api === null) return null;
    try {
      const response = await fetch(`${api.url}${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          origin: new URL(api.url).origin,
          ...(session === null ? { authorization: `Bearer ${api.token}` } : { cookie: session }),
        },
        signal: AbortSignal.timeout(5000),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return response.ok ? (JSON.parse(text) as T) : null;
    } catch {
      return null;
    }
  }

  /** Lifts what is engaged; false: it could not be asked. */
  async function liftAll(): Promise<boolean> {
    const switches = await ask<{ engaged: { id: string }[] }>('GET', '/kill-switch');
    if (switches === null) return false;
    for (const { id } of switches.engaged) {
      if ((await ask('POST', `/kill-switch/${id}/lift`, { reason: 'the torture goes on' })) === null) return false;
    }
    return true;
  }

  return {
    done,
    async enter() {
      for (let attempt = 0; session === null && attempt < 100; attempt++) {
        session = await signIn(parts.api()?.signInUrl ?? null).catch(() => null);
        if (session === null) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      if (session === null) throw new Error('nobody could sign in by the printed link');
    },
    async cancelOne() {
      const resting = await parts.sql()<{ id: string }[]>`
        select id from orders
        where parent_id is null and role = 'entry' and status in ('accepted', 'partially_filled') limit 20`;
      if (resting.length === 0) return false;
      const asked = (await ask('POST', `/orders/${parts.draw.pick(resting).id}/cancel`)) !== null;
      if (asked) count('cancels asked');
      return asked;
    },
    async killSwitch(flatten) {
      const scope = parts.draw.pick<Record<string, string>>([
        { scope: 'all' },
        { scope: 'strategy', key: 'long' },
        { scope: 'symbol', key: 'AAPL' },
      ]);
      const turned = (await ask('POST', '/kill-switch', { ...scope, reason: 'a torture test', flatten })) !== null;
      if (turned) count(`kill switch, ${scope.scope}${flatten ? ', flattening' : ''}`);
      return turned;
    },
    async release() {
      for (let attempt = 0; attempt < 600; attempt++) {
        if (await liftAll()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('the kill switch could not be released');
    },
  };
}

async function signIn(link: string | null): Promise<string | null> {
  if (link === null) return null;
  const answer = await fetch(link, { redirect: 'manual', signal: AbortSignal.timeout(5000) });
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  return cookies.length === 0 ? null : cookies.join('; ');
}
