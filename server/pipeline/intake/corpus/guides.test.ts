// Invariants: each alert that a guide shows is taken for the dialect that the guide speaks of, by its shape, and comes to what stands below it, or
// is refused as it says there; and each dialect is spoken of by somebody who moves here.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadDialects } from '../load-dialects.ts';
import { refusalOf } from '../problem-code.ts';
import { readAlert } from '../read-alert.ts';
import { readBody } from '../read-body.ts';
import { alertsOfGuide, fillIn, type GuideAlert } from './guide-alerts.ts';
import { stated } from './read-corpus.ts';

const dialects = await loadDialects();
const page = (name: string) => readFileSync(new URL(`../../../../docs/${name}.md`, import.meta.url), 'utf8');

function sentenceOf({ text, reading }: GuideAlert): { dialect: string; refused: boolean; says: string } {
  const { dialect, read } = readAlert(readBody(Buffer.from(fillIn(text))), dialects, { dialect: null, reading });
  const says = read.ok
    ? `Comes to \`${JSON.stringify(stated(read.value))}\`.`
    : `Refused: \`${refusalOf(read.error)}\`, ${read.error.map((one) => `\`${one.field}: ${one.code}\``).join(', ')}.`;
  return { dialect: dialect.key, refused: !read.ok, says };
}

describe.for(['moving', 'tradingview'])('%s.md', (name) => {
  const alerts = alertsOfGuide(page(name));

  test('shows alerts', () => expect(alerts.length).toBeGreaterThan(2));

  test.each(alerts)('$text', (alert) => {
    const { dialect, refused, says } = alert;
    expect(sentenceOf(alert)).toEqual({ dialect, refused, says });
  });
});

test('whoever moves here finds each dialect', () => {
  const shown = new Set(alertsOfGuide(page('moving')).map(({ dialect }) => dialect));
  expect([...shown].sort()).toEqual(dialects.map(({ key }) => key).sort());
});

test('a placeholder that is not known stays, as TradingView leaves it', () => {
  expect(fillIn('{{ticker}} {{tickr}}')).toBe('AAPL {{tickr}}');
});
