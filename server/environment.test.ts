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

  it('takes several roles, and refuses one that there is not', () => {
    expect([...readEnvironment({}, ['--role', 'intake,exchange']).roles]).toEqual(['intake', 'exchange']);
    expect(() => readEnvironment({}, ['--role', 'intake,cook'])).toThrow(/--role cook is unknown/);
  });

  it('lets the exchange be reached by the address it listens on, unless it has another name', () => {
    expect(readEnvironment({}, [])).toMatchObject({ exchangeHost: '127.0.0.1', exchangeName: '127.0.0.1' });
    const told = { EXCHANGE_HOST: '0.0.0.0', EXCHANGE_NAME: 'server' };
    expect(readEnvironment(told, [])).toMatchObject({ exchangeHost: '0.0.0.0', exchangeName: 'server' });
  });

  it('refuses half a key pair, naming both variables', () => {
    expect(() => readEnvironment({ ALPACA_LIVE_KEY_ID: 'AK' }, [])).toThrow(
      /ALPACA_LIVE_KEY_ID and ALPACA_LIVE_SECRET_KEY/,
    );
  });

  it('takes an exchange that runs elsewhere with its keys, and not without', () => {
    const elsewhere = {
      EXCHANGE_URL: 'http://exchange:8090/',
      EXCHANGE_KEY_ID: 'PK',
      EXCHANGE_SECRET_KEY: 'secret',
    };
    expect(readEnvironment(elsewhere, []).exchangeElsewhere).toEqual({
      url: 'http://exchange:8090',
      keyId: 'PK',
      secretKey: 'secret',
    });
    expect(() => readEnvironment({ ...elsewhere, EXCHANGE_SECRET_KEY: '' }, [])).toThrow(/EXCHANGE_URL/);
  });

  it('treats an empty variable as one that is not set, as compose files write them', () => {
    expect(
      readEnvironment({ DATABASE_URL: '', ALPACA_PAPER_KEY_ID: '', ALPACA_PAPER_SECRET_KEY: '' }, []).alpacaPaper,
    ).toBe(undefined);
  });

  it('trusts no proxy unless told, and only addresses and blocks that are written as such', () => {
    expect(readEnvironment({}, []).trustedProxies).toEqual([]);
    expect(readEnvironment({ TRUSTED_PROXIES: ' 127.0.0.1, 10.0.0.0/8,' }, []).trustedProxies).toEqual([
      { bits: 32, value: 0x7f00_0001n, prefix: 32 },
      { bits: 32, value: 0x0a00_0000n, prefix: 8 },
    ]);
    for (const wrong of ['10.0.0.1/8', 'nginx', '10.0.0.0/33', '*'])
      expect(() => readEnvironment({ TRUSTED_PROXIES: wrong }, [])).toThrow(/TRUSTED_PROXIES: .* is no address/);
  });

  it('refuses an impossible port and an unknown option before anything starts', () => {
    expect(() => readEnvironment({ PORT: '99999' }, [])).toThrow(/PORT/);
    expect(() => readEnvironment({}, ['--fast'])).toThrow(/Unknown option --fast/);
  });
});
