const units = [
  [86_400, 'day', 'a day'],
  [3600, 'hour', 'an hour'],
  [60, 'minute', '1 minute'],
] as const;

/** A span of whole seconds as people say it: "an hour", "5 minutes", and "90 s" where no larger unit fits it exactly. */
export function spanInWords(seconds: number): string {
  for (const [length, name, one] of units) {
    if (seconds < length || seconds % length !== 0) continue;
    const count = seconds / length;
    return count === 1 ? one : `${count} ${name}s`;
  }
  return `${seconds} s`;
}
