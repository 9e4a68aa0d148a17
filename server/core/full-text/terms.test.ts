// Which words are asked for, and where a text has them. As the standard analyzer sees words, so that OpenSearch proposes the same.
import { describe, expect, it } from 'vitest';
import { folded, placesOf, readTerms } from './terms.ts';

const asked = (typed: string) =>
  readTerms(typed).map(({ words, exact }) => (exact ? `"${words.join(' ')}"` : words.join(' ')));
const found = (typed: string, text: string) =>
  readTerms(typed).every((term) => placesOf(term, folded(text)).length > 0);

describe('what was typed', () => {
  it.each([
    ['aapl limit', ['aapl', 'limit']],
    ['  AAPL,  limit. ', ['aapl', 'limit']],
    ['"kill switch" on', ['"kill switch"', 'on']],
    ['kill-switch', ['kill switch']],
    ['order.filled 150.25 O’Neil', ['order.filled', '150.25', 'o’neil']],
    ['RISK_MAX_POSITION', ['risk_max_position']],
    ['23.4 % of equity', ['23.4', 'of', 'equity']],
    ['"unbalanced', ['unbalanced']],
    ['a a "a" a', ['a', '"a"']],
    ['/*?(){}[]^~+-!&|\\:', []],
    ['"" "  " ___', []],
    ['a:1', ['a 1']],
    ['{"ticker":"AAPL"}', ['"ticker"', '"aapl"']],
  ])('%j asks for %j', (typed, expected) => {
    expect(asked(typed)).toEqual(expected);
  });
});

describe('a word', () => {
  it.each([
    ['aap', 'Buy AAPL now'],
    ['APL', 'a-apl'],
    ['filled', 'order filled, at 3'],
    ['position', 'max-position'],
    ['max position', 'Position at its MAX'],
    ['kill-switch', 'the kill switch is on'],
    ['150.25', 'at 150.25.'],
    ['150', '"price":"150.25"'],
    ['nasdaq:aapl', '{"ticker":"NASDAQ:AAPL"}'],
    ['grüße', 'Schöne GRÜSSE, GRÜßE'],
    ['ärger', 'ÄRGER'],
    ['日本', '日本株'],
    ['"limit is"', 'the limit  is 20'],
    ['"is 20"', 'the limit is 20.'],
    ['"is 20"', 'the limit is 20 %'],
  ])('%j is in %j', (typed, text) => {
    expect(found(typed, text)).toBe(true);
  });

  it.each([
    ['apl', 'AAPL'],
    ['"aap"', 'AAPL'],
    ['"is 2"', 'the limit is 20'],
    ['"is 20"', 'the limit is 20.5'],
    ['"is limit"', 'the limit is'],
    ['limit is', 'the limit'],
    ['25', '150.25'],
    ['filled', 'partially_filled'],
    ['aapl', 'NASDAQ:AAPL'],
    ['a.b', 'acb'],
  ])('%j is not in %j', (typed, text) => {
    expect(found(typed, text)).toBe(false);
  });

  it('is found where it stands, though lower case can be longer', () => {
    const text = 'İİ İstanbul AAPL';
    const [place] = placesOf(readTerms('aapl')[0]!, folded(text));
    expect(text.slice(place!.start, place!.end)).toBe('AAPL');
  });
});
