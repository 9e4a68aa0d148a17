import type { ChannelMaker } from '../channel.ts';
import { fieldOf, hostOf, post, secretsIn, urlProblem } from '../http-post.ts';

/** A message may have this many characters (https://docs.discord.com/developers/resources/webhook#execute-webhook). */
const longest = 2000;

export const channel: ChannelMaker = () => ({
  key: 'discord',
  personal: false,
  fields: [{ key: 'url', secret: true, required: true }],
  check: ({ url = '' }) => {
    const wrong = urlProblem(url);
    return wrong === null ? [] : [{ field: 'url', message: wrong }];
  },
  place: ({ url = '' }) => hostOf(url),
  tell({ url = '' }, { subject, text, link }) {
    const tail = `\n${link}`;
    const content = `${`**${subject.replaceAll('*', '')}**\n${text}`.slice(0, longest - tail.length)}${tail}`;
    return post({
      url,
      who: 'Discord',
      secrets: secretsIn(url),
      headers: { 'content-type': 'application/json' },
      // An alert's text must not be able to call everybody.
      body: JSON.stringify({ content, allowed_mentions: { parse: [] }, flags: 4 }),
      reasonOf: (body) => fieldOf(body, 'message'),
    });
  },
});
