import { intervalFor, type TimeRange } from './interval.ts';
import type { Aggregation, Control, SavedObject, SearchSource, TypedQuery, VisState } from './model.ts';
import { indexPatternOf, type ObjectsByKey, searchSourceOf, visStateOf } from './read.ts';

export type { TimeRange } from './interval.ts';

/** What a person is looking at. */
export interface View {
  readonly range: TimeRange;
  /** Filters of the dashboard, as OpenSearch takes them: those that its controls make, for example. */
  readonly filters?: readonly object[];
  /** The browser's; UTC when not given. */
  readonly timeZone?: string;
}

/** A search as OpenSearch Dashboards sends it. */
export interface SearchRequest {
  readonly index: string;
  readonly body: {
    readonly size?: number;
    readonly sort?: readonly object[];
    readonly query: object;
    readonly aggs?: Readonly<Record<string, unknown>>;
  };
}

type Dsl = Record<string, unknown>;

const metricTypes = new Set([
  'count',
  'sum',
  'avg',
  'max',
  'min',
  'cardinality',
  'percentiles',
  'top_hits',
  'value_count',
]);
export const isMetric = ({ type }: Pick<Aggregation, 'type'>): boolean => metricTypes.has(type);

/** Dashboards' rows of Discover at most, by its setting discover:sampleSize. */
const discoverRows = 500;

/**
 * The searches that Dashboards sends when the object is shown: one for a visualization or a saved search, one a list for controls. What
 * is left out does not change the answer (stored_fields, docvalue_fields). The request that follows for a terms aggregation's “Other”
 * is not made. Throws on a query in Dashboards' own language, on a missing index pattern, and on an aggregation it does not know.
 */
export function searchesOf(object: SavedObject, objects: ObjectsByKey, view: View): SearchRequest[] {
  const state = visStateOf(object);
  if (state?.type === 'vega') return vegaSearches(state, view);
  if (state?.type === 'input_control_vis') return controlSearches(object, state, objects);
  const source = searchSourceOf(object);
  const pattern = indexPatternOf(object, source?.indexRefName, objects);
  if (!source || !pattern) throw new Error(`${object.id} has no index pattern`);
  const { title, timeFieldName } = pattern.attributes as { title: string; timeFieldName?: string };
  const query = queryOf(source, view, timeFieldName);
  if (object.type === 'search') {
    const sort = (object.attributes.sort as [string, string][]).map(([field, order]) => ({
      [field]: { order, unmapped_type: 'boolean' },
    }));
    return [{ index: title, body: { size: discoverRows, sort, query } }];
  }
  if (!state) throw new Error(`${object.type} ${object.id} makes no search`);
  return [{ index: title, body: { size: 0, query, aggs: aggsOf(state, view) } }];
}

/** A typed query as OpenSearch takes it. */
function typed({ query, language }: TypedQuery): { must: object[]; filter: object[] } {
  if (query === '') return { must: [], filter: [{ match_all: {} }] };
  if (language !== 'lucene') throw new Error(`“${query}” is in Dashboards' own language, which is not translated here`);
  return { must: [{ query_string: { query, analyze_wildcard: true, time_zone: 'UTC' } }], filter: [] };
}

const rangeOf = (field: string, { from, to }: TimeRange): object => ({
  range: { [field]: { gte: from, lte: to, format: 'strict_date_optional_time' } },
});

function queryOf(source: SearchSource, view: View, timeField: string | undefined): object {
  const { must, filter } = typed(source.query ?? { query: '', language: 'kuery' });
  const own = (source.filter ?? []).map((one) => (one as { query: object }).query);
  const time = timeField ? [rangeOf(timeField, view.range)] : [];
  return { bool: { must, filter: [...filter, ...own, ...(view.filters ?? []), ...time], should: [], must_not: [] } };
}

function vegaSearches(state: VisState, view: View): SearchRequest[] {
  const spec = JSON.parse(String(state.params.spec)) as { data: unknown };
  const sources = (Array.isArray(spec.data) ? spec.data : [spec.data]) as { url?: Record<string, unknown> }[];
  return sources.flatMap(({ url }) => {
    if (typeof url !== 'object') return [];
    const { index, body = {}, '%context%': context, '%timefield%': timeField } = url;
    const must = timeField ? [rangeOf(String(timeField), view.range)] : [];
    const filter = context ? [...(view.filters ?? [])] : [];
    const query = { bool: { must, filter, should: [], must_not: [] } };
    return [{ index: String(index), body: { ...(body as SearchRequest['body']), query } }];
  });
}

function controlSearches(object: SavedObject, state: VisState, objects: ObjectsByKey): SearchRequest[] {
  return (state.params.controls as Control[]).map(({ fieldName, indexPatternRefName, options }) => {
    const pattern = indexPatternOf(object, indexPatternRefName, objects);
    if (!pattern) throw new Error(`${object.id} has a control without an index pattern`);
    // Lists of strings ask again as one types, and so leave the size to OpenSearch.
    const size = options.dynamicOptions ? {} : { size: options.size };
    const terms = { field: fieldName, order: { _count: 'desc' }, ...size };
    return {
      index: String(pattern.attributes.title),
      body: { size: 0, query: { bool: { filter: [] } }, aggs: { termsAgg: { terms } } },
    };
  });
}

/** Buckets within each other in their order, the metrics in the innermost; in a pie, at every level. */
function aggsOf(state: VisState, view: View): Dsl {
  const enabled = state.aggs.filter((one) => one.enabled);
  const metrics = enabled.filter(isMetric);
  const asked = Object.fromEntries(
    metrics.filter(({ type }) => type !== 'count').map((one) => [one.id, metricDsl(one)]),
  );
  const everyLevel =
    state.type === 'pie' || Boolean(state.params.showPartialRows) || Boolean(state.params.showMetricsAtAllLevels);
  let inner: Dsl = asked;
  for (const bucket of enabled.filter((one) => !isMetric(one)).reverse()) {
    const { ordering, ...dsl } = bucketDsl(bucket, metrics, view);
    const aggs = { ...ordering, ...(everyLevel ? asked : {}), ...inner };
    inner = { [bucket.id]: Object.keys(aggs).length > 0 ? { ...dsl, aggs } : dsl };
  }
  return inner;
}

function metricDsl({ type, params }: Aggregation): Dsl {
  const { field } = params;
  if (type === 'percentiles') return { percentiles: { field, percents: params.percents, keyed: false } };
  if (type !== 'top_hits') return { [type]: { field } };
  const sort = [{ [String(params.sortField)]: { order: params.sortOrder } }];
  return { top_hits: { docvalue_fields: [{ field }], _source: field, size: params.size, sort } };
}

function bucketDsl(
  bucket: Aggregation,
  metrics: readonly Aggregation[],
  view: View,
): Dsl & { readonly ordering?: Dsl } {
  const { type, params } = bucket;
  const { field } = params;
  if (type === 'date_histogram') {
    const interval = params.interval === 'auto' ? intervalFor(view.range) : { fixed_interval: params.interval };
    const time_zone = view.timeZone ?? 'UTC';
    return { date_histogram: { field, ...interval, time_zone, min_doc_count: params.min_doc_count } };
  }
  if (type === 'filters') {
    const entries = (params.filters as { input: TypedQuery; label: string }[]).map(({ input, label }) => [
      label,
      { bool: { ...typed(input), should: [], must_not: [] } },
    ]);
    return { filters: { filters: Object.fromEntries(entries) } };
  }
  if (type !== 'terms') throw new Error(`the aggregation ${type} is not known`);
  const metric = metrics.find(({ id }) => id === params.orderBy);
  const key = !metric ? String(params.orderBy) : metric.type === 'count' ? '_count' : metric.id;
  const missing = params.missingBucket ? { missing: '__missing__' } : {};
  return {
    terms: { field, order: { [key]: params.order }, size: params.size, ...missing },
    ...(metric && metric.type !== 'count' ? { ordering: { [metric.id]: metricDsl(metric) } } : {}),
  };
}
