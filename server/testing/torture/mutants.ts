import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './moments.ts';
import { ownRoot } from './stage.ts';

/** A change to one file of the program. */
export interface Change {
  readonly file: string;
  /** Exactly what stands there, and what stands there instead. */
  readonly changes: readonly (readonly [from: string, to: string])[];
}

/** A change that takes one of the safeguards out, and where to strike to see it. */
export interface Mutant extends Change {
  /** What is taken out, in words. */
  readonly says: string;
  /** The steps that reveal it: one kill there does. */
  readonly aim: readonly Step[];
  /** The figures that show it. */
  readonly shows: readonly string[];
}

export const mutants = {
  'client-order-id': {
    says: 'the client order id is not the decision’s: each call has another one',
    file: 'server/adapters/brokers/alpaca/post-order.ts',
    changes: [['clientOrderId: order.clientOrderId,', 'clientOrderId: crypto.randomUUID(),']],
    aim: ['submit taken'],
    // The books take over what is foreign, so that positions and cash are right all the same.
    shows: ['ordersDoubled', 'ordersUnknown'],
  },
  'submitting-after-call': {
    says: 'submitting is written after the call to the broker',
    file: 'server/pipeline/execution/submit.ts',
    changes: [
      [
        'if (!(await orders.beginSubmit(order.orderId))) return again(timings.waitingFloorMs);\n',
        'if (record.status === "submitting") return again(timings.waitingFloorMs);\n',
      ],
      [
        'const outcome = await broker.submit(forVenue(order, broker.capabilities(order.symbol)));\n',
        'const outcome = await broker.submit(forVenue(order, broker.capabilities(order.symbol)));\n    await orders.beginSubmit(orderId);\n',
      ],
    ],
    aim: ['submit taken'],
    shows: ['ordersUnknown', 'ordersDifferent'],
  },
  'dedupe-key': {
    says: 'alerts have no key by which they are known again',
    file: 'server/adapters/database/intake-store/statements.ts',
    changes: [['dedupe_key: accepted?.dedupeKey,', 'dedupe_key: undefined,']],
    aim: ['alert answered'],
    shows: ['ordersDoubled'],
  },
} as const satisfies Readonly<Record<string, Mutant>>;

export type MutantName = keyof typeof mutants;
export const mutantNames = Object.keys(mutants) as MutantName[];

/** What the program needs to run, beside its packages. */
const parts = ['server', 'migrations', 'opensearch', 'package.json', 'tsconfig.json', 'web'];

/** A copy of the program without one of its safeguards. */
export const makeMutant = (name: MutantName): Promise<{ root: string; remove(): Promise<void> }> =>
  makeChanged(name, mutants[name]);

/**
 * Copies the program to a folder of its own and makes the one change there. Throws when the source does not read as it should: a mutant that
 * changes nothing would prove nothing.
 */
export async function makeChanged(
  name: string,
  { file, changes }: Change,
): Promise<{ root: string; remove(): Promise<void> }> {
  let source = await readFile(join(ownRoot, file), 'utf8');
  for (const [from, to] of changes) {
    const found = source.split(from).length - 1;
    if (found !== 1) throw new Error(`mutant ${name}: ${file} has ${found} times, where 1 was expected:\n${from}`);
    source = source.replace(from, () => to);
  }
  const root = await mkdtemp(join(tmpdir(), `signalbox-mutant-${name}-`));
  const there = new Set(await readdir(ownRoot));
  for (const part of parts.filter((one) => there.has(one))) {
    const filter = (path: string) => !/node_modules|\.svelte-kit|\.test\.ts$/.test(path.slice(ownRoot.length));
    await cp(join(ownRoot, part), join(root, part), { recursive: true, filter });
  }
  await mkdir(join(root, 'web', 'build'), { recursive: true });
  await symlink(join(ownRoot, 'node_modules'), join(root, 'node_modules'), 'dir');
  await writeFile(join(root, file), source);
  return { root, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}
