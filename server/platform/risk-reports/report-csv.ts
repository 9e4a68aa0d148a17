import type { ExposureBarJson, RiskPortfolioJson, RiskReportJson } from '../../contract/index.ts';

/** One figure a line: a spreadsheet filters by section and portfolio. Values are decimals as they are kept, with their unit beside them. */
export const csvColumns = [
  'section',
  'portfolio',
  'item',
  'figure',
  'value',
  'unit',
  'limit',
  'of_equity',
  'note',
] as const;

type Line = Partial<Record<(typeof csvColumns)[number], string | null>>;

/** A report as CSV (RFC 4180, UTF-8). What begins like a formula, and is no number, has an apostrophe before it. */
export function reportCsv(report: RiskReportJson): string {
  const lines = linesOf(report).map((line) => csvColumns.map((column) => cell(line[column] ?? '')).join(','));
  return `${[csvColumns.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Amounts begin with a minus as well; nothing else may begin as a formula does. */
function cell(value: string): string {
  const number = /^-?\d+(\.\d+)?$/.test(value);
  const safe = !number && /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function linesOf(report: RiskReportJson): Line[] {
  const about = (figure: string, value: string | null, unit = ''): Line => ({ section: 'report', figure, value, unit });
  return [
    about('day', report.day, 'New York'),
    about('final', report.final ? 'yes' : 'no'),
    about('made at', report.madeAt, 'UTC'),
    about('through', report.through, 'UTC'),
    ...(report.madeBy === null ? [] : [about('made by', report.madeBy)]),
    ...report.notes.map((note): Line => ({ section: 'report', figure: 'note', note })),
    ...report.breaches.map(
      (one): Line => ({
        ...{ section: 'breach', portfolio: one.portfolio, item: one.what, figure: one.name, value: one.value },
        ...{ unit: one.unit, limit: one.limit, note: one.state === 'unknown' ? 'not known, entries are refused' : '' },
      }),
    ),
    ...report.portfolios.flatMap(portfolioLines),
    ...report.correlations.map(
      (one): Line => ({
        ...{ section: 'correlation', portfolio: one.portfolio, item: `${one.a} ${one.b}`, figure: 'correlation' },
        ...{ value: one.value, note: `at or beyond ${report.correlationThreshold} either way` },
      }),
    ),
    ...report.limitChanges.map(
      (one): Line => ({
        ...{ section: 'limit change', item: one.scope, figure: one.name, value: String(one.version), unit: 'version' },
        note: [`${one.what} by ${one.author} at ${one.at}`, one.reason, ...one.parameters].join('; '),
      }),
    ),
  ];
}

function portfolioLines(portfolio: RiskPortfolioJson): Line[] {
  const line = (section: string, figure: string, rest: Line): Line => ({
    ...{ section, portfolio: portfolio.name, figure },
    ...rest,
  });
  const { losses, drawdown } = portfolio;
  const shareOfEquity = (value: string | null): Line => ({ of_equity: value });
  return [
    line('account', 'mode', { value: portfolio.mode }),
    line('account', 'equity', { value: portfolio.equity, unit: 'USD' }),
    line('account', 'cash', { value: portfolio.cash, unit: 'USD' }),
    line('account', 'profit of the day', { value: portfolio.dayProfit, unit: 'USD' }),
    ...portfolio.gauges.map((one) =>
      line('figure', one.name, {
        ...{ value: one.value, unit: one.unit, limit: one.limit?.value ?? null, of_equity: one.ofEquity },
        note: one.missing ?? one.limit?.state ?? '',
      }),
    ),
    ...bars('symbol', portfolio.symbols),
    ...bars('sector', portfolio.sectors),
    ...bars('strategy', portfolio.strategies ?? []),
    ...losses.rows.flatMap((row) => {
      const item = `${row.method} ${row.confidence}`;
      const note = row.missing ?? losses.sentence ?? '';
      return [
        line('loss of a day', 'value at risk', {
          ...{ item, value: row.valueAtRisk, unit: 'USD', note },
          ...shareOfEquity(row.valueAtRiskOfEquity),
        }),
        line('loss of a day', 'expected shortfall', {
          ...{ item, value: row.expectedShortfall, unit: 'USD', note },
          ...shareOfEquity(row.expectedShortfallOfEquity),
        }),
      ];
    }),
    ...losses.missing.map((one) =>
      line('not in the losses', one.why, { item: one.symbol, value: one.worth, unit: 'USD' }),
    ),
    ...(drawdown
      ? [
          line('drawdown', 'highest equity', { value: drawdown.peak, unit: 'USD', note: drawdown.missing ?? '' }),
          line('drawdown', 'below it', { value: drawdown.amount, unit: 'USD', note: drawdown.missing ?? '' }),
          line('drawdown', 'part of it', { value: drawdown.fraction, unit: 'fraction' }),
          line('drawdown', 'size factor', { value: drawdown.factor, note: drawdown.on ? '' : 'the rule is off' }),
        ]
      : []),
    ...portfolio.refusals.flatMap((one) =>
      (['deny', 'reduce', 'ask', 'warn'] as const)
        .filter((verdict) => one[verdict] > 0)
        .map((verdict) =>
          line('refusals', one.name, { item: one.rule, value: String(one[verdict]), unit: 'decisions', note: verdict }),
        ),
    ),
  ];

  function bars(section: string, rows: readonly ExposureBarJson[]): Line[] {
    return rows.flatMap((bar) => [
      line(section, 'gross exposure', {
        ...{ item: bar.name, value: bar.gross, unit: 'USD', limit: bar.limit?.value ?? null, of_equity: bar.ofEquity },
        note: [bar.limit?.state ?? 'no limit', ...(bar.atCost ? ['at cost'] : [])].join(', '),
      }),
      line(section, 'net exposure', { item: bar.name, value: bar.net, unit: 'USD' }),
    ]);
  }
}
