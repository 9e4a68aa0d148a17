import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Zod's own sentences, which nobody who filled in a form can use; what a schema says of itself is kept. */
const itsOwn = /^(Invalid|Too small|Too big|Unrecognized)/;
const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
const formats: Readonly<Record<string, string>> = {
  uuid: 'an id',
  datetime: 'a moment, ISO 8601 in UTC',
  date: 'a date, ISO 8601',
  url: 'an address',
  email: 'an e-mail address',
};

/** What was expected of a value in a request, in words; what was typed is not repeated: it may be a key. */
export function inWords(issue: Issue): string {
  if (!itsOwn.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `expected ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin, issue.maximum)}`;
    case 'unrecognized_keys':
      return `not known here: ${issue.keys.join(', ')}`;
    case 'invalid_format':
      return `expected ${formats[issue.format] ?? 'it in another form'}`;
    default:
      return issue.message;
  }
}

const unit = (origin: string, count: number | bigint): string =>
  origin === 'string' ? (count === 1 ? ' character' : ' characters') : origin === 'array' ? ' of them' : '';
