const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** An update's id in the form of a ULID: its moment, then its place in the venue's numbering, so that ids sort as updates were told. */
export function eventIdOf(at: string, sequence: number): string {
  return base32(BigInt(new Date(at).getTime()), 10) + base32(BigInt(sequence), 16);
}

/** The place in the numbering that an id names; null when it is no id of this venue. */
export function sequenceOf(eventId: string): number | null {
  const text = eventId.toUpperCase();
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text)) return null;
  let sequence = 0n;
  for (const letter of text.slice(10)) sequence = sequence * 32n + BigInt(letters.indexOf(letter));
  return sequence <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sequence) : null;
}

function base32(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 32n) text = letters[Number(rest % 32n)] + text;
  return text;
}
