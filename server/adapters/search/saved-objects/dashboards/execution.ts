import { average, by, count, largest, type Metric, overTime, percentiles, sum } from '../aggregations.ts';
import { bars, lines } from '../charts.ts';
import type { DashboardParts } from '../dashboard.ts';
import { figures, newestRows, table } from '../visualization.ts';
import { filterControls } from './filter-controls.ts';

const executions = 'trade-executions';
const orders = 'trading-orders';

/** The steps of an order's way, in their order. */
const steps = {
  intakeToDecisionMs: 'Alert to decision',
  decisionToSubmitMs: 'Decision to sending',
  submitToAcknowledgedMs: 'Sending to acknowledged',
  submitToFilledMs: 'Sending to first fill',
  alertToFilledMs: 'Alert to first fill',
};
const within = (percent: number): Metric[] =>
  Object.entries(steps).map(([field, label]) => percentiles(field, label, [percent]));
const meanSlippage = average('slippageBps', 'Mean slippage, bps');

/** How well orders were carried out: slippage, and how long each step took. */
export const executionQuality: DashboardParts = {
  id: 'execution-quality',
  title: 'Signalbox: execution quality',
  description: 'Slippage against the reference price by ticker and order type, and how long each step took.',
  rows: [
    { height: 6, panels: [filterControls('execution-quality', executions)] },
    {
      height: 7,
      panels: [
        figures(
          {
            id: 'fills-in-figures',
            title: 'Fills in figures',
            description: 'How much was traded, and what slippage and fees cost. Positive slippage is worse for us.',
            alias: executions,
          },
          [
            count('Fills'),
            sum('notional', 'Value traded'),
            meanSlippage,
            sum('slippageAmount', 'Cost of slippage'),
            sum('fee', 'Fees'),
          ],
        ),
      ],
    },
    {
      height: 15,
      panels: [
        bars(
          {
            id: 'slippage-by-ticker',
            title: 'Slippage by ticker',
            description: 'Mean slippage of each ticker’s fills in basis points, the worst first.',
            alias: executions,
          },
          [meanSlippage],
          { x: by('ticker', 'Ticker', { size: 30 }), axis: 'Basis points' },
        ),
        bars(
          {
            id: 'slippage-by-order-type',
            title: 'Slippage by order type and side',
            description: 'Mean slippage in basis points of market, limit and stop orders.',
            alias: executions,
          },
          [meanSlippage],
          { x: by('orderType', 'Order type'), split: [by('side', 'Side')], axis: 'Basis points', mode: 'normal' },
        ),
        lines(
          {
            id: 'slippage-over-time',
            title: 'Slippage over time',
            description: 'Slippage in basis points: half of the fills, and 95 of a hundred, within.',
            alias: executions,
          },
          [percentiles('slippageBps', 'slippage', [50, 95])],
          { x: overTime(), axis: 'Basis points' },
        ),
      ],
    },
    {
      height: 7,
      panels: [
        figures(
          {
            id: 'latency-median',
            title: 'Time of each step: half of the orders within (ms)',
            description: 'The median of each step, in milliseconds.',
            alias: orders,
          },
          within(50),
        ),
      ],
    },
    {
      height: 7,
      panels: [
        figures(
          {
            id: 'latency-95',
            title: 'Time of each step: 95 of a hundred orders within (ms)',
            description: 'The 95th percentile of each step, in milliseconds.',
            alias: orders,
          },
          within(95),
        ),
      ],
    },
    {
      height: 15,
      panels: [
        lines(
          {
            id: 'latency-over-time',
            title: 'Time of each step over time (median, ms)',
            description: 'Which step takes how long, and whether it is getting slower.',
            alias: orders,
          },
          within(50),
          { x: overTime(), axis: 'Milliseconds' },
        ),
        lines(
          {
            id: 'fills-heard-after',
            title: 'Time until a fill was heard of (ms)',
            description: 'From the venue’s time of a fill until it was recorded, by how it was heard of.',
            alias: executions,
          },
          [percentiles('heardAfterMs', 'heard after', [50, 95])],
          {
            x: overTime(),
            split: [by('heardBy', 'Heard by', { orderBy: '_key', order: 'asc' })],
            axis: 'Milliseconds',
          },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        bars(
          {
            id: 'orders-by-status',
            title: 'Orders by status over time',
            description: 'What became of the orders that were sent.',
            alias: orders,
          },
          [count('Orders')],
          { x: overTime(), split: [by('status', 'Status', { size: 15 })], axis: 'Orders' },
        ),
        table(
          {
            id: 'slippage-table',
            title: 'Fills by ticker and order type',
            description: 'Fills, value, mean and worst slippage.',
            alias: executions,
          },
          [
            sum('notional', 'Value traded'),
            count('Fills'),
            meanSlippage,
            largest('slippageBps', 'Worst slippage, bps'),
            sum('slippageAmount', 'Cost of slippage'),
          ],
          by('ticker', 'Ticker', { size: 100 }),
          by('orderType', 'Order type'),
        ),
      ],
    },
    {
      height: 18,
      panels: [
        newestRows(
          {
            id: 'newest-fills',
            title: 'Newest fills, each with its receipt',
            description: 'Open a receipt to see the order and the decision behind a fill.',
            alias: executions,
          },
          [
            'ticker',
            'side',
            'strategy',
            'account',
            'mode',
            'orderType',
            'quantity',
            'price',
            'slippageBps',
            'heardAfterMs',
            'receiptUrl',
          ],
        ),
      ],
    },
  ],
};
