import type { Control, Panel, SavedObject } from '../model.ts';
import { jsonAttribute, keyOf, type ObjectsByKey, searchSourceOf, visStateOf } from '../read.ts';

/** The references that an object's attributes name, with the types that fit. */
function named(object: SavedObject): { name: string; types: readonly string[] }[] {
  const found: { name: string; types: readonly string[] }[] = [];
  const add = (name: unknown, ...types: string[]) => {
    if (typeof name === 'string') found.push({ name, types });
  };
  const source = searchSourceOf(object);
  add(source?.indexRefName, 'index-pattern');
  for (const one of source?.filter ?? [])
    add((one as { meta?: { indexRefName?: string } }).meta?.indexRefName, 'index-pattern');
  add(object.attributes.savedSearchRefName, 'search');
  for (const one of (visStateOf(object)?.params?.controls ?? []) as Control[])
    add(one.indexPatternRefName, 'index-pattern');
  for (const one of jsonAttribute<Panel[]>(object.attributes, 'panelsJSON') ?? [])
    add(one.panelRefName, 'visualization', 'search');
  return found;
}

/** Names without a reference, references without a use, and references to what is not there; in sentences. */
export function wrongReferences(object: SavedObject, objects: ObjectsByKey): string[] {
  const key = keyOf(object);
  const problems: string[] = [];
  const uses = named(object);
  for (const { name, types } of uses) {
    const reference = object.references.find((one) => one.name === name);
    if (!reference) problems.push(`${key} names the reference ${name}, which it does not have`);
    else if (!types.includes(reference.type)) problems.push(`${key}: ${name} leads to a ${reference.type}`);
  }
  const names = new Set<string>();
  for (const reference of object.references) {
    if (names.has(reference.name)) problems.push(`${key} has the reference ${reference.name} twice`);
    names.add(reference.name);
    if (!uses.some(({ name }) => name === reference.name))
      problems.push(`${key} has the reference ${reference.name}, which nothing uses`);
    if (!objects.has(keyOf(reference))) problems.push(`${key} refers to ${keyOf(reference)}, which is not there`);
  }
  return problems;
}

/** What can be seen on no dashboard and used by nothing, in sentences. */
export function unused(objects: ObjectsByKey): string[] {
  const used = new Set([...objects.values()].flatMap(({ references }) => references.map(keyOf)));
  // A chart of Vega names its index in its own search.
  const named = new Set(
    [...objects.values()]
      .flatMap((one) => [...String(visStateOf(one)?.params.spec ?? '').matchAll(/"index":\s*"([^"]+)"/g)])
      .map((match) => match[1]),
  );
  return [...objects.values()]
    .filter((one) => one.type !== 'dashboard' && !used.has(keyOf(one)) && !named.has(String(one.attributes.title)))
    .map((one) => `${keyOf(one)} is used by nothing`);
}
