import type { JsonFault } from '../json-text.ts';
import type { Repair } from './mend-json.ts';

/** Brackets, commas, comments, escapes, and text around the JSON. */
export function repairStructure(text: string, { offset, expected }: JsonFault): Repair | null {
  const rest = text.slice(offset);
  const comment = /^(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*)/.exec(rest)?.[0];
  if (comment !== undefined)
    return removed(
      offset,
      comment.length,
      'comment_in_json',
      'expected JSON, found a comment',
      'Take the comment away: JSON has none.',
    );
  if (expected.startsWith('one of the escapes')) {
    return {
      ...{
        code: 'bad_escape',
        from: offset,
        until: offset + 2,
        edits: [{ from: offset, until: offset, insert: '\\' }],
      },
      message: `expected ${expected}, found ${rest.slice(0, 2)}`,
      mend: 'Write \\\\ for a backslash.',
    };
  }
  if (expected.startsWith('nothing after')) return behind(text, offset, rest);
  if (expected === 'a value') return around(text, offset);
  if (expected.startsWith('a comma or')) return comma(text, offset, expected.slice(-1));
  if (expected.startsWith('a field name') && rest === '') return closed(text, offset, '}');
  return null;
}

function removed(from: number, length: number, code: Repair['code'], message: string, mend: string): Repair {
  return { code, from, until: from + length, message, mend, edits: [{ from, until: from + length, insert: '' }] };
}

function behind(text: string, offset: number, rest: string): Repair {
  if (/^[{[]/.test(rest)) {
    const message = 'expected one alert, found another behind it';
    return {
      code: 'two_alerts',
      from: offset,
      until: text.length,
      message,
      mend: 'Send each as an alert of its own.',
      edits: [],
    };
  }
  const message = 'expected the end of the alert, found more text';
  return removed(offset, rest.length, 'text_around', message, 'Take what stands behind the last bracket away.');
}

/** `Alert: {…}` and ```` ```json ````. */
function around(text: string, offset: number): Repair | null {
  const open = text.indexOf('{', offset);
  if (open < 0 || text.slice(0, offset).trim() !== '') return null;
  return removed(
    offset,
    open - offset,
    'text_around',
    'expected the alert to begin with {, found text before it',
    'Take what stands before the { away.',
  );
}

function comma(text: string, offset: number, bracket: string): Repair | null {
  const found = text[offset];
  if (found === undefined) return closed(text, offset, bracket);
  if (found === ';') {
    return {
      ...{
        code: 'missing_comma',
        from: offset,
        until: offset + 1,
        edits: [{ from: offset, until: offset + 1, insert: ',' }],
      },
      message: 'expected a comma, found ;',
      mend: 'Write a comma between two fields.',
    };
  }
  if ((found === '}' || found === ']') && found !== bracket) {
    return {
      ...{
        code: 'not_closed',
        from: offset,
        until: offset + 1,
        edits: [{ from: offset, until: offset, insert: bracket }],
      },
      message: `expected ${bracket}, found ${found}`,
      mend: `Write ${bracket} before it.`,
    };
  }
  if (!/["'“”‘’{[\p{L}\d-]/u.test(found)) return null;
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  return {
    ...{ code: 'missing_comma', from: end, until: end + 1, edits: [{ from: end, until: end, insert: ',' }] },
    message: `expected a comma, found ${JSON.stringify(found)}`,
    mend: 'Write a comma between two fields.',
  };
}

function closed(text: string, offset: number, bracket: string): Repair {
  const comma = /,\s*$/.exec(text);
  const from = comma ? comma.index : offset;
  return {
    ...{ code: 'not_closed', from, until: text.length, edits: [{ from, until: text.length, insert: bracket }] },
    message: `expected ${bracket}, found the end: the text was cut off, or a bracket forgotten`,
    mend: `Write ${bracket} at the end, and look whether anything else is missing.`,
  };
}
