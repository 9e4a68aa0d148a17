import type { Problem } from './contract.ts';

/** What the server said no with, or that it could not be reached. Its message is a sentence for people. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';

let onSignedOut = (): void => {};

/** Told whenever the server says that nobody is signed in. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

const unreachable = (method: Method): Problem => ({
  type: 'about:blank',
  title: 'Not reached',
  status: 0,
  code: 'UNREACHABLE',
  detail:
    method === 'GET'
      ? 'The server could not be reached, so this page may be out of date.'
      : 'The server did not answer, so it is not known whether this was done. Look before you try again.',
});

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'detail' in body && 'code' in body;
}

async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiProblem(unreachable(method));
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as T;
  if (response.status === 401) onSignedOut();
  throw new ApiProblem(
    isProblem(answer)
      ? answer
      : { ...unreachable(method), title: `Status ${response.status}`, status: response.status, code: 'UNEXPECTED' },
  );
}

/** The query of a path, without what is empty. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value != null && value !== '') search.set(key, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}

export const api = {
  get: <T>(path: string) => request<T>('GET', path),
  post: <T>(path: string, body: unknown = {}) => request<T>('POST', path, body),
  put: <T>(path: string, body: unknown) => request<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', path, body),
};

/** Any failure as a problem, so that whatever goes wrong can be shown in one way. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { type: 'about:blank', title: 'The page failed', status: 0, code: 'PAGE', detail };
}
