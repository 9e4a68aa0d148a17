import { by, byQueries, count, overTime, percentiles, sum } from '../aggregations.ts';
import { bars, lines } from '../charts.ts';
import type { DashboardParts } from '../dashboard.ts';
import { figures, newestRows, pie, table } from '../visualization.ts';
import { filterControls } from './filter-controls.ts';

const alias = 'trading-decisions';
const denied = 'outcome:denied';
const decided = count('Decisions');
const outcomes = byQueries({ Approved: 'outcome:approved', Held: 'outcome:held', Denied: denied });

/** What the risk gate let through and what it refused, by rule. */
export const approvals: DashboardParts = {
  id: 'approvals',
  title: 'Signalbox: approvals and refusals',
  description: 'What the risk gate approved and denied, by rule and code, for which strategies and tickers.',
  rows: [
    { height: 6, panels: [filterControls('approvals', alias)] },
    {
      height: 12,
      panels: [
        figures(
          {
            id: 'decisions-in-figures',
            title: 'Decisions by outcome',
            description: 'How many alerts were approved and how many denied.',
            alias,
          },
          [decided],
          outcomes,
        ),
        {
          share: 2,
          panel: bars(
            {
              id: 'decisions-over-time',
              title: 'Approved and denied over time',
              description: 'When the risk gate approved and when it denied.',
              alias,
            },
            [decided],
            { x: overTime(), split: [by('outcome', 'Outcome')], axis: 'Decisions' },
          ),
        },
      ],
    },
    {
      height: 16,
      panels: [
        bars(
          {
            id: 'denied-by-rule',
            title: 'Refusals by rule',
            description: 'How often each rule said no. A decision counts for each rule that denied it.',
            alias,
            query: denied,
          },
          [count('Refusals')],
          { x: by('deniedBy', 'Rule', { size: 25 }), axis: 'Refusals' },
        ),
        bars(
          {
            id: 'passed-by-rule',
            title: 'Rules that were passed',
            description: 'How often each rule was asked and had nothing against it, by the outcome of the whole.',
            alias,
          },
          [decided],
          { x: by('passed', 'Rule', { size: 25 }), split: [by('outcome', 'Outcome')], axis: 'Decisions' },
        ),
      ],
    },
    {
      height: 14,
      panels: [
        bars(
          {
            id: 'denied-by-rule-over-time',
            title: 'Refusals by rule over time',
            description: 'When each rule said no.',
            alias,
            query: denied,
          },
          [count('Refusals')],
          { x: overTime(), split: [by('deniedBy', 'Rule', { size: 25 })], axis: 'Refusals' },
        ),
        pie(
          {
            id: 'denied-by-code',
            title: 'Refusals by code and strategy',
            description: 'The reason each refusal was given, and whose signals it met.',
            alias,
            query: denied,
          },
          count('Refusals'),
          by('code', 'Code', { size: 25 }),
          by('strategy', 'Strategy', { missing: 'No strategy named' }),
        ),
      ],
    },
    {
      height: 14,
      panels: [
        table(
          {
            id: 'decisions-by-strategy',
            title: 'Approved and denied by strategy',
            description: 'For each strategy, how much was approved and denied, and the risk that was asked for.',
            alias,
          },
          [decided, sum('riskAmount', 'Risk asked for')],
          by('strategy', 'Strategy', { size: 20, missing: 'No strategy named' }),
          outcomes,
        ),
        table(
          {
            id: 'decisions-by-mode-reason',
            title: 'Why paper, why production',
            description: 'What each of the four voices said about the mode.',
            alias,
          },
          [decided],
          by('mode', 'Mode'),
          by('modeReasons', 'Who said what', { size: 20 }),
        ),
        lines(
          {
            id: 'decision-time',
            title: 'Time to decide',
            description: 'Milliseconds that the risk gate took: half of the decisions, and 95 of a hundred, within.',
            alias,
          },
          [percentiles('decideMs', 'deciding', [50, 95])],
          { x: overTime(), axis: 'Milliseconds' },
        ),
      ],
    },
    {
      height: 18,
      panels: [
        newestRows(
          {
            id: 'newest-refusals',
            title: 'Newest refusals, each with its receipt',
            description: 'Open a receipt to see every rule with its numbers.',
            alias,
            query: denied,
          },
          [
            'ticker',
            'side',
            'strategy',
            'account',
            'weight',
            'shadow',
            'mode',
            'code',
            'deniedBy',
            'sentence',
            'receiptUrl',
          ],
        ),
      ],
    },
  ],
};
