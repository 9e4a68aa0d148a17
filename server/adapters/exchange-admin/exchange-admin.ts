import { z } from 'zod';
import { type ExchangeJson, exchangeView } from '../../contract/index.ts';
import type { ExchangeAdmin } from '../../platform/rehearsal/exchange-admin.ts';

const patienceMs = 3000;
const awkward = '/awkward';
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
      const response = await ask('POST', awkward, fault);
      if (response.ok) return null;
      const { message } = (await response.json().catch(() => ({}))) as { message?: string };
      return message ?? `The exchange answered ${response.status}. Nothing was changed.`;
    },
    async remove(id) {
      return (await ask('DELETE', `${awkward}/${id}`)).ok;
    },
    async clear() {
      await ask('DELETE', awkward);
    },
    async openAccount(cash) {
      const response = await ask('POST', '/accounts', cash === null ? {} : { cash });
      if (!response.ok) throw new Error(`The exchange answered ${response.status}: no account was opened.`);
      const { keyId, secretKey } = openedAccount.parse(await response.json());
      return { keyId, secretKey };
    },
  };
}
