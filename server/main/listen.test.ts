// Whoever offers another protocol with a request is answered as if it had not, also on a connection that was used before; only socket.io may take one.
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { listen } from './listen.ts';

const request = (path: string, more: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\n${more}content-length: 2\r\n\r\n{}`;

test.each(['h2c', 'websocket', 'nonsense'])('an alert that offers %s is answered', async (protocol) => {
  const listening = await listen('127.0.0.1', 0);
  listening.serve(async (incoming) => new Response(await incoming.text(), { status: 202 }));
  try {
    const socket = connect(listening.port, '127.0.0.1');
    const answers = await new Promise<string>((resolve, reject) => {
      let received = '';
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`ended after: ${received}`)));
      socket.on('data', (chunk) => {
        received += chunk;
        const count = received.split('HTTP/1.1 202').length - 1;
        if (count === 1) socket.write(request('/hooks/a/b', `connection: upgrade\r\nupgrade: ${protocol}\r\n`));
        if (count === 2) resolve(received);
      });
      socket.write(request('/hooks/a/b', ''));
    });
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 202']);
    socket.removeAllListeners('close').destroy();
  } finally {
    await listening.close();
  }
});
