import type { Reference, SavedObject, SearchSource, VisState } from './model.ts';

/** The text of an attribute that holds JSON, read; null when it is missing or is not JSON. */
export function jsonAttribute<T>(attributes: Readonly<Record<string, unknown>>, name: string): T | null {
  const text = attributes[name];
  if (typeof text !== 'string') return null;
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

export const visStateOf = (object: SavedObject): VisState | null =>
  object.type === 'visualization' ? jsonAttribute<VisState>(object.attributes, 'visState') : null;

export const searchSourceOf = (object: SavedObject): SearchSource | null =>
  jsonAttribute<SearchSource>(
    (object.attributes.kibanaSavedObjectMeta as Readonly<Record<string, unknown>> | undefined) ?? {},
    'searchSourceJSON',
  );

export const referenceNamed = (object: SavedObject, name: string | undefined): Reference | undefined =>
  object.references.find((one) => one.name === name);

/** Objects by type and id. */
export type ObjectsByKey = ReadonlyMap<string, SavedObject>;

export const keyOf = ({ type, id }: { readonly type: string; readonly id: string }): string => `${type}:${id}`;

export const byKey = (objects: readonly SavedObject[]): ObjectsByKey =>
  new Map(objects.map((one) => [keyOf(one), one]));

/** The index pattern that a reference of the object leads to. */
export function indexPatternOf(
  object: SavedObject,
  referenceName: string | undefined,
  objects: ObjectsByKey,
): SavedObject | undefined {
  const reference = referenceNamed(object, referenceName);
  return reference && objects.get(keyOf(reference));
}

/** The objects of an export, without its last line's count. Throws when a line is not JSON. */
export const parseNdjson = (text: string): SavedObject[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as SavedObject & { exportedCount?: number })
    .filter((one) => !one.exportedCount);
