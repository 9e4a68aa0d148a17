// Invariant: production only when the signal, the strategy, the account and the master switch all say so.
import { describe, expect, it } from 'vitest';
import type { Mode } from '../../core/model/mode.ts';
import { resolveMode } from './mode.ts';

const both: readonly Mode[] = ['paper', 'production'];
const combinations = both.flatMap((signal) =>
  both.flatMap((strategy) => both.flatMap((account) => both.map((master) => ({ signal, strategy, account, master })))),
);
const resolve = ({ signal, strategy, account, master }: (typeof combinations)[number]) =>
  resolveMode({
    signal,
    strategy: { key: 'momentum', mode: strategy },
    account: account === 'production' ? { name: 'Alpaca live', mode: 'production' } : null,
    master,
  });

describe('the mode', () => {
  it.each(combinations)('of %o', (votes) => {
    const { mode, reasons } = resolve(votes);
    const all = Object.values(votes).every((says) => says === 'production');
    expect(mode).toBe(all ? 'production' : 'paper');
    expect(reasons.map(({ source, says }) => [source, says])).toEqual(Object.entries(votes));
  });

  it('is paper for an account that trades paper, whatever the others say', () => {
    const { mode, reasons } = resolveMode({
      signal: 'production',
      strategy: { key: 'momentum', mode: 'production' },
      account: { name: 'Second', mode: 'paper' },
      master: 'production',
    });
    expect([mode, reasons[2]!.sentence]).toEqual(['paper', 'The account Second trades paper.']);
  });

  it('of a replay is explained by its being one', () => {
    const { mode, reasons } = resolveMode({
      ...{ signal: 'paper', replay: true, master: 'production' },
      strategy: { key: 'momentum', mode: 'production' },
      account: { name: 'Alpaca live', mode: 'production' },
    });
    expect([mode, reasons[0]!.sentence]).toEqual([
      'paper',
      'It is a replay: it goes to paper, whatever the alert asks for.',
    ]);
  });

  it('is explained in sentences', () => {
    const { reasons } = resolve({ signal: 'production', strategy: 'paper', account: 'paper', master: 'paper' });
    expect(reasons.map((reason) => reason.sentence)).toEqual([
      'The alert asks for production.',
      'The strategy momentum is set to paper.',
      'No enabled account trades production.',
      'The master switch is on paper.',
    ]);
  });
});
