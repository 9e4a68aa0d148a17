import { expect, it } from 'vitest';
import { spanInWords } from './span-in-words.ts';

it.each([
  [10, '10 s'],
  [60, '1 minute'],
  [90, '90 s'],
  [300, '5 minutes'],
  [3600, 'an hour'],
  [7200, '2 hours'],
  [5400, '90 minutes'],
  [86_400, 'a day'],
])('%i seconds are %s', (seconds, words) => {
  expect(spanInWords(seconds)).toBe(words);
});
