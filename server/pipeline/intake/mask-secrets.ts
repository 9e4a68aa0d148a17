/** What stands in the place of a secret. */
export const masked = '***';

const names = 'secret|password|passphrase|passwd|api_?key|api_?secret|auth_?key|token|licen[cs]e_?id|licen[cs]e';

/** A field of JSON, also of JSON that is broken; its value is text, or what ends with the field. */
const jsonField = new RegExp(`("(?:${names})"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"?|[^",}\\]\\s][^,}\\]\\s]*)`, 'gi');
/** `name=value`, up to what ends a parameter. */
const parameter = new RegExp(`((?:^|[\\s,;|&])(?:${names})[ \\t]*=[ \\t]*)[^\\s,;|&]+`, 'gi');
/** The licence that each PineConnector line begins with. */
const licence = /^([ \t]*)\d{8,20}(?=[ \t]*,[ \t]*[a-z])/gim;

/** Where a secret stands in a body, with the quotes of its value. */
export interface SecretSpan {
  readonly kind: 'field' | 'licence';
  /** Of its field; empty for a licence. */
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

/** All that `maskSecrets` masks, in the order of the body. */
export function secretsIn(body: string): readonly SecretSpan[] {
  const spans = (pattern: RegExp, kind: SecretSpan['kind']): SecretSpan[] =>
    [...body.matchAll(pattern)].map((match) => {
      const [whole, before = ''] = match;
      const name = kind === 'licence' ? '' : before.replace(/["\s,;|&:=]/g, '');
      return { kind, name, from: match.index + before.length, until: match.index + whole.length };
    });
  const found = [...spans(jsonField, 'field'), ...spans(parameter, 'field'), ...spans(licence, 'licence')];
  return found.sort((a, b) => a.from - b.from);
}

/**
 * A body without the secrets that senders put into it, as it is stored, shown and searched: a secret that is nowhere kept is nowhere seen. It
 * goes by names and not by dialects, so that a body which no dialect can read keeps none either.
 */
export const maskSecrets = (body: string): string =>
  body
    .replace(jsonField, (_, name: string) => `${name}"${masked}"`)
    .replace(parameter, (_, name: string) => `${name}${masked}`)
    .replace(licence, (_, space: string) => `${space}${masked}`);
