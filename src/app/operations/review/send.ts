import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { parseDiff } from '../../../domain/diff/parse-diff.ts';
import { placeComments } from '../../../domain/review/place-comments.ts';
import { reviewWords } from '../../../domain/review/review-words.ts';
import { supervisorOperation } from '../../define-operation.ts';
import { withFigures } from '../../spending.ts';
import { sendBack } from '../../supervisor/send-back.ts';
import { findRun } from '../run/read.ts';
import { commentsOn, diffOf } from './read.ts';

export const reviewSend = supervisorOperation({
  name: 'review.send',
  summary: 'Give the agent all comments that were not sent yet, as one message',
  input: z.object({ run: z.string() }),
  run: async (context, { run: name }) => {
    const run = findRun(context, name);
    const comments = commentsOn(context, run).filter(({ sentAt }) => sentAt === null);
    if (comments.length === 0)
      throw new ForgeError('review.empty', `No comment on run ${run.id} is waiting to be sent.`);
    const { files } = parseDiff(await diffOf(context, run));
    const words = reviewWords(placeComments(comments, files));
    const since = Math.max(...comments.map(({ at }) => at));
    const to = await sendBack(context, run, { words, since, comments: comments.length });
    const ids = comments.map(({ id }) => id);
    context.store.reviews.setSent(ids, to.message);
    return { run: withFigures(context, to.run), comments: comments.length, words };
  },
});
