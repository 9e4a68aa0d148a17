import type { Aggregation, TypedQuery, VisState } from '../model.ts';
import { isMetric } from '../to-search.ts';
import type { Document } from './seed.ts';

/** What OpenSearch answers of one bucket. */
export interface BucketAnswer {
  readonly key?: string | number;
  readonly doc_count: number;
  readonly [aggregation: string]: unknown;
}

const valuesOf = (document: Document, field: string): readonly unknown[] => {
  const value = document[field];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
};
const numbersOf = (documents: readonly Document[], field: string): number[] =>
  documents.flatMap((one) =>
    valuesOf(one, field).map((value) => (field === '@timestamp' ? Date.parse(String(value)) : Number(value))),
  );

/** The part of Lucene's language that our queries are written in: `a:b`, `a:(b OR c)`, `a:*`, NOT, AND. */
export function finds({ query }: TypedQuery, document: Document): boolean {
  if (query === '') return true;
  return query.split(' AND ').every((part) => {
    const [, not, field, list] = /^(NOT )?([\w@]+):(.+)$/.exec(part) ?? [];
    if (field === undefined || list === undefined) throw new Error(`“${part}” is not understood`);
    const wanted = list.replace(/^\(|\)$/g, '').split(' OR ');
    const has = valuesOf(document, field).some((value) => wanted.includes('*') || wanted.includes(String(value)));
    return has !== (not !== undefined);
  });
}

const threeHours = 3 * 60 * 60 * 1000;

/** Whether a document belongs into a bucket, by what the aggregation says; written apart from what is sent. */
function belongs(bucket: Aggregation, key: string | number, document: Document): boolean {
  const { type, params } = bucket;
  if (type === 'filters') {
    const filter = (params.filters as { label: string; input: TypedQuery }[]).find(({ label }) => label === key);
    return filter !== undefined && finds(filter.input, document);
  }
  const values = valuesOf(document, String(params.field));
  if (type === 'date_histogram') {
    return values.some((value) => Math.floor(Date.parse(String(value)) / threeHours) * threeHours === key);
  }
  return key === '__missing__' ? values.length === 0 : values.includes(key);
}

/** The figure that an aggregation should make of the documents; null where only its bounds are known. */
export function figureOf({ type, params }: Aggregation, documents: readonly Document[]): number | null {
  const field = String(params.field);
  const numbers = () => numbersOf(documents, field);
  const sum = () => numbers().reduce((all, one) => all + one, 0);
  switch (type) {
    case 'sum':
      return sum();
    case 'avg':
      return sum() / numbers().length;
    case 'max':
      return Math.max(...numbers());
    case 'min':
      return Math.min(...numbers());
    case 'cardinality':
      return new Set(documents.flatMap((one) => valuesOf(one, field))).size;
    case 'value_count':
      return documents.flatMap((one) => valuesOf(one, field)).length;
    default:
      return null;
  }
}

interface Percentile {
  readonly key: number;
  readonly value: number;
}

/** What is wrong with a metric's answer, in a sentence; null when it is right. */
function wrongMetric(metric: Aggregation, answer: BucketAnswer, documents: readonly Document[]): string | null {
  const field = String(metric.params.field);
  const numbers = numbersOf(documents, field).sort((a, b) => a - b);
  const at = `${metric.type} of ${field}`;
  if (metric.type === 'percentiles') {
    const { values } = answer[metric.id] as { values: Percentile[] };
    // Estimates: each lies among its neighbours, a twentieth of the documents to either side.
    const slack = Math.ceil(numbers.length / 20) + 1;
    for (const { key, value } of values) {
      const nth = (key / 100) * (numbers.length - 1);
      const low = numbers[Math.max(0, Math.floor(nth) - slack)]!;
      const high = numbers[Math.min(numbers.length - 1, Math.ceil(nth) + slack)]!;
      if (!(value >= low && value <= high)) return `${at}: ${key} is ${value}, not from ${low} to ${high}`;
    }
    return values.length === (metric.params.percents as number[]).length ? null : `${at} has ${values.length} values`;
  }
  if (metric.type === 'top_hits') {
    const { hits } = (answer[metric.id] as { hits: { hits: { _source: Document }[] } }).hits;
    const last = documents.reduce((a, b) => (String(a['@timestamp']) >= String(b['@timestamp']) ? a : b));
    return hits.length === 1 && hits[0]!._source[field] === last[field] ? null : `${at} is not that of the newest`;
  }
  const expected = figureOf(metric, documents);
  const { value } = answer[metric.id] as { value: number };
  return expected !== null && Math.abs(value - expected) <= 1e-6 * Math.max(1, Math.abs(expected))
    ? null
    : `${at} is ${value}, not ${expected}`;
}

/**
 * Compares what OpenSearch answered with what the documents say, bucket by bucket to the innermost. Answers what is wrong, in sentences,
 * and how many buckets were looked at.
 */
export function compare(
  state: VisState,
  answer: BucketAnswer,
  documents: readonly Document[],
): { wrong: string[]; buckets: number } {
  const wrong: string[] = [];
  let looked = 0;
  const metrics = state.aggs.filter((one) => isMetric(one) && one.type !== 'count');
  const levels = state.aggs.filter((one) => !isMetric(one));
  const visit = (depth: number, here: BucketAnswer, inside: readonly Document[], path: string): void => {
    if (here.doc_count !== inside.length) wrong.push(`${path}: ${here.doc_count} documents, not ${inside.length}`);
    const level = levels[depth];
    if (!level) {
      if (inside.length === 0) return;
      for (const metric of metrics) {
        const sentence = wrongMetric(metric, here, inside);
        if (sentence) wrong.push(`${path}: ${sentence}`);
      }
      return;
    }
    const { buckets, sum_other_doc_count: beyond = 0 } = here[level.id] as {
      buckets: BucketAnswer[] | Record<string, BucketAnswer>;
      sum_other_doc_count?: number;
    };
    const list = Array.isArray(buckets)
      ? buckets
      : Object.entries(buckets).map(([key, one]) => ({ ...one, key }) as BucketAnswer);
    looked += list.length;
    const everyValue = new Set(
      inside.flatMap((one) => {
        const values = valuesOf(one, String(level.params.field));
        return values.length === 0 && level.params.missingBucket ? ['__missing__'] : values;
      }),
    );
    // Nothing may be left out without its being said.
    if (level.type === 'terms' && beyond === 0 && list.length !== everyValue.size)
      wrong.push(`${path}: ${list.length} values of ${level.params.field}, not ${everyValue.size}`);
    if (level.type === 'date_histogram') {
      const all = list.reduce((sum, { doc_count }) => sum + doc_count, 0);
      if (all !== inside.length) wrong.push(`${path}: ${all} documents over time, not ${inside.length}`);
    }
    for (const bucket of list) {
      const key = bucket.key!;
      const within = inside.filter((one) => belongs(level, key, one));
      visit(depth + 1, bucket, within, `${path} / ${key}`);
    }
  };
  visit(0, answer, documents, state.title);
  return { wrong, buckets: looked };
}
