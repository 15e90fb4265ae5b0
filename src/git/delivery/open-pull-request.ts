import { fillTemplate } from '../../domain/delivery.ts';
import type { CodeHost, PullRequest } from '../../ports/code-host.ts';
import type { Finished } from './deliver-work.ts';

/** The one that is there for the branch, or a new one: killed after it was made, it is found. One that was closed is not it. */
export async function openPullRequest(
  host: CodeHost,
  url: string,
  base: string,
  finished: Finished,
): Promise<PullRequest> {
  const { request, values } = finished;
  const { branch } = request.worktree;
  const found = await host.find(url, branch);
  if (found !== null && found.state !== 'closed') return found;
  // A title is one line.
  const title = fillTemplate(request.templates.prTitle, values).replace(/\s+/g, ' ') || values.title;
  return host.open(url, { branch, base, title, body: fillTemplate(request.templates.prBody, values) });
}
