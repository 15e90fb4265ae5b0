import { age } from '../../base/age.ts';
import { ForgeError } from '../../base/errors.ts';
import { plainText } from '../../base/text.ts';
import { parseDiff } from '../../domain/diff/parse-diff.ts';
import { type PlacedComment, placeComments } from '../../domain/review/place-comments.ts';
import type { ReviewComment } from '../../domain/review/review-comment.ts';
import { placeWords } from '../../domain/review/review-words.ts';
import { command, type Report, text } from '../command.ts';
import type { ForgeCli } from '../forge-cli.ts';
import { runJson } from '../output/run.ts';
import { table } from '../output/table.ts';

type Flags = { old?: boolean };

/** What stands behind the run, by its first word. */
const verbs: Record<string, (forge: ForgeCli, run: string, given: readonly string[], flags: Flags) => Promise<Report>> =
  {
    async add(forge, run, [place = '', ...words], { old = false }) {
      const said = words.join(' ');
      if (said.trim() === '') throw unclear('add needs FILE:LINE and a text.');
      const side = old ? ('old' as const) : ('new' as const);
      const comment = await forge.call('review.comment', { run, ...placeOf(place), side, text: said });
      const send = `Send all that is not sent: forge review ${comment.run} send`;
      return { json: comment, text: `Comment ${comment.id} is on ${where(placed(comment))}. ${send}` };
    },
    async edit(forge, run, [id = '', ...words]) {
      const comment = await forge.call('review.edit', { run, id: idOf(id), text: words.join(' ') });
      return { json: comment, text: `Comment ${comment.id} is changed.` };
    },
    async remove(forge, run, [id = '']) {
      const comment = await forge.call('review.remove', { run, id: idOf(id) });
      return { json: comment, text: `Comment ${comment.id} is gone. It said: ${plainText(comment.text)}` };
    },
    async send(forge, name) {
      const { run, comments, words } = await forge.call('review.send', { run: name });
      const count = comments === 1 ? '1 comment goes' : `${comments} comments go`;
      return {
        json: { run: runJson(run), comments, words },
        text: `${count} to ${run.worker || 'a worker'} in run ${run.id}.`,
      };
    },
  };

export const reviewCommand = command<Flags, string[]>({
  summary: 'Comments on the lines that a run changed: list, add, edit, remove, send them to its agent',
  example: 'forge review fg-a3f8-1 add src/login.ts:12 "Say what is wrong with the password."',
  details:
    'RUN alone lists the comments. RUN add FILE:LINE TEXT or FILE:FIRST-LAST TEXT makes one, on a line that is in the diff (forge run diff RUN); --old: by its number before the change. RUN edit ID TEXT and RUN remove ID are for what was not sent yet. RUN send gives all that was not sent to the agent, as one numbered message: in its session, in a new one if that is gone, or in a new run if it has ended. In the dashboard: v.',
  flags: { old: { kind: 'boolean', brief: 'The line as it was before the change', optional: true } },
  args: { kind: 'array', parameter: text('run', 'Id of the run, or of its task; then what to do'), minimum: 1 },
  async run(forge, flags, run = '', verb, ...given) {
    if (verb === undefined) return list(forge, run);
    if (!Object.hasOwn(verbs, verb))
      throw unclear(`${verb} is nothing to do with a review: it is add, edit, remove or send.`);
    return (verbs[verb] as (typeof verbs)[string])(forge, run, given, flags);
  },
});

async function list(forge: ForgeCli, name: string): Promise<Report> {
  const { run, diff, comments } = await forge.call('review.show', { run: name });
  const all = placeComments(comments, parseDiff(diff).files);
  const rows = all.map((comment) => [
    String(comment.id),
    where(comment),
    comment.sentAt === null
      ? `not sent${comment.note === '' ? '' : `: ${comment.note}`}`
      : `sent ${age(Date.now() - comment.sentAt)} ago`,
    plainText(comment.text),
  ]);
  return { json: all, text: await table(rows, `No comments. Make one: forge review ${run.id} add FILE:LINE TEXT`) };
}

function where(comment: PlacedComment): string {
  return plainText(placeWords(comment));
}

function placed(comment: ReviewComment): PlacedComment {
  return { ...comment, now: comment.first };
}

function placeOf(written: string): { path: string; first: number; last: number } {
  const [, path, first, last = first] = /^(.+):(\d+)(?:-(\d+))?$/s.exec(written) ?? [];
  if (path === undefined || Number(last) < Number(first))
    throw unclear(`${written} is no FILE:LINE, and no FILE:FIRST-LAST.`);
  return { path, first: Number(first), last: Number(last) };
}

function idOf(written: string): number {
  const id = Number(written);
  if (written !== '' && Number.isSafeInteger(id)) return id;
  throw unclear(`${written} is no number of a comment.`);
}

function unclear(message: string): ForgeError {
  return new ForgeError('usage.invalid', message);
}
