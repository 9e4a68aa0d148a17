import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

describe('readEnvironment', () => {
  it('binds to loopback and does everything unless told otherwise', () => {
    const environment = readEnvironment({}, []);
    expect(environment.host).toBe('127.0.0.1');
    expect(environment.port).toBe(8080);
    expect([...environment.roles]).toEqual(['intake', 'worker', 'exchange']);
  });

  it('takes the ready file and the role in both spellings', () => {
    expect(readEnvironment({}, ['--ready-file', '/x/ready.json', '--role=worker']).readyFile).toBe('/x/ready.json');
    expect([...readEnvironment({}, ['--role', 'worker']).roles]).toEqual(['worker']);
  });

  it('refuses half a key pair, naming both variables', () => {
    expect(() => readEnvironment({ ALPACA_LIVE_KEY_ID: 'AK' }, [])).toThrow(
      /ALPACA_LIVE_KEY_ID and ALPACA_LIVE_SECRET_KEY/,
    );
  });

  it('treats an empty variable as one that is not set, as compose files write them', () => {
    expect(
      readEnvironment({ DATABASE_URL: '', ALPACA_PAPER_KEY_ID: '', ALPACA_PAPER_SECRET_KEY: '' }, []).alpacaPaper,
    ).toBe(undefined);
  });

  it('refuses an impossible port and an unknown option before anything starts', () => {
    expect(() => readEnvironment({ PORT: '99999' }, [])).toThrow(/PORT/);
    expect(() => readEnvironment({}, ['--fast'])).toThrow(/Unknown option --fast/);
  });
});
