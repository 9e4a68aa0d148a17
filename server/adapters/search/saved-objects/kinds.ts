import { dashboardsType, isAggregatable } from './fields.ts';

/** How many aggregations a kind of visualization takes in each of its places, and which. */
export interface Place {
  readonly group: 'metrics' | 'buckets';
  readonly min: number;
  readonly max: number;
  /** When given, only these types. */
  readonly only?: readonly string[];
}

const many = Number.POSITIVE_INFINITY;
const metrics: Place = { group: 'metrics', min: 1, max: many };
const buckets = (max: number): Place => ({ group: 'buckets', min: 0, max });

const axes: Readonly<Record<string, Place>> = {
  metric: metrics,
  radius: { group: 'metrics', min: 0, max: 1, only: ['count', 'avg', 'sum', 'min', 'max', 'cardinality'] },
  segment: buckets(1),
  group: buckets(3),
  split: buckets(1),
};

/** The kinds of visualizations that are used here, by what Dashboards' plugins say of themselves. */
export const kinds: Readonly<Record<string, Readonly<Record<string, Place>>>> = {
  histogram: axes,
  line: axes,
  pie: {
    metric: { group: 'metrics', min: 1, max: 1, only: ['sum', 'count', 'cardinality', 'top_hits'] },
    segment: buckets(many),
    split: buckets(1),
  },
  metric: { metric: metrics, group: buckets(1) },
  table: { metric: metrics, bucket: buckets(many), split: buckets(1) },
  vega: {},
  input_control_vis: {},
};

const isNumber = (type: string) => dashboardsType(type) === 'number';
const isDate = (type: string) => dashboardsType(type) === 'date';

/** Which types of fields, as OpenSearch has them, an aggregation takes; null when it takes no field. */
export const takes: Readonly<Record<string, ((type: string) => boolean) | null>> = {
  count: null,
  filters: null,
  sum: isNumber,
  avg: isNumber,
  max: (type) => isNumber(type) || isDate(type),
  min: (type) => isNumber(type) || isDate(type),
  percentiles: (type) => isNumber(type) || isDate(type),
  cardinality: isAggregatable,
  value_count: isAggregatable,
  top_hits: () => true,
  terms: isAggregatable,
  date_histogram: isDate,
};

/** A terms aggregation is ordered by one number a bucket. */
export const cannotOrderTerms = new Set(['top_hits', 'percentiles']);
