// Invariants: whatever is written by RFC 4180 is read back field by field; no text makes the reader throw or go on for ever.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';

const fieldsOf = (text: string) => readCsv(text).map((row) => row.fields);

describe('a CSV text', () => {
  it('is read by line and field, whatever ends its lines', () => {
    expect(readCsv('a,b\r\n1,"x, y"\n\n 2 ,\r3,"say ""so"""')).toEqual([
      { line: 1, fields: ['a', 'b'], fault: null },
      { line: 2, fields: ['1', 'x, y'], fault: null },
      { line: 4, fields: [' 2 ', ''], fault: null },
      { line: 5, fields: ['3', 'say "so"'], fault: null },
    ]);
  });

  it('may begin with a byte order mark, and have a field over several lines', () => {
    expect(readCsv('\uFEFFa,b\n"one\r\ntwo",2\nlast,3')).toEqual([
      { line: 1, fields: ['a', 'b'], fault: null },
      { line: 2, fields: ['one\r\ntwo', '2'], fault: null },
      { line: 4, fields: ['last', '3'], fault: null },
    ]);
  });

  it.each([
    ['a mark in the middle', 'a,b "c"', 'in the middle'],
    ['text after the end', '"a"b,c', 'in the middle'],
    ['a mark that is not closed', 'a,"b\nc', 'not closed'],
  ])('with %s says so', (_name, text, fault) => {
    expect(readCsv(text)[0]!.fault).toContain(fault);
  });

  it('of nothing has no rows', () => {
    expect(fieldsOf('')).toEqual([]);
    expect(fieldsOf('\n\r\n  \n')).toEqual([]);
  });
});

it('what is written is read back', () => {
  const field = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', '\r\n', 'é', '=') });
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 2, maxLength: 4 })),
      fc.constantFrom('\n', '\r\n'),
      (rows, end) => {
        const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join(end);
        expect(fieldsOf(text)).toEqual(rows);
        expect(readCsv(text).every((row) => row.fault === null)).toBe(true);
      },
    ),
  );
});

it('any text is read', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r') }), (text) => {
      for (const row of readCsv(text)) expect(row.fields.length).toBeGreaterThan(0);
    }),
  );
});
