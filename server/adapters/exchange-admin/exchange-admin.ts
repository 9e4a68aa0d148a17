import { z } from 'zod';
import {
  type ExchangeBookJson,
  type ExchangeJson,
  type ExchangeTradeJson,
  exchangeBook,
  exchangeTrade,
  exchangeView,
} from '../../contract/index.ts';
import type { ExchangeAdmin } from '../../platform/rehearsal/exchange-admin.ts';

const patienceMs = 3000;
const awkward = '/awkward';
const told = z.object({ executions: z.array(exchangeTrade) });
const openedAccount = z.object({ keyId: z.string(), secretKey: z.string() });

/** The embedded exchange's admin API, in this process or another. */
export function createExchangeAdmin({ url, adminKey }: { url: string; adminKey: string }): ExchangeAdmin {
  const ask = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}/admin${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}` },
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  /** Null when it was done, and what the exchange says against it otherwise. */
  const refusal = async (response: Response): Promise<string | null> => {
    if (response.ok) return null;
    const { message } = (await response.json().catch(() => ({}))) as { message?: string };
    return message ?? `The exchange answered ${response.status}. Nothing was changed.`;
  };
  return {
    async look(): Promise<ExchangeJson | null> {
      try {
        const response = await ask('GET', awkward);
        return response.ok ? exchangeView.parse(await response.json()) : null;
      } catch {
        return null;
      }
    },
    async add(fault) {
      return refusal(await ask('POST', awkward, fault));
    },
    async remove(id) {
      return (await ask('DELETE', `${awkward}/${id}`)).ok;
    },
    async clear() {
      await ask('DELETE', awkward);
    },
    async trades(): Promise<ExchangeTradeJson[] | null> {
      try {
        const response = await ask('GET', '/executions');
        return response.ok ? told.parse(await response.json()).executions : null;
      } catch {
        return null;
      }
    },
    async book(symbol): Promise<ExchangeBookJson | 'unlisted' | null> {
      try {
        const response = await ask('GET', `/book?symbol=${encodeURIComponent(symbol)}`);
        if (response.status === 404) return 'unlisted';
        return response.ok ? exchangeBook.parse(await response.json()) : null;
      } catch {
        return null;
      }
    },
    async correct(tradeId, terms) {
      const path = `/executions/${encodeURIComponent(tradeId)}`;
      if (terms === null) return refusal(await ask('POST', `${path}/bust`));
      const { quantity: qty, price } = terms;
      return refusal(await ask('POST', `${path}/correct`, { qty, price }));
    },
    async openAccount(cash) {
      const response = await ask('POST', '/accounts', cash === null ? {} : { cash });
      if (!response.ok) throw new Error(`The exchange answered ${response.status}: no account was opened.`);
      const { keyId, secretKey } = openedAccount.parse(await response.json());
      return { keyId, secretKey };
    },
  };
}
