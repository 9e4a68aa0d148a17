import type { JsonFault } from '../json-text.ts';
import type { Repair } from './mend-json.ts';

const name = /[\p{L}_$][\p{L}\p{N}_$.-]*/uy;

function wordAt(text: string, offset: number): string | null {
  name.lastIndex = offset;
  return name.exec(text)?.[0] ?? null;
}

const before = (text: string, offset: number): number => {
  let at = offset - 1;
  while (at >= 0 && /\s/.test(text[at]!)) at--;
  return at;
};

/** What should have been the name of a field, or the colon behind it. */
export function repairName(text: string, { offset, expected }: JsonFault): Repair | null {
  if (expected.startsWith('a colon')) return colon(text, offset);
  if (!expected.startsWith('a field name')) return null;
  const found = text[offset] ?? '';
  const comma = before(text, offset);
  if (found === '}' && text[comma] === ',') {
    return {
      ...{
        code: 'trailing_comma',
        from: comma,
        until: comma + 1,
        edits: [{ from: comma, until: comma + 1, insert: '' }],
      },
      message: 'expected another field after the comma, found }',
      mend: 'Take the comma after the last field away.',
    };
  }
  if (found === ',') {
    return {
      ...{
        code: 'trailing_comma',
        from: offset,
        until: offset + 1,
        edits: [{ from: offset, until: offset + 1, insert: '' }],
      },
      message: 'expected a field, found a comma too many',
      mend: 'Take one of the commas away.',
    };
  }
  const thousands = /^\d{3}(?!\d)(?:,\d{3})*/.exec(text.slice(offset));
  if (thousands && text[comma] === ',' && comma === offset - 1 && /\d/.test(text[comma - 1] ?? '')) {
    return {
      ...{ code: 'number_form', from: comma, until: offset + 3, edits: [{ from: comma, until: offset, insert: '' }] },
      message: 'expected a number without commas: 1000, not 1,000',
      mend: 'Take the commas out of the number.',
    };
  }
  const word = wordAt(text, offset);
  if (word !== null && /^\s*[:=]/.test(text.slice(offset + word.length))) {
    const until = offset + word.length;
    return {
      ...{ code: 'unquoted_name', from: offset, until },
      message: `expected the field’s name in quotes, found ${word}`,
      mend: `Write "${word}".`,
      edits: [
        { from: offset, until: offset, insert: '"' },
        { from: until, until, insert: '"' },
      ],
    };
  }
  return null;
}

function colon(text: string, offset: number): Repair | null {
  const sign = /^(?:=>|=)/.exec(text.slice(offset))?.[0];
  const value = /^["\d{[-]|^(?:true|false|null)/.test(text.slice(offset));
  if (sign === undefined && !value) return null;
  const until = offset + (sign?.length ?? 0);
  return {
    ...{
      code: 'missing_colon',
      from: offset,
      until: Math.max(until, offset + 1),
      edits: [{ from: offset, until, insert: ':' }],
    },
    message: `expected a colon after the field’s name, found ${sign ?? 'none'}`,
    mend: 'Write a colon between a field’s name and its value.',
  };
}
