import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { parseDiff } from '../../../domain/diff/parse-diff.ts';
import { quoteOf } from '../../../domain/review/quote.ts';
import { commentLengthMax, placeSchema } from '../../../domain/review/review-comment.ts';
import type { OperationContext } from '../../context.ts';
import { storeOperation } from '../../define-operation.ts';
import { findRun } from '../run/read.ts';
import { commentsOn, diffOf } from './read.ts';

const text = z.string().trim().min(1).max(commentLengthMax);
/** A comment on this run or on another one of its task. */
const own = z.object({ run: z.string(), id: z.int() });

export const reviewComment = storeOperation({
  name: 'review.comment',
  summary: 'Comment on lines that a run changed',
  /** `quote` left out: what these lines say now. */
  input: placeSchema.partial({ quote: true }).extend({ run: z.string(), text }),
  run: async (context, { run: name, quote: seen, ...comment }) => {
    const run = findRun(context, name);
    const quote = seen ?? quoteOf(parseDiff(await diffOf(context, run)).files, comment);
    if (quote === null) {
      const lines = comment.first === comment.last ? comment.first : `${comment.first}-${comment.last}`;
      throw new ForgeError('review.place', `${comment.path}:${lines} is not in what run ${run.id} changed.`);
    }
    return context.store.reviews.add({ ...comment, quote, run: run.id, actor: context.actor });
  },
});

export const reviewEdit = storeOperation({
  name: 'review.edit',
  summary: 'Change the text of a comment that was not sent yet',
  input: own.extend({ text }),
  run: (context, { text: changed, ...comment }) => context.store.reviews.edit(idOf(context, comment), changed),
});

export const reviewRemove = storeOperation({
  name: 'review.remove',
  summary: 'Take back a comment that was not sent yet',
  input: own,
  run: (context, comment) => context.store.reviews.remove(idOf(context, comment)),
});

function idOf(context: OperationContext, { run: name, id }: z.output<typeof own>): number {
  const run = findRun(context, name);
  if (commentsOn(context, run).some((comment) => comment.id === id)) return id;
  throw new ForgeError('review.missing', `There is no comment ${id} on run ${run.id}.`);
}
