// The torture test finds what it is there to find: each safeguard that is taken out of a copy of the program makes figures other than zero,
// after one kill at the step at which it counts; and the program as it is, struck at the same steps, does not.
import { expect, it } from 'vitest';
import { type Mutant, makeMutant, mutantNames, mutants } from '../testing/torture/mutants.ts';
import { torture } from '../testing/torture/torture.ts';

const run = (root: string | null, aim: readonly string[], kills: number, sought: readonly string[]) =>
  torture({
    kills,
    seed: 3,
    minutes: null,
    alerts: 15,
    workers: 1,
    root,
    aim,
    faults: false,
    everyFaultOnce: false,
    // Longer than an unclear order takes to be found.
    quietMs: sought.length > 0 ? 12_000 : 60_000,
    sought,
    keep: false,
  });

it.each(mutantNames)(
  'finds out when %s is taken out',
  async (name) => {
    const mutant = await makeMutant(name);
    try {
      const { aim, shows }: Mutant = mutants[name];
      const { figures, killsByStep } = await run(mutant.root, aim, 1, shows);
      expect(Object.keys(killsByStep)).toEqual(aim);
      const found = figures.filter((figure) => figure.value > 0).map((figure) => figure.name);
      expect(found).toEqual(expect.arrayContaining([...shows]));
    } finally {
      await mutant.remove();
    }
  },
  300_000,
);

it('finds nothing in the program as it is, struck at the same steps', async () => {
  const aim = [...new Set(Object.values(mutants).flatMap((mutant: Mutant) => mutant.aim))];
  const { figures, killsByStep } = await run(null, aim, aim.length, []);
  expect(figures.filter((figure) => figure.value !== 0)).toEqual([]);
  expect(Object.keys(killsByStep).sort()).toEqual(aim.sort());
}, 300_000);
