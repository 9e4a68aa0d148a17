import { type Money, text } from '../../../core/decimal.ts';
import { unknown } from '../../../core/instruments/sectors.ts';
import type { LimitSubject } from '../../../core/model/risk-limit.ts';
import type { ExposureBar } from '../../../core/model/risk-overview.ts';
import type { LimitBook } from '../limit-book.ts';
import { besideShare, fractionText, type LimitOf, strictest } from './limits-beside.ts';
import { groupedBy, type Stake, type StrategyStake, sidesOf } from './stakes.ts';

/** What bars are made of. */
export interface BarParts {
  readonly stakes: readonly Stake[];
  /** Null: whose the shares are is not known. */
  readonly byStrategy: readonly StrategyStake[] | null;
  readonly equity: Money;
  /** Null of several accounts together: limits are held for each. */
  readonly limits: { readonly book: LimitBook; readonly accountId: string } | null;
  sectorOf(symbol: string): string;
}

/** Bars of each kind, the largest first; those of symbols and of sectors add up to the gross exposure each. */
export interface ExposureBars {
  readonly symbols: ExposureBar[];
  readonly sectors: ExposureBar[];
  readonly strategies: ExposureBar[] | null;
}

export function exposureBars(parts: BarParts): ExposureBars {
  const { stakes, byStrategy, sectorOf } = parts;
  const strategiesIn = groupedBy(byStrategy ?? [], ({ symbol }) => symbol);
  const subject = (change: Partial<LimitSubject>): LimitSubject => ({
    ...{ accountId: parts.limits?.accountId ?? null, strategy: '', sector: '', symbol: '' },
    ...change,
  });
  return {
    symbols: bars(
      parts,
      groupedBy(stakes, ({ symbol }) => symbol),
      (symbol) => {
        const sector = sectorOf(symbol);
        // Each strategy may have a limit of its own for it: the strictest is shown.
        const strategies = [...new Set(['', ...(strategiesIn.get(symbol) ?? []).map(({ strategy }) => strategy)])];
        return {
          sector,
          subjects: strategies.map((strategy) => subject({ symbol, sector, strategy })),
          wanted: [
            { rule: 'max-position', parameter: 'maxShareOfEquity' },
            { rule: 'max-exposure', parameter: 'maxShareOfEquity', scopes: ['symbol'] },
          ],
        };
      },
    ),
    sectors: bars(
      parts,
      groupedBy(stakes, ({ symbol }) => sectorOf(symbol)),
      (sector) => ({
        sector: null,
        subjects: [subject({ sector })],
        wanted: [
          { rule: 'max-sector', parameter: sector === unknown ? 'maxUnknownShareOfEquity' : 'maxShareOfEquity' },
          { rule: 'max-exposure', parameter: 'maxShareOfEquity', scopes: ['sector'] },
        ],
      }),
    ),
    strategies:
      byStrategy &&
      bars(
        parts,
        groupedBy(byStrategy, ({ strategy }) => strategy),
        (strategy) => ({
          sector: null,
          subjects: [subject({ strategy })],
          wanted: [{ rule: 'max-exposure', parameter: 'maxShareOfEquity', scopes: ['strategy'] }],
        }),
      ),
  };
}

interface Described {
  readonly sector: string | null;
  readonly subjects: readonly LimitSubject[];
  readonly wanted: readonly LimitOf[];
}

function bars(
  { equity, limits }: BarParts,
  groups: ReadonlyMap<string, readonly Stake[]>,
  describe: (name: string) => Described,
): ExposureBar[] {
  const made = [...groups].map(([name, stakes]) => {
    const { sector, subjects, wanted } = describe(name);
    const { long, short, entering, gross, net, atCost } = sidesOf(stakes);
    const limit = limits && strictest(limits.book, subjects, wanted);
    const bar: ExposureBar = {
      name,
      sector,
      ...{ long: text(long), short: text(short), entering: text(entering), gross: text(gross), net: text(net) },
      ofEquity: equity.gt('0') ? fractionText(gross.div(equity)) : null,
      atCost,
      riskShare: null,
      limit: limit && besideShare(limit, gross, equity),
    };
    return { bar, gross };
  });
  made.sort((a, b) => b.gross.cmp(a.gross) || (a.bar.name < b.bar.name ? -1 : 1));
  return made.map(({ bar }) => bar);
}
