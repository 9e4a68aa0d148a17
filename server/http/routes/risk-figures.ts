import { z } from 'zod';
import {
  pageOf,
  pageQuery,
  type RiskReportJson,
  reportFile,
  riskFigures,
  riskReport,
  riskReportLine,
} from '../../contract/index.ts';
import { reportCsv } from '../../platform/risk-reports/report-csv.ts';
import type { App, HttpParts } from '../parts.ts';
import { notFound } from '../problems.ts';
import { createRoute, describeRoute, refusal } from '../route.ts';

/** The figures of the risk page, and the daily reports as pages, CSV and PDF. */
export function riskFiguresRoutes(app: App, { riskFigures: desk }: Pick<HttpParts, 'riskFigures'>): void {
  const tag = 'Risk';
  app.openapi(
    createRoute(
      describeRoute({
        method: 'get',
        path: '/api/v1/risk/figures',
        tag,
        summary:
          'Exposure beside its limits, possible losses, drawdown, correlations and the day’s refusals, by account',
        answer: riskFigures,
      }),
    ),
    async (c) => c.json(await desk.figures(), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/risk/reports',
        tag,
        summary: 'The daily risk reports, the newest first',
        answer: pageOf(riskReportLine),
      }),
      request: { query: pageQuery },
    }),
    async (c) => {
      const { items, next } = await desk.reports(c.req.valid('query'));
      return c.json({ items: [...items], next }, 200);
    },
  );
  app.openapi(
    createRoute(
      describeRoute({
        method: 'post',
        path: '/api/v1/risk/reports',
        tag,
        summary: 'Make today’s report now, as far as the day has come; the one after the close takes its place',
        answer: riskReport,
      }),
    ),
    async (c) => c.json(await desk.makeNow(c.get('caller')), 200),
  );
  app.openapi(
    createRoute({
      ...describeRoute({
        method: 'get',
        path: '/api/v1/risk/reports/{day}',
        tag,
        summary: 'The risk report of a day in New York; with .csv or .pdf behind the day, as a file',
        answer: riskReport,
      }),
      responses: {
        200: {
          content: {
            'application/json': { schema: riskReport },
            'text/csv': { schema: z.string().meta({ description: 'One figure a line' }) },
            'application/pdf': { schema: z.string().meta({ format: 'binary' }) },
          },
          description: 'The report',
        },
        default: refusal,
      },
      request: { params: reportFile },
    }),
    async (c) => {
      const [day, ending] = c.req.valid('param').day.split('.') as [string, 'csv' | 'pdf' | undefined];
      const report = await read(day);
      if (ending === undefined) return c.json(report, 200) as never;
      const name = `risk-report-${report.day}${report.final ? '' : '-so-far'}.${ending}`;
      const headers = { 'content-disposition': `attachment; filename="${name}"` };
      if (ending === 'csv')
        return c.body(reportCsv(report), 200, { ...headers, 'content-type': 'text/csv; charset=utf-8' }) as never;
      const pdf = await desk.pdf(report);
      return c.body(Uint8Array.from(pdf), 200, { ...headers, 'content-type': 'application/pdf' }) as never;
    },
  );

  async function read(day: string): Promise<RiskReportJson> {
    const report = await desk.report(day);
    if (!report) throw notFound(`risk report of ${day}: one is made half an hour after the close of each session`);
    return report;
  }
}
