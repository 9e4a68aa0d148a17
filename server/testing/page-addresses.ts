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

/** The examples for a system to which an alert has come. */
export async function pageExamples(
  system: Pick<System, 'api'>,
  signalId: string,
): Promise<Readonly<Record<string, string>>> {
  const first = async (path: string): Promise<string> =>
    (await system.api<{ items: { id: string }[] }>(path)).items[0]!.id;
  return {
    '/signals/[id]': signalId,
    '/accounts/[id]': await first('/accounts'),
    '/orders/[id]': await first('/orders?status=all'),
    // Nothing was recorded and no report made yet: what their pages say then.
    '/recordings/[id]': signalId,
    '/risk/reports/[id]': '2026-01-05',
    '/strategies/[key]': 'breakout',
  };
}
