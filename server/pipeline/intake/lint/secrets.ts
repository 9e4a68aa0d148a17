import { masked, secretsIn } from '../mask-secrets.ts';

/** A secret in a text: what it is called, and where it stands. */
export interface FoundSecret {
  readonly kind: 'field' | 'licence' | 'address';
  /** The field's name; empty where it has none. */
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

const address = /\/(?:hooks\/[\w-]+|trading\/webhook\/[\w-]+)\/([\w-]{8,})/g;

/** The secrets of a text, as those that are masked wherever it is stored, and addresses of webhooks. */
export function findSecrets(text: string): readonly FoundSecret[] {
  const addresses = [...text.matchAll(address)].map(
    (match): FoundSecret => ({
      ...{ kind: 'address', name: '' },
      from: match.index + match[0].length - match[1]!.length,
      until: match.index + match[0].length,
    }),
  );
  return [...secretsIn(text), ...addresses].sort((a, b) => a.from - b.from);
}

/** Shorter ones stand everywhere by chance: hiding them would hide the rest. */
const leastHidden = 3;

/** Takes secrets out of whatever is said of the text that they stand in. */
export function hiderOf(
  text: string,
  secrets: readonly { readonly from: number; readonly until: number }[],
): (said: string) => string {
  const values = secrets
    .map(({ from, until }) => text.slice(from, until).replace(/^"|"$/g, ''))
    .filter((value) => value.length >= leastHidden && value !== masked)
    .sort((a, b) => b.length - a.length);
  return (said) => values.reduce((clean, value) => clean.replaceAll(value, masked), said);
}
