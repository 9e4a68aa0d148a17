import { by, count, distinct, overTime } from '../aggregations.ts';
import { bars } from '../charts.ts';
import type { DashboardParts } from '../dashboard.ts';
import { figures, newestRows, pie, table } from '../visualization.ts';
import { filterControls } from './filter-controls.ts';

const alias = 'trading-signals';
const signals = count('Signals');

/** How many signals, of which industry, and what became of them. */
export const signalVolume: DashboardParts = {
  id: 'signal-volume',
  title: 'Signalbox: signal volume',
  description: 'How many signals arrive, by industry, status, ticker and strategy, and what became of each.',
  rows: [
    { height: 6, panels: [filterControls('signal-volume', alias)] },
    {
      height: 7,
      panels: [
        figures(
          {
            id: 'signals-in-figures',
            title: 'Signals in figures',
            description: 'How many signals, over how many tickers, industries and strategies.',
            alias,
          },
          [
            signals,
            distinct('ticker', 'Tickers'),
            distinct('industry', 'Industries'),
            distinct('strategy', 'Strategies'),
          ],
        ),
      ],
    },
    {
      height: 16,
      panels: [
        bars(
          {
            id: 'signals-by-industry',
            title: 'Signals by industry over time',
            description: 'Which industries are being traded, and when.',
            alias,
          },
          [signals],
          { x: overTime(), split: [by('industry', 'Industry', { size: 12, other: true })], axis: 'Signals' },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        bars(
          {
            id: 'signals-by-status',
            title: 'Signals by status over time',
            description: 'How many were approved, denied or not understood, and when.',
            alias,
          },
          [signals],
          { x: overTime(), split: [by('status', 'Status')], axis: 'Signals' },
        ),
        bars(
          {
            id: 'signals-by-strategy',
            title: 'Signals by strategy over time',
            description: 'Which strategies send, and when.',
            alias,
          },
          [signals],
          { x: overTime(), split: [by('strategy', 'Strategy', { missing: 'No strategy named' })], axis: 'Signals' },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        bars(
          { id: 'signals-by-ticker', title: 'Signals by ticker', description: 'The tickers with most signals.', alias },
          [signals],
          { x: by('ticker', 'Ticker', { size: 20 }), split: [by('side', 'Side')], axis: 'Signals' },
        ),
        pie(
          {
            id: 'signals-by-sector',
            title: 'Signals by sector and industry',
            description: 'The share of each sector, and in it of each industry.',
            alias,
          },
          signals,
          by('sector', 'Sector', { size: 12 }),
          by('industry', 'Industry', { size: 8 }),
        ),
        table(
          {
            id: 'signals-strategy-table',
            title: 'Signals by strategy and status',
            description: 'For each strategy, how many signals had which end.',
            alias,
          },
          [signals, distinct('ticker', 'Tickers')],
          by('strategy', 'Strategy', { size: 20, missing: 'No strategy named' }),
          by('status', 'Status'),
        ),
      ],
    },
    {
      height: 18,
      panels: [
        newestRows(
          {
            id: 'newest-signals',
            title: 'Newest signals, each with its receipt',
            description: 'Open a receipt to see every step of a signal.',
            alias,
          },
          [
            'ticker',
            'side',
            'strategy',
            'account',
            'shadowAccount',
            'mode',
            'status',
            'orderStatus',
            'sentence',
            'receiptUrl',
          ],
        ),
      ],
    },
  ],
};
