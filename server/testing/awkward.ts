import type { KindName } from '../exchange/awkward/kinds.ts';

/** A fault as it is asked for; see docs/exchange.md for what each kind takes. */
export interface FaultOrder {
  readonly kind: KindName;
  readonly match?: {
    readonly method?: string;
    readonly path?: string;
    readonly symbol?: string;
    readonly account?: string;
    readonly stream?: 'trade_updates' | 'market_data' | 'events';
    readonly event?: string;
  };
  readonly probability?: number;
  readonly count?: number;
  readonly seconds?: number;
  readonly until?: string;
  readonly seed?: number;
  readonly [parameter: string]: unknown;
}

/** A fault as the exchange shows it. */
export interface ShownFault {
  readonly id: string;
  readonly kind: KindName;
  readonly seed: number;
  readonly seen: number;
  readonly hits: number;
  readonly ended: 'count' | 'time' | 'removed' | null;
  readonly [parameter: string]: unknown;
}

/** The exchange's admin API, as a test uses it. */
export interface Awkward {
  /** Turns a fault on. Throws when the exchange does not understand it. */
  add(fault: FaultOrder): Promise<ShownFault>;
  /** How it stands, while it is on and for a while after. */
  look(fault: ShownFault): Promise<ShownFault>;
  remove(fault: ShownFault): Promise<void>;
  /** Turns everything off. */
  clear(): Promise<void>;
  list(): Promise<{ faults: ShownFault[]; ended: ShownFault[] }>;
}

/** Makes an exchange misbehave over its admin API, as anybody could who has its admin key. */
export function awkwardOf(exchange: { readonly url: string; readonly adminKey: string | null }): Awkward {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${exchange.url}/admin/awkward${path}`, {
      method,
      headers: { authorization: `Bearer ${exchange.adminKey}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /admin/awkward${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    add: (fault) => ask('POST', '', fault) as Promise<ShownFault>,
    look: ({ id }) => ask('GET', `/${id}`) as Promise<ShownFault>,
    remove: async ({ id }) => void (await ask('DELETE', `/${id}`)),
    clear: async () => void (await ask('DELETE', '')),
    list: () => ask('GET', '') as Promise<{ faults: ShownFault[]; ended: ShownFault[] }>,
  };
}
