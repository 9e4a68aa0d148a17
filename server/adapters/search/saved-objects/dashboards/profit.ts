import { average, by, count, overTime, sum } from '../aggregations.ts';
import { bars } from '../charts.ts';
import type { DashboardParts } from '../dashboard.ts';
import { figures, newestRows, pie, table } from '../visualization.ts';
import { filterControls } from './filter-controls.ts';

const alias = 'trading-pnl';
const net = sum('netPnl', 'Net P&L');
/** Fills that closed something; the rest are entries, and stand for their fees only. */
const closing = 'outcome:(win OR loss OR even)';
const byStrategy = by('strategy', 'Strategy', { size: 20, missing: 'No strategy named' });

/** What was earned and lost, by ticker and strategy. */
export const profit: DashboardParts = {
  id: 'profit-and-loss',
  title: 'Signalbox: profit and loss',
  description: 'Realized profit and loss after fees, by ticker and by strategy, at once and over time.',
  rows: [
    { height: 6, panels: [filterControls('profit-and-loss', alias)] },
    {
      height: 7,
      panels: [
        {
          share: 3,
          panel: figures(
            {
              id: 'pnl-in-figures',
              title: 'P&L in figures',
              description: 'What was realized, what it cost in fees, and what is left.',
              alias,
            },
            [net, sum('realizedPnl', 'Realized P&L'), sum('fee', 'Fees')],
          ),
        },
        {
          share: 2,
          panel: figures(
            {
              id: 'pnl-closing-fills',
              title: 'Closing fills by outcome',
              description: 'How many fills closed at a profit, at a loss, and even.',
              alias,
              query: closing,
            },
            [count('Fills')],
            by('outcome', 'Outcome'),
          ),
        },
      ],
    },
    {
      height: 15,
      panels: [
        bars(
          {
            id: 'pnl-by-ticker',
            title: 'P&L by ticker',
            description: 'What each ticker earned or lost after fees, the best first.',
            alias,
          },
          [net],
          { x: by('ticker', 'Ticker', { size: 40 }), axis: 'Net P&L' },
        ),
        bars(
          {
            id: 'pnl-by-strategy',
            title: 'P&L by strategy',
            description: 'What each strategy earned or lost after fees, the best first.',
            alias,
          },
          [net],
          { x: byStrategy, axis: 'Net P&L' },
        ),
      ],
    },
    {
      height: 15,
      panels: [
        bars(
          {
            id: 'pnl-by-strategy-over-time',
            title: 'P&L by strategy over time',
            description: 'When each strategy earned and lost.',
            alias,
          },
          [net],
          { x: overTime(), split: [byStrategy], axis: 'Net P&L' },
        ),
        bars(
          {
            id: 'pnl-by-ticker-over-time',
            title: 'P&L by ticker over time',
            description: 'When the best tickers of each moment earned, and what they lost.',
            alias,
          },
          [net],
          { x: overTime(), split: [by('ticker', 'Ticker', { size: 12 })], axis: 'Net P&L' },
        ),
      ],
    },
    {
      height: 13,
      panels: [
        bars(
          {
            id: 'pnl-wins-and-losses',
            title: 'Wins and losses over time',
            description: 'How many closing fills won, lost or came out even.',
            alias,
            query: closing,
          },
          [count('Fills')],
          { x: overTime(), split: [by('outcome', 'Outcome')], axis: 'Fills' },
        ),
        bars(
          { id: 'pnl-fees', title: 'Fees by account over time', description: 'What trading cost in fees.', alias },
          [sum('fee', 'Fees')],
          { x: overTime(), split: [by('account', 'Account')], axis: 'Fees' },
        ),
        pie(
          {
            id: 'pnl-fills-by-sector',
            title: 'Closing fills by sector and outcome',
            description: 'In which sectors trades are closed, and how they ended.',
            alias,
            query: closing,
          },
          count('Fills'),
          by('sector', 'Sector', { size: 12 }),
          by('outcome', 'Outcome'),
        ),
      ],
    },
    {
      height: 14,
      panels: [
        table(
          {
            id: 'pnl-strategy-table',
            title: 'Strategies compared',
            description: 'Each strategy with its result, its fees and the mean result of a closing fill.',
            alias,
            query: closing,
          },
          [net, sum('fee', 'Fees'), average('netPnl', 'Mean a fill'), count('Closing fills')],
          byStrategy,
        ),
        table(
          {
            id: 'pnl-ticker-table',
            title: 'Tickers compared',
            description: 'Each ticker with its result, its fees and the mean result of a closing fill.',
            alias,
            query: closing,
          },
          [net, sum('fee', 'Fees'), average('netPnl', 'Mean a fill'), count('Closing fills')],
          by('ticker', 'Ticker', { size: 200 }),
        ),
      ],
    },
    {
      height: 18,
      panels: [
        newestRows(
          {
            id: 'newest-profits',
            title: 'Newest results, each with its receipt',
            description: 'Open a receipt to see the whole way from the alert to this fill.',
            alias,
          },
          ['ticker', 'strategy', 'account', 'mode', 'role', 'outcome', 'realizedPnl', 'fee', 'netPnl', 'receiptUrl'],
        ),
      ],
    },
  ],
};
