import { decimal, text } from '../core/decimal.ts';
import type { ParameterValue } from '../core/model/risk-limit.ts';
import type {
  ExposureBar,
  ReportedBreach,
  ReportedCorrelation,
  ReportedLimitChange,
  RiskPortfolio,
  RiskReport,
} from '../core/model/risk-overview.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LimitVersion } from '../core/ports/limit-store.ts';
import type { RiskBooks } from '../core/ports/risk-books.ts';
import { dateIn, marketZone, startOfDay } from '../core/zoned-day.ts';
import type { Parameter } from '../pipeline/risk/parameters.ts';
import type { Rule } from '../pipeline/risk/rule.ts';
import type { RiskOverview } from './risk-overview.ts';

/** Which report is wanted. */
export type ReportWish =
  | { readonly of: 'today'; readonly by: string | null }
  /** Of a session that is over; `asItIs`: so lately that what is held now is what was held at its close. */
  | { readonly of: 'session'; readonly closedAt: Date; readonly asItIs: boolean };

export interface RiskReportMakerParts {
  readonly overview: RiskOverview;
  readonly books: Pick<RiskBooks, 'limitChanges'>;
  readonly rules: readonly Rule[];
  /** Accounts that have not been put away, by id. */
  accountNames(): Promise<ReadonlyMap<string, string>>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Pairs that move so much alike, or so much against each other, are told. */
export const correlationThreshold = '0.7';

const dayMs = 86_400_000;

/** Puts the report of a day together. */
export function createRiskReportMaker(parts: RiskReportMakerParts): (wish: ReportWish) => Promise<RiskReport> {
  const { overview, books, rules, clock } = parts;

  return async (wish) => {
    const late = wish.of === 'session' && !wish.asItIs;
    const figures = late ? await overview.asOf(wish.closedAt) : await overview.now();
    const madeAt = clock.now();
    const day = wish.of === 'session' ? dateIn(wish.closedAt, marketZone) : figures.day;
    const from = startOfDay(new Date(`${day}T17:00:00Z`), marketZone);
    const until = startOfDay(new Date(from.getTime() + 1.5 * dayMs), marketZone);
    const [changes, names] = await Promise.all([books.limitChanges(from, until), parts.accountNames()]);
    const { portfolios } = figures;
    return {
      day,
      final: wish.of === 'session',
      madeAt: madeAt.toISOString(),
      through: figures.at,
      madeBy: wish.of === 'today' ? wish.by : null,
      notes: notesOf(wish, portfolios),
      portfolios: [...portfolios],
      breaches: portfolios.flatMap(breachesOf),
      correlations: portfolios.flatMap(closePairs),
      correlationThreshold,
      limitChanges: changes.map((change) => limitChange(change, rules, names)),
    };
  };
}

function notesOf(wish: ReportWish, portfolios: readonly RiskPortfolio[]): string[] {
  const unpriced = [...new Set(portfolios.flatMap((one) => one.unpriced))].sort();
  return [
    ...(wish.of === 'today' ? ['The day was not over: the report that is made after the close takes its place.'] : []),
    ...(wish.of === 'session' && !wish.asItIs
      ? [
          'Made late, as the server was down after the close: positions and equity are those last recorded before it. Whose the shares were and which entries were on their way was not recorded.',
        ]
      : []),
    ...(portfolios.length === 0 ? ['No account had been recorded by then.'] : []),
    ...(unpriced.length > 0 ? [`Without a price, counted at cost: ${unpriced.join(', ')}.`] : []),
  ];
}

function breachesOf(portfolio: RiskPortfolio): ReportedBreach[] {
  const { symbols, sectors, strategies, gauges } = portfolio;
  const bar = (what: string, { limit, gross }: ExposureBar): ReportedBreach[] =>
    limit?.state === 'over'
      ? [
          {
            ...{ portfolio: portfolio.name, what, rule: limit.rule, name: limit.name },
            ...{ value: gross, limit: limit.value, unit: 'USD', state: limit.state },
          },
        ]
      : [];
  return [
    ...gauges.flatMap(({ name, limit, value, unit }): ReportedBreach[] =>
      limit && (limit.state === 'over' || limit.state === 'unknown')
        ? [
            {
              ...{ portfolio: portfolio.name, what: name, rule: limit.rule, name: limit.name },
              ...{ value, limit: limit.value, unit, state: limit.state },
            },
          ]
        : [],
    ),
    ...symbols.flatMap((one) => bar(one.name, one)),
    ...sectors.flatMap((one) => bar(`the sector ${one.name}`, one)),
    ...(strategies ?? []).flatMap((one) => bar(`the strategy ${one.name}`, one)),
  ];
}

/** The closest first. */
function closePairs({ name: portfolio, correlations: { symbols, cells } }: RiskPortfolio): ReportedCorrelation[] {
  const threshold = decimal(correlationThreshold);
  const pairs = symbols.flatMap((a, i) =>
    symbols.slice(i + 1).flatMap((b, j) => {
      const value = cells[i]![i + 1 + j] ?? null;
      return value !== null && decimal(value).abs().gte(threshold) ? [{ portfolio, a, b, value }] : [];
    }),
  );
  return pairs.sort((x, y) => decimal(y.value).abs().cmp(decimal(x.value).abs()));
}

function limitChange(
  version: LimitVersion,
  rules: readonly Rule[],
  names: ReadonlyMap<string, string>,
): ReportedLimitChange {
  const rule = rules.find(({ key }) => key === version.rule);
  const { kind, name } = version.scope;
  const known: Readonly<Record<string, Parameter>> = rule?.parameters ?? {};
  return {
    at: version.at.toISOString(),
    rule: version.rule,
    name: rule?.name ?? version.rule,
    scope: kind === 'everything' ? kind : `the ${kind} ${kind === 'account' ? (names.get(name) ?? name) : name}`,
    version: version.version,
    what: version.removed ? 'taken away' : version.on ? `set, ${severityWords[version.severity]}` : 'switched off',
    parameters: version.removed
      ? []
      : Object.entries(version.parameters).map(
          ([key, value]) => `${known[key]?.label ?? key}: ${inWords(known[key]?.kind, value)}`,
        ),
    author: version.author,
    reason: version.reason,
  };
}

const severityWords: Readonly<Record<LimitVersion['severity'], string>> = {
  deny: 'refuses',
  reduce: 'makes smaller',
  ask: 'asks a person',
  warn: 'warns',
};

function inWords(kind: Parameter['kind'] | undefined, value: ParameterValue): string {
  if (typeof value === 'object') return value.join(', ') || 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (kind === 'share') return `${text(decimal(String(value)).times('100'))} %`;
  if (kind === 'money') return `${value} USD`;
  if (kind === 'seconds') return `${value} s`;
  return kind === 'multiple' ? `${value} times` : String(value);
}
