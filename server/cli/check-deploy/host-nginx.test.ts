// The configuration for nginx without Docker is the one with it, which is checked line by line, but for what has to differ.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tradingViewAddresses } from '../../core/model/proofs.ts';
import { readNginx } from './nginx-syntax.ts';

const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const lines = (path: string) =>
  file(path)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

test('what is for this machine differs in its log, its upstream, its certificate and the renewal of that', () => {
  const [docker, host] = [lines('deploy/nginx/nginx.conf'), lines('deploy/nginx/host.conf')];
  const logged = (line: string) => line.replace(/\/dev\/std(err|out)|\/var\/log\/nginx\/(error|access)\.log/, 'LOG');
  const count = (all: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const line of all.map(logged)) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  };
  const [ofDocker, ofHost] = [count(docker), count(host)];
  const only = (these: ReadonlyMap<string, number>, those: ReadonlyMap<string, number>) =>
    [...these].filter(([line, times]) => line !== '}' && times > (those.get(line) ?? 0)).map(([line]) => line);
  expect(only(ofDocker, ofHost)).toEqual([
    'resolver 127.0.0.11 valid=5s ipv6=off;',
    'server server:8080 resolve max_fails=0;',
    'ssl_certificate /etc/nginx/tls/fullchain.pem;',
    'ssl_certificate_key /etc/nginx/tls/privkey.pem;',
  ]);
  expect(only(ofHost, ofDocker)).toEqual([
    'server 127.0.0.1:8080 max_fails=0;',
    'location /.well-known/acme-challenge/ {',
    'root /var/www/html;',
    'ssl_certificate /etc/letsencrypt/live/signalbox.example.com/fullchain.pem;',
    'ssl_certificate_key /etc/letsencrypt/live/signalbox.example.com/privkey.pem;',
  ]);
  expect(() => readNginx(file('deploy/nginx/host.conf'))).not.toThrow();
});

test.each(['docs/public-address.md', 'docs/tradingview.md', 'deploy/firewall/tradingview.nft'])(
  '%s names the addresses that a source allows unless told otherwise, and no other',
  (path) => {
    const named = file(path).match(/\b(?:52|34|54)\.\d+\.\d+\.\d+\b/g) ?? [];
    expect([...new Set(named)].sort()).toEqual([...tradingViewAddresses].sort());
  },
);
