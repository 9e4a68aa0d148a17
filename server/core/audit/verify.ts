import { canonicalJson } from './canonical-json.ts';
import { type ChainHead, type ChainRow, hashOf } from './chain.ts';

/** What is wrong with a chain, and at which entry first. */
export interface ChainFault {
  readonly number: number;
  readonly code: 'NUMBER' | 'PREVIOUS_HASH' | 'HASH' | 'ENTRY' | 'EVENT' | 'MISSING' | 'HEAD';
  readonly sentence: string;
}

/** Whether a row follows the head: null when it does, else what is wrong with it. */
export function faultOf(head: ChainHead, row: ChainRow): ChainFault | null {
  const expected = head.number + 1;
  const fault = (code: ChainFault['code'], number: number, sentence: string): ChainFault => ({
    code,
    number,
    sentence,
  });
  if (row.number !== expected) {
    const sentence =
      row.number > expected
        ? `Entry ${expected} is missing: entry ${row.number} comes after entry ${head.number}.`
        : `Entry ${row.number} comes after entry ${head.number}: entries were put in, doubled or put in another order.`;
    return fault('NUMBER', Math.min(expected, row.number), sentence);
  }
  if (row.previousHash !== head.hash) {
    const sentence = `Entry ${row.number} says that the hash before it is ${row.previousHash}; it is ${head.hash}. An entry was changed, put in or taken away here.`;
    return fault('PREVIOUS_HASH', row.number, sentence);
  }
  const hash = hashOf(row.previousHash, row.entry);
  if (row.hash !== hash) {
    return fault('HASH', row.number, `Entry ${row.number} was changed: its hash is ${hash}, and it says ${row.hash}.`);
  }
  return wrongText(row)
    ? fault('ENTRY', row.number, `Entry ${row.number} is no canonical text of its own number.`)
    : null;
}

/** A text that is right by its hash, and still not one that this chain would hold. */
function wrongText({ number, entry }: ChainRow): boolean {
  try {
    const read = JSON.parse(entry) as { number?: unknown };
    return read.number !== number || canonicalJson(read) !== entry;
  } catch {
    return true;
  }
}

/** Walks rows from a head on; answers the last good head and the first fault. */
export function verifyRows(from: ChainHead, rows: Iterable<ChainRow>): { head: ChainHead; fault: ChainFault | null } {
  let head = from;
  for (const row of rows) {
    const fault = faultOf(head, row);
    if (fault) return { head, fault };
    head = { number: row.number, hash: row.hash };
  }
  return { head, fault: null };
}

/**
 * Whether a chain still holds a head that was written down elsewhere. `hashThen` is the hash of that number now; null: the chain is shorter.
 * This is how a chain that was cut off at its end, or made anew from some entry on, is found.
 */
export function headFault(noted: ChainHead, hashThen: string | null): ChainFault | null {
  if (hashThen === noted.hash) return null;
  const sentence =
    hashThen === null
      ? `The chain ends before entry ${noted.number}, which was written down: its end was cut off.`
      : `Entry ${noted.number} has the hash ${hashThen}; ${noted.hash} was written down. The chain was made anew.`;
  return { number: noted.number, code: 'HEAD', sentence };
}
