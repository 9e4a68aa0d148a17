// Invariant: whatever of a chain is changed, taken away, put in, doubled or put in another order, the first wrong entry is found.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../model/event.ts';
import { canonicalJson } from './canonical-json.ts';
import { type ChainRow, chainOn, emptyChain, hashOf } from './chain.ts';
import { headFault, verifyRows } from './verify.ts';

const event = (at: number): StoredEvent => ({
  seq: String(at),
  id: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
  at: new Date(1_795_000_000_000 + at * 1_000),
  kind: 'settings.changed',
  data: { key: 'display.zone', from: 'UTC', to: `zone ${at}`, by: 'Ada' },
});
const events = Array.from({ length: 20 }, (_, at) => event(at));
const rows = chainOn(emptyChain, events);
const faultIn = (changed: readonly ChainRow[]) => verifyRows(emptyChain, changed).fault;
const withRow = (at: number, change: Partial<ChainRow>) =>
  rows.map((row, index) => (index === at ? { ...row, ...change } : row));

describe('canonical JSON', () => {
  // RFC 8785, section 3.2.3, and the numbers of its appendix B that JSON can hold.
  it('sorts names by UTF-16 code units and writes no space', () => {
    const value = {
      '\u20ac': 'Euro',
      '\r': 'CR',
      '\ufb33': 'Dalet',
      '1': 'One',
      '\ud83d\ude00': 'Smile',
      '\u0080': 'C',
      '\u00f6': 'o',
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":"CR","1":"One","\u0080":"C","\u00f6":"o","\u20ac":"Euro","\ud83d\ude00":"Smile","\ufb33":"Dalet"}',
    );
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: undefined })).toBe('{"b":[1,{"c":true,"d":null}]}');
  });

  it.each([
    [Number('333333333.33333329'), '333333333.3333333'],
    [1e30, '1e+30'],
    [4.5, '4.5'],
    [2e-3, '0.002'],
    [1e-27, '1e-27'],
    [-0, '0'],
    [1e21, '1e+21'],
  ])('writes %s as ECMAScript does', (number, text) => {
    expect(canonicalJson(number)).toBe(text);
  });

  it('refuses what is no JSON', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, '\ud800']) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });

  it('is the same text however the value was put together', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        const turned = typeof value === 'object' && value !== null && !Array.isArray(value);
        if (turned) expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text);
      }),
    );
  });
});

describe('a chain', () => {
  it('is whole as it was made, in one go or in many', () => {
    expect(verifyRows(emptyChain, rows)).toEqual({ head: { number: 20, hash: rows.at(-1)!.hash }, fault: null });
    let head = emptyChain as { number: number; hash: string };
    const piecewise = events.flatMap((one) => {
      const made = chainOn(head, [one]);
      head = made[0]!;
      return made;
    });
    expect(piecewise).toEqual(rows);
  });

  it('says who did it', () => {
    expect(JSON.parse(rows[0]!.entry)).toMatchObject({ number: 1, who: 'Ada', kind: 'settings.changed' });
    const asked = { ...event(1), kind: 'action.asked', data: { who: { id: '1', name: 'Grace' } } } as const;
    expect(JSON.parse(chainOn(emptyChain, [asked])[0]!.entry)).toMatchObject({ who: 'Grace' });
  });

  it.each(rows.map((row) => [row.number]))('changed in any field of entry %i is found there', (number) => {
    const at = number - 1;
    const read = JSON.parse(rows[at]!.entry) as Record<string, unknown>;
    const fields = Object.keys(read);
    expect(fields.sort()).toEqual(['accountId', 'at', 'data', 'event', 'kind', 'number', 'orderId', 'signalId', 'who']);
    for (const field of fields) {
      const entry = canonicalJson({ ...read, [field]: 'another' });
      expect(faultIn(withRow(at, { entry })), field).toMatchObject({ number, code: 'HASH' });
      // With its own hash made anew, the next entry tells; the last one's is told by a head that was written down.
      const hash = hashOf(rows[at]!.previousHash, entry);
      const anew = withRow(at, { entry, hash });
      if (field === 'number') expect(faultIn(anew)).toMatchObject({ number, code: 'ENTRY' });
      else if (number < rows.length) expect(faultIn(anew)).toMatchObject({ number: number + 1, code: 'PREVIOUS_HASH' });
      else expect(headFault(rows.at(-1)!, hash)).toMatchObject({ number, code: 'HEAD' });
    }
    expect(faultIn(withRow(at, { hash: 'f'.repeat(64) }))).toMatchObject({ number, code: 'HASH' });
    expect(faultIn(withRow(at, { previousHash: 'f'.repeat(64) }))).toMatchObject({ number, code: 'PREVIOUS_HASH' });
    expect(faultIn(withRow(at, { number: 99 }))).toMatchObject({ code: 'NUMBER' });
    expect(faultIn(withRow(at, { entry: `${rows[at]!.entry} ` }))).toMatchObject({ number, code: 'HASH' });
  });

  it('is found wanting wherever entries are taken away, doubled, exchanged or put in', () => {
    fc.assert(
      fc.property(fc.nat(18), fc.nat(18), (a, b) => {
        const missing = rows.filter((_, at) => at !== a);
        expect(faultIn(missing)).toMatchObject({ number: a + 1, code: 'NUMBER' });
        expect(faultIn([...rows.slice(0, a + 1), rows[a]!, ...rows.slice(a + 1)])).toMatchObject({ code: 'NUMBER' });
        if (a !== b) {
          const turned = [...rows];
          [turned[a], turned[b]] = [turned[b]!, turned[a]!];
          expect(faultIn(turned)).toMatchObject({ number: Math.min(a, b) + 1 });
        }
        const [forged] = chainOn({ number: a, hash: rows[a]!.previousHash }, [event(99)]);
        expect(faultIn([...rows.slice(0, a), forged!, ...rows.slice(a)])).not.toBeNull();
        // Numbered anew as well, so that only the hashes tell.
        const renumbered = rows.slice(a).map((row) => ({ ...row, number: row.number + 1 }));
        expect(faultIn([...rows.slice(0, a), forged!, ...renumbered])).toMatchObject({ code: 'PREVIOUS_HASH' });
      }),
    );
  });

  it('that was cut off is found by a head that was written down', () => {
    const cut = rows.slice(0, 12);
    expect(faultIn(cut)).toBeNull();
    expect(headFault(rows.at(-1)!, null)).toMatchObject({ number: 20, code: 'HEAD' });
    expect(headFault(rows[11]!, cut[11]!.hash)).toBeNull();
  });
});
