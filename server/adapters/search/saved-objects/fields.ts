import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A field's type in OpenSearch, by its full name (`sentence.keyword` too). */
export type Fields = ReadonlyMap<string, string>;

/** The fields of each alias, as its index template has them. */
export type FieldsByAlias = ReadonlyMap<string, Fields>;

interface Mapping {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Mapping>>;
  readonly fields?: Readonly<Record<string, Mapping>>;
}

function* fieldsOf(properties: Readonly<Record<string, Mapping>>, prefix: string): Generator<[string, string]> {
  for (const [key, one] of Object.entries(properties)) {
    const name = `${prefix}${key}`;
    if (one.type !== undefined && one.type !== 'object') yield [name, one.type];
    yield* fieldsOf({ ...one.properties, ...one.fields }, `${name}.`);
  }
}

/** Reads the index templates in a folder: `trading-signals.json` holds the fields of the alias `trading-signals`. */
export function readFields(templatesFolder: string): FieldsByAlias {
  const files = readdirSync(templatesFolder)
    .filter((file) => file.endsWith('.json'))
    .sort();
  return new Map(
    files.map((file) => {
      const { template } = JSON.parse(readFileSync(join(templatesFolder, file), 'utf8')) as {
        template: { mappings: { properties: Record<string, Mapping> } };
      };
      return [basename(file, '.json'), new Map(fieldsOf(template.mappings.properties, ''))];
    }),
  );
}

const numbers = new Set(['long', 'integer', 'short', 'byte', 'double', 'float', 'half_float', 'scaled_float']);

/** What Dashboards calls a field's type. */
export function dashboardsType(type: string): 'string' | 'number' | 'date' | 'boolean' | 'unknown' {
  if (type === 'keyword' || type === 'text') return 'string';
  if (numbers.has(type)) return 'number';
  return type === 'date' || type === 'boolean' ? type : 'unknown';
}

/** Whether buckets and figures can be made of a field: not of analysed text, nor of an object kept as it came. */
export const isAggregatable = (type: string): boolean => dashboardsType(type) !== 'unknown' && type !== 'text';
