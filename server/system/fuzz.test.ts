// Invariants: of mutated alerts over HTTP none is answered with an error of ours or without a documented code, none that cannot be read becomes a signal
// or an order, and all that is stored is what was answered; and the fuzz finds each of these when the program is broken on purpose. How fast the
// answers are, and whether memory stays flat, a run of a few thousand on a busy machine does not say: that is what `npm run fuzz` is for.
import { expect, it } from 'vitest';
import { fuzz } from '../testing/fuzz/fuzz.ts';
import { type FuzzMutantName, fuzzMutantNames, fuzzMutants, makeFuzzMutant } from '../testing/fuzz/mutants.ts';

const run = (bodies: number, root: string | null, sought: readonly string[]) =>
  fuzz({
    bodies,
    seed: 5,
    only: null,
    minutes: 4,
    lanes: 16,
    root,
    sought,
    settleMs: root === null ? 120_000 : 1000,
    keep: false,
  });

const machine: ReadonlySet<string> = new Set(['unavailable', 'slow', 'memory']);

it('finds nothing in 2,000 mutated alerts', async () => {
  const result = await run(2000, null, []);
  expect(result.figures.filter(({ name, value }) => value !== 0 && !machine.has(name))).toEqual([]);
  expect(result.bodies).toBe(2000);
  // The parser was reached, and some of it was taken for what it is: a fuzz that is refused at the door shows nothing.
  expect(result.outcomes.refused).toBeGreaterThan(1000);
  expect(result.outcomes.accepted).toBeGreaterThan(40);
  expect(result.audit.orders).toBeGreaterThan(0);
}, 420_000);

it.each(fuzzMutantNames.filter((name) => !machine.has(fuzzMutants[name].shows)))(
  'goes red for %s',
  async (name: FuzzMutantName) => {
    const mutant = await makeFuzzMutant(name);
    try {
      const { shows } = fuzzMutants[name];
      const { figures } = await run(700, mutant.root, [shows]);
      expect(figures.filter(({ value }) => value > 0).map((figure) => figure.name)).toContain(shows);
    } finally {
      await mutant.remove();
    }
  },
  420_000,
);
