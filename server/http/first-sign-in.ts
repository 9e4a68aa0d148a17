import type { Commands } from './commands.ts';

/** The answer to a sign-in that succeeded, on its way to the set-up where nothing is set up yet and nobody was shown it. */
export async function toSetup(answer: Response, commands: Pick<Commands, 'setupWanted'>): Promise<Response> {
  if (answer.headers.get('location') !== '/' || !(await commands.setupWanted())) return answer;
  const headers = new Headers(answer.headers);
  headers.set('location', '/setup');
  return new Response(null, { status: answer.status, headers });
}
