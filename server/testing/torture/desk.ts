import type postgres from 'postgres';
import type { Draw } from './draw.ts';

/** What a person does meanwhile, over the API: cancels resting entries, and turns the kill switch on and off. */
export interface Desk {
  /** Asks to cancel an entry that rests; false: none does, or the server does not answer. */
  cancelOne(): Promise<boolean>;
  /** Stops entries for a moment. */
  killSwitch(flatten: boolean): Promise<boolean>;
  /** Lets entries go on, in any case, however often it takes. */
  release(): Promise<void>;
  readonly done: Record<string, number>;
}

export function createDesk(parts: {
  readonly api: () => { url: string; token: string } | null;
  readonly sql: () => postgres.Sql;
  readonly draw: Draw;
}): Desk {
  const done: Record<string, number> = {};
  const count = (what: string) => {
    done[what] = (done[what] ?? 0) + 1;
  };

  async function ask(method: string, path: string, body?: unknown): Promise<boolean> {
    const api = parts.api();
    if (api === null) return false;
    try {
      const response = await fetch(`${api.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(5000),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  const turn = (engaged: boolean, flatten = false) =>
    ask('PUT', '/kill-switch', { engaged, reason: 'a torture test', flatten });

  return {
    done,
    async cancelOne() {
      const resting = await parts.sql()<{ id: string }[]>`
        select id from orders
        where parent_id is null and role = 'entry' and status in ('accepted', 'partially_filled') limit 20`;
      if (resting.length === 0) return false;
      const asked = await ask('POST', `/orders/${parts.draw.pick(resting).id}/cancel`);
      if (asked) count('cancels asked');
      return asked;
    },
    async killSwitch(flatten) {
      const turned = await turn(true, flatten);
      if (turned) count(flatten ? 'kill switch, flattening' : 'kill switch');
      return turned;
    },
    async release() {
      for (let attempt = 0; attempt < 600; attempt++) {
        if (await turn(false)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error('the kill switch could not be released');
    },
  };
}
