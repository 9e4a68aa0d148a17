import { readFile } from 'node:fs/promises';
import type { ApiTokens } from '../adapters/auth/api-tokens.ts';

const leastLength = 32;

/** Lets whoever has the token in the file read what a viewer may; the one before it is revoked. Throws a sentence when the file is of no use. */
export async function adoptMetricsToken(file: string, tokens: Pick<ApiTokens, 'adopt'>): Promise<void> {
  const token = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      throw new Error(`METRICS_TOKEN_FILE (${file}) cannot be read: ${error.code ?? error.message}.`);
    },
  );
  if (token.length < leastLength || /\s/.test(token)) {
    throw new Error(`METRICS_TOKEN_FILE (${file}) must hold one word of ${leastLength} characters or more.`);
  }
  await tokens.adopt('Prometheus', 'viewer', token);
}
