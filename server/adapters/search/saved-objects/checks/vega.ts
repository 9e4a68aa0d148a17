import type { FieldsByAlias } from '../fields.ts';
import { takes } from '../kinds.ts';

interface Url {
  readonly index?: string;
  readonly '%context%'?: boolean;
  readonly '%timefield%'?: string;
  readonly body?: { readonly query?: unknown; readonly aggs?: unknown };
}

/** What is wrong with the searches of a Vega specification, in sentences. */
export function wrongVega(spec: unknown, fields: FieldsByAlias): string[] {
  let read: { $schema?: string; data?: unknown };
  try {
    read = JSON.parse(String(spec)) as typeof read;
  } catch {
    return ['the specification is not JSON'];
  }
  const problems: string[] = [];
  if (!/vega\.github\.io\/schema\/vega/.test(read.$schema ?? '')) problems.push('the specification has no $schema');
  const urls = [read.data].flat().flatMap((one) => {
    const url = (one as { url?: Url } | undefined)?.url;
    return typeof url === 'object' ? [url] : [];
  });
  if (urls.length === 0) problems.push('the specification makes no search');
  for (const { index = '', body = {}, '%context%': context, '%timefield%': timeField } of urls) {
    const known = fields.get(index);
    if (!known) {
      problems.push(`there is no alias ${index}`);
      continue;
    }
    if (!context) problems.push('the search does not take the filters of the dashboard (%context%)');
    if (timeField === undefined || known.get(timeField) !== 'date')
      problems.push('the search takes no time (%timefield%)');
    if (body.query !== undefined) problems.push('a search with %context% may not have a query of its own');
    const visit = (aggs: unknown): void => {
      for (const one of Object.values((aggs ?? {}) as Record<string, Record<string, unknown>>)) {
        for (const [type, params] of Object.entries(one)) {
          if (type === 'aggs') visit(params);
          else if (params !== null && typeof params === 'object' && 'field' in params) {
            const field = String(params.field);
            const fieldType = known.get(field);
            const fits = takes[type === 'auto_date_histogram' ? 'date_histogram' : type];
            if (fieldType === undefined) problems.push(`the field ${field} is in no mapping`);
            else if (!fits?.(fieldType)) problems.push(`${type} cannot be made of ${field}, a ${fieldType}`);
            if ('interval' in params) problems.push('interval is gone from OpenSearch: use fixed_interval');
          }
        }
      }
    };
    visit(body.aggs);
  }
  return problems;
}
