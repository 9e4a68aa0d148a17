/** The eleven sectors of the Global Industry Classification Standard. */
export const sectors = [
  'Communication Services',
  'Consumer Discretionary',
  'Consumer Staples',
  'Energy',
  'Financials',
  'Health Care',
  'Industrials',
  'Information Technology',
  'Materials',
  'Real Estate',
  'Utilities',
] as const;

/** What none of the eleven fits. A fund of one sector is in that sector. */
export const buckets = ['Broad market fund', 'Bond fund', 'Commodity fund', 'Other fund', 'Crypto'] as const;

/** Sector and industry of what nobody has classified: a bucket of its own, with its own limit. */
export const unknown = 'Unknown';

/** Where a coin that is not in the table counts. */
export const coinBucket = { sector: 'Crypto', industry: 'Coin' } as const;

/** Every name a sector can have, as limits and reports go by it. */
export const sectorNames = [...sectors, ...buckets, unknown] as const;
export type SectorName = (typeof sectorNames)[number];

/** How data vendors name the same. */
const otherNames: Readonly<Record<string, SectorName>> = {
  'basic materials': 'Materials',
  communications: 'Communication Services',
  'consumer cyclical': 'Consumer Discretionary',
  'consumer defensive': 'Consumer Staples',
  cryptocurrency: 'Crypto',
  financial: 'Financials',
  'financial services': 'Financials',
  healthcare: 'Health Care',
  industrial: 'Industrials',
  tech: 'Information Technology',
  technology: 'Information Technology',
  telecommunications: 'Communication Services',
};

const byName = new Map([
  ...Object.entries(otherNames),
  ...sectorNames.map((name): [string, SectorName] => [name.toLowerCase(), name]),
]);

/** The sector that a name stands for, in any case and under the names of data vendors; null: there is none of that name. */
export const sectorNamed = (name: string): SectorName | null =>
  byName.get(name.trim().replace(/\s+/g, ' ').toLowerCase()) ?? null;
