const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const epoch = /^\d{9,16}(?:\.\d{1,6})?$/;

/** 10^11 seconds is the year 5138, 10^11 milliseconds is 1973: what is larger was meant in milliseconds. */
const millisecondsFrom = 1e11;
/** No alert was fired before webhooks existed, and none comes from the next century. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/**
 * A moment as alerts write it: ISO 8601 (without a zone it is UTC, as all of TradingView's placeholders are), or seconds or
 * milliseconds since 1970. Null when it is neither, or no such day or hour exists, or it is outside 2000 to 2100.
 */
export function readMoment(text: string): Date | null {
  const ms = epoch.test(text) ? epochMs(text) : isoMs(text);
  return ms !== null && ms >= earliest && ms < latest ? new Date(ms) : null;
}

function epochMs(text: string): number {
  const number = Number(text);
  return Math.trunc(number >= millisecondsFrom ? number : number * 1000);
}

function isoMs(text: string): number | null {
  const match = iso.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? '0'));
  const millis = Math.trunc(Number(`0.${match[7] ?? '0'}`) * 1000);
  if (hour > 23 || minute > 59 || second > 59) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  const date = new Date(ms);
  // Date.UTC takes the 30th of February for the 1st of March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offset = zoneMinutes(match[8] ?? 'Z');
  return offset === null ? null : ms - offset * 60_000;
}

function zoneMinutes(zone: string): number | null {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
