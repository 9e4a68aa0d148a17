import { migrationVersions, type SavedObject, type SavedObjectType } from '../model.ts';

/** Dashboards' limits for one import, unless it is set otherwise. */
const mostObjects = 10_000;
const mostBytes = 26_214_400;

const isNewer = (version: string, than: string): boolean => version.localeCompare(than, 'en', { numeric: true }) > 0;

/** The file's objects, and what import would refuse of them, in sentences. */
export function readImport(text: string): { objects: SavedObject[]; problems: string[] } {
  const problems: string[] = [];
  const objects: SavedObject[] = [];
  let counted: number | null = null;
  if (Buffer.byteLength(text) > mostBytes) problems.push(`the file is larger than ${mostBytes} bytes`);
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = `line ${i + 1}`;
    let read: unknown;
    try {
      read = JSON.parse(line);
    } catch {
      problems.push(`${at} is not JSON`);
      continue;
    }
    if (read === null || typeof read !== 'object') problems.push(`${at} is not an object`);
    else if ('exportedCount' in read) {
      if (counted !== null) problems.push(`${at} counts the objects a second time`);
      counted = Number(read.exportedCount);
      // Only a count that is not zero is passed over.
      if (!counted) problems.push(`${at} would be taken for an object: its exportedCount is 0`);
    } else {
      const wrong = wrongShape(read as Partial<SavedObject>);
      problems.push(...wrong.map((one) => `${at}: ${one}`));
      if (wrong.length === 0) objects.push(read as SavedObject);
    }
  }
  if (objects.length > mostObjects) problems.push(`there are more than ${mostObjects} objects`);
  if (counted !== null && problems.length === 0 && counted !== objects.length)
    problems.push(`the last line counts ${counted} objects, and there are ${objects.length}`);
  const seen = new Set<string>();
  for (const { type, id } of objects) {
    const key = `${type}:${id}`;
    if (seen.has(key)) problems.push(`${key} is there twice`);
    seen.add(key);
  }
  return { objects, problems };
}

function wrongShape(object: Partial<SavedObject>): string[] {
  const { type, id, attributes, references, migrationVersion = {} } = object;
  const name = `${type}:${id}`;
  if (typeof type !== 'string' || !(type in migrationVersions)) return [`the type ${type} is not known`];
  const problems: string[] = [];
  if (typeof id !== 'string' || id === '') problems.push(`${type} has no id`);
  if (attributes === null || typeof attributes !== 'object') problems.push(`${name} has no attributes`);
  if (!Array.isArray(references)) problems.push(`${name} has no list of references`);
  for (const [of, version] of Object.entries(migrationVersion)) {
    if (of !== type) problems.push(`${name} has a migrationVersion for ${of}`);
    else if (isNewer(String(version), migrationVersions[type as SavedObjectType]))
      problems.push(`${name} has the migrationVersion ${version}, newer than is known`);
  }
  return problems;
}
