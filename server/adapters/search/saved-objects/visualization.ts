import { type Bucket, type Metric, numbered } from './aggregations.ts';
import { indexPatternId } from './index-pattern.ts';
import {
  type Aggregation,
  indexReferenceName,
  migrationVersions,
  type Reference,
  type SavedObject,
  type SearchSource,
  type TypedQuery,
} from './model.ts';

/** What every visualization needs. */
export interface About {
  /** Without `signalbox-`, which is put before it. */
  readonly id: string;
  readonly title: string;
  /** The question it answers. */
  readonly description: string;
  /** The alias it looks at. */
  readonly alias: string;
  /** Only documents that this finds; Lucene's language. */
  readonly query?: string;
}

export const typedQuery = (query = ''): TypedQuery => ({ query, language: query === '' ? 'kuery' : 'lucene' });

/** The search source of an object over one index pattern, with its reference. */
export function searchSourceOf(alias: string, query?: string): [SearchSource, Reference] {
  return [
    { query: typedQuery(query), filter: [], indexRefName: indexReferenceName },
    { name: indexReferenceName, type: 'index-pattern', id: indexPatternId(alias) },
  ];
}

interface Parts {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly type: string;
  readonly params: object;
  readonly aggs: readonly Aggregation[];
  readonly searchSource: SearchSource;
  readonly references: readonly Reference[];
}

/** A visualization of any kind, with its parts in the places that Dashboards looks for them. */
export function visualization(parts: Parts): SavedObject {
  const { title, type, params, aggs } = parts;
  return {
    type: 'visualization',
    id: `signalbox-${parts.id}`,
    attributes: {
      title,
      visState: JSON.stringify({ title, type, params, aggs }),
      uiStateJSON: '{}',
      description: parts.description,
      version: 1,
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(parts.searchSource) },
    },
    references: parts.references,
    migrationVersion: { visualization: migrationVersions.visualization },
  };
}

export const overAlias = (about: About, type: string, params: object, aggs: readonly Aggregation[]): SavedObject => {
  const [searchSource, reference] = searchSourceOf(about.alias, about.query);
  const { id, title, description } = about;
  return visualization({ id, title, description, type, params, aggs, searchSource, references: [reference] });
};

/** Several figures beside each other; or one for each value of a field. */
export const figures = (about: About, metrics: readonly Metric[], group?: Bucket): SavedObject =>
  overAlias(
    about,
    'metric',
    {
      addTooltip: true,
      addLegend: false,
      type: 'metric',
      metric: {
        percentageMode: false,
        useRanges: false,
        colorSchema: 'Green to Red',
        metricColorMode: 'None',
        colorsRange: [{ from: 0, to: 10_000 }],
        labels: { show: true },
        invertColors: false,
        style: { bgFill: '#000', bgColor: false, labelColor: false, subText: '', fontSize: 36 },
      },
    },
    numbered(metrics, group ? [['group', group]] : []),
  );

/** A ring; each bucket splits the slices of the one before. */
export const pie = (about: About, size: Metric, ...slices: readonly Bucket[]): SavedObject =>
  overAlias(
    about,
    'pie',
    {
      type: 'pie',
      addTooltip: true,
      addLegend: true,
      legendPosition: 'right',
      isDonut: true,
      labels: { show: false, values: true, last_level: true, truncate: 100 },
    },
    numbered(
      [size],
      slices.map((one) => ['segment', one]),
    ),
  );

/** A table: one row for each combination of the buckets' values, the metrics as columns. */
export const table = (about: About, metrics: readonly Metric[], ...rows: readonly Bucket[]): SavedObject =>
  overAlias(
    about,
    'table',
    {
      perPage: 10,
      showPartialRows: false,
      showMetricsAtAllLevels: false,
      showTotal: false,
      totalFunc: 'sum',
      percentageCol: '',
    },
    numbered(
      metrics,
      rows.map((one) => ['bucket', one]),
    ),
  );

/**
 * A chart of Dashboards' own kind, Vega: for sums that aggregations alone cannot make. `spec` is the whole specification; its search
 * must take the dashboard's filters and time through %context% and %timefield%.
 */
export const vega = (about: Omit<About, 'alias' | 'query'>, spec: object): SavedObject =>
  visualization({
    ...about,
    type: 'vega',
    params: { spec: JSON.stringify(spec, null, 2) },
    aggs: [],
    searchSource: { query: typedQuery(), filter: [] },
    references: [],
  });

/** The filter controls of a dashboard: lists of the values that each field has, in the alias's documents. */
export function controls(
  about: About,
  lists: readonly { readonly field: string; readonly label: string }[],
): SavedObject {
  const name = (i: number) => `control_${i}_index_pattern`;
  return visualization({
    ...about,
    type: 'input_control_vis',
    params: {
      controls: lists.map(({ field, label }, i) => ({
        id: `signalbox-${about.id}-${field}`,
        fieldName: field,
        parent: '',
        label,
        type: 'list',
        options: { type: 'terms', multiselect: true, dynamicOptions: true, size: 100, order: 'desc' },
        indexPatternRefName: name(i),
      })),
      updateFiltersOnChange: true,
      // A choice must not vanish because nothing of it happened lately.
      useTimeFilter: false,
      pinFilters: false,
    },
    aggs: [],
    searchSource: { query: typedQuery(), filter: [] },
    references: lists.map((_, i) => ({ name: name(i), type: 'index-pattern', id: indexPatternId(about.alias) })),
  });
}

/** The newest documents, one a row, by Discover. */
export function newestRows(about: About, columns: readonly string[]): SavedObject {
  const [searchSource, reference] = searchSourceOf(about.alias, about.query);
  return {
    type: 'search',
    id: `signalbox-${about.id}`,
    attributes: {
      title: about.title,
      description: about.description,
      hits: 0,
      columns,
      sort: [['@timestamp', 'desc']],
      version: 1,
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ highlightAll: true, version: true, ...searchSource }),
      },
    },
    references: [reference],
    migrationVersion: { search: migrationVersions.search },
  };
}
