/** `str.tostring` with a pattern of zeros and hashes: `0.####` has at least one digit before the point, and no zeros at the end. */
export function formatNumber(value: number, pattern: string): string {
  const [whole, part = ''] = pattern.split('.');
  if (!/^0$/.test(whole!) || !/^0*#*$/.test(part)) throw new Error(`cannot format by ${pattern}`);
  const least = part.replaceAll('#', '').length;
  const [digits, decimals = ''] = value.toFixed(part.length).split('.');
  const kept = decimals.slice(0, least) + decimals.slice(least).replace(/0+$/, '');
  return kept === '' ? digits! : `${digits}.${kept}`;
}

/** `str.format_time` in UTC, of letters between quotes and the fields that templates use. */
export function formatTime(at: number, pattern: string, zone: string): string {
  if (zone !== 'UTC') throw new Error(`cannot format in ${zone}`);
  const [date, clock] = new Date(at).toISOString().split('T') as [string, string];
  const [yyyy, MM, dd] = date.split('-');
  const [HH, mm, ss] = clock.slice(0, 8).split(':');
  const fields: Record<string, string | undefined> = { yyyy, MM, dd, HH, mm, ss };
  return pattern.replace(/'([^']*)'|([A-Za-z]+)/g, (_, quoted: string | undefined, field: string | undefined) => {
    const text = quoted ?? fields[field!];
    if (text === undefined) throw new Error(`cannot format ${field}`);
    return text;
  });
}
