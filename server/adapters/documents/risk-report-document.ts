import type { Content, ContentTable, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type {
  ExposureBarJson,
  LimitBesideJson,
  RiskGaugeJson,
  RiskPortfolioJson,
  RiskReportJson,
} from '../../contract/index.ts';
import { drawdownLine } from './drawdown-line.ts';
import { amount, moment, percent, signed } from './report-words.ts';

const soft = '#555b66';
const loss = '#b3261e';
const methods = { historical: 'Historical', parametric: 'Parametric', simulated: 'Monte Carlo' } as const;
const states = { within: 'within', near: 'near', over: 'OVER', unknown: 'NOT KNOWN' } as const;

/** The report of a day as pdfmake takes it; A4, one section a portfolio. */
export function riskReportDocument(report: RiskReportJson): TDocumentDefinitions {
  const title = `Risk report of ${report.day}`;
  return {
    info: { title, creator: 'Signalbox', producer: 'Signalbox' },
    language: 'en',
    pageSize: 'A4',
    pageMargins: [40, 44, 40, 44],
    defaultStyle: { font: 'Roboto', fontSize: 8.5, lineHeight: 1.15 },
    styles: {
      h1: { fontSize: 17, bold: true },
      h2: { fontSize: 13, bold: true, margin: [0, 16, 0, 4] },
      h3: { fontSize: 10, bold: true, margin: [0, 9, 0, 3] },
      soft: { color: soft },
      head: { color: soft, fontSize: 7.5 },
    },
    footer: (page, pages) => ({
      margin: [40, 12, 40, 0],
      columns: [
        { text: `${title}${report.final ? '' : ', the day so far'}`, style: 'soft', fontSize: 7.5 },
        { text: `${page} of ${pages}`, style: 'soft', fontSize: 7.5, alignment: 'right' },
      ],
    }),
    content: [
      { text: title, style: 'h1' },
      { text: aboutOf(report), style: 'soft', margin: [0, 2, 0, 0] },
      ...report.notes.map((text): Content => ({ text, margin: [0, 4, 0, 0] })),
      { text: 'Limits that are exceeded', style: 'h3' },
      report.breaches.length === 0 ? { text: 'None.' } : breaches(report),
      ...report.portfolios.flatMap(portfolioOf),
      { text: `Correlations at or beyond ${report.correlationThreshold} either way`, style: 'h2' },
      report.correlations.length === 0
        ? { text: 'None that is known.' }
        : table(
            ['*', 60, 60, 70],
            ['Portfolio', 'Symbol', 'Symbol', right('Correlation')],
            report.correlations.map((one) => [one.portfolio, one.a, one.b, right(signed(one.value))]),
          ),
      { text: 'Limits changed on the day', style: 'h2' },
      report.limitChanges.length === 0 ? { text: 'None.' } : limitChanges(report),
    ],
  };
}

const aboutOf = (report: RiskReportJson): string =>
  [
    `Positions and equity as of ${moment(report.through)}.`,
    `Made ${moment(report.madeAt)}${report.madeBy ? ` by ${report.madeBy}` : ' by the server'}; ${report.final ? 'final' : 'not final'}.`,
    'Amounts in USD, exact to the cent; shares are of equity.',
  ].join(' ');

function portfolioOf(portfolio: RiskPortfolioJson): Content[] {
  const { losses, correlations } = portfolio;
  const nothing = portfolio.symbols.length === 0;
  const mode = portfolio.mode === 'production' ? 'live' : 'paper';
  return [
    { text: portfolio.kind === 'mode' ? portfolio.name : `${portfolio.name} (${mode})`, style: 'h2' },
    {
      text: [
        `Equity ${amount(portfolio.equity)}, cash ${amount(portfolio.cash)}, `,
        portfolio.dayProfit === null
          ? 'the day’s profit is not known.'
          : `the day’s profit ${signed(portfolio.dayProfit, 2)}.`,
        portfolio.enabled ? '' : ' The account is switched off.',
      ].join(''),
    },
    ...section('Figures beside their limits', [gauges(portfolio.gauges)], portfolio.gauges.length),
    ...(nothing
      ? section('Exposure by symbol', [{ text: 'Nothing is held and nothing is being entered.' }], 1)
      : [
          ...section('Exposure by symbol', [bars(portfolio.symbols, 'Symbol')], portfolio.symbols.length),
          ...section('Exposure by sector', [bars(portfolio.sectors, 'Sector')], portfolio.sectors.length),
          ...section(
            'Exposure by strategy',
            [portfolio.strategies ? bars(portfolio.strategies, 'Strategy') : { text: 'Not recorded for this moment.' }],
            portfolio.strategies?.length ?? 1,
          ),
        ]),
    ...section('Possible loss of one day', lossesOf(portfolio), losses.rows.length + losses.missing.length),
    ...drawdownOf(portfolio),
    ...(correlations.missing.length > 0
      ? [
          {
            text: `No correlation is known of ${correlations.missing.map(({ symbol }) => symbol).join(', ')}.`,
            margin: [0, 6, 0, 0],
          } as Content,
        ]
      : []),
    ...section('What rules did on the day, in decisions', [refusals(portfolio)], portfolio.refusals.length),
  ];
}

/** What still keeps its heading, and fits on a page by far. */
const mostTogether = 24;

/** A heading with what stands under it; one of few rows is not torn at the foot of a page. */
const section = (title: string, parts: readonly Content[], rows: number): Content[] => {
  const whole: Content[] = [{ text: title, style: 'h3' }, ...parts];
  return rows <= mostTogether ? [{ stack: whole, unbreakable: true }] : whole;
};

function lossesOf({ losses }: RiskPortfolioJson): Content[] {
  return [
    ...(losses.sentence ? [{ text: losses.sentence, margin: [0, 0, 0, 3] } as Content] : []),
    ...(losses.rows.length > 0 ? [lossTable(losses)] : []),
    ...losses.missing.map(
      (one): Content => ({ text: `Not in these figures: ${one.symbol}, worth ${amount(one.worth)}: ${one.why}.` }),
    ),
    ...(losses.days > 0
      ? [
          {
            text: `From ${losses.days} daily returns, ${losses.from} to ${losses.until}, at today’s weights; Monte Carlo of ${losses.draws} draws, seed ${losses.seed}.`,
            style: 'soft',
            margin: [0, 2, 0, 0],
          } as Content,
        ]
      : []),
  ];
}

const refusals = ({ refusals: rows }: RiskPortfolioJson): Content =>
  rows.length === 0
    ? { text: 'No rule refused, made smaller, asked or warned.' }
    : table(
        ['*', 55, 65, 55, 55],
        ['Rule', right('Refused'), right('Made smaller'), right('Asked'), right('Warned')],
        rows.map((one) => [one.name, ...[one.deny, one.reduce, one.ask, one.warn].map((n) => right(String(n)))]),
      );

const right = (text: string, more: object = {}): TableCell => ({ text, alignment: 'right', ...more });

function table(widths: ('*' | number)[], head: TableCell[], rows: TableCell[][]): ContentTable {
  const heads = head.map(
    (one): TableCell =>
      typeof one === 'string' ? { text: one, style: 'head' } : ({ ...(one as object), style: 'head' } as TableCell),
  );
  return {
    table: { headerRows: 1, widths, body: [heads, ...rows], dontBreakRows: true },
    layout: {
      hLineWidth: (line, node) => (line === 0 || line === node.table.body.length ? 0 : 0.4),
      vLineWidth: () => 0,
      hLineColor: () => '#c8ccd2',
      paddingLeft: (column) => (column === 0 ? 0 : 4),
      paddingRight: () => 4,
      paddingTop: () => 1.6,
      paddingBottom: () => 1.6,
    },
  };
}

const inUnit = (unit: RiskGaugeJson['unit'], value: string | null): string =>
  value === null ? 'not known' : unit === 'USD' ? amount(value) : unit === 'times' ? `${value} times` : value;

/** "none, +12.50" of a loss below zero: a minus before a loss is read the wrong way round. */
const gainOf = ({ key, value }: RiskGaugeJson): string | null =>
  key.endsWith('-loss') && value?.startsWith('-') && Number(value) !== 0 ? `none, ${signed(value.slice(1), 2)}` : null;

const stateOf = (limit: LimitBesideJson | null): TableCell =>
  limit === null
    ? { text: 'no limit', color: soft }
    : {
        text: `${states[limit.state]}, ${limit.scope}`,
        ...(limit.state === 'over' || limit.state === 'unknown' ? { bold: true, color: loss } : {}),
      };

function gauges(rows: readonly RiskGaugeJson[]): ContentTable {
  return table(
    ['*', 80, 55, 80, 45, 120],
    ['Figure', right('Value'), right('Of equity'), right('Limit'), right('Used'), 'State'],
    rows.map((one) => [
      one.missing ? { text: [one.name, { text: `: ${one.missing}`, color: soft }] } : one.name,
      right(gainOf(one) ?? inUnit(one.unit, one.value)),
      right(one.ofEquity === null || gainOf(one) !== null ? '' : percent(one.ofEquity)),
      right(one.limit ? inUnit(one.unit, one.limit.value) : ''),
      right(one.limit?.use == null ? '' : percent(one.limit.use)),
      stateOf(one.limit),
    ]),
  );
}

function bars(rows: readonly ExposureBarJson[], what: string): ContentTable {
  return table(
    ['*', 70, 70, 50, 70, 45, 100],
    [what, right('Gross'), right('Net'), right('Of equity'), right('Limit'), right('Used'), 'State'],
    rows.map((bar) => [
      bar.atCost ? `${bar.name} (at cost)` : bar.name,
      right(amount(bar.gross)),
      right(signed(bar.net, 2)),
      right(bar.ofEquity === null ? '' : percent(bar.ofEquity)),
      right(bar.limit?.value == null ? '' : amount(bar.limit.value)),
      right(bar.limit?.use == null ? '' : percent(bar.limit.use)),
      stateOf(bar.limit),
    ]),
  );
}

function lossTable(losses: RiskPortfolioJson['losses']): ContentTable {
  const figure = (value: string | null, share: string | null): TableCell =>
    right(value === null ? 'not known' : `${amount(value)}${share === null ? '' : `  (${percent(share)})`}`);
  return table(
    ['*', 60, 140, 140, 90],
    ['Method', right('Confidence'), right('Value at risk'), right('Expected shortfall'), right('Standard errors')],
    losses.rows.map((row) => [
      methods[row.method],
      right(percent(row.confidence)),
      figure(row.valueAtRisk, row.valueAtRiskOfEquity),
      figure(row.expectedShortfall, row.expectedShortfallOfEquity),
      right(
        row.standardError
          ? `${amount(row.standardError.valueAtRisk)}; ${amount(row.standardError.expectedShortfall)}`
          : '',
      ),
    ]),
  );
}

function drawdownOf({ drawdown }: RiskPortfolioJson): Content[] {
  if (drawdown === null) return [];
  const { steps, factor, fraction, amount: below, peak, missing, on } = drawdown;
  const stands =
    missing !== null || fraction === null
      ? `Not known: ${missing}.`
      : `${percent(fraction)} (${amount(below!)}) below the highest equity of ${amount(peak!)}. Sizes are ${on ? `multiplied by ${factor}` : 'not changed: the rule is off'}.`;
  const line = drawdownLine(drawdown);
  return section(
    'Drawdown',
    [
      { text: stands, margin: [0, 0, 0, 4] },
      ...(line === null ? [] : [line]),
      {
        text: `Steps: ${steps.map((one) => `from ${percent(one.from)}${one.equity === null ? '' : ` (equity ${amount(one.equity)})`} ${one.factor === '0' ? 'no entries' : `${percent(one.factor)} of the size`}`).join('; ')}.`,
        style: 'soft',
      },
    ],
    steps.length,
  );
}

function breaches(report: RiskReportJson): ContentTable {
  return table(
    [110, '*', 110, 80, 80],
    ['Portfolio', 'What', 'Limit of', right('Value'), right('Limit')],
    report.breaches.map((one) => [
      one.portfolio,
      one.what,
      one.name,
      right(inUnit(one.unit, one.value), { color: loss, bold: true }),
      right(inUnit(one.unit, one.limit)),
    ]),
  );
}

function limitChanges(report: RiskReportJson): ContentTable {
  return table(
    [85, 110, '*', 80],
    ['When', 'Limit', 'What', 'By'],
    report.limitChanges.map((one) => [
      moment(one.at),
      `${one.name}, for ${one.scope}, version ${one.version}`,
      { text: [`${one.what}. `, one.parameters.join('; '), { text: `\nReason: ${one.reason}`, color: soft }] },
      one.author,
    ]),
  );
}
