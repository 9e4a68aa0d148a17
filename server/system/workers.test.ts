// Invariant: however many workers share a database, the same alerts come to the same orders and positions, and an exit never overtakes its
// entry. The cash equals the exchange's each time; which of two strategies' orders is first at the book, and by a cent cheaper, is chance. One worker is an intake process and a server's only worker in one; more are processes beside an intake.
import { expect, it } from 'vitest';
import { comesTo, measureWorkers, type WorkersOutcome } from '../../bench/workers.ts';

let one: WorkersOutcome;
const entriesThatStay = (outcome: WorkersOutcome) => comesTo(outcome).entriesThatStay;

it.each([1, 2, 4])(
  '%i of them come to the same',
  async (workers) => {
    const outcome = await measureWorkers(workers, 12);
    expect(outcome.differences).toEqual([]);
    expect(outcome.outOfOrder).toBe(0);
    if (workers === 1) {
      one = outcome;
      expect(entriesThatStay(one)).toSatisfy((lines: string[]) => lines.length > 6);
      expect(one.orders.length).toBeGreaterThan(24);
      // Nothing is left of those that were closed.
      expect(one.held).toEqual(one.held.filter((line) => /^bench-\d*[13579] /.test(line)));
      return;
    }
    expect(comesTo(outcome)).toEqual(comesTo(one));
  },
  180_000,
);
