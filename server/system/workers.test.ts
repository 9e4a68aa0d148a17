// Invariant: however many workers share a database, the same alerts come to the same orders and positions, and an exit never overtakes its
// entry. The cash equals the exchange's each time; which of two strategies' orders is first at the book, and by a cent cheaper, is chance. One worker is an intake process and a server's only worker in one; more are processes beside an intake.
import { expect, it } from 'vitest';
import { measureWorkers, type WorkersOutcome } from '../../bench/workers.ts';

let one: WorkersOutcome;

it.each([1, 2, 4])(
  '%i of them come to the same',
  async (workers) => {
    const outcome = await measureWorkers(workers, 12);
    expect(outcome.differences).toEqual([]);
    expect(outcome.outOfOrder).toBe(0);
    if (workers === 1) {
      one = outcome;
      expect(one.orders.length).toBeGreaterThan(24);
      expect(one.positions.length).toBeGreaterThan(4);
      return;
    }
    expect(outcome.orders).toEqual(one.orders);
    expect(outcome.positions).toEqual(one.positions);
  },
  180_000,
);
