import { live } from '../api/live.svelte.ts';
import { quantity } from '../format/number.ts';
import { actionInWords, words } from '../format/words.ts';
import { chooseLanguage, chosenLanguage, languages } from '../state/language.ts';
import { preferences, type Theme } from '../state/preferences.svelte.ts';
import { shownPages } from './pages.ts';
import { sheets } from './sheets.svelte.ts';

/** One line of the palette: it leads somewhere, or does something. */
export interface Entry {
  readonly id: string;
  readonly label: string;
  /** What else it is found by, and what stands beside it. */
  readonly note: string;
  readonly href?: string;
  readonly run?: () => void;
}
export interface Group {
  readonly key: string;
  readonly label: string;
  readonly entries: readonly Entry[];
}

/** So many of each group are shown: a palette is for what one half knows. */
const shownOfEach = 7;

const actions = (): Entry[] => {
  const theme = (value: Theme, label: string): Entry => ({
    id: `theme-${value}`,
    label,
    note: 'Theme',
    run: () => preferences.setTheme(value),
  });
  return [
    ...(live.mayTrade
      ? [
          { id: 'stop', label: 'Stop entries…', note: 'Kill switch', run: () => (sheets.wanted = 'stop') },
          { id: 'mode', label: 'Change the mode…', note: 'Paper, live', run: () => (sheets.wanted = 'mode') },
        ]
      : []),
    theme('light', 'Light'),
    theme('dark', 'Dark'),
    theme('auto', 'Light or dark, as the system'),
    ...languages
      .filter(({ code }) => code !== chosenLanguage())
      .map(({ code, name }) => ({
        id: `language-${code}`,
        label: name,
        note: 'Language',
        run: () => chooseLanguage(code),
      })),
    { id: 'keys', label: 'List the keys', note: 'Shortcuts', run: () => (sheets.wanted = 'keys') },
  ];
};

/** Everything a palette may lead to. `strategies`: the keys that are known. */
export function allGroups(strategies: readonly string[]): Group[] {
  const symbols = new Set([
    ...live.positions.map((row) => row.symbol),
    ...live.orders.items.map((row) => row.symbol),
    ...live.signals.items.flatMap((row) => row.ticker ?? []),
  ]);
  const held = new Map(live.positions.map((row) => [row.symbol, row.quantity]));
  return [
    {
      key: 'pages',
      label: 'Pages',
      entries: shownPages().map(({ href, label, key }) => ({ id: href, label, note: `g ${key}`, href })),
    },
    { key: 'actions', label: 'Actions', entries: actions() },
    {
      key: 'symbols',
      label: 'Symbols',
      entries: [...symbols].sort().map((symbol) => {
        const quantityHeld = held.get(symbol);
        return quantityHeld
          ? {
              id: symbol,
              label: symbol,
              note: `Held: ${quantity(quantityHeld)}`,
              href: `/positions?q=${encodeURIComponent(symbol)}`,
            }
          : { id: symbol, label: symbol, note: 'Signals', href: `/signals?q=${encodeURIComponent(symbol)}` };
      }),
    },
    {
      key: 'strategies',
      label: 'Strategies',
      entries: strategies.map((key) => ({
        id: key,
        label: key,
        note: 'Strategy',
        href: `/strategies/${encodeURIComponent(key)}`,
      })),
    },
    {
      key: 'receipts',
      label: 'Receipts',
      entries: live.signals.items.map((row) => ({
        id: row.id,
        label: [actionInWords(row.action), row.quantity ? quantity(row.quantity) : '', row.ticker ?? '']
          .filter(Boolean)
          .join(' '),
        note: `${words(row.orderStatus ?? row.status)} ${row.id}`,
        href: row.receiptUrl,
      })),
    },
    {
      key: 'orders',
      label: 'Orders',
      entries: live.orders.items.map((row) => ({
        id: row.id,
        label: `${words(row.side)} ${quantity(row.quantity)} ${row.symbol}`,
        note: `${words(row.status)} ${row.id}`,
        href: `/orders?show=all&row=${row.id}`,
      })),
    },
  ];
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The entries in which every typed word occurs; without a word, the pages and the actions. A whole id leads to its receipt. */
export function foundGroups(groups: readonly Group[], typed: string): Group[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return groups.filter(({ key }) => key === 'pages' || key === 'actions');
  const found = groups.map((group) => {
    const entries: Entry[] = [];
    for (const entry of group.entries) {
      const text = `${entry.label} ${entry.note}`.toLowerCase();
      if (wanted.every((word) => text.includes(word))) entries.push(entry);
      if (entries.length === shownOfEach) break;
    }
    return { ...group, entries };
  });
  const id = typed.trim();
  const known = found.some(({ entries }) => entries.some((entry) => entry.id === id));
  const elsewhere = [
    ...(uuid.test(id) && !known
      ? [{ id: 'receipt', label: 'The receipt with this id', note: id, href: `/signals/${id}` }]
      : []),
    {
      id: 'search',
      label: `Search signals and events for “${id}”`,
      note: '',
      href: `/search?q=${encodeURIComponent(id)}`,
    },
  ];
  return [
    ...found.filter(({ entries }) => entries.length > 0),
    { key: 'elsewhere', label: 'Everything', entries: elsewhere },
  ];
}
