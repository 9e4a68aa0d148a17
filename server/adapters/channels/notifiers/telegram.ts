import type { ChannelMaker } from '../channel.ts';
import { fieldOf, hostOf, post, retryAfterOf, urlProblem } from '../http-post.ts';

/** A message may have this many characters (https://core.telegram.org/bots/api#sendmessage). */
const longest = 4096;
const theirServer = 'https://api.telegram.org';

/** A bot of Telegram; of a server of one's own as well. */
export const channel: ChannelMaker = () => ({
  key: 'telegram',
  personal: false,
  fields: [
    { key: 'token', secret: true, required: true },
    { key: 'chat', secret: false, required: true },
    { key: 'server', secret: false, required: false, initial: theirServer },
  ],
  check({ token = '', chat = '', server = '' }) {
    const wrong = urlProblem(server || theirServer);
    return [
      ...(/^\d{3,20}:[A-Za-z0-9_-]{20,100}$/.test(token)
        ? []
        : [{ field: 'token', message: 'expected the token that @BotFather gave, such as 123456:ABC-DEF…' }]),
      ...(/^(-?\d{1,20}|@\w{4,64})$/.test(chat)
        ? []
        : [{ field: 'chat', message: 'expected the number of a chat, such as -1001234567890, or a channel’s @name' }]),
      ...(wrong === null ? [] : [{ field: 'server', message: wrong }]),
    ];
  },
  place: ({ chat = '', server = '' }) => `${chat} at ${hostOf(server || theirServer)}`,
  async tell({ token = '', chat = '', server = '' }, { subject, text, link, urgent }) {
    const tail = `\n${link}`;
    const told = await post({
      url: `${(server || theirServer).replace(/\/+$/, '')}/bot${token}/sendMessage`,
      who: 'Telegram',
      secrets: [token],
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        chat_id: chat,
        text: `${`${subject}\n${text}`.slice(0, longest - tail.length)}${tail}`,
        disable_notification: !urgent,
        link_preview_options: { is_disabled: true },
      }),
      reasonOf: (body) => fieldOf(body, 'description'),
    });
    if (told.kind !== 'failed' || told.final || told.retryAfterMs !== null) return told;
    // Telegram says it in the body: parameters.retry_after, in seconds.
    const seconds = /"retry_after"\s*:\s*(\d{1,6})/.exec(told.body ?? '')?.[1];
    return { ...told, retryAfterMs: retryAfterOf(seconds ?? null, Date.now()) };
  },
});
