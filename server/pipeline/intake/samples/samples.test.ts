// Invariants: every dialect has a sample, which is read as that dialect by its shape (a template by its source), as the order that it was
// filled with; two fillings are two alerts; a placeholder that is not known stays.
import { expect, test } from 'vitest';
import { text } from '../../../core/decimal.ts';
import { identityOf } from '../identity.ts';
import { loadDialects } from '../load-dialects.ts';
import { readAlert } from '../read-alert.ts';
import { type AlertFill, fillAlert, hasPlaceholder } from './fill-alert.ts';
import { samples } from './samples.ts';

const dialects = await loadDialects();
const fill = (change: Partial<AlertFill> = {}): AlertFill => ({
  ...{ side: 'buy', ticker: 'MSFT', exchange: 'NASDAQ', quantity: '3', risk: '50', price: '400.5', interval: '5' },
  ...{ stop: null, target: null, strategy: 'momentum', mode: 'Paper', secret: null },
  ...{ at: new Date('2026-11-20T15:00:00Z'), number: 1, nth: 1, id: 'a-1' },
  ...change,
});
const read = (sample: (typeof samples)[number], filled: string) =>
  readAlert({ text: filled, problem: null }, dialects, { dialect: null, reading: sample.reading ?? null });

test('there is a sample of each dialect, and each has its name', () => {
  expect(new Set(samples.map(({ dialect }) => dialect))).toEqual(new Set(dialects.map(({ key }) => key)));
  expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
});

test.each(samples.map((one) => [one.name, one] as const))('%s is read as what it was filled with', (_, sample) => {
  for (const side of ['buy', 'sell'] as const) {
    const { dialect, read: said } = read(sample, fillAlert(sample.text, fill({ side })));
    expect(dialect.key).toBe(sample.dialect);
    if (!said.ok) throw new Error(JSON.stringify(said.error));
    const { ticker, requestedMode, quantity, riskAmount, targetPosition } = said.value;
    expect(said.value).toMatchObject({ action: side, ticker: 'MSFT' });
    expect({ ticker, requestedMode }).toEqual({ ticker: 'MSFT', requestedMode: 'paper' });
    if (sample.dialect !== 'template')
      expect([
        quantity && text(quantity),
        riskAmount && text(riskAmount),
        targetPosition && text(targetPosition),
      ]).toContain(riskAmount ? '50' : targetPosition ? (side === 'buy' ? '3' : '-3') : '3');
    if (hasPlaceholder(sample.text, 'strategy')) expect(said.value.strategy).toBe('momentum');
    if (!hasPlaceholder(sample.text, 'mode')) continue;
    const live = read(sample, fillAlert(sample.text, fill({ side, mode: 'Production' }))).read;
    expect(live.ok && live.value.requestedMode).toBe('production');
  }
});

test.each(samples.map((one) => [one.name, one] as const))('%s: the second is no resend of the first', (_, sample) => {
  const key = (one: AlertFill): string => {
    const body = fillAlert(sample.text, one);
    const { alert, dialect, read: said } = read(sample, body);
    if (!said.ok) throw new Error(body);
    const about = {
      signal: said.value,
      json: alert.json,
      body: Buffer.from(body),
      tokenId: 't',
      rule: dialect.identity,
    };
    return identityOf(about, one.at, 60).dedupeKey;
  };
  const first = fill();
  expect(key(fill({ number: 2, nth: 2, id: 'a-2', at: new Date(first.at.getTime() + 1) }))).not.toBe(key(first));
  expect(key(fill())).toBe(key(first));
});

test('what is not known stays as it is', () => {
  expect(fillAlert('{{plot_0}} {{ ticker }} {{Close}} {{constructor}}', fill())).toBe(
    '{{plot_0}} MSFT 400.5 {{constructor}}',
  );
});
