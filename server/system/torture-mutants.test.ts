// The torture test finds what it is there to find: each safeguard that is taken out of a copy of the program makes a figure other than zero,
// and the program as it is, struck at the same steps, does not.
import { expect, it } from 'vitest';
import { type Mutant, type MutantName, makeMutant, mutants } from '../testing/torture/mutants.ts';
import { torture } from '../testing/torture/torture.ts';

const run = (root: string | null, aim: readonly string[], kills: number, quietMs: number) =>
  torture({
    kills,
    seed: 3,
    minutes: 3,
    alerts: 60,
    workers: 1,
    root,
    aim,
    faults: false,
    everyFaultOnce: false,
    quietMs,
    keep: false,
  });

it.each<[MutantName, string[]]>([
  ['client-order-id', ['ordersDoubled', 'ordersUnknown', 'positionsDifferent', 'centsDifferent']],
  ['submitting-after-call', ['ordersUnknown', 'ordersDifferent']],
  ['dedupe-key', ['ordersDoubled']],
])(
  'finds out when %s is taken out',
  async (name, expected) => {
    const mutant = await makeMutant(name);
    try {
      const { aim }: Mutant = mutants[name];
      const { figures } = await run(mutant.root, aim, 3, 12_000);
      const found = figures.filter((figure) => figure.value > 0).map((figure) => figure.name);
      expect(found).toEqual(expect.arrayContaining(expected));
    } finally {
      await mutant.remove();
    }
  },
  240_000,
);

it('finds nothing in the program as it is, struck at the same steps', async () => {
  const aim = [...new Set(Object.values(mutants).flatMap((mutant: Mutant) => mutant.aim))];
  const { figures, killsByStep } = await run(null, aim, 4, 60_000);
  expect(figures.filter((figure) => figure.value !== 0)).toEqual([]);
  for (const step of Object.keys(killsByStep)) expect([...aim, 'at random']).toContain(step);
}, 240_000);
