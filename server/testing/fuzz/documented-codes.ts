import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The page that lists every answer of the addresses that alerts are sent to. */
export const repliesPage = 'docs/webhook-replies.md';

/** Every code that the page names: whatever stands there in backticks and is written like one. */
export async function documentedCodes(root: string): Promise<ReadonlySet<string>> {
  const page = await readFile(join(root, repliesPage), 'utf8');
  return new Set([...page.matchAll(/`([A-Z][A-Z_]+[A-Z]|[a-z]+(?:-[a-z]+)+|unavailable)`/g)].map(([, code]) => code!));
}
