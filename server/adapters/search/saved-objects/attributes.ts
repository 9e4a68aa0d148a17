import type { SavedObjectType } from './model.ts';

const unindexed = { type: 'text', index: false } as const;
const kept = { index: false, doc_values: false } as const;
const searchSourceMeta = { properties: { searchSourceJSON: unindexed } } as const;

interface Field {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Field>>;
}

export interface AttributeMapping {
  /** `strict`: an attribute that is not here is refused when the object is stored. False: it is kept without being searchable. */
  readonly dynamic: 'strict' | false;
  readonly properties: Readonly<Record<string, Field>>;
}

/** The mappings of the attributes in Dashboards' own index, as its plugins declare them. */
export const attributeMappings: Readonly<Record<SavedObjectType, AttributeMapping>> = {
  'index-pattern': { dynamic: false, properties: { title: { type: 'text' }, type: { type: 'keyword' } } },
  search: {
    dynamic: 'strict',
    properties: {
      columns: { type: 'keyword', ...kept },
      description: { type: 'text' },
      hits: { type: 'integer', ...kept },
      kibanaSavedObjectMeta: searchSourceMeta,
      sort: { type: 'keyword', ...kept },
      title: { type: 'text' },
      version: { type: 'integer' },
    },
  },
  visualization: {
    dynamic: 'strict',
    properties: {
      description: { type: 'text' },
      kibanaSavedObjectMeta: searchSourceMeta,
      savedSearchRefName: { type: 'keyword', ...kept },
      title: { type: 'text' },
      uiStateJSON: unindexed,
      version: { type: 'integer' },
      visState: unindexed,
    },
  },
  dashboard: {
    dynamic: 'strict',
    properties: {
      description: { type: 'text' },
      hits: { type: 'integer', ...kept },
      kibanaSavedObjectMeta: searchSourceMeta,
      optionsJSON: unindexed,
      panelsJSON: unindexed,
      refreshInterval: {
        properties: {
          display: { type: 'keyword', ...kept },
          pause: { type: 'boolean', ...kept },
          section: { type: 'integer', ...kept },
          value: { type: 'integer', ...kept },
        },
      },
      timeFrom: { type: 'keyword', ...kept },
      timeRestore: { type: 'boolean', ...kept },
      timeTo: { type: 'keyword', ...kept },
      title: { type: 'text' },
      version: { type: 'integer' },
    },
  },
};

const holds: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  keyword: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
};

/** What OpenSearch would refuse of the attributes, in sentences. Lists of what a field holds are as good as one. */
export function wrongAttributes(mapping: AttributeMapping, attributes: Readonly<Record<string, unknown>>): string[] {
  const visit = (properties: AttributeMapping['properties'], value: unknown, path: string): string[] => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return [`${path} is not an object`];
    return Object.entries(value).flatMap(([name, inner]) => {
      const field = properties[name];
      if (!field) return mapping.dynamic === 'strict' ? [`${path}.${name} is in no mapping`] : [];
      if (field.properties) return visit(field.properties, inner, `${path}.${name}`);
      const values = Array.isArray(inner) ? (inner.flat(3) as unknown[]) : [inner];
      return values.every((one) => holds[field.type!]!(one))
        ? []
        : [`${path}.${name} is not of the type ${field.type}`];
    });
  };
  return visit(mapping.properties, attributes, 'attributes');
}
