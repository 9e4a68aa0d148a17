// As check.test.ts, for what is wrong with the searches that visualizations and lists make.
import { describe, expect, it } from 'vitest';
import { checkSavedObjects } from './check.ts';
import { changeAgg, changeParams, changeSource, changeVis, damaged, fields, file, withId } from './testing/damage.ts';

const renamed = new Map(
  [...fields].map(([alias, one]) => [alias, new Map([...one].filter(([name]) => name !== 'industry'))]),
);

describe('the check finds', () => {
  it.each<[string, string, RegExp]>([
    // 4. Aggregations: places, fields, and whether the one can be made of the other.
    [
      'a kind that is not known',
      changeVis('signals-by-industry', (one) => Object.assign(one, { type: 'lens' })),
      /no kind of visualization/,
    ],
    [
      'no metric',
      changeVis('signals-by-industry', (one) => Object.assign(one, { aggs: one.aggs.slice(1) })),
      /0 aggregations are in the place metric/,
    ],
    [
      'two metrics in a pie',
      changeVis('signals-by-sector', (one) => Object.assign(one, { aggs: [...one.aggs, { ...one.aggs[0], id: '9' }] })),
      /2 aggregations are in the place metric/,
    ],
    [
      'two bottoms of a chart',
      changeAgg('signals-by-industry', 2, { schema: 'segment' }),
      /2 aggregations are in the place segment/,
    ],
    [
      'an average in a pie',
      changeAgg('signals-by-sector', 1, { type: 'avg', params: { field: 'riskAmount' } }),
      /a pie takes no avg/,
    ],
    [
      'a place that is not there',
      changeAgg('signals-by-industry', 2, { schema: 'bucket' }),
      /a histogram has no place bucket/,
    ],
    [
      'a metric in the place of a bucket',
      changeAgg('signals-by-industry', 2, { type: 'count' }),
      /count does not belong/,
    ],
    ['an aggregation twice', changeAgg('signals-by-industry', 3, { id: '2' }), /the aggregation 2 is there twice/],
    [
      'an aggregation that is not known',
      changeAgg('signals-by-industry', 2, { type: 'geo_centroid' as 'terms' }),
      /geo_centroid is no aggregation/,
    ],
    [
      'a field that is in no mapping',
      changeParams('signals-by-industry', 2, { field: 'branch' }),
      /the field branch is in no mapping/,
    ],
    [
      'buckets of text',
      changeParams('signals-by-industry', 2, { field: 'sentence' }),
      /terms cannot be made of sentence, a text/,
    ],
    [
      'a sum of words',
      changeParams('pnl-by-ticker', 1, { field: 'ticker' }),
      /sum cannot be made of ticker, a keyword/,
    ],
    [
      'time that is no date',
      changeParams('signals-by-industry', 3, { field: 'ticker' }),
      /date_histogram cannot be made of ticker/,
    ],
    [
      'an order by what is not there',
      changeParams('signals-by-industry', 2, { orderBy: '7' }),
      /ordered by 7, which is no metric/,
    ],
    [
      'an order by percentiles',
      changeParams('fills-heard-after', 2, { orderBy: '1' }),
      /cannot be ordered by percentiles/,
    ],
    ['terms without a size', changeParams('signals-by-industry', 2, { size: 0 }), /have no size/],
    ['percentiles of nothing', changeParams('decision-time', 1, { percents: [] }), /have no percents/],
    ['filters of nothing', changeParams('decisions-in-figures', 2, { filters: [] }), /filters 2 are empty/],
    [
      'newest by what is in no mapping',
      changeParams('health-at-last', 1, { sortField: 'at' }),
      /the field at is in no mapping/,
    ],
    [
      'a series that draws nothing',
      changeVis('signals-by-industry', (one) => {
        one.params.seriesParams = [{ data: { id: '4' } }];
      }),
      /draws the metric 4/,
    ],
    [
      'a metric that no series draws',
      changeVis('signals-by-industry', (one) => {
        one.params.seriesParams = [];
      }),
      /no series draws the metric 1/,
    ],
    [
      'a query for a field that is in no mapping',
      changeSource('denied-by-rule', { query: { query: 'result:denied', language: 'lucene' } }),
      /names the field result/,
    ],
    [
      'a column that is in no mapping',
      damaged(withId('newest-signals'), (one) => {
        one.attributes.columns = ['fate'];
      }),
      /the column fate/,
    ],
    [
      'an order by text',
      damaged(withId('newest-signals'), (one) => {
        one.attributes.sort = [['rawBody', 'desc']];
      }),
      /cannot be sorted by rawBody/,
    ],
    [
      'a control of a field that is in no mapping',
      changeVis('approvals-filters', (one) => {
        Object.assign((one.params.controls as object[])[0]!, { fieldName: 'desk' });
      }),
      /field desk is in no mapping/,
    ],
    [
      'an index pattern of no alias',
      damaged(withId('trading-signals'), (one) => {
        one.attributes.title = 'signals-*';
      }),
      /no alias signals-\*/,
    ],
    [
      'an index pattern with a time that is no date',
      damaged(withId('trading-signals'), (one) => {
        one.attributes.timeFieldName = 'ticker';
      }),
      /time field ticker is no date/,
    ],
    [
      'an index pattern with the fields of yesterday',
      damaged(withId('trading-signals'), (one) => {
        one.attributes.fields = '[]';
      }),
      /field ticker is listed as nothing/,
    ],
    [
      'a format for a field that is in no mapping',
      damaged(withId('trading-signals'), (one) => {
        one.attributes.fieldFormatMap = '{"link":{}}';
      }),
      /format is for link/,
    ],
    [
      'a Vega chart over no alias',
      changeVis('risk-exposure-by-sector', (one) => {
        one.params.spec = String(one.params.spec).replace('trading-exposure', 'exposure');
      }),
      /no alias exposure/,
    ],
    [
      'a Vega chart that ignores the filters',
      changeVis('risk-exposure-by-sector', (one) => {
        one.params.spec = String(one.params.spec).replace('"%context%": true', '"%context%": false');
      }),
      /does not take the filters/,
    ],
    [
      'a Vega chart of a field that is in no mapping',
      changeVis('risk-exposure-by-sector', (one) => {
        one.params.spec = String(one.params.spec).replace('"sector"', '"branch"');
      }),
      /field branch is in no mapping/,
    ],
    [
      'a Vega chart with a query of its own',
      changeVis('risk-exposure-by-sector', (one) => {
        one.params.spec = String(one.params.spec).replace('"size": 0', '"query": {}');
      }),
      /may not have a query/,
    ],
    [
      'a Vega chart that is not JSON',
      changeVis('risk-exposure-by-sector', (one) => {
        one.params.spec = '{';
      }),
      /specification is not JSON/,
    ],
  ])('%s', (_, text, sentence) => {
    expect(text).not.toBe(file);
    expect(checkSavedObjects(text, fields).join('\n')).toMatch(sentence);
  });

  it('a field that the templates have lost', () => {
    expect(checkSavedObjects(file, renamed).join('\n')).toMatch(
      /signals-by-industry: the field industry is in no mapping/,
    );
  });
});
