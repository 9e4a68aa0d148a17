import type { Fields } from '../fields.ts';
import type { TypedQuery } from '../model.ts';

/** Fields that a typed query names and no mapping has; in sentences. */
export function wrongQuery({ query, language }: TypedQuery, fields: Fields): string[] {
  if (language !== 'lucene' && language !== 'kuery') return [`${language} is no language of queries`];
  const bare = query.replace(/"(\\.|[^"\\])*"/g, '""');
  return [...bare.matchAll(/([\w@.]+):/g)]
    .filter((match) => !fields.has(match[1]!))
    .map((match) => `the query names the field ${match[1]}, which is in no mapping`);
}
