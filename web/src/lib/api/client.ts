import { goto } from '$app/navigation';
import { offline } from '../state/offline.svelte.ts';
import { isOutside } from '../state/outside.ts';
import type { Problem } from './contract.ts';
import { stepUp } from './step-up.svelte.ts';

export type FieldProblem = NonNullable<Problem['fields']>[number];

/** A refusal or a failure, in a sentence that says what happened to the money. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly fields: readonly FieldProblem[];
  readonly receiptUrl: string | null;
  /** From when on it may be tried again. */
  readonly until: string | null;

  constructor(problem: Partial<Problem> & { detail: string }) {
    super(problem.detail);
    this.status = problem.status ?? 0;
    this.code = problem.code ?? 'UNANSWERED';
    this.title = problem.title ?? 'No answer';
    this.fields = problem.fields ?? [];
    this.receiptUrl = problem.receiptUrl ?? null;
    this.until = problem.until ?? null;
  }
}

/** What is said when a command got no answer: nobody knows then whether it was carried out. */
const unanswered = {
  read: 'The server does not answer. What is shown may be old; orders and stops at the broker are not affected.',
  command:
    'The server did not answer, so it is not known whether this was carried out. Look at the orders before you try again.',
};

/** Where data is; what is under `/api/auth` is there before anybody is signed in. */
const data = '/api/v1';

async function request<T>(method: string, address: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const kind = method === 'GET' ? 'read' : 'command';
  // What is decided on old figures is not what the person means.
  if (kind === 'command' && offline.reason !== null) throw new ApiProblem({ code: 'OFFLINE', detail: offline.reason });
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers: body === undefined ? {} : { 'content-type': body instanceof Blob ? body.type : 'application/json' },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch {
    signal?.throwIfAborted();
    throw new ApiProblem({ detail: unanswered[kind] });
  }
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  if (response.status === 401 && address.startsWith(data) && !isOutside(location.pathname)) await goto('/sign-in');
  // Nothing was done yet: once it is proved who asks, the same is asked again.
  if (problem?.code === 'STEP_UP_REQUIRED' && (await stepUp.ask())) return request(method, address, body, signal);
  throw new ApiProblem({
    ...problem,
    status: response.status,
    detail: problem?.detail ?? `${unanswered[kind]} (It answered ${response.status}.)`,
  });
}

/** Query text of the values that are there. */
export function query(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value != null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}

export const api = {
  /** With a signal, it can be called off: then it throws the signal's reason. */
  get: <T>(path: string, signal?: AbortSignal) => request<T>('GET', data + path, undefined, signal),
  /** A blob is sent as it is, under its own type; anything else as JSON. */
  post: <T>(path: string, body: unknown = {}) => request<T>('POST', data + path, body),
  put: <T>(path: string, body: unknown) => request<T>('PUT', data + path, body),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', data + path, body),
  delete: <T>(path: string, body?: unknown) => request<T>('DELETE', data + path, body),
};

/** The ways in, for whoever is not signed in yet. */
export const access = {
  post: <T>(path: string, body: unknown = {}) => request<T>('POST', `/api/auth${path}`, body),
};

export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
