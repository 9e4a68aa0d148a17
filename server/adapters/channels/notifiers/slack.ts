import type { ChannelMaker } from '../channel.ts';
import { hostOf, post, secretsIn, urlProblem } from '../http-post.ts';

/** Slack's incoming webhooks, and those of Mattermost and Rocket.Chat, which read the same. */
export const channel: ChannelMaker = () => ({
  key: 'slack',
  personal: false,
  fields: [{ key: 'url', secret: true, required: true }],
  check: ({ url = '' }) => {
    const wrong = urlProblem(url);
    return wrong === null ? [] : [{ field: 'url', message: wrong }];
  },
  place: ({ url = '' }) => hostOf(url),
  tell({ url = '' }, { subject, text, link }) {
    // https://docs.slack.dev/messaging/formatting-message-text/#escaping: these three, and nothing else.
    const escaped = (words: string): string =>
      words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    return post({
      url,
      who: 'Slack',
      secrets: secretsIn(url),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        text: `*${escaped(subject).replaceAll('*', '')}*\n${escaped(text)}\n<${escaped(link)}>`,
        unfurl_links: false,
      }),
      // It answers with a word such as no_service.
      reasonOf: (body) => (/^[\w -]{1,60}$/.test(body) ? body : null),
    });
  },
});
