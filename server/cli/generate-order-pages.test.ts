import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { canFollowCorrection, canTransition, correctionSteps, orderStatuses, orderSteps } from '../core/model/order.ts';
import { conformanceCases, orderPages, orderPageUrl } from './generate-order-pages.ts';

const made = await orderPages();

it.each([...made.keys()])('docs/%s is up to date; else run: node server/cli/generate-order-pages.ts', async (file) => {
  expect(await readFile(orderPageUrl(file), 'utf8')).toBe(made.get(file));
});

it('numbers the cases from B01 on, without a gap', async () => {
  const ids = (await conformanceCases()).map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, i) => `B${String(i + 1).padStart(2, '0')}`));
  expect(ids.length).toBeGreaterThan(20);
});

it('gives each step its reason, in a sentence', () => {
  for (const steps of [orderSteps, correctionSteps]) {
    for (const from of orderStatuses) {
      for (const why of Object.values(steps[from])) expect(why).toMatch(/^[A-Z].{10,}\.$/);
    }
  }
});

it('lets nothing leave filled and rejected but a corrected trade', () => {
  for (const to of orderStatuses) {
    if (to !== 'filled') expect([to, canTransition('filled', to)]).toEqual([to, false]);
    if (to !== 'rejected') expect([to, canTransition('rejected', to)]).toEqual([to, false]);
  }
  expect(canFollowCorrection('filled', 'accepted')).toBe(true);
  expect(canFollowCorrection('rejected', 'accepted')).toBe(false);
});
