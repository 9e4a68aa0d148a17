import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where the person stands, whatever directory the command runs in. */
export const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** A secret as it was said, or the content of `@file` without its last line end. Throws a sentence. */
export function readSecret(given: string): string {
  if (!given.startsWith('@')) return given;
  try {
    return readFileSync(fromHere(given.slice(1)), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(`${given.slice(1)} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}
