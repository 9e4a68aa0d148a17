import { readdir } from 'node:fs/promises';
import type { ChosenMethod } from '../../core/model/settings.ts';
import { type Parameters, readParameters } from '../../core/parameters.ts';
import type { Method } from './method.ts';
import type { StopMethod } from './stop-method.ts';

/** Every way to size and to place a stop. */
export interface SizingBook {
  readonly methods: readonly Method[];
  readonly stops: readonly StopMethod[];
}

/** Reads methods/ and stops/. A file whose method has another key than its name is refused, and so are two of one place. */
export async function loadSizing(folder: URL = new URL('./', import.meta.url)): Promise<SizingBook> {
  const [methods, stops] = await Promise.all([
    loadFolder<Method>(new URL('methods/', folder), 'method'),
    loadFolder<StopMethod>(new URL('stops/', folder), 'stop'),
  ]);
  return { methods, stops };
}

async function loadFolder<T extends { key: string; order: number }>(folder: URL, name: string): Promise<readonly T[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).sort();
  const found = await Promise.all(
    files.map(async (file) => {
      const made = ((await import(new URL(file, folder).href)) as Record<string, T | undefined>)[name];
      if (made?.key !== file.slice(0, -'.ts'.length)) {
        throw new Error(`${file} must export a ${name} whose key is its file's name, not ${made?.key}`);
      }
      return made;
    }),
  );
  found.sort((a, b) => a.order - b.order);
  for (const [i, one] of found.entries()) {
    const before = found[i - 1];
    if (before?.order === one.order) throw new Error(`${before.key} and ${one.key} both have the order ${one.order}`);
  }
  return found;
}

interface Known {
  readonly key: string;
  readonly parameters: Parameters;
}

/** A method that was chosen, with its values; a text says what is wrong with the choice, for a person. */
export function chosenOf<T extends Known>(
  known: readonly T[],
  { method: key, parameters }: ChosenMethod,
): { readonly method: T; readonly values: Readonly<Record<string, unknown>> } | string {
  const method = known.find((one) => one.key === key);
  if (!method) return `there is no ${key}; there are ${known.map((one) => one.key).join(', ')}`;
  const values = readParameters(method.parameters, parameters, key);
  return typeof values === 'string' ? values : { method, values };
}
