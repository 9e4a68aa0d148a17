import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { System } from './system.ts';

const routesFolder = fileURLToPath(new URL('../../web/src/routes', import.meta.url));

/** Every page that the dashboard has, as its folder says: "/", "/signals", "/signals/[id]". */
export async function pageRoutes(): Promise<string[]> {
  const files = await readdir(routesFolder, { recursive: true });
  return files
    .filter((file) => file.endsWith('+page.svelte'))
    .map((file) => `/${file.replaceAll('\\', '/').replace(/\/?\+page\.svelte$/, '')}`)
    .sort();
}

/** The address of a page, with an example for what changes in it; throws for a page of which nobody has said one. */
export function addressOf(route: string, examples: Readonly<Record<string, string>>): string {
  if (!route.includes('[')) return route;
  const example = examples[route];
  if (example === undefined) throw new Error(`${route} has no example: say one, so that the page is looked at`);
  return route.replace(/\[[^\]]+\]/, encodeURIComponent(example));
}

/** The examples for a system to which an alert has come: beside that a recording and today's report are made. */
export async function pageExamples(
  system: Pick<System, 'api'>,
  signalId: string,
): Promise<Readonly<Record<string, string>>> {
  const first = async (path: string): Promise<string> =>
    (await system.api<{ items: { id: string }[] }>(path)).items[0]!.id;
  const report = await system.api<{ day: string }>('/risk/reports', { method: 'POST', body: '{}' });
  return {
    '/signals/[id]': signalId,
    '/accounts/[id]': await first('/accounts'),
    '/orders/[id]': await first('/orders?status=all'),
    '/recordings/[id]': await recorded(system),
    '/risk/reports/[id]': report.day,
    '/strategies/[key]': 'breakout',
  };
}

/** An alert that came to a sandbox. */
async function recorded({ api }: Pick<System, 'api'>): Promise<string> {
  const { id, url } = await api<{ id: string; url: string }>('/sources', {
    method: 'POST',
    body: JSON.stringify({ source: 'rehearsal', name: 'Rehearsal' }),
  });
  await api(`/sources/${id}/sandbox`, { method: 'PUT', body: '{"on":true}' });
  const alert = { signal: 'BUY', ticker: 'AAPL', risk: 100, mode: 'Paper', strategy: 'breakout' };
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alert),
  });
  if (!answer.ok) throw new Error(`a sandbox did not take an alert: ${answer.status} ${await answer.text()}`);
  const { items } = await api<{ items: { id: string }[] }>('/recordings');
  return items[0]!.id;
}
