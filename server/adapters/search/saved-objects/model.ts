/** The saved objects of OpenSearch Dashboards, as they stand in an export: what we write, and what the check reads. */
export type SavedObjectType = 'index-pattern' | 'search' | 'visualization' | 'dashboard';

export interface Reference {
  readonly name: string;
  readonly type: SavedObjectType;
  readonly id: string;
}

export interface SavedObject {
  readonly type: SavedObjectType;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly migrationVersion: Readonly<Record<string, string>>;
}

/**
 * The newest migration of each type that OpenSearch Dashboards 2.19 and 3.x know. A newer one is refused at import; an older one would
 * run migrations made for objects of another shape.
 */
export const migrationVersions: Readonly<Record<SavedObjectType, string>> = {
  'index-pattern': '7.6.0',
  search: '7.9.3',
  visualization: '7.10.0',
  dashboard: '7.9.3',
};

/** What a reference to the index pattern of a search is called, in the search source and in the list of references. */
export const indexReferenceName = 'kibanaSavedObjectMeta.searchSourceJSON.index';

export type MetricType =
  | 'count'
  | 'sum'
  | 'avg'
  | 'max'
  | 'min'
  | 'cardinality'
  | 'percentiles'
  | 'top_hits'
  | 'value_count';
export type BucketType = 'terms' | 'date_histogram' | 'filters';

/** One aggregation of a visualization. */
export interface Aggregation {
  readonly id: string;
  readonly enabled: boolean;
  readonly type: MetricType | BucketType;
  readonly schema: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What stands, as JSON, in a visualization's `visState`. */
export interface VisState {
  readonly title: string;
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly aggs: readonly Aggregation[];
}

/** A query as a person would type it: Lucene's language is sent on as it is, Dashboards' own only when empty. */
export interface TypedQuery {
  readonly query: string;
  readonly language: 'kuery' | 'lucene';
}

/** What stands, as JSON, in `kibanaSavedObjectMeta.searchSourceJSON`. */
export interface SearchSource {
  readonly query?: TypedQuery;
  readonly filter?: readonly unknown[];
  readonly indexRefName?: string;
}

/** A panel of a dashboard; the grid has 48 columns. */
export interface Panel {
  readonly version: string;
  readonly panelIndex: string;
  readonly gridData: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly i: string;
  };
  readonly embeddableConfig: Readonly<Record<string, unknown>>;
  readonly panelRefName: string;
}

/** A filter control: a list to choose values of a field from. */
export interface Control {
  readonly id: string;
  readonly fieldName: string;
  readonly indexPatternRefName?: string;
  readonly parent: string;
  readonly label: string;
  readonly type: 'list';
  readonly options: Readonly<Record<string, unknown>>;
}
