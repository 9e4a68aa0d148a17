import { readFile } from 'node:fs/promises';
import type { CalendarWord, EventCalendarFile } from '../../core/ports/event-calendar.ts';

/** How often the file is looked at: a change is in force within this, whatever disk it is on. */
const lookEveryMs = 2000;

/** A calendar in a file; it is read in whole each time. */
export function createEventCalendarFile(file: string, everyMs = lookEveryMs): EventCalendarFile {
  async function read(): Promise<CalendarWord> {
    try {
      return { kind: 'text', text: await readFile(file, 'utf8') };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return { kind: 'unreadable', why: code === 'ENOENT' ? 'there is no such file' : (code ?? message) };
    }
  }
  return {
    file,
    async follow(listener) {
      let last = await read();
      listener(last);
      let looking = false;
      const timer = setInterval(async () => {
        if (looking) return;
        looking = true;
        const now = await read();
        if (JSON.stringify(now) !== JSON.stringify(last)) listener(now);
        last = now;
        looking = false;
      }, everyMs);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
