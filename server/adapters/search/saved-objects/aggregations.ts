import type { Aggregation, BucketType, MetricType } from './model.ts';

/** An aggregation before it has its place in a visualization. */
export interface Metric {
  readonly kind: 'metric';
  readonly type: MetricType;
  readonly params: Readonly<Record<string, unknown>>;
  /** What stands at the axis, in the legend and over the column. */
  readonly label: string;
}

export interface Bucket {
  readonly kind: 'bucket';
  readonly type: BucketType;
  readonly params: Readonly<Record<string, unknown>>;
}

const metric = (type: MetricType, label: string, params: object): Metric => ({
  kind: 'metric',
  type,
  label,
  params: { ...params, customLabel: label },
});

export const count = (label: string): Metric => metric('count', label, {});
export const sum = (field: string, label: string): Metric => metric('sum', label, { field });
export const average = (field: string, label: string): Metric => metric('avg', label, { field });
export const largest = (field: string, label: string): Metric => metric('max', label, { field });
export const distinct = (field: string, label: string): Metric => metric('cardinality', label, { field });
export const percentiles = (field: string, label: string, percents: readonly number[]): Metric =>
  metric('percentiles', label, { field, percents });

/** The field's value in the newest document. */
export const newest = (field: string, label: string): Metric =>
  metric('top_hits', label, { field, aggregate: 'concat', size: 1, sortField: '@timestamp', sortOrder: 'desc' });

interface TermsOptions {
  readonly size?: number;
  /** The place of the metric that orders them among the visualization's metrics, from 0; or by the value itself. */
  readonly orderBy?: number | '_key';
  readonly order?: 'asc' | 'desc';
  /** What documents without the field are called; left out when undefined. */
  readonly missing?: string;
  /** Whether what is beyond `size` is shown as one more. */
  readonly other?: boolean;
}

/** Documents by a field's values, the largest first. */
export function by(field: string, label: string, options: TermsOptions = {}): Bucket {
  const { size = 10, orderBy = 0, order = 'desc', missing, other = false } = options;
  return {
    kind: 'bucket',
    type: 'terms',
    params: {
      field,
      orderBy: orderBy === '_key' ? '_key' : String(orderBy + 1),
      order,
      size,
      otherBucket: other,
      otherBucketLabel: 'Other',
      missingBucket: missing !== undefined,
      missingBucketLabel: missing ?? 'Missing',
      customLabel: label,
    },
  };
}

/** Documents by time, in steps that fit the range looked at. */
export const overTime = (): Bucket => ({
  kind: 'bucket',
  type: 'date_histogram',
  params: {
    field: '@timestamp',
    useNormalizedOpenSearchInterval: true,
    scaleMetricValues: false,
    interval: 'auto',
    drop_partials: false,
    min_doc_count: 1,
    extended_bounds: {},
    customLabel: 'Time',
  },
});

/** Documents by queries in Lucene's language, each with its label. */
export const byQueries = (queries: Readonly<Record<string, string>>): Bucket => ({
  kind: 'bucket',
  type: 'filters',
  params: {
    filters: Object.entries(queries).map(([label, query]) => ({ input: { query, language: 'lucene' }, label })),
  },
});

/** Metrics get the ids from 1 on, so that `orderBy` can name them; buckets come after, each in its schema. */
export function numbered(
  metrics: readonly Metric[],
  buckets: readonly (readonly [schema: string, bucket: Bucket])[],
): Aggregation[] {
  const placed = [
    ...metrics.map((one) => ({ schema: 'metric', one })),
    ...buckets.map(([schema, one]) => ({ schema, one })),
  ];
  return placed.map(({ schema, one }, i) => ({
    id: String(i + 1),
    enabled: true,
    type: one.type,
    params: one.params,
    schema,
  }));
}
