import type { CDPSession, Page } from 'playwright-core';

/** What a middling phone sees on a slow mobile line. */
export const phoneViewport = { width: 390, height: 844 } as const;

/**
 * Has the page work as on a middling phone with a slow mobile line, from now on: 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back, and a
 * quarter of this machine's speed, as Lighthouse measures phones. Answers the session, which can be detached to end it.
 */
export async function phoneProfile(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 1024 * 1024) / 8,
    uploadThroughput: (750 * 1024) / 8,
    connectionType: 'cellular3g',
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  return session;
}
