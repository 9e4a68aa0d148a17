import { stripVTControlCharacters, styleText } from 'node:util';
import { decimal, text } from '../../core/decimal.ts';
import type { OrderSummary } from '../../core/model/kept-facts.ts';
import { type DifferenceKind, differenceKinds, type Outcome } from '../../research/replay/compare.ts';
import type { Rejudged } from '../../research/replay/rejudge.ts';
import type { ReplayTotals } from '../../research/replay/replay.ts';

/** How kinds of difference are called. */
export const kindNames: Readonly<Record<DifferenceKind, string>> = {
  decision: 'decision',
  code: 'reason',
  quantity: 'quantity',
  terms: 'terms',
  not_replayed: 'not replayed',
};

type Style = Parameters<typeof styleText>[0];

/** Lines of a table for people, which can be written while a replay goes on. */
export class ReplayTable {
  readonly #paint: (style: Style, words: string) => string;

  constructor(coloured: boolean) {
    this.#paint = (style, words) => (coloured ? styleText(style, words, { validateStream: false }) : words);
  }

  head(): string {
    return this.#paint('bold', row(['time', 'strategy', 'symbol', 'differs in', 'was', 'would be']));
  }

  line(one: Rejudged): string {
    const style: Style = one.difference === null ? 'dim' : one.difference === 'not_replayed' ? 'yellow' : 'cyan';
    const cells = [
      one.at.toISOString().slice(0, 19).replace('T', ' '),
      one.strategy ?? '-',
      one.symbol ?? '-',
      this.#paint(style, (one.difference ? kindNames[one.difference] : 'reading').padEnd(12)),
      one.was ? this.#outcome(one.was) : '-',
      one.wouldBe ? this.#outcome(one.wouldBe) : one.notes.join('; '),
    ];
    const more = [
      ...(one.shadow ? ['beside the alert, on paper'] : []),
      ...(one.readAnew.length > 0 ? [`read in another way today: ${one.readAnew.join(', ')}`] : []),
      ...(one.wouldBe ? one.notes : []),
    ];
    return [row(cells), ...more.map((said) => this.#paint('dim', `${' '.repeat(21)}${said}`))].join('\n');
  }

  #outcome(outcome: Outcome): string {
    const words = outcomeInWords(outcome);
    const style: Style = outcome.outcome === 'approved' ? 'green' : outcome.outcome === 'held' ? 'yellow' : 'red';
    return this.#paint(style, words.padEnd(widths[4]!));
  }

  totals(totals: ReplayTotals): string {
    const different = differenceKinds.filter((kind) => kind !== 'not_replayed');
    const lines = [
      '',
      `${totals.alerts} alerts, ${totals.decisions} decisions: ${totals.same} the same, ` +
        `${different.reduce((sum, kind) => sum + totals.by[kind], 0)} different, ${totals.by.not_replayed} could not be made again.`,
      ...different
        .filter((kind) => totals.by[kind] > 0)
        .map((kind) => `  ${kindNames[kind].padEnd(28)} ${totals.by[kind]}`),
    ];
    if (totals.readAnew > 0) lines.push(`  ${'alert read in another way'.padEnd(28)} ${totals.readAnew}`);
    const rules = Object.entries(totals.rules).filter(([, { was, wouldBe }]) => was !== wouldBe);
    if (rules.length > 0) {
      lines.push(
        '',
        this.#paint(
          'bold',
          `${'stopped or made smaller by'.padEnd(30)} ${'was'.padStart(9)} ${'would be'.padStart(9)}`,
        ),
      );
      for (const [rule, { was, wouldBe }] of rules)
        lines.push(`${rule.padEnd(30)} ${String(was).padStart(9)} ${String(wouldBe).padStart(9)}`);
    }
    const { was, wouldBe } = totals.notional;
    const change = decimal(wouldBe).minus(was);
    lines.push('', `Entries let through: ${was} then, ${wouldBe} now (${change.gt('0') ? '+' : ''}${text(change)}).`);
    for (const [note, count] of Object.entries(totals.notes)) lines.push(`${count} times: ${note}.`);
    lines.push('Each alert was judged with its account as it was: what one decision changes does not reach the next.');
    return lines.join('\n');
  }
}

const widths = [19, 14, 8, 12, 46, 46];

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - stripVTControlCharacters(cell).length)))
    .join('  ')
    .trimEnd();

/** "buy 50 at 150, stop 148, target 155"; "denied by max-position (RISK_MAX_POSITION)". */
export function outcomeInWords(outcome: Outcome): string {
  switch (outcome.outcome) {
    case 'refused':
      return `not understood (${outcome.code})`;
    case 'understood':
      return 'understood';
    case 'denied':
      return `denied by ${outcome.rule ?? 'no rule'} (${outcome.code})`;
    case 'held':
      return `waits for a person: ${outcome.side ?? ''} ${outcome.quantity} (${outcome.code})`;
    case 'approved': {
      const { orders, cancels, moves, withheld, rule } = outcome;
      const parts = orders.map(orderInWords);
      if (cancels.length > 0) parts.push(`cancels ${cancels.length}`);
      if (moves.length > 0) parts.push(`moves ${moves.map(([, stop]) => `a stop to ${stop}`).join(', ')}`);
      if (withheld) parts.push(`its entry is kept back (${withheld})`);
      else if (rule) parts.push(`made smaller by ${rule}`);
      return parts.join('; ') || 'approved';
    }
  }
}

function orderInWords(order: OrderSummary): string {
  const terms = [`${order.side} ${order.quantity} at ${order.limit ?? order.reference}`];
  const stop = order.stopLoss ?? order.stop;
  if (stop) terms.push(`stop ${stop}`);
  if (order.takeProfit) terms.push(`target ${order.takeProfit}`);
  if (order.trail) terms.push(`trailing by ${order.trail}`);
  return terms.join(', ');
}
