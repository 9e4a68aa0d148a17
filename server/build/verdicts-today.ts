import type { RiskTodayJson } from '../contract/index.ts';
import { refusals } from '../core/model/refusals.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DecidedCount } from '../core/ports/verdict-counts.ts';
import { dateIn, marketZone, startOfDay } from '../core/zoned-day.ts';
import type { Queries } from '../http/queries.ts';
import { countVerdicts, type RuleCounts } from '../pipeline/projections/verdict-counts.ts';
import type { Rule } from '../pipeline/risk/rule.ts';

export interface VerdictsTodayParts {
  readonly rules: readonly Rule[];
  readonly queries: Pick<Queries, 'countDecisions'>;
  readonly clock: Pick<Clock, 'now'>;
}

interface Counted {
  readonly from: Date;
  readonly until: Date;
  readonly decided: readonly DecidedCount[];
  readonly counts: ReadonlyMap<string, RuleCounts>;
}

/** What the rules have said on the accounts' day, which is New York's; from the verdicts as they are stored. */
export interface VerdictsToday {
  counted(): Promise<Counted>;
  shown(): Promise<RiskTodayJson>;
}

/** Beyond the longest day, and before the next one ends. */
const intoTheNextMs = 30 * 3_600_000;

export function createVerdictsToday({ rules, queries, clock }: VerdictsTodayParts): VerdictsToday {
  const titles = new Map(rules.map((rule) => [rule.key, rule.name]));

  async function counted(): Promise<Counted> {
    const from = startOfDay(clock.now(), marketZone);
    const until = startOfDay(new Date(from.getTime() + intoTheNextMs), marketZone);
    const decided = await queries.countDecisions(from, until);
    return { from, until, decided, counts: countVerdicts(decided) };
  }

  return {
    counted,
    async shown() {
      const { from, until, decided, counts } = await counted();
      const decisions = { approved: 0, denied: 0, held: 0 };
      const codes = new Map<keyof typeof refusals, number>();
      for (const { outcome, code, count } of decided) {
        decisions[outcome] += count;
        if (outcome === 'denied' && code !== null) codes.set(code, (codes.get(code) ?? 0) + count);
      }
      return {
        day: dateIn(from, marketZone),
        from: from.toISOString(),
        until: until.toISOString(),
        decisions,
        rules: [...counts]
          .map(([rule, own]) => ({ rule, title: titles.get(rule) ?? rule, ...own }))
          .sort((a, b) => b.refused - a.refused || b.breached - a.breached || (a.rule < b.rule ? -1 : 1)),
        codes: [...codes]
          .map(([code, count]) => ({ code, title: refusals[code], count }))
          .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
      };
    },
  };
}
