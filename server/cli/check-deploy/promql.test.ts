import { describe, expect, it } from 'vitest';
import { readScrape } from './exposed-metrics.ts';
import { queryProblems } from './promql.ts';

const exposed = readScrape(
  [
    '# HELP a_total help',
    '# TYPE a_total counter',
    'a_total{outcome="yes",code=""} 1',
    'a_total{outcome="no",code="X_1"} 0',
    'b 1.5e+3',
    'c_bucket{le="+Inf",step="say \\"hi\\""} 2',
  ].join('\n'),
);
const targets = new Map([['job', new Set(['box'])]]);
const problems = (query: string) => queryProblems(query, exposed, targets);

it('reads a scrape: names, labels, values', () => {
  expect([...exposed.keys()]).toEqual(['a_total', 'b', 'c_bucket']);
  expect([...exposed.get('a_total')!.get('outcome')!]).toEqual(['yes', 'no']);
});

describe('a query', () => {
  it.each([
    'b',
    'b == 0',
    'up{job="box"} == 0',
    'absent(b)',
    'rate(a_total[5m])',
    '60 * sum by (outcome) (rate(a_total{job="box"}[5m]))',
    'sum(rate(a_total[5m])) by (outcome)',
    'histogram_quantile(0.95, max by (le, step) (rate(c_bucket[10m]))) > 1.5',
    'sum(increase(a_total{outcome=~"yes|no", code!="X_1"}[1h])) > 0.2 * b and b < 3 or b unless b',
    'max_over_time(b[1h])',
    'a_total{code=~"X.*"}',
  ])('%s is right', (query) => {
    expect(problems(query)).toEqual([]);
  });

  it.each([
    ['d', 'there is no metric d'],
    ['rate(b', ') is missing'],
    ['rate(b[5m]))', ') closes nothing'],
    ['rate(b)', 'rate takes a range, and b has none'],
    ['sum(b[5m])', 'sum takes no range'],
    ['rate(b[five])', 'the range of b is no duration'],
    ['rate(b[5m)', '] is missing'],
    ['b{job="box"', '} is missing'],
    ['b{job}', '{job} selects nothing'],
    ['b{outcome="yes"}', 'b has no label outcome'],
    ['a_total{outcome=~"yes|maybe"}', 'a_total never has outcome="maybe"'],
    ['sum by outcome (a_total)', 'by has no list of labels'],
    ['sum by (color) (a_total)', 'nothing in it has the label color'],
    ['summe(b)', 'there is no function summe'],
    ['b ? 1', '? does not belong here'],
  ])('%s is wrong: %s', (query, says) => {
    expect(problems(query)).toContain(says);
  });
});
