import { readdir } from 'node:fs/promises';
import type { Notifier } from '../../core/ports/notifier.ts';
import type { ChannelMaker, ChannelParts } from './channel.ts';

/** No channel has to think of what a subject of several lines would do to it. */
const oneLine = (subject: string): string => subject.replace(/\p{Cc}+/gu, ' ').trim();

/** Every channel of the folder, in the order of their names. A file whose channel has another key than its name is refused. */
export async function loadChannels(
  parts: ChannelParts,
  folder: URL = new URL('./notifiers/', import.meta.url),
): Promise<readonly Notifier[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort();
  return Promise.all(
    files.map(async (file) => {
      const { channel } = (await import(new URL(file, folder).href)) as { channel?: ChannelMaker };
      const made = channel?.(parts);
      if (made?.key !== file.slice(0, -'.ts'.length))
        throw new Error(`notifiers/${file} must export a channel whose key is its file's name, not ${made?.key}`);
      return {
        ...made,
        tell: (settings, message) => made.tell(settings, { ...message, subject: oneLine(message.subject) }),
      };
    }),
  );
}
