import { average, by, count, largest, newest, overTime, sum } from '../aggregations.ts';
import { bars, lines } from '../charts.ts';
import type { DashboardParts } from '../dashboard.ts';
import { figures, newestRows, table } from '../visualization.ts';
import { filterControls } from './filter-controls.ts';

const health = 'trading-health';
const events = 'trading-events';
const trouble =
  'kind:(signal.failed OR order.submit_unknown OR order.rejected OR order.transition_refused OR reconciliation.failed OR broker.disconnected)';

/** How the system is: what waits, what failed, what lags; and the events that tell of trouble. */
export const systemHealth: DashboardParts = {
  id: 'system-health',
  title: 'Signalbox: system health',
  description: 'Error rate, queue depth, lag of the search copy, the state of the parts, and what went wrong.',
  rows: [
    {
      height: 6,
      panels: [
        filterControls('system-health', events, { mode: 'of events', account: 'of events', strategy: 'of events' }),
      ],
    },
    {
      height: 7,
      panels: [
        figures(
          {
            id: 'health-at-last',
            title: 'At last',
            description: 'The state and the figures that were recorded last.',
            alias: health,
          },
          [
            newest('state', 'State'),
            newest('queueWaiting', 'Jobs waiting'),
            newest('queueFailed', 'Jobs failed'),
            newest('searchLagSeconds', 'Search lag, seconds'),
            newest('searchRejected', 'Refused by the mapping'),
          ],
        ),
      ],
    },
    {
      height: 14,
      panels: [
        lines(
          {
            id: 'health-error-rate',
            title: 'Error rate over time',
            description: 'The share of alerts that were refused: mean and highest of each step.',
            alias: health,
          },
          [average('errorRate', 'Mean'), largest('errorRate', 'Highest')],
          { x: overTime(), axis: 'Share of alerts' },
        ),
        bars(
          {
            id: 'health-alerts',
            title: 'Alerts taken and refused over time',
            description: 'How many alerts came in.',
            alias: health,
          },
          [sum('alertsTaken', 'Taken'), sum('alertsRefused', 'Refused')],
          { x: overTime(), axis: 'Alerts' },
        ),
        bars(
          {
            id: 'health-log',
            title: 'Errors and warnings logged over time',
            description: 'How often something was logged that should not be.',
            alias: health,
          },
          [sum('errorsLogged', 'Errors'), sum('warningsLogged', 'Warnings')],
          { x: overTime(), axis: 'Lines' },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        lines(
          {
            id: 'health-queue',
            title: 'Queue depth over time',
            description: 'Jobs that wait and jobs that failed: the most in each step.',
            alias: health,
          },
          [largest('queueWaiting', 'Waiting'), largest('queueFailed', 'Failed')],
          { x: overTime(), axis: 'Jobs' },
        ),
        lines(
          {
            id: 'health-search-lag',
            title: 'Lag of the search copy over time (seconds)',
            description: 'How far the search copy was behind: the most in each step.',
            alias: health,
          },
          [largest('searchLagSeconds', 'Lag')],
          { x: overTime(), axis: 'Seconds' },
        ),
        lines(
          {
            id: 'health-search-events',
            title: 'Events not yet in the search copy over time',
            description: 'How many events waited to be copied, and how many documents the mapping refuses.',
            alias: health,
          },
          [largest('searchLagEvents', 'Waiting'), largest('searchRejected', 'Refused by the mapping')],
          { x: overTime(), axis: 'Events' },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        bars(
          {
            id: 'health-state',
            title: 'State over time',
            description: 'How often the system was recorded as ok, degraded or down.',
            alias: health,
          },
          [count('Recordings')],
          { x: overTime(), split: [by('state', 'State')], axis: 'Recordings' },
        ),
        table(
          {
            id: 'health-degraded',
            title: 'Parts that were degraded',
            description: 'How often each part was degraded, and when last.',
            alias: health,
            query: 'degraded:*',
          },
          [count('Recordings'), largest('@timestamp', 'Last')],
          by('degraded', 'Part', { size: 20 }),
        ),
        lines(
          {
            id: 'health-delays',
            title: 'Delays inside (ms)',
            description:
              'How long the database took to answer, and how long the process was busy: the most in each step.',
            alias: health,
          },
          [largest('databaseMs', 'Database'), largest('eventLoopDelayMs', 'Process busy')],
          { x: overTime(), axis: 'Milliseconds' },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        bars(
          {
            id: 'events-by-kind',
            title: 'Events by kind over time',
            description: 'What happened, and how much of it.',
            alias: events,
          },
          [count('Events')],
          { x: overTime(), split: [by('kind', 'Kind', { size: 20, other: true })], axis: 'Events' },
        ),
        bars(
          {
            id: 'events-of-trouble',
            title: 'Events that tell of trouble, by account',
            description: 'Orders rejected or unclear, connections lost, reconciliations failed.',
            alias: events,
            query: trouble,
          },
          [count('Events')],
          {
            x: overTime(),
            split: [by('kind', 'Kind'), by('account', 'Account', { missing: 'No account' })],
            axis: 'Events',
          },
        ),
      ],
    },
    {
      height: 16,
      panels: [
        newestRows(
          {
            id: 'newest-trouble',
            title: 'Newest trouble, each with its receipt',
            description: 'Open a receipt to see what led to it.',
            alias: events,
            query: trouble,
          },
          ['kind', 'ticker', 'strategy', 'account', 'mode', 'sentence', 'receiptUrl'],
        ),
      ],
    },
    {
      height: 12,
      panels: [
        newestRows(
          {
            id: 'newest-states',
            title: 'Newest times that not all was well',
            description: 'Which parts were degraded or down, and why.',
            alias: health,
            query: 'NOT state:ok',
          },
          ['state', 'degraded', 'down', 'sentence', 'queueWaiting', 'searchLagSeconds'],
        ),
      ],
    },
  ],
};
