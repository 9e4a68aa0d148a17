// Ours is right; a copy that is damaged in any one way is not, and is told so in a sentence that names the damage.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are variables of docker compose
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkDeploy } from './check-deploy.ts';
import { type Exposed, exposedMetrics } from './exposed-metrics.ts';
import { type Files, filesOf } from './files.ts';

const ours = filesOf(fileURLToPath(new URL('../../..', import.meta.url)));
let exposed: Exposed;
beforeAll(async () => {
  exposed = await exposedMetrics();
});

const compose = 'docker-compose.yml';
const example = '.env.example';
const nginx = 'deploy/nginx/nginx.conf';
const prometheus = 'deploy/prometheus/prometheus.yml';
const alerts = 'deploy/prometheus/alerts.yml';
const source = 'deploy/grafana/provisioning/datasources/prometheus.yml';
const provider = 'deploy/grafana/provisioning/dashboards/signalbox.yml';
const board = 'deploy/grafana/dashboards/signalbox.json';

/** The repository with other texts in some files; null: without them. */
const changed = (texts: Readonly<Record<string, string | null>>): Files => ({
  ...ours,
  read: (path) => (Object.hasOwn(texts, path) ? texts[path]! : ours.read(path)),
  kind: (path) => (Object.hasOwn(texts, path) ? (texts[path] === null ? null : 'file') : ours.kind(path)),
});

/** A damage that hits nothing would prove nothing. */
function damage(path: string, from: string | RegExp, to: string): Files {
  const before = ours.read(path)!;
  const after = before.replace(from, to);
  expect(after, `${path} has no ${from}`).not.toBe(before);
  return changed({ [path]: after });
}

/** The part of the compose file that describes a service, up to a line within it. */
const within = (service: string, line: string) =>
  new RegExp(`(\\n  ${service}:\\n(?:(?!\\n  [a-z]).|\\n(?!  [a-z]))*?)${line}`, 's');

it('finds nothing wrong with ours', async () => {
  expect(await checkDeploy(ours)).toEqual([]);
});

describe.each<[what: string, damages: [path: string, from: string | RegExp, to: string, says: RegExp][]]>([
  [
    'the shape',
    [
      [compose, 'mem_limit: 128m', 'memory: 128m', /services\.nginx: .*memory/],
      [compose, /mem_limit: 128m\n/, '', /services\.nginx\.mem_limit/],
      [compose, 'profiles: [search]', 'profiles: [everything]', /services\.opensearch\.profiles/],
      [compose, 'condition: service_healthy', 'condition: service_started', /condition/],
      [compose, 'retries: 12', 'retries: many', /retries/],
      [compose, /^name: signalbox$/m, 'name: signalbox\nversion: "3"', /version/],
      [compose, 'image: nginx:1.28.0-alpine', 'image: a\n    image: b', /unique/],
      [compose, 'services:', 'services: [', /./],
    ],
  ],
  [
    'references',
    [
      [compose, within('nginx', 'server:'), '$1sever:', /nginx: depends on sever, which there is not/],
      [compose, 'postgres:/var/lib/postgresql', 'pg:/var/lib/postgresql', /mounts the volume pg, which there is not/],
      [compose, 'postgres:/var/lib/postgresql', './pg:/var/lib/postgresql', /mounts \.\/pg to be written to/],
      [compose, 'networks: [edge]', 'networks: [front]', /is on the network front, which there is not/],
      [compose, / {4}secrets:\n {6}- metrics_token/, '    secrets:\n      - token', /wants the secret token/],
      [compose, /^volumes:$/m, 'volumes:\n  spare: {}', /volumes: spare is used by nothing/],
      [
        compose,
        'nginx/nginx.conf:/etc',
        'nginx/ngnix.conf:/etc',
        /mounts \.\/deploy\/nginx\/ngnix\.conf, which is not/,
      ],
      [compose, './deploy/secrets/tls:', './deploy/secrets/ssl:', /README\.md does not tell how to make/],
      [
        compose,
        within('postgres', 'volumes:'),
        '$1depends_on:\n      worker:\n        condition: service_healthy\n    volumes:',
        /postgres waits for worker waits for postgres/,
      ],
    ],
  ],
  [
    'profiles',
    [
      [
        compose,
        within('postgres', String.raw`profiles: \[core, search, observability\]`),
        '$1profiles: [core]',
        /server: depends on postgres, which is off in the profile search, observability/,
      ],
      [
        compose,
        within('nginx', 'server:'),
        '$1opensearch:',
        /nginx: depends on opensearch, which is off in the profile core/,
      ],
      [example, 'COMPOSE_PROFILES=core', 'COMPOSE_PROFILES=corr', /there is no profile corr/],
    ],
  ],
  [
    'images and containers',
    [
      [compose, 'nginx:1.28.0-alpine', 'nginx:latest', /nginx: the image nginx:latest is not pinned/],
      [compose, 'nginx:1.28.0-alpine', 'nginx', /the image nginx is not pinned/],
      [compose, 'grafana/grafana:12.0.2', 'grafana/grafana:12', /grafana: the image grafana\/grafana:12 is not pinned/],
      [compose, '${OPENSEARCH_VERSION:-3.8.0}', '${OPENSEARCH_VERSION:-latest}', /opensearch:latest is not pinned/],
      [example, 'OPENSEARCH_VERSION=3.8.0', 'OPENSEARCH_VERSION=3', /opensearch:3 is not pinned/],
      [
        compose,
        / {4}healthcheck:\n {6}test: \["CMD", "wget", "-q", "-O", "\/dev\/null", "http:\/\/127.0.0.1:8081\/"\]\n {6}interval: 10s\n {6}timeout: 3s\n {6}retries: 3\n/,
        '',
        /nginx: has no health check/,
      ],
      [compose, '    - no-new-privileges:true', '    - apparmor:unconfined', /may gain privileges/],
      [compose, 'cap_drop: [ALL]', 'cap_drop: [NET_RAW]', /keeps capabilities/],
      [compose, 'cap_add: [CHOWN, DAC_OVERRIDE, NET', 'cap_add: [SYS_ADMIN, NET', /asks for the capability SYS_ADMIN/],
      [compose, within('grafana', 'read_only: true'), '$1read_only: false', /grafana: is not read_only/],
      [
        compose,
        within('worker', 'server/main.ts'),
        '$1server/work.ts',
        /worker: runs node server\/work.ts, which there is not/,
      ],
      ['Dockerfile', 'COPY --from=build /app/server server\n', '', /which the image lacks/],
      [compose, '"--role", "worker"', '"--role", "all"', /the role intake is taken by two services/],
      [compose, '"--role", "worker"', '"--role", "wroker"', /--role wroker is unknown/],
      [compose, '"intake,exchange"', '"intake"', /no service takes the role exchange/],
      [compose, 'METRICS_PORT:', 'METRIC_PORT:', /sets METRIC_PORT, which nothing reads/],
      [compose, 'LOG_FORMAT: json', 'LOG_FORMAT: xml', /LOG_FORMAT/],
    ],
  ],
  [
    'ports and addresses',
    [
      [compose, '"127.0.0.1:9090:9090"', '"127.0.0.1:3000:9090"', /the port 3000 is taken by/],
      [compose, '"127.0.0.1:9090:9090"', '"9090:9090"', /prometheus: the port 9090:9090 is not bound to 127.0.0.1/],
      [compose, '"127.0.0.1:9090:9090"', '"9090"', /the port 9090 is not written/],
      [compose, '"443:443"', '"127.0.0.1:443:443"', /is for the world/],
      [compose, '"127.0.0.1:5601:5601"', '"127.0.0.1:5601:5600"', /publishes 5600, and does not listen on it/],
      [
        compose,
        within('grafana', String.raw`\[observability, desk\]`),
        '$1[observability]',
        /grafana: publishes ports, but all its networks are internal/,
      ],
      [compose, '127.0.0.1:9464/readyz', '127.0.0.1:9465/readyz', /worker: its health is asked for at 9465/],
      [
        compose,
        '@postgres:5432/signalbox\n  SIG',
        '@postgres:5433/signalbox\n  SIG',
        /server: DATABASE_URL: postgres does not listen on 5433/,
      ],
      [compose, '@opensearch-dashboards:5601', '@dashboards:5601', /DASHBOARDS_URL: there is no service dashboards/],
      [
        compose,
        within('worker', String.raw`\[edge, data, search, observability\]`),
        '$1[edge, search, observability]',
        /worker: DATABASE_URL: worker and postgres share no network/,
      ],
      [example, '@opensearch:9200', '@opensearch:9201', /OPENSEARCH_URL: opensearch does not listen on 9201/],
    ],
  ],
  [
    'settings and secrets',
    [
      [
        example,
        /^GRAFANA_PASSWORD=$/m,
        '',
        /\.env\.example: GRAFANA_PASSWORD, which docker-compose.yml asks for, is not in it/,
      ],
      [example, /^GRAFANA_PASSWORD=$/m, 'GRAFANA_PASSWORD=admin', /GRAFANA_PASSWORD has a value/],
      [example, /^LOG_LEVEL=info$/m, 'LOG_LEVEL=info\nLOG_LEVLE=info', /LOG_LEVLE is used by nothing/],
      [example, /^LOG_LEVEL=info$/m, 'LOG_LEVEL info', /this line sets nothing/],
      [
        compose,
        '${GRAFANA_PASSWORD:?run deploy/new-secrets.sh}',
        'admin',
        /grafana: GF_SECURITY_ADMIN_PASSWORD is written out/,
      ],
      [
        compose,
        '${GRAFANA_PASSWORD:?run deploy/new-secrets.sh}',
        '${GRAFANA_PASSWORD:-admin}',
        /GRAFANA_PASSWORD has a default/,
      ],
      [
        compose,
        'signalbox:${POSTGRES_PASSWORD:?run deploy/new-secrets.sh}@',
        'signalbox:hunter2@',
        /an address has its password written out/,
      ],
      [compose, '$$OPENSEARCH_USERNAME:$$OPENSEARCH_PASSWORD', 'admin:admin', /a command has a password written out/],
      [compose, 'admin:$$OPENSEARCH_INITIAL', 'admin:$OPENSEARCH_INITIAL', /write \$ as \$\$/],
      [
        compose,
        '${PUBLIC_URL:?set PUBLIC_URL in .env to the https address of this server}',
        '${PUBLIC_URL:?}',
        /does not say what to do/,
      ],
    ],
  ],
  [
    'nginx',
    [
      [nginx, 'server server:8080', 'server server:8081', /server does not listen on 8081/],
      [nginx, 'server server:8080', 'server web:8080', /there is no service web/],
      [
        nginx,
        'proxy_pass http://signalbox',
        'proxy_pass http://signalbok',
        /passes to http:\/\/signalbok, which is no upstream/,
      ],
      [
        nginx,
        'listen 443 ssl default_server',
        'listen 8443 ssl default_server',
        /listens on 8443, which is not published/,
      ],
      [nginx, 'TLSv1.2 TLSv1.3', 'TLSv1.1 TLSv1.2', /speaks TLSv1.1/],
      [nginx, 'verify_client optional_no_ca', 'verify_client on', /asks for client certificates as on/],
      [nginx, /\n *ssl_trusted_certificate [^\n]+/, '', /trusts no authority/],
      [
        nginx,
        /X-Client-Verify \$ssl_client_verify/,
        'X-Client-Verify SUCCESS',
        /sets X-Client-Verify to something else/,
      ],
      [nginx, /( {6})proxy_set_header X-Client-Verify[^\n]+\n/, '', /sets headers, and loses X-Client-Verify/],
      [
        nginx,
        /\n *proxy_set_header X-Client-Certificate [^\n]+/g,
        '',
        /passes on X-Client-Certificate as the sender wrote it/,
      ],
      [nginx, 'ECDHE-RSA-AES128-GCM-SHA256', 'AES128-SHA', /takes AES128-SHA/],
      [nginx, 'max-age=63072000', 'max-age=60', /HSTS/],
      [nginx, 'client_max_body_size 64k', 'client_max_body_size 1m', /takes other alerts/],
      [nginx, '      proxy_set_header Upgrade $http_upgrade;\n', '', /does not pass on Upgrade/],
      [nginx, '      proxy_set_header Host $http_host;\n', '', /sets headers, and loses Host/],
      [
        nginx,
        'X-Forwarded-For $remote_addr',
        'X-Forwarded-For $proxy_add_x_forwarded_for',
        /passes on what a sender says of its own address/,
      ],
      [
        nginx,
        /location = \/metrics \{\s+return 404;/,
        'location = /metrics {\n proxy_pass http://signalbox;',
        /shows \/metrics to the world/,
      ],
      [nginx, '/etc/nginx/tls/privkey.pem', '/etc/ssl/privkey.pem', /ssl_certificate_key is not mounted/],
      [nginx, 'server_tokens off;', 'server_tokens off', /./],
      [nginx, 'server_tokens off;', 'server_token off;', /server_token does not belong into http/],
      [nginx, /\}\n$/, '', /braces do not match/],
      [nginx, "'$remote_addr $time", "'$remote_adr $time", /there is no variable \$remote_adr/],
    ],
  ],
  [
    'Prometheus',
    [
      [prometheus, 'worker:9464', 'worker:9465', /worker does not listen on 9465/],
      [prometheus, 'worker:9464', 'wroker:9464', /there is no service wroker/],
      [prometheus, '/run/secrets/metrics_token', '/run/secrets/token', /is not given to the container/],
      [prometheus, 'metrics_path: /metrics', 'metrics_path: /metric', /is not asked at \/metrics with a token/],
      [prometheus, '/etc/prometheus/alerts.yml', '/etc/prometheus/alarms.yml', /is not mounted/],
      [prometheus, 'scrape_timeout: 10s', 'scrape_timeout: ten', /scrape_timeout/],
      [
        alerts,
        'signalbox_search_lag_seconds',
        'signalbox_search_lag_second',
        /SearchLags: there is no metric signalbox_search_lag_second/,
      ],
      [
        alerts,
        'outcome="unavailable"',
        'outcome="unavailible"',
        /signalbox_alerts_total never has outcome="unavailible"/,
      ],
      [alerts, 'state="waiting"', 'stat="waiting"', /signalbox_queue_jobs has no label stat/],
      [
        alerts,
        'max by (account) (signalbox_reconciled)',
        'max by (acount) (signalbox_reconciled)',
        /nothing in it has the label acount/,
      ],
      [alerts, '[5m])) > 0', '[5m]) > 0', /\) is missing/],
      [
        alerts,
        'increase(signalbox_alerts_total{outcome="unavailable"}[5m])',
        'increase(signalbox_alerts_total{outcome="unavailable"})',
        /increase takes a range/,
      ],
      [alerts, 'absent(signalbox', 'absence(signalbox', /there is no function absence/],
      [
        alerts,
        'expr: max(signalbox_search_lag_seconds) > 60',
        'expr: max(signalbox_search_lag_seconds)',
        /would fire always/,
      ],
      [
        alerts,
        '{{ $labels.queue }} wait',
        '{{ $labels.account }} wait',
        /tells the label account, which its query does not keep/,
      ],
      [alerts, 'severity: warning', 'severity: mild', /severity/],
      [alerts, 'alert: SearchRejects', 'alert: SearchLags', /SearchLags: is there twice/],
    ],
  ],
  [
    'Grafana',
    [
      [source, 'http://prometheus:9090', 'http://prometheus:9091', /prometheus does not listen on 9091/],
      [source, 'uid: prometheus', 'uid: prom', /which is no data source here/],
      [source, 'access: proxy', 'access: direct', /access/],
      [provider, '/var/lib/signalbox-dashboards', '/var/lib/dashboards', /there are no dashboards at/],
      [board, 'signalbox_equity', 'signalbox_worth', /Equity: there is no metric signalbox_worth/],
      [board, /"x": 12/, '"x": 13', /is wider than the 24 columns/],
      [board, /"y": 5,/, '"y": 4,', /lies over/],
      [board, '"schemaVersion": 39,', '"schemaVersion": 39', /JSON/],
      [board, '"type": "stat"', '"type": "graph"', /type/],
      [board, '"id": 2,', '"id": 1,', /has the number 1, as another has/],
    ],
  ],
])('a copy whose %s are damaged is refused', (_what, damages) => {
  it.each(damages)('%s: %s to %s', async (path, from, to, says) => {
    const problems = await checkDeploy(damage(path, from, to), exposed);
    expect(problems.join('\n')).toMatch(says);
  });

  it.each([...new Set(damages.map(([path]) => path))])('or is without %s', async (path) => {
    expect((await checkDeploy(changed({ [path]: null }), exposed)).length).toBeGreaterThan(0);
  });
});

it('takes OpenSearch 2.19 as it takes 3.8', async () => {
  const files = damage(example, 'OPENSEARCH_VERSION=3.8.0', 'OPENSEARCH_VERSION=2.19.6');
  expect(await checkDeploy(files, exposed)).toEqual([]);
});
