import type { ApiTokenJson, TokenScope } from '../api/contract.ts';

export const allScopes: readonly TokenScope[] = ['read', 'stop', 'trade', 'settings', 'exchange', 'production'];

/** What a scope lets a token do. */
export const scopeWords = (scope: TokenScope): string =>
  ({
    read: 'Read everything that its role may see',
    stop: 'Engage the kill switch and cancel orders, nothing else',
    trade: 'Send test alerts, change and cancel orders, close positions, engage the kill switch',
    settings: 'Change strategies, limits, sources, accounts and settings',
    exchange: 'Make faults and trades at the embedded exchange',
    production: 'Do the above with real money too, where a person is asked for a fresh proof',
  })[scope];

export const stateWords = (state: ApiTokenJson['state']): string =>
  ({
    good: 'In force',
    expired: 'Expired',
    revoked: 'Revoked',
    maker_disabled: 'Its maker may not sign in',
  })[state];
