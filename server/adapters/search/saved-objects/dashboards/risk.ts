import { average, by, count, distinct, largest, newest, overTime, sum } from '../aggregations.ts';
import { bars, lines } from '../charts.ts';
import type { DashboardParts } from '../dashboard.ts';
import { figures, newestRows, table, vega } from '../visualization.ts';
import { exposureBySector } from './exposure-by-sector.ts';
import { filterControls } from './filter-controls.ts';

const exposure = 'trading-exposure';
const equity = 'trading-equity';
const positions = 'trading-positions';
const decisions = 'trading-decisions';
const held = 'side:(long OR short)';
const entered = 'outcome:approved AND intent:entry';
const byAccount = by('account', 'Account');

/** What is held, what of equity that is, and what new risk was let through. Snapshots repeat: they are averaged, never summed. */
export const riskExposure: DashboardParts = {
  id: 'risk-exposure',
  title: 'Signalbox: risk exposure',
  description: 'What is held by ticker and sector, how much of equity that is, and which strategies add to it.',
  rows: [
    { height: 6, panels: [filterControls('risk-exposure', decisions, { strategy: 'of new entries' })] },
    {
      height: 8,
      panels: [
        figures(
          {
            id: 'risk-held-now',
            title: 'Held now',
            description: 'How many positions there are now, whatever the time range, and what they cost.',
            alias: positions,
            query: held,
          },
          [count('Positions'), distinct('ticker', 'Tickers'), sum('cost', 'Cost')],
        ),
        figures(
          {
            id: 'risk-exposure-now',
            title: 'Exposure of equity, at last',
            description: 'The share of equity that positions stood for when it was last recorded, by account.',
            alias: equity,
          },
          [newest('exposureOfEquity', 'of equity')],
          by('account', 'Account', { orderBy: '_key', order: 'asc' }),
        ),
      ],
    },
    {
      height: 15,
      panels: [
        bars(
          {
            id: 'risk-exposure-by-ticker',
            title: 'Exposure by ticker over time',
            description: 'What each account held of each ticker, on average in each step of time.',
            alias: exposure,
          },
          [average('exposure', 'Exposure')],
          { x: overTime(), split: [byAccount, by('ticker', 'Ticker', { size: 15 })], axis: 'Exposure' },
        ),
        vega(
          {
            id: 'risk-exposure-by-sector',
            title: 'Exposure by sector over time',
            description: 'What all accounts held in each sector, on average in each step of time.',
          },
          exposureBySector,
        ),
      ],
    },
    {
      height: 14,
      panels: [
        lines(
          {
            id: 'risk-exposure-of-equity',
            title: 'Exposure of equity over time',
            description: 'The share of equity that positions stand for, by account: mean and highest of each step.',
            alias: equity,
          },
          [average('exposureOfEquity', 'Mean'), largest('exposureOfEquity', 'Highest')],
          { x: overTime(), split: [byAccount], axis: 'Share of equity' },
        ),
        lines(
          { id: 'risk-equity', title: 'Equity over time', description: 'What each account is worth.', alias: equity },
          [average('equity', 'Equity')],
          { x: overTime(), split: [byAccount], axis: 'Equity' },
        ),
        lines(
          {
            id: 'risk-unrealized',
            title: 'Unrealized P&L over time',
            description: 'What open positions would win or lose if closed, by account.',
            alias: equity,
          },
          [average('unrealizedPnl', 'Unrealized P&L')],
          { x: overTime(), split: [byAccount], axis: 'Unrealized P&L' },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        table(
          {
            id: 'risk-positions-now',
            title: 'Positions now',
            description: 'Every position that is open now, whatever the time range.',
            alias: positions,
            query: held,
          },
          [sum('cost', 'Cost'), sum('quantity', 'Quantity'), sum('realizedPnl', 'Realized so far')],
          by('account', 'Account', { size: 20 }),
          by('ticker', 'Ticker', { size: 200 }),
          by('side', 'Side', { size: 2 }),
        ),
        bars(
          {
            id: 'risk-new-by-strategy',
            title: 'New exposure by strategy over time',
            description: 'The value of the entries that the risk gate let through.',
            alias: decisions,
            query: entered,
          },
          [sum('notional', 'Value of entries')],
          {
            x: overTime(),
            split: [by('strategy', 'Strategy', { missing: 'No strategy named' })],
            axis: 'Value of entries',
          },
        ),
      ],
    },
    {
      height: 18,
      panels: [
        newestRows(
          {
            id: 'newest-entries',
            title: 'Newest entries let through, each with its receipt',
            description: 'Open a receipt to see the sizing and every rule that was asked.',
            alias: decisions,
            query: entered,
          },
          ['ticker', 'side', 'strategy', 'account', 'mode', 'quantity', 'notional', 'riskAmount', 'receiptUrl'],
        ),
      ],
    },
  ],
};
