/** A whole number of a command's line, `initial` where it was not given. Throws a sentence for the person who typed it. */
export function wholeOption(text: string | undefined, name: string, initial: number, least = 0): number {
  if (text === undefined) return initial;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name}: expected a whole number from ${least}, found ${text}.`);
}
