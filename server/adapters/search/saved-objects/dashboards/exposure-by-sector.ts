/**
 * The value held in each sector over time. A snapshot has one document a ticker, and repeats every quarter of a minute: the sum over a
 * step counts each snapshot, the mean is that of a ticker. What is wanted is the sum divided by the number of snapshots, for each account,
 * and then the accounts together; no chart of Dashboards' own can divide one figure of a bucket by another of the bucket around it.
 */
export const exposureBySector = {
  $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
  data: {
    url: {
      '%context%': true,
      '%timefield%': '@timestamp',
      index: 'trading-exposure',
      body: {
        size: 0,
        aggs: {
          time: {
            auto_date_histogram: { field: '@timestamp', buckets: 60 },
            aggs: {
              accounts: {
                terms: { field: 'accountId', size: 20 },
                aggs: {
                  snapshots: { cardinality: { field: '@timestamp', precision_threshold: 40_000 } },
                  sectors: {
                    terms: { field: 'sector', size: 15 },
                    aggs: { exposure: { sum: { field: 'exposure' } } },
                  },
                },
              },
            },
          },
        },
      },
    },
    format: { property: 'aggregations.time.buckets' },
  },
  transform: [
    { flatten: ['accounts.buckets'], as: ['account'] },
    { calculate: 'datum.account.snapshots.value', as: 'snapshots' },
    { calculate: 'datum.account.sectors.buckets', as: 'parts' },
    { flatten: ['parts'], as: ['part'] },
    { calculate: 'datum.part.key', as: 'sector' },
    { calculate: 'datum.part.exposure.value / datum.snapshots', as: 'exposure' },
    { aggregate: [{ op: 'sum', field: 'exposure', as: 'held' }], groupby: ['key', 'sector'] },
    { impute: 'held', key: 'key', groupby: ['sector'], value: 0 },
  ],
  mark: { type: 'area', line: true, point: true, tooltip: true },
  encoding: {
    x: { field: 'key', type: 'temporal', title: null },
    y: { field: 'held', type: 'quantitative', stack: 'zero', title: 'Exposure' },
    color: { field: 'sector', type: 'nominal', title: 'Sector' },
    tooltip: [
      { field: 'key', type: 'temporal', title: 'Time', format: '%Y-%m-%d %H:%M' },
      { field: 'sector', type: 'nominal', title: 'Sector' },
      { field: 'held', type: 'quantitative', title: 'Exposure', format: ',.2f' },
    ],
  },
};
