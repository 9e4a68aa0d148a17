import { type ExchangeJson, exchangeView } from '../../contract/index.ts';
import type { ExchangeAdmin } from '../../platform/rehearsal/exchange-admin.ts';

const patienceMs = 3000;

/** The embedded exchange's admin API, in this process or another. */
export function createExchangeAdmin({ url, adminKey }: { url: string; adminKey: string }): ExchangeAdmin {
  const ask = (method: string, path = '', body?: unknown): Promise<Response> =>
    fetch(`${url}/admin/awkward${path}`, {
      method,
      headers: { authorization: `Bearer ${adminKey}` },
      signal: AbortSignal.timeout(patienceMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    async look(): Promise<ExchangeJson | null> {
      try {
        const response = await ask('GET');
        return response.ok ? exchangeView.parse(await response.json()) : null;
      } catch {
        return null;
      }
    },
    async add(fault) {
      const response = await ask('POST', '', fault);
      if (response.ok) return null;
      const { message } = (await response.json().catch(() => ({}))) as { message?: string };
      return message ?? `The exchange answered ${response.status}. Nothing was changed.`;
    },
    async remove(id) {
      return (await ask('DELETE', `/${id}`)).ok;
    },
    async clear() {
      await ask('DELETE');
    },
  };
}
