import type { Fields } from '../fields.ts';
import { cannotOrderTerms, kinds, takes } from '../kinds.ts';
import type { Aggregation, TypedQuery, VisState } from '../model.ts';
import { isMetric } from '../to-search.ts';
import { wrongQuery } from './query.ts';

/** What Dashboards or OpenSearch would refuse of a visualization's aggregations over documents with these fields; in sentences. */
export function wrongAggregations({ type, params, aggs }: VisState, fields: Fields): string[] {
  const places = kinds[type];
  if (!places) return [`${type} is no kind of visualization that is known`];
  const problems: string[] = [];
  const enabled = aggs.filter((one) => one.enabled);
  for (const [name, { group, min, max, only }] of Object.entries(places)) {
    const here = enabled.filter(({ schema }) => schema === name);
    if (here.length < min || here.length > max) problems.push(`${here.length} aggregations are in the place ${name}`);
    for (const one of here) {
      if (isMetric(one) !== (group === 'metrics')) problems.push(`${one.type} does not belong into the place ${name}`);
      if (only && !only.includes(one.type)) problems.push(`a ${type} takes no ${one.type} as its ${name}`);
    }
  }
  const ids = new Set<string>();
  for (const one of aggs) {
    if (ids.has(one.id)) problems.push(`the aggregation ${one.id} is there twice`);
    ids.add(one.id);
    if (!(one.schema in places)) problems.push(`a ${type} has no place ${one.schema}`);
    problems.push(...wrongAggregation(one, fields, enabled));
  }
  const drawn = (params.seriesParams ?? []) as { data: { id: string } }[];
  const metrics = enabled.filter(isMetric);
  for (const { data } of drawn)
    if (!metrics.some(({ id }) => id === data.id))
      problems.push(`a series draws the metric ${data.id}, which is not there`);
  if (drawn.length > 0 || type === 'histogram' || type === 'line')
    for (const { id } of metrics)
      if (!drawn.some(({ data }) => data.id === id)) problems.push(`no series draws the metric ${id}`);
  return problems;
}

function wrongAggregation({ id, type, params }: Aggregation, fields: Fields, all: readonly Aggregation[]): string[] {
  if (!(type in takes)) return [`${type} is no aggregation that is known`];
  const problems: string[] = [];
  const fits = takes[type];
  if (fits) {
    const field = String(params.field);
    const fieldType = fields.get(field);
    if (fieldType === undefined) problems.push(`the field ${field} is in no mapping`);
    else if (!fits(fieldType)) problems.push(`${type} cannot be made of ${field}, a ${fieldType}`);
  }
  if (type === 'terms') {
    const { orderBy, size } = params;
    const metric = all.find((one) => one.id === orderBy);
    if (orderBy !== '_key' && !(metric && isMetric(metric)))
      problems.push(`the terms ${id} are ordered by ${orderBy}, which is no metric`);
    if (metric && cannotOrderTerms.has(metric.type)) problems.push(`terms cannot be ordered by ${metric.type}`);
    if (!Number.isInteger(size) || Number(size) < 1) problems.push(`the terms ${id} have no size`);
  }
  if (type === 'top_hits' && !fields.has(String(params.sortField)))
    problems.push(`the field ${params.sortField} is in no mapping`);
  if (type === 'percentiles' && !(Array.isArray(params.percents) && params.percents.length > 0))
    problems.push(`the percentiles ${id} have no percents`);
  if (type === 'filters') {
    const filters = (params.filters ?? []) as { input: TypedQuery }[];
    if (filters.length === 0) problems.push(`the filters ${id} are empty`);
    problems.push(...filters.flatMap(({ input }) => wrongQuery(input, fields)));
  }
  return problems;
}
