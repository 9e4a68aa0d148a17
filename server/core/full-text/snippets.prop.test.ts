// Invariants of a snippet: it is a piece of the text, word for word; what is marked in it holds the words that were asked for; it stays
// short; and nothing that was typed, whatever its signs, makes it fail.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snippetsOf } from './snippets.ts';
import { folded, placesOf, readTerms } from './terms.ts';

const word = fc.constantFrom(
  'AAPL',
  'limit',
  'order.filled',
  '150.25',
  'ärger',
  'İ',
  '日本',
  '😀',
  'max_position',
  'NASDAQ:X',
  'a',
);
const sign = fc.constantFrom(' ', '  ', '\n', ', ', '"', ':', '.', '-', '%', '_', '\\', '*', '/', '😀', '');
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: word }, { weight: 3, arbitrary: sign }, fc.string({ unit: 'grapheme' })), {
    maxLength: 90,
  })
  .map((pieces) => pieces.join(''));

describe('a snippet', () => {
  it('is a piece of the text, short, with the words marked', () => {
    fc.assert(
      fc.property(
        text,
        text.map((one) => one.slice(0, 60)),
        (body, typed) => {
          const terms = readTerms(typed);
          const snippets = snippetsOf({ texts: [body], codes: [], ids: [] }, terms);
          const has = terms.every((term) => placesOf(term, folded(body)).length > 0);
          expect(snippets !== null).toBe(has);
          for (const parts of snippets ?? []) {
            const inner = parts.filter((part, i) => !(part.text === '…' && (i === 0 || i === parts.length - 1)));
            const shown = inner.map((part) => part.text).join('');
            expect(body).toContain(shown);
            expect(shown.length).toBeLessThanOrEqual(180);
            expect(parts.some((part) => part.hit)).toBe(true);
            for (const part of parts) {
              expect(part.text).not.toBe('');
              expect(part.text.isWellFormed() || !body.isWellFormed()).toBe(true);
              if (part.hit)
                expect(terms.some((term) => folded(part.text).includes(term.words[0]!.slice(0, 1)))).toBe(true);
            }
          }
        },
      ),
    );
  });

  it('shows a word in the middle of a long text, with both ends cut', () => {
    const body = `${'before '.repeat(50)}AAPL${' after'.repeat(50)}`;
    const [parts] = snippetsOf({ texts: [body], codes: [], ids: [] }, readTerms('aapl'))!;
    expect(parts!.map((part) => part.hit)).toEqual([false, false, true, false, false]);
    expect(parts!.at(0)!.text).toBe('…');
    expect(parts!.at(2)!.text).toBe('AAPL');
    expect(parts!.at(-1)!.text).toBe('…');
  });

  it('comes from the text that says most, and from others only for words not shown yet', () => {
    const texts = ['AAPL would be too much', '{"ticker":"AAPL"}', null, 'opening range'];
    const shown = snippetsOf({ texts, codes: [], ids: [] }, readTerms('aapl range'))!.map((parts) =>
      parts.map((part) => part.text),
    );
    expect(shown).toEqual([
      ['AAPL', ' would be too much'],
      ['opening ', 'range'],
    ]);
    expect(snippetsOf({ texts, codes: [], ids: [] }, readTerms('aapl gone'))).toBeNull();
  });

  it('takes the parts of a code for words, and shows the code as it is', () => {
    const thing = { texts: ['partially_filled'], codes: ['order.partially_filled'], ids: [] };
    for (const typed of ['filled', 'partially fil', 'order.part', '"partially_filled"'])
      expect(
        snippetsOf(thing, readTerms(typed))?.[0]
          ?.map((part) => part.text)
          .join(''),
      ).toMatch(/partially_filled$/);
    expect(snippetsOf(thing, readTerms('illed'))).toBeNull();
  });

  it('is not needed where the id was asked for, and the beginning of an id is not the id', () => {
    const ids = ['019aa2f4-0000-7000-8000-000000000000'];
    expect(snippetsOf({ texts: ['x'], codes: [], ids }, readTerms('019AA2F4-0000-7000-8000-000000000000'))).toEqual([]);
    expect(snippetsOf({ texts: ['x'], codes: [], ids }, readTerms('019aa2f4'))).toBeNull();
  });
});
