import type { HttpParts } from '../http/parts.ts';
import { HttpProblem } from '../http/problems.ts';

/** No job was ever given up. */
export const noDeadLetters: HttpParts['deadLetters'] = {
  letters: {
    list: async () => ({ items: [], next: null }),
    find: async () => null,
    resend: async () => null,
    discard: async () => false,
    count: async () => [],
    failing: async () => [],
  },
  orders: { find: async () => null },
  decisions: { signal: async () => null },
};

export const readsNone = async (): Promise<never> => {
  const sentence = 'These tests read none. Nothing was decided or sent.';
  throw new HttpProblem(400, 'INVALID', 'The alert cannot be read', sentence);
};

export const notAsked = async () => {
  throw new HttpProblem(409, 'NOT_HERE', 'Not in these tests', 'Nobody does that in these tests. Nothing was changed.');
};
export const noAccountAdmin: HttpParts['accountAdmin'] = {
  add: notAsked,
  change: async () => null,
  replaceKeys: async () => null,
  archive: async () => null,
  test: notAsked,
  testStored: async () => null,
};
