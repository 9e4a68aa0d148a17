import type { JsonFault } from '../json-text.ts';
import type { Repair } from './mend-json.ts';

/** What programs write where there is no number, and JSON has no word for. */
const nothing = /^[+-]?(?:NaN|Infinity|inf|na|n\/a|undefined|None|nil|NULL|Null)(?![\p{L}\p{N}_])/iu;
const truth = /^(?:True|False|TRUE|FALSE)(?![\p{L}\p{N}_])/u;
/** Units that change nothing: a percentage, a lot or a thousand is another number, which only its author can tell. */
const bareNumber =
  /^[$€£]?\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+)\s*(?:[$€£]|usd[tc]?|eur|gbp|chf|shares?|contracts?|coins?)?(?=\s*[,}\]]|\s*$)/i;
const bareWord = /^[^\s"{}[\],:](?:[^"{}[\],:\n]*[^\s"{}[\],:])?/;

/** What should have been a value. */
export function repairValue(text: string, { offset, expected }: JsonFault): Repair | null {
  if (expected.startsWith('a comma or')) return afterNumber(text, offset);
  if (expected !== 'a value') return null;
  const rest = text.slice(offset);
  let before = offset - 1;
  while (before >= 0 && /\s/.test(text[before]!)) before--;
  if (/^[\]}]/.test(rest) && text[before] === ',') {
    const edits = [{ from: before, until: before + 1, insert: '' }];
    return {
      ...{ code: 'trailing_comma', from: before, until: before + 1, edits },
      message: `expected another value after the comma, found ${rest[0]}`,
      mend: 'Take the comma after the last value away.',
    };
  }
  if (/^[,}\]]/.test(rest) && text[before] === ':') {
    return {
      ...{
        code: 'missing_value',
        from: before,
        until: before + 1,
        edits: [{ from: offset, until: offset, insert: 'null' }],
      },
      message: `expected a value after the colon, found ${rest[0]}`,
      mend: 'Write a value, or leave the field out.',
    };
  }
  // Words at the beginning of the alert are no values: text stands around the JSON.
  if (before < 0) return null;
  const change = (length: number, insert: string) => [{ from: offset, until: offset + length, insert }];
  const no = nothing.exec(rest)?.[0];
  if (no !== undefined) {
    return {
      ...{ code: 'not_a_number_word', from: offset, until: offset + no.length, edits: change(no.length, 'null') },
      message: `expected a number, found ${no}: there was no number on that bar`,
      mend: 'Send null or leave the field out, and do not fire while the number is not there.',
    };
  }
  const word = truth.exec(rest)?.[0];
  if (word !== undefined) {
    return {
      ...{
        code: 'word_form',
        from: offset,
        until: offset + word.length,
        edits: change(word.length, word.toLowerCase()),
      },
      message: `expected ${word.toLowerCase()}, found ${word}`,
      mend: `Write ${word.toLowerCase()} in small letters.`,
    };
  }
  const number = bareNumber.exec(rest)?.[0];
  if (number !== undefined) return numberForm(offset, number);
  return quotedText(text, offset);
}

/** Words that no quotes stand around. */
function quotedText(text: string, from: number): Repair | null {
  const bare = bareWord.exec(text.slice(from))?.[0];
  if (bare === undefined || bare.length > 200) return null;
  const until = from + bare.length;
  return {
    ...{ code: 'unquoted_text', from, until },
    message: `expected text in quotes, found ${bare.slice(0, 40)}`,
    mend: `Write quotes around it: "${bare.slice(0, 40)}".`,
    edits: [
      { from, until: from, insert: '"' },
      { from: until, until, insert: '"' },
    ],
  };
}

/** A number as JSON has it, of one with a sign, a unit or a bare point. */
function plainNumber(written: string): string {
  const digits = written.replace(/[^\d.-]/g, '').replace(/^(-?)0+(?=\d)/, '$1');
  return digits.replace(/^(-?)\./, '$10.').replace(/\.$/, '');
}

function numberForm(from: number, written: string): Repair {
  const insert = plainNumber(written);
  return {
    ...{
      code: 'number_form',
      from,
      until: from + written.length,
      edits: [{ from, until: from + written.length, insert }],
    },
    message: `expected a plain number, found ${written}`,
    mend: `Write ${insert}.`,
  };
}

/** The reading took a number, and its unit or its leading zeros were left. */
function afterNumber(text: string, offset: number): Repair | null {
  const number = /[$€£]?[+-]?[\d.][\d._]* ?$/.exec(text.slice(Math.max(0, offset - 40), offset))?.[0];
  if (number === undefined) return null;
  const from = offset - number.length;
  const written = bareNumber.exec(text.slice(from))?.[0];
  if (written !== undefined) return written.length <= number.length ? null : numberForm(from, written);
  const goesOn =
    !number.endsWith(' ') && /^[%A-Za-z:/-]/.test(text.slice(offset)) && !/^\/[/*]/.test(text.slice(offset));
  return goesOn ? quotedText(text, from) : null;
}
