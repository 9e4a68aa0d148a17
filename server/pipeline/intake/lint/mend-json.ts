import { type JsonFault, readJson } from '../json-text.ts';
import type { LintCode } from './codes.ts';
import { repairName } from './mend-names.ts';
import { repairQuotes } from './mend-quotes.ts';
import { repairStructure } from './mend-structure.ts';
import { repairValue } from './mend-values.ts';
import type { Edit, PlacedText } from './placed-text.ts';

/** One mistake in the JSON: what it is, where it stands in the text as it is now, and the changes that take it away. */
export interface Repair {
  readonly code: LintCode;
  readonly from: number;
  readonly until: number;
  readonly message: string;
  readonly mend: string;
  /** In their order, apart; empty where only a person can tell what was meant. */
  readonly edits: readonly Edit[];
}

/** Tries to tell what is wrong at a fault; null: it is something else. */
export type Repairer = (text: string, fault: JsonFault) => Repair | null;

/** Quotes first: whatever stands between wrong ones looks like something else. */
const repairers: readonly Repairer[] = [repairQuotes, repairName, repairValue, repairStructure];

/** A text with more mistakes than this is no alert, and each costs a reading of the text. */
const maxRepairs = 60;

/** A repair with its place in the original. */
export interface PlacedRepair extends Omit<Repair, 'edits'> {
  readonly mended: boolean;
}

/** Mends the JSON of a text as far as it is clear what was meant; the last repair is not mended where it is not. */
export function mendJson(placed: PlacedText): { readonly whole: boolean; readonly repairs: readonly PlacedRepair[] } {
  const repairs: PlacedRepair[] = [];
  for (let reached = -1; repairs.length < maxRepairs; ) {
    const outcome = readJson(placed.text);
    if (outcome.ok) return { whole: true, repairs };
    const { error } = outcome;
    const repair = firstOf(placed.text, error);
    // What does not get the reading further could go on for ever.
    const back = error.offset < reached && repairs.length > maxRepairs / 2;
    if (repair === null || back) {
      const { from, until } = placed.originalSpan(error.offset, Math.min(error.offset + 1, placed.text.length));
      const message = `expected ${error.expected}, found ${error.found}`;
      repairs.push({
        code: 'malformed_json',
        from,
        until,
        message,
        mend: `Write ${error.expected} here.`,
        mended: false,
      });
      return { whole: false, repairs };
    }
    reached = error.offset;
    const { edits, ...told } = repair;
    const span = placed.originalSpan(repair.from, repair.until);
    repairs.push({ ...told, ...span, mended: edits.length > 0 });
    if (edits.length === 0) return { whole: false, repairs };
    for (const edit of edits.toReversed()) placed.replace(edit);
  }
  return { whole: false, repairs };
}

function firstOf(text: string, fault: JsonFault): Repair | null {
  for (const repairer of repairers) {
    const repair = repairer(text, fault);
    if (repair !== null) return repair;
  }
  return null;
}
