import { count } from '../../../core/parameters.ts';
import { alertKind } from '../kind.ts';

export const kind = alertKind({
  key: 'jobs-given-up',
  name: 'Dead letters',
  says: 'So many jobs were given up and wait for a person.',
  scope: { account: 'none', strategy: 'none', symbol: 'none' },
  parameters: { most: count('So many or more', 1, null, { min: 1, max: 100_000 }) },
  ends: 'holds',
  everyQuote: false,
  async look(readings, { values }) {
    const found = await readings.givenUp();
    const sentence = `${found} jobs were given up and wait for a person; the limit is ${values.most}.`;
    return { kind: found >= values.most ? 'holds' : 'over', value: String(found), sentence };
  },
});
